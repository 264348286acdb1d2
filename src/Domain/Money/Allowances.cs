// The amount of a holder's tokens that another address may spend. The token announces every change, a spent part
// included. Always holds: the value is the one that the token's `allowance` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one allowance of the credit token.</summary>
public static class Allowances
{
    // Events

    /// <summary>Routes approvals to an allowance.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("allowance", Evolve)
        .On<CreditApproval>(e => KeyOf(e.Owner, e.Spender));

    /// <summary>The key of an allowance: owner and spender.</summary>
    public static string KeyOf(Address owner, Address spender) => $"{owner}-{spender}";

    // State

    /// <summary>A holder's permission for another address to spend its tokens.</summary>
    /// <param name="Key">The owner and the spender, joined.</param>
    /// <param name="Owner">The holder of the tokens.</param>
    /// <param name="Spender">The address that may spend them.</param>
    /// <param name="Value">The amount that may be spent; 2^256 - 1 is never used up.</param>
    /// <param name="ChangedAt">The time of the last change.</param>
    public sealed record State(string Key, Address Owner, Address Spender, UInt256 Value, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, CreditApproval { Owner.IsZero: false, Spender.IsZero: false } e) =>
            new State(KeyOf(e.Owner, e.Spender), e.Owner, e.Spender, e.Value, at.Time),
        _ => null,
    };
}
