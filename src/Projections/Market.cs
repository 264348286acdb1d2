// The market's read models: tasks with their terms, bids, deliveries and leases.
using EventSourced.Domain.Market;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

internal static class Market
{
    internal static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<ulong, Tasks.State>(Tasks.Fold, "Task", isState: true)
            .Serial()
            .None(
                nameof(Tasks.State.NamedAgentId), nameof(Tasks.State.ExpiresAt), nameof(Tasks.State.CommitEnd),
                nameof(Tasks.State.RevealEnd), nameof(Tasks.State.AgentId), nameof(Tasks.State.BidId),
                nameof(Tasks.State.StartBy), nameof(Tasks.State.DeliverBy), nameof(Tasks.State.ReviewEnd),
                nameof(Tasks.State.ChallengeEnd), nameof(Tasks.State.DisputeId), nameof(Tasks.State.WorkflowId))
            .Index(nameof(Tasks.State.Client), nameof(Tasks.State.TaskId))
            .Index(nameof(Tasks.State.AgentId), nameof(Tasks.State.TaskId))
            .Index(nameof(Tasks.State.NamedAgentId), nameof(Tasks.State.TaskId))
            .Index(nameof(Tasks.State.Status), nameof(Tasks.State.TaskId))
            .Index(nameof(Tasks.State.CreatedAt), nameof(Tasks.State.TaskId))
            .Index(nameof(Tasks.State.DisputeId))
            .Index(nameof(Tasks.State.WorkflowId))
            .One("clientHolder", "credit_holder", nameof(Tasks.State.Client))
            .One("clientHistory", "client", nameof(Tasks.State.Client))
            .One("agent", "agent", nameof(Tasks.State.AgentId))
            .One("namedAgent", "agent", nameof(Tasks.State.NamedAgentId))
            .One("winningBid", "bid", nameof(Tasks.State.BidId))
            .One("terms", "task_terms", nameof(Tasks.State.TaskId))
            .One("submission", "submission", nameof(Tasks.State.TaskId))
            .One("dispute", "dispute", nameof(Tasks.State.DisputeId))
            .One("workflow", "workflow", nameof(Tasks.State.WorkflowId))
            .Many("bids", "bid", "task_id")
            .Many("workLeases", "work_lease", "task_id")
            .Many("failures", "task_failure", "task_id")
            .Many("workflowSteps", "workflow_step", "task_id")
            .Many("jobs", "job", "task_id"),
        new ReadModel<ulong, Bids.State>(Bids.Fold, "Bid", isState: true)
            .Serial()
            .Counts(nameof(Bids.State.Eta), nameof(Bids.State.Score))
            .Index(nameof(Bids.State.TaskId), nameof(Bids.State.BidId))
            .Index(nameof(Bids.State.AgentId), nameof(Bids.State.BidId))
            .One("task", "task", nameof(Bids.State.TaskId))
            .One("agent", "agent", nameof(Bids.State.AgentId)),
        new ReadModel<ulong, WorkLeases.State>(WorkLeases.Fold, "WorkLease", isState: true)
            .Serial()
            .None(nameof(WorkLeases.State.ExpiresAt), nameof(WorkLeases.State.EndedAt))
            .Index(nameof(WorkLeases.State.TaskId))
            .Index(nameof(WorkLeases.State.AgentId), nameof(WorkLeases.State.LeaseId))
            .One("task", "task", nameof(WorkLeases.State.TaskId))
            .One("agent", "agent", nameof(WorkLeases.State.AgentId)),
        new ReadModel<ulong, TaskTerms.State>(TaskTerms.Fold, "TaskTerms", isState: true)
            .Serial()
            .Counts(nameof(TaskTerms.State.ReputationHalf))
            .Search(nameof(TaskTerms.State.SpecUri))
            .One("task", "task", nameof(TaskTerms.State.TaskId)),
        new ReadModel<ulong, Submissions.State>(Submissions.Fold, "Submission", isState: true)
            .Index(nameof(Submissions.State.AgentId), nameof(Submissions.State.TaskId))
            .One("task", "task", nameof(Submissions.State.TaskId))
            .One("agent", "agent", nameof(Submissions.State.AgentId)),
        new ReadModel<string, TaskFailures.State>(TaskFailures.Fold, "TaskFailure", isState: true)
            .Index(nameof(TaskFailures.State.TaskId))
            .Index(nameof(TaskFailures.State.AgentId))
            .One("task", "task", nameof(TaskFailures.State.TaskId))
            .One("agent", "agent", nameof(TaskFailures.State.AgentId)),
        new ReadModel<ulong, Jobs.State>(Jobs.Fold, "Job", isState: true)
            .None(
                nameof(Jobs.State.Provider), nameof(Jobs.State.Hook), nameof(Jobs.State.TaskId),
                nameof(Jobs.State.AgentId), nameof(Jobs.State.DisputeId), nameof(Jobs.State.Rejector),
                nameof(Jobs.State.FundedAt), nameof(Jobs.State.SubmittedAt), nameof(Jobs.State.EndedAt))
            .Search(nameof(Jobs.State.Description))
            .Index(nameof(Jobs.State.Client), nameof(Jobs.State.JobId))
            .Index(nameof(Jobs.State.Provider), nameof(Jobs.State.JobId))
            .Index(nameof(Jobs.State.AgentId), nameof(Jobs.State.JobId))
            .Index(nameof(Jobs.State.Status), nameof(Jobs.State.JobId))
            .Index(nameof(Jobs.State.TaskId))
            .Index(nameof(Jobs.State.DisputeId))
            .One("task", "task", nameof(Jobs.State.TaskId))
            .One("agent", "agent", nameof(Jobs.State.AgentId))
            .One("dispute", "dispute", nameof(Jobs.State.DisputeId))
            .One("clientHolder", "credit_holder", nameof(Jobs.State.Client))
            .One("clientHistory", "client", nameof(Jobs.State.Client))
            .One("providerAgent", "job_provider", nameof(Jobs.State.Provider)),
        new ReadModel<Address, JobProviders.State>(JobProviders.Fold, "JobProvider", isState: true)
            .Index(nameof(JobProviders.State.AgentId))
            .One("agent", "agent", nameof(JobProviders.State.AgentId))
            .Many("jobs", "job", "provider"),
    ];
}
