// Who approved a call of the council, and in which attempt last. Enters: counted approvals. Leaves: what `approvalOf`
// answers. Always holds: a member approves once an attempt, so its attempts rise.
namespace EventSourced.Domain;

/// <summary>One member's approval of one call.</summary>
public static class CouncilApprovals
{
    // Events

    /// <summary>How an approval's events reach it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("council-approval", Evolve)
        .On<CouncilCalls.CouncilApprovalCounted>(e => KeyOf(e.CallId, e.Member));

    /// <summary>The key of an approval.</summary>
    public static string KeyOf(Word callId, Address member) => $"{callId}-{member}";

    // State

    /// <summary>An approval.</summary>
    /// <param name="Id">Call and member: 0x…-0x….</param>
    /// <param name="CallId">The call.</param>
    /// <param name="Member">Who approved.</param>
    /// <param name="Attempt">In which attempt last; it counts while that one runs and the member has a seat.</param>
    /// <param name="ApprovedAt">When.</param>
    public sealed record State(string Id, Word CallId, Address Member, uint Attempt, Instant ApprovedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => happened switch
    {
        CouncilCalls.CouncilApprovalCounted e when e.Attempt > (state?.Attempt ?? 0) =>
            new State(KeyOf(e.CallId, e.Member), e.CallId, e.Member, e.Attempt, at.Time),
        _ => null,
    };
}
