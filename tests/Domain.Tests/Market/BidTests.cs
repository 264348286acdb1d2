// Bids, the board, the lease of the winner, and the records beside a task.
using EventSourced.Domain.Events;
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Market.MarketSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Market;

public class BidTests
{
    [Fact]
    public void A_hidden_bid_stands_once_it_is_revealed_and_says_its_price()
    {
        var chain = Bidding(Tasks.Mode.Sealed);
        Assert.Equal((Bids.Status.Committed, Hash(8), (UInt128)0),
            (chain.Bid(1).Status, chain.Bid(1).Commitment, chain.Bid(1).Price));
        chain.Happens(Placed(1, 7, 40, 900));
        Assert.Equal((Bids.Status.Standing, default(Word), (UInt128)900),
            (chain.Bid(1).Status, chain.Bid(1).Commitment, chain.Bid(1).Price));
        Assert.Equal((UInt128)900, Board.PriceOf(chain.Task().Board[0]));
    }

    [Fact]
    public void A_hidden_bid_is_forfeited_after_its_round_and_returned_when_the_client_cancelled()
    {
        var forfeited = Bidding(Tasks.Mode.Sealed).Happens(new BidLost(1, 1, 7, 2));
        Assert.Equal((Bids.Status.Forfeited, default(Word)), (forfeited.Bid(1).Status, forfeited.Bid(1).Commitment));
        var returned = Bidding(Tasks.Mode.Sealed).Happens(new TaskCancelled(1, 1), new BidLost(1, 1, 7, 4));
        Assert.Equal(Bids.Status.Returned, returned.Bid(1).Status);
    }

    [Fact]
    public void A_bid_ends_once()
    {
        var chain = Bidding().Happens(new BidWithdrawn(1, 1));
        Assert.Equal(Bids.Status.Withdrawn, chain.Bid(1).Status);
        chain.Happens(new BidLost(1, 1, 7, 3));
        Assert.Contains("bid-1: BidLost", chain.Violations);
    }

    [Fact]
    public void The_board_holds_the_best_eight_in_falling_order_whatever_comes_and_goes() => Seed.Run(random =>
    {
        Sequence<UInt256> board = [];
        List<UInt256> model = [];
        for (ulong bid = 1; bid <= 500; bid++)
        {
            var row = Board.Row((ulong)random.Next(20), (UInt128)random.Next(20), bid);
            board = Board.Insert(board, row);
            model = [.. model.Append(row).OrderDescending().Take(Board.Size)];
            if (random.Next(3) == 0)
            {
                var gone = bid - (ulong)random.Next(8);
                board = Board.Remove(board, gone);
                model.RemoveAll(other => Board.BidIdOf(other) == gone);
            }

            Assert.Equal(model, board);
        }
    });

    [Fact]
    public void A_lease_lives_by_its_heartbeats_and_ends_once()
    {
        var chain = Running().After(30).Happens(new WorkLeaseHeartbeat(9, 1, Start + 90, Hash(1)));
        var lease = chain.Of(WorkLeases.Fold, 9UL);
        Assert.Equal((1UL, new Instant(Start + 90), Hash(1)), (lease.Heartbeats, lease.ExpiresAt, lease.ProgressHash));
        Assert.True(chain.After(60).Of(WorkLeases.Fold, 9UL).IsOverdue);
        chain.Happens(new WorkLeaseHeartbeat(9, 2, Start + 90, Hash(2)));
        Assert.False(chain.Of(WorkLeases.Fold, 9UL).IsOverdue);
        chain.Happens(new WorkLeaseEnded(9, 4));
        lease = chain.Of(WorkLeases.Fold, 9UL);
        Assert.Equal((WorkLeases.Status.Expired, new Instant(Start + 90)), (lease.Status, lease.EndedAt));
        Assert.Empty(chain.Violations);
        chain.Happens(new WorkLeaseHeartbeat(9, 3, Start + 200, default));
        Assert.Equal(["work-lease-9: WorkLeaseHeartbeat"], chain.Violations);
    }

