// Commands of the market: tasks, bids, leases of work, and jobs of ERC-8183.
using EventSourced.Domain.Market;
using static EventSourced.Api.Commands.Catalog.CommandEntry;
using static EventSourced.Api.Commands.Catalog.Sender;

namespace EventSourced.Api.Commands.Catalog;

internal static class MarketTable
{
    private static readonly Sender Client = Only("the task's client");
    private static readonly Sender Winner = ActingForIts<Tasks.State>(
        task => task.AgentId, "who may act for the task's agent");
    private static readonly Sender Bidder = ActingForIts<Bids.State>(
        bid => bid.AgentId, "who may act for the bid's agent");
    private static readonly Sender Worker = ActingForIts<WorkLeases.State>(
        lease => lease.AgentId, "who may act for the lease's agent");
    private static readonly Sender JobParty = Only("the job's client or provider");

    internal static IReadOnlyList<CommandEntry> All { get; } =
    [
        Row("tasks.create", "TaskMarket.createTask", Anyone,
            "Opens a task that expires at {terms.expiresAt:time}; {terms.maxPrice:credits} move from the sender's wallet in the vault to its escrow."),
        Row<Tasks.PlaceBid>("tasks.placeBid", "TaskMarket.placeBid", ActingFor("agentId"), On.Task,
            w => new(w.By, w.Id("taskId"), w.Id("agentId"), w.Amount("price")),
            "Agent {agentId} bids {price:credits} for task {taskId}; the bid's lock moves out of its stake."),
        Row<Tasks.CommitBid>("tasks.commitBid", "TaskMarket.commitBid", ActingFor("agentId"), On.Task,
            w => new(w.By, w.Id("taskId"), w.Id("agentId"), w.Word("commitment")),
            "Agent {agentId} commits to a hidden bid for task {taskId}; the bid's lock moves out of its stake."),
        Row("tasks.revealBid", "TaskMarket.revealBid", Bidder, On.Bid,
            "Opens the hidden bid {bidId}: {price:credits}."),
        Row("tasks.withdrawBid", "TaskMarket.withdrawBid", Bidder, On.Bid,
            "Takes bid {bidId} back; its lock returns to the stake."),
        Row("tasks.forfeitBid", "TaskMarket.forfeitBid", Anyone, On.Bid,
            "Ends bid {bidId}, which was not revealed in time; a part of its lock is lost."),
        Row<Tasks.Pick>("tasks.pick", "TaskMarket.pick", Client, On.Task, w => new(w.By, w.Id("taskId"), w.Id("bidId")),
            "Task {taskId} goes to bid {bidId}; its agent has to start in time."),
        Row<Tasks.MatchBest>("tasks.matchBest", "TaskMarket.matchBest", Anyone, On.Task, w => new(w.By, w.Id("taskId")),
            "Task {taskId} goes to its best bid; that agent has to start in time."),
        Row("tasks.yieldMatch", "TaskMarket.yieldMatch", Winner, On.Task,
            "The agent of task {taskId} gives it back before it starts, for a part of its pledge."),
        Row("tasks.vacate", "TaskMarket.vacate", Anyone, On.Task,
            "Takes task {taskId} from an agent that did not start or deliver in time."),
        Row("tasks.reopen", "TaskMarket.reopen", Anyone, On.Task, "Opens another round of bidding for task {taskId}."),
        Row<Tasks.Cancel>("tasks.cancel", "TaskMarket.cancel", Client, On.Task, w => new(w.By, w.Id("taskId")),
            "Ends task {taskId}; its escrow returns to the client."),
        Row<Tasks.CancelExpired>(
            "tasks.cancelExpired", "TaskMarket.cancelExpired", Anyone, On.Task, w => new(w.By, w.Id("taskId")),
            "Ends task {taskId}, which nobody can do in time any more; its escrow returns to the client."),
        Row<Tasks.Submit>("tasks.submit", "TaskMarket.submit", Winner, On.Task, async w => new(
                w.By, w.Id("taskId"),
                    (await w.Rows.FindAsync(Tasks.Fold, w.Id("taskId")).ConfigureAwait(false))?.AgentId ?? 0,
                        w.Word("resultHash")),
            "Delivers the work of task {taskId}; its review begins."),
        Row<Tasks.Accept>("tasks.accept", "TaskMarket.accept", Client, On.Task, w => new(w.By, w.Id("taskId")),
            "Accepts the work of task {taskId}; its agent is paid, at once or when the challenge window ends."),
        Row<Tasks.Finalize>("tasks.finalize", "TaskMarket.finalize", Anyone, On.Task, w => new(w.By, w.Id("taskId")),
            "Pays the agent of task {taskId}, whose review is over."),

        Row("leases.start", "WorkLeases.start", Winner, On.Task,
            "The agent of task {taskId} begins to work under a lease."),
        Row<WorkLeases.Heartbeat>("leases.heartbeat", "WorkLeases.heartbeat", Worker, On.Lease, async w => new(
                w.By, w.Id("leaseId"), await HolderAsync(w).ConfigureAwait(false), w.Word("progressHash")),
            "Says that the work under lease {leaseId} goes on; the lease lasts longer."),
        Row<WorkLeases.Yield>("leases.yield", "WorkLeases.yield", Worker, On.Lease, async w => new(
                w.By, w.Id("leaseId"), await HolderAsync(w).ConfigureAwait(false)),
            "Gives the work under lease {leaseId} back, for a part of the pledge."),
        Row<WorkLeases.Expire>("leases.expire", "WorkLeases.expire", Anyone, On.Lease, async w => new(
                w.By, w.Id("leaseId"), await GraceAsync(w).ConfigureAwait(false)),
            "Ends lease {leaseId}, which ran out; the task is open to another agent."),

        Row<Jobs.CreateJob>("jobs.create", "Jobs.createJob", Anyone, On.NewJob,
            w => new(w.By, w.Party("provider"), w.Party("evaluator"), w.Moment("expiredAt")),
            "Creates a job for {provider} that {evaluator} judges, until {expiredAt:time}."),
        Row("jobs.adopt", "Jobs.adopt", Client, On.Task, "Shows task {taskId} as a job too."),
        Row<Jobs.SetProvider>("jobs.setProvider", "Jobs.setProvider(uint256,address)", Only("the job's client"), On.Job,
            w => new(w.By, w.Id("jobId"), w.Party("provider")), "Names {provider} as the provider of job {jobId}."),
        Row<Jobs.SetProvider>(
            "jobs.setProviderWithParams", "Jobs.setProvider(uint256,address,bytes)", Only("the job's client"), On.Job,
            w => new(w.By, w.Id("jobId"), w.Party("provider")),
                "Names {provider} as the provider of job {jobId}, and tells its hook."),
        Row<Jobs.SetBudget>("jobs.setBudget", "Jobs.setBudget(uint256,uint256)", JobParty, On.Job,
            w => new(w.By, w.Id("jobId"), w.Amount("amount")), "Sets the price of job {jobId} to {amount:credits}."),
        Row<Jobs.SetBudget>("jobs.setBudgetWithParams", "Jobs.setBudget(uint256,uint256,bytes)", JobParty, On.Job,
            w => new(w.By, w.Id("jobId"), w.Amount("amount")),
                "Sets the price of job {jobId} to {amount:credits}, and tells its hook."),
        Row<Jobs.Fund>("jobs.fund", "Jobs.fund(uint256,uint256)", Only("the job's client"), On.Job, FundAsync,
            "Moves {expectedBudget:credits} from the client's wallet in the vault to the escrow of job {jobId}."),
        Row<Jobs.Fund>(
            "jobs.fundWithParams", "Jobs.fund(uint256,uint256,bytes)", Only("the job's client"), On.Job, FundAsync,
            "Moves {expectedBudget:credits} from the client's wallet in the vault to the escrow of job {jobId}, and tells its hook."),
        Row<Jobs.Submit>("jobs.submit", "Jobs.submit(uint256,bytes32)", Only("the job's provider"), On.Job,
            w => new(w.By, w.Id("jobId"), w.Word("deliverable")), "Delivers the work of job {jobId}."),
        Row<Jobs.Submit>(
            "jobs.submitWithParams", "Jobs.submit(uint256,bytes32,bytes)", Only("the job's provider"), On.Job,
            w => new(w.By, w.Id("jobId"), w.Word("deliverable")),
                "Delivers the work of job {jobId}, and tells its hook."),
        Row<Jobs.Complete>("jobs.complete", "Jobs.complete(uint256,bytes32)", Only("the job's evaluator"), On.Job,
            w => new(w.By, w.Id("jobId"), w.Word("reason")), "Accepts the work of job {jobId}; its provider is paid."),
        Row<Jobs.Complete>(
            "jobs.completeWithParams", "Jobs.complete(uint256,bytes32,bytes)", Only("the job's evaluator"), On.Job,
            w => new(w.By, w.Id("jobId"), w.Word("reason")),
                "Accepts the work of job {jobId}, and tells its hook; its provider is paid."),
        Row<Jobs.Reject>("jobs.reject", "Jobs.reject(uint256,bytes32)",
            Only("the client of an open job, else its evaluator"), On.Job,
            w => new(w.By, w.Id("jobId"), w.Word("reason")),
                "Rejects job {jobId}; its escrow goes where the market's rules say."),
        Row<Jobs.Reject>("jobs.rejectWithParams", "Jobs.reject(uint256,bytes32,bytes)",
            Only("the client of an open job, else its evaluator"), On.Job,
            w => new(w.By, w.Id("jobId"), w.Word("reason")), "Rejects job {jobId}, and tells its hook."),
        Row<Jobs.ClaimRefund>("jobs.claimRefund", "Jobs.claimRefund", Anyone, On.Job, w => new(w.By, w.Id("jobId")),
            "Gives the budget of job {jobId}, which expired, back to its client."),
        Row("jobs.sync", "Jobs.syncJob", Anyone, On.Job, "Brings job {jobId} to where its task stands."),
        Row<JobProviders.ServeAs>(
            "jobs.serveAs", "Jobs.serveAs", ActingFor("agentId"), On.Provider, w => new(w.By, w.Id("agentId")),
            "The sender provides jobs as agent {agentId} from now on."),
    ];

    private static async ValueTask<ulong> HolderAsync(Wish wish) =>
        (await wish.Rows.FindAsync(WorkLeases.Fold, wish.Id("leaseId")).ConfigureAwait(false))?.AgentId ?? 0;

    private static async ValueTask<uint> GraceAsync(Wish wish) =>
        await wish.Rows.FindAsync(WorkLeases.Fold, wish.Id("leaseId")).ConfigureAwait(false) is { } lease
            ? (await wish.Rows.FindAsync(TaskTerms.Fold, lease.TaskId).ConfigureAwait(false))?.Grace ?? 0
            : 0;

    private static async ValueTask<Jobs.Fund> FundAsync(Wish wish)
    {
        var job = await wish.Rows.FindAsync(Jobs.Fold, wish.Id("jobId")).ConfigureAwait(false);
        var provider = job is null
            ? null : await wish.Rows.FindAsync(JobProviders.Fold, job.Provider).ConfigureAwait(false);
        return new Jobs.Fund(wish.By, wish.Id("jobId"), wish.Amount("expectedBudget"), provider?.AgentId ?? 0);
    }
}
