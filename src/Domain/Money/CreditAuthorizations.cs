// A transfer of tokens that its author signed under a nonce of its own choice (ERC-3009). Enters: its use or its
// cancellation. Leaves: the status of the nonce. Always holds: a nonce of an author is spent once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one authorization: an author and a nonce.</summary>
public static class CreditAuthorizations
{
    // Events

    /// <summary>Routes the token's events to an authorization.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("credit-authorization", Evolve)
        .On<AuthorizationUsed>(e => KeyOf(e.Authorizer, e.Nonce))
        .On<AuthorizationCanceled>(e => KeyOf(e.Authorizer, e.Nonce));

    /// <summary>The key of an authorization: author and nonce.</summary>
    public static string KeyOf(Address authorizer, Word nonce) => $"{authorizer}-{nonce}";

    // State

    /// <summary>The status of an authorization; stored, never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The transfer was carried out.</summary>
        Used,

        /// <summary>The author took the authorization back.</summary>
        Canceled,
    }

    /// <summary>An authorization whose nonce is spent.</summary>
    /// <param name="Key">The author and the nonce, joined.</param>
    /// <param name="Authorizer">The address that signed.</param>
    /// <param name="Nonce">The nonce of the authorization.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="SpentAt">The time at which the nonce was spent.</param>
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

    /// <summary>
    /// Carries out a signed transfer. Where the recipient alone may do so, the caller must be the recipient.
    /// </summary>
    public sealed record TransferWithAuthorization(
        Address By,
        Address From,
        Address To,
        Instant ValidAfter,
        Instant ValidBefore,
        Word Nonce,
        bool IsReceipt) : Command(By);

    /// <summary>Takes an authorization back.</summary>
    public sealed record CancelAuthorization(Address By, Address Authorizer, Word Nonce) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the token's answer to a signed command at a moment, as far as its nonce and its times decide it.
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
