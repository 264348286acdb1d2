// A transfer of tokens that its author signed under a nonce of its own choice (ERC-3009). Enters: that it was carried
// out or taken back. Leaves: which. Always holds: a nonce of an author is spent once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one authorization: an author and a nonce.</summary>
public static class CreditAuthorizations
{
    // Events

    /// <summary>How the token's events reach an authorization.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("credit-authorization", Evolve)
        .On<AuthorizationUsed>(e => KeyOf(e.Authorizer, e.Nonce))
        .On<AuthorizationCanceled>(e => KeyOf(e.Authorizer, e.Nonce));

    /// <summary>The key of an authorization: author and nonce.</summary>
    public static string KeyOf(Address authorizer, Word nonce) => $"{authorizer}-{nonce}";

    // State

    /// <summary>Where an authorization stands. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>Not used.</summary>
        None,

        /// <summary>Carried out.</summary>
        Used,

        /// <summary>Taken back by its author.</summary>
        Canceled,
    }

    /// <summary>An authorization whose nonce is spent.</summary>
    /// <param name="Key">Author and nonce.</param>
    /// <param name="Authorizer">Who signed.</param>
    /// <param name="Nonce">Under which nonce.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="SpentAt">When its nonce was spent.</param>
    public sealed record State(string Key, Address Authorizer, Word Nonce, Status Status, Instant SpentAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, AuthorizationUsed e) =>
            new State(KeyOf(e.Authorizer, e.Nonce), e.Authorizer, e.Nonce, Status.Used, at.Time),
        (null, AuthorizationCanceled e) =>
            new State(KeyOf(e.Authorizer, e.Nonce), e.Authorizer, e.Nonce, Status.Canceled, at.Time),
        _ => null,
    };

    // Commands

    /// <summary>Has a signed transfer carried out; where only the recipient may do so, it must be the caller.</summary>
    public sealed record TransferWithAuthorization(
        Address By,
        Address From,
        Address To,
        Instant ValidAfter,
        Instant ValidBefore,
        Word Nonce,
        bool IsReceipt) : Command(By);

    /// <summary>Has an authorization taken back.</summary>
    public sealed record CancelAuthorization(Address By, Address Authorizer, Word Nonce) : Command(By);

    // Decide

    /// <summary>
    /// Says what the token would answer to a signed command at a moment, as far as its nonce and its times decide it.
    /// </summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (_, TransferWithAuthorization { IsReceipt: true } c) when c.By != c.To =>
            Decision.Refuse("OnlyRecipient", $"the recipient {c.To}", $"{c.By}"),
        (_, TransferWithAuthorization c) when now <= c.ValidAfter =>
            Decision.Refuse("AuthorizationNotYetValid", $"a time after {c.ValidAfter}", $"{now}"),
        (_, TransferWithAuthorization c) when now >= c.ValidBefore =>
            Decision.Refuse("AuthorizationExpired", $"a time before {c.ValidBefore}", $"{now}"),
        (not null, TransferWithAuthorization or CancelAuthorization) =>
            Decision.Refuse("AuthorizationUsedOrCanceled", "a nonce that is not spent", $"one that is {state.Status}"),
        (null, TransferWithAuthorization or CancelAuthorization) => Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to the token, found {command.GetType().Name}", nameof(command)),
    };
}
