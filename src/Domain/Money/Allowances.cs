// How much of a holder's tokens somebody else may spend. The token tells every change, a spent part too. Always holds:
// the value is the one that the token's `allowance` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one allowance of the credit token.</summary>
public static class Allowances
{
    // Events

    /// <summary>How approvals reach an allowance.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("allowance", Evolve)
        .On<CreditApproval>(e => KeyOf(e.Owner, e.Spender));

    /// <summary>The key of an allowance: owner and spender.</summary>
    public static string KeyOf(Address owner, Address spender) => $"{owner}-{spender}";

    // State

    /// <summary>An allowance.</summary>
    /// <param name="Key">Owner and spender.</param>
    /// <param name="Owner">Whose tokens.</param>
    /// <param name="Spender">Who may spend them.</param>
    /// <param name="Value">How many; 2^256 - 1 is never used up.</param>
    /// <param name="ChangedAt">When it last changed.</param>
    public sealed record State(string Key, Address Owner, Address Spender, UInt256 Value, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, CreditApproval { Owner.IsZero: false, Spender.IsZero: false } e) =>
            new State(KeyOf(e.Owner, e.Spender), e.Owner, e.Spender, e.Value, at.Time),
        _ => null,
    };
}
