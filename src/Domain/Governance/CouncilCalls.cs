// A call that the council may make: members approve it, three approvals of one attempt make it possible, anybody
// makes it. Enters: approvals and the execution. Leaves: what `callOf` answers; who approved in which attempt follows
// as an event of its own, because only the call knows its attempts. Always holds: a call is executed at most once,
// attempts rise, approvals of one attempt share an expiry.
namespace EventSourced.Domain;

/// <summary>The aggregate of one call of the council.</summary>
public static class CouncilCalls
{
    // Events

    /// <summary>A member's approval counts in an attempt.</summary>
    /// <param name="CallId">The call.</param>
    /// <param name="Member">Who approved.</param>
    /// <param name="Attempt">The attempt, from 1.</param>
    public sealed record CouncilApprovalCounted(Word CallId, Address Member, uint Attempt) : DerivedEvent;

    /// <summary>How a call's events reach it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("council-call", Evolve)
        .On<CouncilCallApproved>(e => e.CallId)
        .On<CouncilCallExecuted>(e => e.CallId)
        .Derives<CouncilCallApproved>((call, e) => [new CouncilApprovalCounted(e.CallId, e.Member, call.Attempt)]);

    // State

    /// <summary>A call of the council.</summary>
    /// <param name="CallId">The call's id: the hash of target, data and salt.</param>
    /// <param name="Target">Which contract it calls.</param>
    /// <param name="Attempt">The running attempt at approval, from 1.</param>
    /// <param name="Approvals">How many approved in it; who lost the seat since no longer counts for the contract.</param>
    /// <param name="ExpiresAt">Until when the attempt's approvals count.</param>
    /// <param name="IsExecuted">Whether the call was made.</param>
    /// <param name="ExecutedBy">Who made it; zero: nobody yet.</param>
    /// <param name="CreatedAt">When it was first approved.</param>
    /// <param name="EndedAt">When it was made; 0: not yet.</param>
    public sealed record State(
        Word CallId,
        Address Target,
        uint Attempt,
        uint Approvals,
        Instant ExpiresAt,
        bool IsExecuted,
        Address ExecutedBy,
        Instant CreatedAt,
        Instant EndedAt);

    // Evolve

    private const uint Threshold = 3;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CouncilCallApproved e) when at.Time < e.ExpiresAt =>
            new State(e.CallId, e.Target, 1, 1, e.ExpiresAt, false, default, at.Time, default),
        (null, _) => null,
        ({ IsExecuted: true }, _) => null,
        (_, CouncilCallApproved e) when at.Time < state.ExpiresAt =>
            state.ExpiresAt == e.ExpiresAt ? state with { Approvals = state.Approvals + 1 } : null,
        (_, CouncilCallApproved e) when at.Time < e.ExpiresAt =>
            state with { Attempt = state.Attempt + 1, Approvals = 1, ExpiresAt = e.ExpiresAt },
        (_, CouncilCallExecuted e) when state.Approvals >= Threshold && at.Time < state.ExpiresAt =>
            state with { IsExecuted = true, ExecutedBy = e.By, EndedAt = at.Time },
        _ => null,
    };

    // Commands

    /// <summary>A member approves; it last did in an attempt (0: never).</summary>
    public sealed record Approve(Address By, Word CallId, bool IsMember, uint LastAttempt) : Command(By);

    /// <summary>Somebody makes the call, which so many present members approve.</summary>
    public sealed record Execute(Address By, Word CallId, uint PresentApprovals) : Command(By);

    // Decide

    /// <summary>Says what the council would answer to a command at a moment, if it may call the target at all.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (_, Approve { IsMember: false }) => Decision.Refuse("OnlyMember", "a member of the council", $"{command.By}"),
        ({ IsExecuted: true }, Approve or Execute) =>
            Decision.Refuse("AlreadyExecuted", "a call that was not made", $"one made at {state.EndedAt}"),
        (not null, Approve c) when now < state.ExpiresAt && c.LastAttempt == state.Attempt =>
            Decision.Refuse("AlreadyApproved", $"a member that has not approved in attempt {state.Attempt}", $"{c.By}"),
        (_, Approve) => Decision.Grant,
        (null, Execute) => Decision.Refuse("NotEnoughApprovals", $"{Threshold}", "0"),
        (_, Execute { PresentApprovals: < Threshold } c) =>
            Decision.Refuse("NotEnoughApprovals", $"{Threshold}", $"{c.PresentApprovals}"),
        (_, Execute) => now < state.ExpiresAt
            ? Decision.Grant
            : Decision.Refuse("ApprovalsExpired", $"a time before {state.ExpiresAt}", $"{now}"),
        _ => throw new ArgumentException($"expected a command to the council, found {command?.GetType().Name}", nameof(command)),
    };
}