    [Fact]
    public void A_heartbeat_out_of_order_or_one_that_shortens_the_lease_is_impossible()
    {
        Assert.Single(Running().Happens(new WorkLeaseHeartbeat(9, 2, Start + 90, default)).Violations);
        Assert.Single(Running().Happens(new WorkLeaseHeartbeat(9, 1, Start + 59, default)).Violations);
        Assert.Single(Running().Happens(new WorkLeaseEnded(9, 5)).Violations);
    }

    [Fact]
    public void Commands_to_a_lease_are_refused_in_the_words_of_the_contract()
    {
        var live = Running().Of(WorkLeases.Fold, 9UL);
        Granted(WorkLeases.Decide(live, new WorkLeases.Heartbeat(Owner, 9, 8, Hash(1)), Start));
        Refused("NotAgent", WorkLeases.Decide(live, new WorkLeases.Heartbeat(Owner, 9, 7, Hash(1)), Start));
        Refused("LeaseExpired", WorkLeases.Decide(live, new WorkLeases.Yield(Owner, 9, 8), Start + 60));
        Granted(WorkLeases.Decide(live, new WorkLeases.Yield(Owner, 9, 8), Start + 59));
        Refused("TooEarly", WorkLeases.Decide(live, new WorkLeases.Expire(Owner, 9, 30), Start + 89));
        Granted(WorkLeases.Decide(live, new WorkLeases.Expire(Owner, 9, 30), Start + 90));
        Refused("UnknownLease", WorkLeases.Decide(null, new WorkLeases.Yield(Owner, 9, 8), Start));
        Refused("LeaseNotLive",
            WorkLeases.Decide(
                live with { Status = WorkLeases.Status.Yielded }, new WorkLeases.Yield(Owner, 9, 8), Start));
        Assert.Throws<ArgumentException>(() => WorkLeases.Decide(live, new Channels.Close(Owner, 1), Start));
    }

    [Fact]
    public void The_terms_of_a_task_are_kept_beside_it()
    {
        var terms = Bidding().Of(TaskTerms.Fold, 1UL);
        Assert.Equal((Hash(2), "ipfs://spec", 600U, 0U, 60U, 30U),
            (terms.SpecHash, terms.SpecUri, terms.BidWindow, terms.RevealWindow, terms.LeaseTtl, terms.Grace));
        Assert.Equal(((ushort)100, (ushort)4, 86_400U, (UInt128)7_000_000),
            (terms.Fee, terms.MaxRounds, terms.RecencyHalfLife, terms.ReputationHalf));
        Assert.Equal(300U, Bidding(Tasks.Mode.Sealed).Of(TaskTerms.Fold, 1UL).RevealWindow);
    }

    [Fact]
    public void A_delivery_and_a_failure_are_kept_beside_the_task()
    {
        var delivery = Verifying().Of(Submissions.Fold, 1UL);
        Assert.Equal((8UL, Hash(3), Hash(4), "ipfs://result", new Instant(Start)),
            (delivery.AgentId, delivery.ResultHash, delivery.ReceiptHash, delivery.ResultUri, delivery.SubmittedAt));
        var failure = Running().Happens(new TaskVacated(1, 8, 1, 3)).Of(TaskFailures.Fold, "1-8");
        Assert.Equal((1UL, 8UL, TaskFailures.Cause.Lapsed), (failure.TaskId, failure.AgentId, failure.Cause));
    }

    [Fact]
    public void A_second_delivery_or_failure_of_the_same_agent_is_impossible()
    {
        Assert.Contains("submission-1: TaskSubmitted", Verifying().Happens(Submitted(8)).Violations);
        Assert.Contains("task-failure-1-8: TaskVacated",
            Running().Happens(new TaskVacated(1, 8, 1, 3), new TaskVacated(1, 8, 1, 3)).Violations);
        Assert.Contains("task-terms-1: TaskCreated", Bidding().Happens(Created()).Violations);
    }
}
