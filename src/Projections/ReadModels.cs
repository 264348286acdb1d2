// Every read model, in the order in which an event moves them.
using EventSourced.Domain;

namespace EventSourced.Projections;

/// <summary>The read models.</summary>
public static class ReadModels
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<string, Violations.State>(Violations.Fold, "Violation", isState: true),
        new ReadModel<ulong, Tasks.State>(Tasks.Fold, "Task", isState: true)
            .Index(nameof(Tasks.State.Client), nameof(Tasks.State.TaskId))
            .Index(nameof(Tasks.State.AgentId), nameof(Tasks.State.TaskId))
            .Index(nameof(Tasks.State.Status), nameof(Tasks.State.TaskId))
            .One("agent", "agent", nameof(Tasks.State.AgentId))
            .One("winningBid", "bid", nameof(Tasks.State.BidId))
            .Many("bids", "bid", "task_id"),
        new ReadModel<ulong, Bids.State>(Bids.Fold, "Bid", isState: true)
            .Index(nameof(Bids.State.TaskId), nameof(Bids.State.BidId))
            .Index(nameof(Bids.State.AgentId), nameof(Bids.State.BidId))
            .One("task", "task", nameof(Bids.State.TaskId))
            .One("agent", "agent", nameof(Bids.State.AgentId)),
        new ReadModel<ulong, WorkLeases.State>(WorkLeases.Fold, "WorkLease", isState: true)
            .Index(nameof(WorkLeases.State.TaskId))
            .Index(nameof(WorkLeases.State.AgentId), nameof(WorkLeases.State.LeaseId))
            .One("task", "task", nameof(WorkLeases.State.TaskId))
            .One("agent", "agent", nameof(WorkLeases.State.AgentId)),
    ];
}
