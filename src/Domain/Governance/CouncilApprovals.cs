// A member's approval of a call of the council. Always holds: the answer of the council's `approvalOf`; nobody
// approves twice in one attempt.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one member's approvals of one call.</summary>
public static class CouncilApprovals
{
    // Events

    /// <summary>Routes counted approvals to their member.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("council-approval", Evolve)
        .On<CouncilCalls.CouncilApprovalCounted>(KeyOf);

    // State

    /// <summary>A member's latest approval of a call.</summary>
    /// <param name="Key">The call and the member, joined.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="Member">The member of the council.</param>
    /// <param name="Attempt">The attempt in which the member last approved, from 1.</param>
    /// <param name="ApprovedAt">The time of that approval.</param>
    public sealed record State(string Key, Word CallId, Address Member, uint Attempt, Instant ApprovedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, CouncilCalls.CouncilApprovalCounted e) when e.Attempt > (state?.Attempt ?? 0) =>
            new State(KeyOf(e), e.CallId, e.Member, e.Attempt, at.Time),
        _ => null,
    };

    private static string KeyOf(CouncilCalls.CouncilApprovalCounted e) => $"{e.CallId}-{e.Member}";
}
