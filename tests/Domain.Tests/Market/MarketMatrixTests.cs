// Every status of the market's things with every event, as one reviewed table.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Market.MarketSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Market;

public class MarketMatrixTests
{
    private static readonly At Now = new(100, Start + 10, 3);

    [Fact]
    public void Every_status_and_every_event_of_the_market_are_decided()
    {
        var open = Bidding().Task();
        var running = Running().Task();
        var tasks = new[]
        {
            null, open with { Status = Tasks.Status.Created, Round = 0, Board = [] }, open,
            Bidding().Happens(Matched(2, 8), new BidLost(1, 1, 7, 3)).Task(), running, Verifying().Task(),
            Verifying().Happens(new TaskDisputed(1, 5, 3)).Task(),
            Running().Happens(new TaskVacated(1, 8, 1, 3)).Task(),
            Verifying().Happens(new TaskFinalized(1, 8, 1)).Task(), Bidding().Happens(new TaskCancelled(1, 1)).Task(),
        };
        var text = Matrix.Of(Tasks.Fold, Now, task => $"{task.Status}, round {task.Round}, {task.Overdue}", tasks,
            Created(), Opened(1), Opened(2), new BidCommitted(1, 4, 9, Hash(1)), Placed(4, 9), new BidWithdrawn(1, 1),
            new BidLost(1, 1, 7, 1), new BidLost(1, 1, 7, 2), new BidLost(1, 1, 7, 3), new BidLost(1, 1, 7, 4),
            Matched(2, 8), new TaskVacated(1, 8, 1, 3), Submitted(8), new TaskDisputed(1, 6, 3),
            new TaskDisputed(1, 6, 4), new TaskDisputed(1, 6, 5), new TaskReviewSet(1, 1, Start),
            new TaskReviewSet(1, 2, Start), new TaskReviewSet(1, 3, Start), new TaskFinalized(1, 8, 1),
            new TaskFinalized(1, 8, 3), new TaskCancelled(1, 1), new TaskCancelled(1, 3),
            new Tasks.TaskDeadlinePassed(1, 1, Start), new Tasks.TaskDeadlinePassed(1, 2, Start),
            new Tasks.TaskDeadlinePassed(1, 5, Start), Started(8), new WorkflowStepLinked(4, 1, 0, 0));
        var bid = Bidding().Bid(1);
        text += Matrix.Of(Bids.Fold, Now, state => $"{state.Status}",
            [null,
                .. Enum.GetValues<Bids.Status>().Where(
                    status => status != Bids.Status.None).Select(status => bid with { Status = status })],
            new BidCommitted(1, 1, 7, Hash(1)), Placed(1, 7), new BidWithdrawn(1, 1), new BidLost(1, 1, 7, 1),
            new BidLost(1, 1, 7, 2), new BidLost(1, 1, 7, 3), new BidLost(1, 1, 7, 4), new BidLost(1, 1, 7, 5),
            Matched(1, 7));
        var lease = Running().Of(WorkLeases.Fold, 9UL);
        text += Matrix.Of(WorkLeases.Fold, Now, state => $"{state.Status}{(state.IsOverdue ? ", overdue" : "")}",
            [null, lease, lease with { IsOverdue = true }, lease with { Status = WorkLeases.Status.Completed }],
            Started(8), new WorkLeaseHeartbeat(9, 1, Start + 90, default), new WorkLeaseEnded(9, 1),
            new WorkLeaseEnded(9, 4), new WorkLeases.WorkLeaseLapsed(9, Start));
        text += Matrix.Of(TaskTerms.Fold, Now, _ => "kept", [null, Bidding().Of(TaskTerms.Fold, 1UL)], Created());
        text += Matrix.Of(
            Submissions.Fold, Now, _ => "delivered", [null, Verifying().Of(Submissions.Fold, 1UL)], Submitted(8));
        text += Matrix.Of(TaskFailures.Fold, Now, state => $"{state.Cause}",
            [null, Running().Happens(new TaskVacated(1, 8, 1, 3)).Of(TaskFailures.Fold, "1-8")],
            new TaskVacated(1, 8, 1, 4));
        Snapshot.Matches(text + OfJobs());
    }

    private static string OfJobs()
    {
        var job = Jobs.Fold.Evolve(null, new JobCreated(1, Client, default, Owner, Start + 90, default), Now)!;
        var funded = job with { Status = Jobs.Status.Funded, Provider = Stranger, Budget = 5, TaskId = 3, AgentId = 8 };
        var text = Matrix.Of(Jobs.Fold, Now, state => $"{state.Status}, task {state.TaskId}",
            [
                null, job, job with { Provider = Stranger, Budget = 5 }, funded, funded with { TaskId = 0 },
                .. Enum.GetValues<Jobs.Status>().Where(
                    status => status > Jobs.Status.Funded).Select(status => funded with { Status = status }),
            ],
            new JobCreated(1, Client, default, Owner, Start + 90, default), new JobDescribed(1, "a"),
            new ProviderSet(1, Stranger), new BudgetSet(1, 5), new JobFunded(1, Client, 5),
            new JobLinked(1, 3, 8, false), new JobSubmitted(1, Stranger, Hash(1)),
            new JobContested(1, 6, Owner, Hash(2)), new JobCompleted(1, Owner, Hash(2)),
            new JobRejected(1, Owner, Hash(2)), new JobExpired(1), new PaymentReleased(1, Stranger, 5),
            new Refunded(1, Client, 5));
        var provider = JobProviders.Fold.Evolve(null, new ProviderServes(Stranger, 8), Now)!;
        return text + Matrix.Of(JobProviders.Fold, Now, state => $"agent {state.AgentId}", [null, provider],
            new ProviderServes(Stranger, 8), new ProviderServes(Stranger, 0));
    }
}
