// The keepers of the market: they clear up after silent clients and agents. Always holds: the contract grants either
// reopening or cancelling at a time, so both may be declared over the same rows.
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using static EventSourced.Workers.Keeping.KeeperTable;

namespace EventSourced.Workers.Keeping;

internal static class MarketKeepers
{
    // A task that is neither reopened nor cancelled for so long after its deadline is at least vacated.
    private const int VacateAfterSeconds = 300;

    private const int Bidding = (int)Tasks.Status.Bidding;
    private const int Matched = (int)Tasks.Status.Matched;
    private const int Running = (int)Tasks.Status.Running;
    private const int Vacant = (int)Tasks.Status.Vacant;
    private const int Direct = (int)Tasks.Mode.Direct;

    private const string NoBid = "octet_length(t.board) = 0";

    private static readonly string TaskRows = $"{Table("task")} t";
    private static readonly string TasksAndTerms = $"{TaskRows} join {Table("task_terms")} m on m.task_id = t.task_id";

    // The holder of the task let its deadline pass, or the task has no holder.
    private static readonly string IsFree =
        $"(t.status = {Bidding} and {NoBid}) or t.status = {Vacant} or t.status in ({Matched}, {Running})";

    // An agent may give a task back at any time, so the task is free since its failure, which may come before any
    // deadline.
    private static readonly string FreeSince =
        $"case t.status when {Bidding} then t.reveal_end when {Running} then t.deliver_by when {Vacant} then coalesce("
        + $"(select max(f.vacated_at) from {Table("task_failure")} f where f.task_id = t.task_id), t.opened_at) "
        + "else t.start_by end";

    private const string TaskRound = "t.round || '.' || t.status";

    internal static IReadOnlyList<Keeper> All { get; } =
    [
        new("match", "tasks.matchBest", "TaskMarket", "matchBest",
            "gives a task whose bidding is over to its best bid")
        {
            From = TaskRows,
            When = $"t.status = {Bidding} and not {NoBid}",
            Due = "t.reveal_end",
            Thing = "t.task_id",
            Round = "t.round",
            Arguments = "t.task_id",
        },
        new("reopen", "tasks.reopen", "TaskMarket", "reopen",
            "opens the next round of a task that nobody bid for, started or delivered")
        {
            From = TasksAndTerms,
            When = $"({IsFree}) and (t.mode <> {Direct} or t.status = {Bidding}) and t.round < m.max_rounds",
            Due = FreeSince,
            Thing = "t.task_id",
            Round = TaskRound,
            Arguments = "t.task_id",
            Moot = ["LastRound", "NoTimeLeft", "FailedBefore", "BidsStand"],
        },
        new("cancel-expired", "tasks.cancelExpired", "TaskMarket", "cancelExpired",
            "ends a task for which no agent can be found in time any more; its escrow goes home")
        {
            From = TasksAndTerms,
            When = $"""
                ({IsFree} or t.status = {Bidding}) and (t.round >= m.max_rounds or t.mode = {Direct}
                 or t.expires_at <= @now + 4 * (m.bid_window + m.reveal_window) + 2 * m.start_window + m.deliver_window)
                """,
            Due = FreeSince,
            Thing = "t.task_id",
            Round = TaskRound,
            Arguments = "t.task_id",
        },
        new("vacate", "tasks.vacate", "TaskMarket", "vacate",
            "takes a task from an agent that did not start or deliver, where it was neither reopened nor cancelled")
        {
            From = TaskRows,
            When = $"t.status in ({Matched}, {Running})",
            Due = $"(case t.status when {Matched} then t.start_by else t.deliver_by end) + {VacateAfterSeconds}",
            Thing = "t.task_id",
            Round = TaskRound,
            Arguments = "t.task_id",
        },
        new("lapse", "leases.expire", "WorkLeases", "expire",
            "ends a lease whose holder stopped to beat, after the task's grace")
        {
            From = $"{Table("work_lease")} l join {Table("task_terms")} m on m.task_id = l.task_id",
            When = $"l.status = {(int)WorkLeases.Status.Live}",
            Due = "l.expires_at + m.grace",
            Thing = "l.lease_id",
            Round = "l.heartbeats",
            Arguments = "l.lease_id",
        },
        new("finalize", "tasks.finalize", "TaskMarket", "finalize", "pays the agent of a task whose review is over")
        {
            From = TaskRows,
            When = $"t.status = {(int)Tasks.Status.Verifying}",
            Due = "t.review_end",
            Thing = "t.task_id",
            Round = "t.round",
            Arguments = "t.task_id",
        },
        new("forfeit-bid", "tasks.forfeitBid", "TaskMarket", "forfeitBid",
            "ends a hidden bid that was not revealed in time")
        {
            From = $"{Table("bid")} b join {TaskRows} on t.task_id = b.task_id",
            When = $"b.status = {(int)Bids.Status.Committed}",
            Due = "case when b.placed_at < t.opened_at then t.opened_at else t.reveal_end end",
            Thing = "b.bid_id",
            Arguments = "b.bid_id",
        },
        new("refund-job", "jobs.claimRefund", "Jobs", "claimRefund",
            "gives the budget of an expired job back, where nothing was delivered")
        {
            From = $"{Table("job")} j",
            When = $"j.status = {(int)Jobs.Status.Funded}",
            Due = "j.expired_at",
            Thing = "j.job_id",
            Arguments = "j.job_id",
            Moot = ["WorkIsSubmitted"],
        },
        new("sync-job", "jobs.sync", "Jobs", "syncJob", "says as events of a job how its task ended")
        {
            From = $"{Table("job")} j join {TaskRows} on t.task_id = j.task_id",
            When = $"""
                j.status in ({(int)Jobs.Status.Funded}, {(int)Jobs.Status.Submitted})
                and t.status in ({(int)Tasks.Status.Finalized}, {(int)Tasks.Status.Cancelled})
                """,
            Due = "j.created_at",
            Thing = "j.job_id",
            Round = "j.status || '.' || t.status",
            Arguments = "j.job_id",
        },
    ];
}
