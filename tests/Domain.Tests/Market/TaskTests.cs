// The life of a task from the market's events: rounds, the match, the work, the review, the court, and what it tells
// its workflow.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using static EventSourced.Domain.Tests.Market.MarketSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Market;

public class TaskTests
{
    [Fact]
    public void A_created_task_is_open_to_bids_in_the_same_transaction()
    {
        var task = SmallChain.Whole(Start).Happens(Created(Tasks.Mode.Open, optimistic: true), Opened()).Task();
        Assert.Equal(Tasks.Status.Bidding, task.Status);
        Assert.Equal((Client, (UInt128)1_000, (UInt128)400, (Int128)(-5)),
            (task.Client, task.MaxPrice, task.AgentBond, task.MinReputation));
        Assert.Equal(
            (1, new Instant(Start + 600), new Instant(Start + 900)), (task.Round, task.CommitEnd, task.RevealEnd));
        Assert.True(task.IsOptimistic);
    }

    [Fact]
    public void The_better_bid_stands_first_and_the_winner_takes_the_task_at_its_price()
    {
        var chain = Bidding();
        Assert.Equal([2UL, 1UL], chain.Task().Board.Select(Board.BidIdOf));
        var task = chain.Happens(Matched(2, 8), new BidLost(1, 1, 7, 3)).Task();
        Assert.Equal(
            (Tasks.Status.Matched, 8UL, 2UL, (UInt128)500), (task.Status, task.AgentId, task.BidId, task.Price));
        Assert.Empty(task.Board);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_bid_that_does_not_stand_cannot_win()
    {
        var chain = Bidding().Happens(new BidWithdrawn(1, 2), Matched(2, 8));
        Assert.Equal(["task-1: TaskMatched", "bid-2: TaskMatched"], chain.Violations);
    }

    [Fact]
    public void A_ninth_bid_pushes_the_worst_off_the_board()
    {
        var chain = SmallChain.Whole(Start).Happens(Created(), Opened());
        for (ulong bid = 1; bid <= 9; bid++) chain.Happens(Placed(bid, 100 + bid, 10 * bid));
        chain.Happens(new BidLost(1, 1, 101, 1));
        Assert.Equal(8, chain.Task().Board.Count);
        Assert.Equal((Bids.Status.Outscored, 9U), (chain.Bid(1).Status, chain.Task().BidCount));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_revealed_bid_that_does_not_stand_is_outscored_and_counted_once()
    {
        var chain = SmallChain.Whole(Start).Happens(Created(Tasks.Mode.Sealed), Opened());
        for (ulong bid = 1; bid <= 9; bid++) chain.Happens(new BidCommitted(1, bid, 100 + bid, Hash(5)));
        for (ulong bid = 1; bid <= 9; bid++) chain.Happens(Placed(bid, 100 + bid, 100 - bid));
        chain.Happens(new BidLost(1, 9, 109, 1));
        Assert.Equal((9U, 8), (chain.Task().BidCount, chain.Task().Board.Count));
        Assert.Equal(Bids.Status.Outscored, chain.Bid(9).Status);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void The_task_runs_once_the_winner_starts_and_is_reviewed_once_it_delivers()
    {
        Assert.Equal(Tasks.Status.Running, Running().Task().Status);
        var task = Verifying().Task();
        Assert.Equal((Tasks.Status.Verifying, new Instant(Start + 800), new Instant(Start + 900)),
            (task.Status, task.ReviewEnd, task.ChallengeEnd));
    }

    [Fact]
    public void Another_agent_than_the_winner_cannot_start_or_deliver()
    {
        var chain = Bidding().Happens(Matched(2, 8), Started(7));
        Assert.Contains("task-1: WorkLeaseStarted", chain.Violations);
        Assert.Contains("task-1: TaskSubmitted", Running().Happens(Submitted(7)).Violations);
    }

    [Fact]
    public void A_vacated_task_waits_for_another_round_with_a_higher_number()
    {
        var chain = Running().Happens(new WorkLeaseEnded(9, 2), new TaskVacated(1, 8, 1, 1));
        var task = chain.Task();
        Assert.Equal((Tasks.Status.Vacant, 0UL, 0UL, (UInt128)0, (byte)1),
            (task.Status, task.AgentId, task.BidId, task.Price, task.Cause));
        chain.Happens(Opened(3));
        Assert.Equal(["task-1: BiddingOpened"], chain.Violations);
        Assert.Equal(2, chain.Happens(Opened(2)).Task().Round);
    }

    [Fact]
    public void A_round_with_standing_bids_cannot_be_opened_anew() =>
        Assert.Equal(["task-1: BiddingOpened"], Bidding().Happens(Opened(2)).Violations);

    [Fact]
    public void A_rejected_challenge_goes_back_to_review_and_its_kind_never_returns()
    {
        var chain = Verifying().Happens(new TaskDisputed(1, 5, 3));
        Assert.Equal((Tasks.Status.Disputed, 5UL, (byte)3, (byte)0b1000),
            (chain.Task().Status, chain.Task().DisputeId, chain.Task().DisputeKind, chain.Task().RuledKinds));
        chain.After(100).Happens(new TaskReviewSet(1, 2, Start + 2_000));
        Assert.Equal(
            (Tasks.Status.Verifying, new Instant(Start + 1_000)), (chain.Task().Status, chain.Task().ChallengeEnd));
        Assert.Equal(["task-1: TaskDisputed"], chain.Happens(new TaskDisputed(1, 6, 3)).Violations);
    }

    [Fact]
    public void A_challenge_that_was_taken_back_may_be_raised_again()
    {
        var chain = Verifying().Happens(
            new TaskDisputed(1, 5, 3), new TaskReviewSet(1, 3, Start + 900), new TaskDisputed(1, 6, 3));
        Assert.Equal(6UL, chain.Task().DisputeId);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void The_client_can_shorten_a_review_but_not_resume_it()
    {
        var chain = Verifying().Happens(new TaskReviewSet(1, 1, Start + 900));
        Assert.Equal(new Instant(Start + 900), chain.Task().ReviewEnd);
        Assert.Equal(["task-1: TaskReviewSet"], chain.Happens(new TaskReviewSet(1, 2, Start + 900)).Violations);
    }

    [Fact]
    public void Only_the_court_splits_and_only_under_dispute()
    {
        Assert.Equal(["task-1: TaskFinalized"], Verifying().Happens(new TaskFinalized(1, 8, 3)).Violations);
        var disputed = Verifying().Happens(new TaskDisputed(1, 5, 1));
        Assert.Equal(Tasks.Status.Finalized, disputed.Happens(new TaskFinalized(1, 8, 3)).Task().Status);
        Assert.Equal(["task-1: TaskCancelled"], Bidding().Happens(new TaskCancelled(1, 3)).Violations);
        Assert.Equal(Tasks.Status.Cancelled,
            Verifying().Happens(new TaskDisputed(1, 5, 1), new TaskCancelled(1, 3)).Task().Status);
    }

    [Fact]
    public void A_cancelled_task_gives_every_standing_bid_back()
    {
        var chain = Bidding().Happens(new TaskCancelled(1, 1), new BidLost(1, 2, 8, 4), new BidLost(1, 1, 7, 4));
        Assert.Equal((Bids.Status.Lost, Bids.Status.Lost), (chain.Bid(1).Status, chain.Bid(2).Status));
        Assert.Empty(chain.Task().Board);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Every_deadline_passes_once_and_the_next_step_clears_it()
    {
        var chain = Bidding().After(900);
        Assert.Equal(Tasks.Overdue.Bidding, chain.Task().Overdue);
        chain.After(1).Happens(Matched(2, 8, time: Start + 901), new BidLost(1, 1, 7, 3));
        Assert.Equal(Tasks.Overdue.None, chain.Task().Overdue);
        Assert.Equal(Tasks.Overdue.Start, chain.After(700).Task().Overdue);
        Assert.Equal(Tasks.Overdue.Expiry, chain.Until(Expiry).Task().Overdue);
        Assert.Equal(3, chain.After(1).Followed.Count);
    }

    [Fact]
    public void A_late_delivery_a_silent_review_and_an_expired_vacancy_are_told()
    {
        Assert.Equal(Tasks.Overdue.Delivery, Running().After(5_700).Task().Overdue);
        Assert.Equal(Tasks.Overdue.Review, Verifying().After(800).Task().Overdue);
        var vacant = Running().Happens(new TaskVacated(1, 8, 1, 4), new WorkLeaseEnded(9, 3));
        Assert.Equal(Tasks.Overdue.Expiry, vacant.Until(Expiry).Task().Overdue);
        Assert.Equal(
            Tasks.Overdue.Expiry, SmallChain.Whole(Start).Happens(Created(), Opened()).Until(Expiry).Task().Overdue);
    }

    [Fact]
    public void A_step_of_a_workflow_tells_it_how_it_ended_and_no_other_task_does()
    {
        var step = SmallChain.Whole(Start).Happens(
            new WorkflowCreated(4, Client, Hash(1), 2, Expiry, ""), Created(), Opened(),
            new WorkflowStepLinked(4, 1, 1, 0), new TaskCancelled(1, 1));
        Assert.Contains(new Workflows.WorkflowStepEnded(4, 1, 1, false), step.Followed);
        Assert.Equal((4UL, (ushort)1), (step.Task().WorkflowId, step.Task().WorkflowStep));
        Assert.Empty(Bidding().Happens(new TaskCancelled(1, 1)).Followed);
        Assert.Empty(Verifying().Happens(new TaskFinalized(1, 8, 1)).Followed);
    }

    [Fact]
    public void Bids_are_refused_in_the_words_of_the_market()
    {
        var open = Bidding().Task();
        Decision Bid(Tasks.State? task, ulong agent = 9, ulong price = 500, ulong after = 0) =>
            Tasks.Decide(task, new Tasks.PlaceBid(Owner, 1, agent, price), Start + after);
        Granted(Bid(open));
        Refused("UnknownTask", Bid(null));
        Refused("WrongState", Bid(Running().Task()));
        Refused("PriceAboveReserve", Bid(open, price: 1_001));
        Refused("TooLate", Bid(open, after: 600));
        Refused("WrongMode", Bid(open with { Mode = Tasks.Mode.Sealed }));
        Refused("OnlyNamedAgent", Bid(open with { Mode = Tasks.Mode.Direct, NamedAgentId = 5 }));
        Granted(Bid(open with { Mode = Tasks.Mode.Direct, NamedAgentId = 9 }));
        Refused("WrongMode", Tasks.Decide(open, new Tasks.CommitBid(Owner, 1, 9, Hash(1)), Start));
        Granted(Tasks.Decide(open with { Mode = Tasks.Mode.Sealed }, new Tasks.CommitBid(Owner, 1, 9, Hash(1)), Start));
    }

    [Fact]
    public void Matches_are_refused_in_the_words_of_the_market()
    {
        var open = Bidding().Task();
        Granted(Tasks.Decide(open, new Tasks.Pick(Client, 1, 1), Start));
        Refused("OnlyClient", Tasks.Decide(open, new Tasks.Pick(Owner, 1, 1), Start));
        Refused("WrongMode", Tasks.Decide(open with { Mode = Tasks.Mode.Sealed }, new Tasks.Pick(Client, 1, 1), Start));
        Refused("NotOnBoard", Tasks.Decide(open, new Tasks.Pick(Client, 1, 3), Start));
        Refused("TooLate", Tasks.Decide(open, new Tasks.Pick(Client, 1, 1), Start + 600));
        Refused("TooEarly", Tasks.Decide(open, new Tasks.MatchBest(Owner, 1), Start + 899));
        Granted(Tasks.Decide(open, new Tasks.MatchBest(Owner, 1), Start + 900));
        Refused("NoBid", Tasks.Decide(open with { Board = [] }, new Tasks.MatchBest(Owner, 1), Start + 900));
        Refused("WrongState", Tasks.Decide(Running().Task(), new Tasks.MatchBest(Owner, 1), Start + 900));
    }

    [Fact]
    public void Ends_are_refused_in_the_words_of_the_market()
    {
        var (open, running, review) = (Bidding().Task(), Running().Task(), Verifying().Task());
        Granted(Tasks.Decide(open, new Tasks.Cancel(Client, 1), Start));
        Refused("OnlyClient", Tasks.Decide(open, new Tasks.Cancel(Owner, 1), Start));
        Refused("WrongState", Tasks.Decide(running, new Tasks.Cancel(Client, 1), Start));
        Granted(Tasks.Decide(running, new Tasks.Submit(Owner, 1, 8, Hash(1)), Start));
        Refused("NotAgent", Tasks.Decide(running, new Tasks.Submit(Owner, 1, 7, Hash(1)), Start));
        Refused("WrongState", Tasks.Decide(review, new Tasks.Submit(Owner, 1, 8, Hash(1)), Start));
        Refused("TooLate", Tasks.Decide(running, new Tasks.Submit(Owner, 1, 8, Hash(1)), Expiry));
        Granted(Tasks.Decide(review, new Tasks.Accept(Client, 1), Start));
        Refused("WrongState", Tasks.Decide(running, new Tasks.Accept(Client, 1), Start));
        Refused("TooEarly", Tasks.Decide(review, new Tasks.Finalize(Owner, 1), Start + 799));
        Granted(Tasks.Decide(review, new Tasks.Finalize(Owner, 1), Start + 800));
        Refused("TooEarly", Tasks.Decide(running, new Tasks.CancelExpired(Owner, 1), Start));
        Refused("TooEarly", Tasks.Decide(open, new Tasks.CancelExpired(Owner, 1), Start + 899));
        Granted(Tasks.Decide(open, new Tasks.CancelExpired(Owner, 1), Start + 900));
        Granted(Tasks.Decide(open! with { Status = Tasks.Status.Vacant }, new Tasks.CancelExpired(Owner, 1), Start));
        Granted(Tasks.Decide(running, new Tasks.CancelExpired(Owner, 1), Expiry));
        Refused("WrongState", Tasks.Decide(review, new Tasks.CancelExpired(Owner, 1), Expiry));
        Assert.Throws<ArgumentException>(() => Tasks.Decide(review, new Channels.Close(Owner, 1), Start));
    }

    [Fact]
    public void A_refusal_says_what_was_expected_and_what_was_found()
    {
        var refused = Assert.IsType<Decision.Refused>(Tasks.Decide(null, new Tasks.Cancel(Client, 1), Start));
        Assert.Equal("UnknownTask: expected a task of that number, found none", refused.Reason.ToString());
        Assert.Equal("block 3, log 4", new At(3, Start, 4).ToString());
        Assert.Equal("block 3, log 4, derived 2", new At(3, Start, 4, 2).ToString());
    }
}
