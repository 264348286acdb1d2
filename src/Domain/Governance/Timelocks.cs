// The timelock as a whole: its address, its delay, and the operation that it was given last. One row. The governor's
// next event is about that last operation: it schedules first and then announces that it queued a proposal. Always
// holds: each change of the delay starts where the last one ended.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of the timelock.</summary>
public static class Timelocks
{
    /// <summary>The key of the one row.</summary>
    public const string Key = "timelock";

    // Events

    /// <summary>Routes the timelock's and the governor's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("timelock", Evolve)
        .On<TimelockChange>(_ => Key)
        .On<MinDelayChange>(_ => Key)
        .Also<CallScheduled>(_ => Key)
        .Also<ProposalQueued>(_ => Key)
        .Derives<ProposalQueued>(
            (timelock, e) => [new Proposals.ProposalScheduled(e.ProposalId, timelock.LastScheduled)]);

    // State

    /// <summary>The timelock as a whole.</summary>
    /// <param name="Id">The key of the one row: timelock.</param>
    /// <param name="Location">The timelock's address, by the governor's word.</param>
    /// <param name="MinDelay">The least delay, in seconds.</param>
    /// <param name="LastScheduled">The operation that it was given last.</param>
    /// <param name="ChangedAt">The time at which the delay last changed.</param>
    public sealed record State(string Id, Address Location, UInt128 MinDelay, Word LastScheduled, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state ?? Fresh, happened) switch
    {
        (var timelock, TimelockChange e) when e.OldTimelock == timelock.Location =>
            timelock with { Location = e.NewTimelock },
        (var timelock, MinDelayChange e) when e.OldDuration == timelock.MinDelay =>
            timelock with { MinDelay = e.NewDuration, ChangedAt = at.Time },
        // Nothing is scheduled before there is a delay, and nothing queued before it is scheduled.
        ({ MinDelay: var delay } timelock, CallScheduled e) when delay != 0 => timelock with { LastScheduled = e.Id },
        ({ LastScheduled.IsZero: false } timelock, ProposalQueued) => timelock,
        _ => null,
    };

    private static State Fresh { get; } = new(Key, default, 0, default, default);
}
