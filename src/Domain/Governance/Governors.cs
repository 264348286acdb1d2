// The governor itself, in one row: its timelock, and which operation of the timelock a queued proposal became.
// Enters: the change of its timelock, what is scheduled there, and what is queued. Leaves: the link of operation and
// proposal. Always holds: the governor schedules and says so in neighbouring logs, so the operation of the log right
// before `ProposalQueued` is the proposal's, and none other is.
namespace EventSourced.Domain;

/// <summary>The aggregate of the governor.</summary>
public static class Governors
{
    /// <summary>The key of the one row.</summary>
    public const string Key = "all";

    // Events

    /// <summary>How the governor's events reach it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("governor", Evolve)
        .On<TimelockChange>(_ => Key)
        .Also<CallScheduled>(_ => Key)
        .Also<CallSalt>(_ => Key)
        .Also<ProposalQueued>(_ => Key)
        .Derives<ProposalQueued>((governor, e) => governor.QueuedId.IsZero
            ? []
            : [new TimelockOperations.TimelockOperationLinked(governor.QueuedId, e.ProposalId)]);

    // State

    /// <summary>The governor.</summary>
    /// <param name="Id">The key of the one row: all.</param>
    /// <param name="Timelock">The timelock that executes for it.</param>
    /// <param name="ChangedAt">Since when.</param>
    /// <param name="ScheduledId">The operation that was scheduled last.</param>
    /// <param name="ScheduledBlock">The block of its last log.</param>
    /// <param name="ScheduledLogIndex">The place of that log in the block.</param>
    /// <param name="QueuedId">The operation of the proposal that was queued last; zero: none of this timelock.</param>
    public sealed record State(
        string Id,
        Address Timelock,
        Instant ChangedAt,
        Word ScheduledId,
        ulong ScheduledBlock,
        uint ScheduledLogIndex,
        Word QueuedId);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, TimelockChange { OldTimelock.IsZero: true } e) =>
            new State(Key, e.NewTimelock, at.Time, default, 0, 0, default),
        // Whoever schedules or queues is governed: the governor stood before.
        (null, _) => null,
        (_, TimelockChange e) when e.OldTimelock == state.Timelock =>
            state with { Timelock = e.NewTimelock, ChangedAt = at.Time },
        (_, CallScheduled e) => Note(state, e.Id, at),
        (_, CallSalt e) => Note(state, e.Id, at),
        (_, ProposalQueued) => state with
        {
            QueuedId = state.ScheduledBlock == at.Block && state.ScheduledLogIndex + 1 == at.LogIndex
                ? state.ScheduledId : default,
        },
        _ => null,
    };

    private static State Note(State governor, Word operationId, in At at) =>
        governor with { ScheduledId = operationId, ScheduledBlock = at.Block, ScheduledLogIndex = at.LogIndex };
}
