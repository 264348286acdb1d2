// The addresses that may act for all agents of an owner. Always holds: the answer of the registry's `isApprovedForAll`.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one operator of an owner.</summary>
public static class AgentOperators
{
    // Events

    /// <summary>Routes approvals for all to an operator.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("agent-operator", Evolve)
        .On<ApprovalForAll>(e => KeyOf(e.Owner, e.Operator));

    /// <summary>The key: owner and operator.</summary>
    public static string KeyOf(Address owner, Address actor) => $"{owner}-{actor}";

    // State

    /// <summary>An address that an owner approved for all of its agents.</summary>
    /// <param name="Key">The owner and the operator, joined.</param>
    /// <param name="Owner">The owner of the agents.</param>
    /// <param name="Operator">The address that may act for them.</param>
    /// <param name="IsApproved">Whether the approval still holds.</param>
    /// <param name="ChangedAt">The time at which the owner last changed the approval.</param>
    public sealed record State(string Key, Address Owner, Address Operator, bool IsApproved, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, ApprovalForAll { Operator.IsZero: false } e) =>
            new State(KeyOf(e.Owner, e.Operator), e.Owner, e.Operator, e.Approved, at.Time),
        _ => null,
    };
}
