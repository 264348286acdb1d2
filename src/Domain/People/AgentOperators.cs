// Who may act for all agents of an owner. Always holds: the answer of the registry's `isApprovedForAll`.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one operator of an owner.</summary>
public static class AgentOperators
{
    // Events

    /// <summary>How approvals for all reach an operator.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("agent-operator", Evolve)
        .On<ApprovalForAll>(e => KeyOf(e.Owner, e.Operator));

    /// <summary>The key: owner and operator.</summary>
    public static string KeyOf(Address owner, Address actor) => $"{owner}-{actor}";

    // State

    /// <summary>An operator.</summary>
    /// <param name="Key">Owner and operator.</param>
    /// <param name="Owner">Whose agents.</param>
    /// <param name="Operator">Who may act for them.</param>
    /// <param name="IsApproved">Whether it still may.</param>
    /// <param name="ChangedAt">When the owner last said so.</param>
    public sealed record State(string Key, Address Owner, Address Operator, bool IsApproved, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, ApprovalForAll { Operator.IsZero: false } e) =>
            new State(KeyOf(e.Owner, e.Operator), e.Owner, e.Operator, e.Approved, at.Time),
        _ => null,
    };
}
