// A work lease: the winner's claim on a running task, kept alive by heartbeats. Always holds: the expiry never falls,
// no heartbeat comes after the end, and the end has one cause.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The aggregate of one work lease.</summary>
public static class WorkLeases
{
    // Events

    /// <summary>A lease passed its expiry without a heartbeat. After the task's grace anybody may end it.</summary>
    /// <param name="LeaseId">The lease.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record WorkLeaseLapsed(ulong LeaseId, Instant Due) : DerivedEvent;

    /// <summary>Routes the lease's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("work-lease", Evolve)
        .On<WorkLeaseStarted>(e => e.LeaseId)
        .On<WorkLeaseHeartbeat>(e => e.LeaseId)
        .On<WorkLeaseEnded>(e => e.LeaseId)
        .On<WorkLeaseLapsed>(e => e.LeaseId)
        .Deadlines(NextDeadline, (lease, due) => new WorkLeaseLapsed(lease.LeaseId, due.Due));

    // State

    /// <summary>
    /// The status of a lease; from 1 on the numbers are the causes of its end. Stored; never renumber.
    /// </summary>
    public enum Status : byte
    {
        /// <summary>The agent holds the lease.</summary>
        Live,

        /// <summary>The work was delivered.</summary>
        Completed,

        /// <summary>The agent gave the work back.</summary>
        Yielded,

        /// <summary>The lease ended together with its task.</summary>
        Released,

        /// <summary>The lease ran out.</summary>
        Expired,
    }

    /// <summary>An agent's lease on the work of a task.</summary>
    /// <param name="LeaseId">The lease's number, from 1.</param>
    /// <param name="TaskId">The task.</param>
    /// <param name="AgentId">The agent that works.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="StartedAt">The time at which the work began.</param>
    /// <param name="ExpiresAt">The time at which the lease runs out unless a heartbeat comes.</param>
    /// <param name="Ttl">The number of seconds by which a heartbeat prolongs it.</param>
    /// <param name="Heartbeats">The number of heartbeats.</param>
    /// <param name="ProgressHash">The agent's word on its progress, from the last heartbeat.</param>
    /// <param name="EndedAt">The time at which the lease ended; 0: it lives.</param>
    /// <param name="IsOverdue">Whether the expiry passed without any action.</param>
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

    /// <summary>Ends a lease that ran out; anybody may do it.</summary>
    public sealed record Expire(Address By, ulong LeaseId, uint Grace) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the contract's answer to a command at a moment, as far as the lease alone decides it.
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
