// A call that the council approves and anyone then makes. Approvals belong to an attempt of seven days; after it they
// begin anew. Always holds: the answer of the council's `callOf`; a call is made once, by three approvals of one
// attempt.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one call of the council.</summary>
public static class CouncilCalls
{
    // Events

    /// <summary>A member's approval counts for an attempt.</summary>
    /// <param name="CallId">The call.</param>
    /// <param name="Member">The member that approves.</param>
    /// <param name="Attempt">The attempt, from 1.</param>
    public sealed record CouncilApprovalCounted(Word CallId, Address Member, uint Attempt) : DerivedEvent;

    /// <summary>Routes the council's events to a call.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("council-call", Evolve)
        .On<CouncilCallApproved>(e => e.CallId)
        .On<CouncilCallExecuted>(e => e.CallId)
        .Derives<CouncilCallApproved>((call, e) => [new CouncilApprovalCounted(call.CallId, e.Member, call.Attempt)]);

    // State

    /// <summary>A call that the council approves.</summary>
    /// <param name="CallId">The hash that names the call.</param>
    /// <param name="Target">The contract to call.</param>
    /// <param name="Data">The data of the call.</param>
    /// <param name="Salt">The salt that tells the call from an equal one.</param>
    /// <param name="Attempt">The attempt at approval that runs or ran last, from 1.</param>
    /// <param name="Approvals">The number of members that approved in that attempt. Members that have left the council
    /// since no longer count.</param>
    /// <param name="ExpiresAt">The time at which the attempt ends.</param>
    /// <param name="IsExecuted">Whether the call was made.</param>
    /// <param name="ExecutedBy">The address that made the call.</param>
    /// <param name="ProposedAt">The time of the first approval.</param>
    /// <param name="ExecutedAt">The time at which the call was made; 0: not yet.</param>
    public sealed record State(
        Word CallId,
        Address Target,
        Bytes Data,
        Word Salt,
        uint Attempt,
        byte Approvals,
        Instant ExpiresAt,
        bool IsExecuted,
        Address ExecutedBy,
        Instant ProposedAt,
        Instant ExecutedAt);

    // Evolve

    private const byte Threshold = 3;
    private const ulong ApprovalLife = 7 * 86_400;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CouncilCallApproved e) when at.Time.Plus(ApprovalLife) == e.ExpiresAt => new State(
            e.CallId, e.Target, e.Data, e.Salt, 1, 1, e.ExpiresAt, false, default, at.Time, default),
        (null, _) => null,
        ({ IsExecuted: false }, CouncilCallApproved e) => Count(state, e, at),
        ({ IsExecuted: false, Approvals: >= Threshold }, CouncilCallExecuted e) when at.Time < state.ExpiresAt =>
            state with { IsExecuted = true, ExecutedBy = e.By, ExecutedAt = at.Time },
        _ => null,
    };

    private static State? Count(State call, CouncilCallApproved e, in At at)
    {
        if (at.Time < call.ExpiresAt)
            return call.ExpiresAt == e.ExpiresAt ? call with { Approvals = (byte)(call.Approvals + 1) } : null;
        return at.Time.Plus(ApprovalLife) == e.ExpiresAt
            ? call with { Attempt = call.Attempt + 1, Approvals = 1, ExpiresAt = e.ExpiresAt }
            : null;
    }

    // Commands

    /// <summary>A member approves a call.</summary>
    /// <param name="By">The member.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="IsMember">Whether the signer has a seat.</param>
    /// <param name="ApprovedIn">The attempt in which the signer last approved the call; 0: never.</param>
    public sealed record Approve(Address By, Word CallId, bool IsMember, uint ApprovedIn) : Command(By);

    /// <summary>Makes an approved call; anybody may do it.</summary>
    /// <param name="By">The address that makes the call.</param>
    /// <param name="CallId">The call.</param>
    /// <param name="PresentApprovals">The number of present members that approve the call in the running
    /// attempt.</param>
    public sealed record Execute(Address By, Word CallId, byte PresentApprovals) : Command(By);

    // Decide

    /// <summary>Predicts the council's answer to a command at a moment.</summary>
    public static Decision Decide(State? call, Command command, Instant now) => (call, command) switch
    {
        (_, Approve { IsMember: false } c) => Decision.Refuse("OnlyMember", "a member of the council", $"{c.By}"),
        ({ IsExecuted: true }, Approve or Execute) =>
            Decision.Refuse("AlreadyExecuted", "a call that was not made", "one that was"),
        ({ } known, Approve c) when now < known.ExpiresAt && c.ApprovedIn == known.Attempt =>
            Decision.Refuse("AlreadyApproved", "a member that has not approved yet", $"{c.By}"),
        (_, Approve) => Decision.Grant,
        (_, Execute { PresentApprovals: < Threshold } c) =>
            Decision.Refuse("NotEnoughApprovals", $"{Threshold} approvals", $"{c.PresentApprovals}"),
        (null, Execute) => Decision.Refuse("NotEnoughApprovals", $"{Threshold} approvals", "none"),
        ({ } approved, Execute) => now < approved.ExpiresAt
            ? Decision.Grant : Decision.Refuse("ApprovalsExpired", $"a time before {approved.ExpiresAt}", $"{now}"),
        _ => throw new ArgumentException(
            $"expected a command to the council, found {command.GetType().Name}", nameof(command)),
    };
}
