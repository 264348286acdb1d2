// A work lease: the winner's claim on a running task, alive as long as it beats. Always holds: the expiry never falls,
// no heartbeat comes after the end, and the end has one cause.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The aggregate of one work lease.</summary>
public static class WorkLeases
{
    // Events

    /// <summary>A lease went past its expiry without a heartbeat: after the task's grace anybody may end it.</summary>
    /// <param name="LeaseId">The lease.</param>
    /// <param name="Due">When it was due.</param>
    public sealed record WorkLeaseLapsed(ulong LeaseId, Instant Due) : DerivedEvent;

    /// <summary>How the lease's events reach it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("work-lease", Evolve)
        .On<WorkLeaseStarted>(e => e.LeaseId)
        .On<WorkLeaseHeartbeat>(e => e.LeaseId)
        .On<WorkLeaseEnded>(e => e.LeaseId)
        .On<WorkLeaseLapsed>(e => e.LeaseId)
        .Deadlines(NextDeadline, (lease, due) => new WorkLeaseLapsed(lease.LeaseId, due.Due));

    // State

    /// <summary>
    /// Where a lease stands; from 1 on the numbers are the causes of its end. Stored; never renumber.
    /// </summary>
    public enum Status : byte
    {
        /// <summary>Held.</summary>
        Live,

        /// <summary>The work was delivered.</summary>
        Completed,

        /// <summary>Given back by the agent.</summary>
        Yielded,

        /// <summary>Ended with the task.</summary>
        Released,

        /// <summary>Ran out.</summary>
        Expired,
    }

    /// <summary>A work lease.</summary>
    /// <param name="LeaseId">The lease's number, from 1.</param>
    /// <param name="TaskId">The task.</param>
    /// <param name="AgentId">Who works.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="StartedAt">When the work began.</param>
    /// <param name="ExpiresAt">Until when it lives without a heartbeat.</param>
    /// <param name="Ttl">By how many seconds a heartbeat prolongs it.</param>
    /// <param name="Heartbeats">How many heartbeats it had.</param>
    /// <param name="ProgressHash">What the last one said of the progress.</param>
    /// <param name="EndedAt">When it ended; 0: it lives.</param>
    /// <param name="IsOverdue">Whether the expiry passed without anybody acting.</param>
    public sealed record State(
        ulong LeaseId,
        ulong TaskId,
        ulong AgentId,
        Status Status,
        Instant StartedAt,
        Instant ExpiresAt,
        uint Ttl,
        ulong Heartbeats,
        Word ProgressHash,
        Instant EndedAt,
        bool IsOverdue);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, WorkLeaseStarted e) =>
            new State(
                e.LeaseId, e.TaskId, e.AgentId, Status.Live, at.Time, e.ExpiresAt, e.Ttl, 0, default, default, false),
        (null, _) => null,
        ({ Status: Status.Live }, WorkLeaseHeartbeat e)
            when e.Seq == state.Heartbeats + 1 && e.ExpiresAt >= state.ExpiresAt =>
            state with
            {
                ExpiresAt = e.ExpiresAt,
                Heartbeats = e.Seq,
                ProgressHash = e.ProgressHash,
                IsOverdue = false,
            },
        ({ Status: Status.Live }, WorkLeaseEnded { Cause: >= 1 and <= 4 } e) =>
            state with { Status = (Status)e.Cause, EndedAt = at.Time, IsOverdue = false },
        ({ Status: Status.Live, IsOverdue: false }, WorkLeaseLapsed) => state with { IsOverdue = true },
        _ => null,
    };

    private static Deadline? NextDeadline(State lease) =>
        lease is { Status: Status.Live, IsOverdue: false } ? new Deadline(lease.ExpiresAt, 1) : null;

    // Commands

    /// <summary>The agent says that the work goes on.</summary>
    public sealed record Heartbeat(Address By, ulong LeaseId, ulong AgentId, Word ProgressHash) : Command(By);

    /// <summary>The agent gives the work back.</summary>
    public sealed record Yield(Address By, ulong LeaseId, ulong AgentId) : Command(By);

    /// <summary>Somebody ends a lease that ran out.</summary>
    public sealed record Expire(Address By, ulong LeaseId, uint Grace) : Command(By);

    // Decide

    /// <summary>
    /// Says what the contract would answer to a command at a moment, as far as the lease alone decides it.
    /// </summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null, _) => Decision.Refuse("UnknownLease", "a lease of that number", "none"),
        ({ Status: not Status.Live }, _) =>
            Decision.Refuse("LeaseNotLive", "a live lease", $"one that is {state.Status}"),
        (_, Heartbeat c) => Held(state, c.AgentId, now),
        (_, Yield c) => Held(state, c.AgentId, now),
        (_, Expire c) => now >= state.ExpiresAt.Plus(c.Grace)
            ? Decision.Grant
            : Decision.Refuse("TooEarly", $"a time from {state.ExpiresAt.Plus(c.Grace)}", $"{now}"),
        _ => throw new ArgumentException(
            $"expected a command to a work lease, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision Held(State lease, ulong agentId, Instant now) =>
        agentId != lease.AgentId ? Decision.Refuse("NotAgent", $"agent {lease.AgentId}", $"agent {agentId}")
        : now >= lease.ExpiresAt ? Decision.Refuse("LeaseExpired", $"a time before {lease.ExpiresAt}", $"{now}")
        : Decision.Grant;
}
