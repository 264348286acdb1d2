// A proposal from its first word to its end: votes, quorum, queue, execution past the governor, cancellation, bond.
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Governance.GovernanceSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

public class ProposalTests
{
    private static readonly Address Council = Person(40);

    [Fact]
    public void A_proposal_keeps_what_it_says_apart_from_where_it_stands()
    {
        var chain = Pending().Sound();
        var proposal = chain.Proposal();
        Assert.Equal((Client, 1U, (ushort)400, new Instant(Start)),
            (proposal.Proposer, proposal.Calls, proposal.QuorumBps, proposal.CreatedAt));
        Assert.Equal(Proposals.Status.Pending, chain.Stands());
        Assert.Equal("spend less", chain.Of(ProposalTexts.Fold, Id).Description);
        var call = chain.Of(ProposalCalls.Fold, $"{Id}-0");
        Assert.Equal((Id, 0UL, Target, new UInt256(0, 5), Data), (call.ProposalId, call.Index, call.Target, call.Value,
            call.Data));
    }

    [Fact]
    public void A_proposal_has_one_to_ten_whole_calls()
    {
        Economy().Forbids(Created() with { Targets = [], Values = [], Calldatas = [] });
        Economy().Forbids(Created() with { Values = [] });
        Economy().Forbids(Created() with { Calldatas = [] });
        Address[] eleven = [.. Enumerable.Repeat(Target, 11)];
        Economy().Forbids(Created() with
        {
            Targets = new(eleven),
            Values = new([.. eleven.Select(_ => default(UInt256))]),
            Calldatas = new([.. eleven.Select(_ => Data)]),
        });
    }

    [Fact]
    public void A_proposal_is_made_once_and_its_quorum_fixed_once()
    {
        Pending().Forbids(Created());
        Pending().Forbids(new QuorumFixed(Id, 500));
        Economy().Happens(Created()).After(1).Forbids(new QuorumFixed(Id, 400));
        Economy().Forbids(new QuorumFixed(Id, 400));
    }

    [Fact]
    public void The_stake_at_the_snapshot_makes_the_quorum_and_later_stake_does_not()
    {
        var chain = Pending().Until(VoteStart).Happens(new DelegateVotesChanged(Owner, 0, 500 * Credit));
        Assert.Equal((UInt128)0, chain.Proposal().QuorumVotes);
        chain.Until(VoteStart + 1).Happens(new DelegateVotesChanged(Owner, 500 * Credit, 1_000 * Credit)).Sound();
        Assert.Equal((1_500 * Credit, 60 * Credit), (chain.Proposal().TotalStake, chain.Proposal().QuorumVotes));
    }

    [Fact]
    public void The_floor_stands_under_the_part_of_the_stake_and_is_fixed_once()
    {
        var low = Pending().Happens(new QuorumFloorFixed(Id, 30 * Credit));
        Assert.Equal(30 * Credit, low.Proposal().QuorumVotes);
        Assert.Equal(40 * Credit, low.Until(VoteStart + 1).Sound().Proposal().QuorumVotes);
        var high = Pending().Happens(new QuorumFloorFixed(Id, 70 * Credit)).Until(VoteStart + 1).Sound();
        Assert.Equal(70 * Credit, high.Proposal().QuorumVotes);
        Assert.Equal(Proposals.Status.Defeated,
            high.Happens(Vote(11, For, 69)).Until(VoteEnd + 1).Sound().Stands());
        Pending().Happens(new QuorumFloorFixed(Id, 70 * Credit)).Forbids(new QuorumFloorFixed(Id, 80 * Credit));
        Pending().Forbids(new QuorumFloorFixed(Id, 0));
        Pending().After(1).Forbids(new QuorumFloorFixed(Id, 70 * Credit));
        Economy().Happens(Created()).Forbids(new QuorumFloorFixed(Id, 70 * Credit));
    }

    [Fact]
    public void A_bond_is_lost_below_the_floor_too()
    {
        var chain = Pending().Happens(Bonded(5), new QuorumFloorFixed(Id, 900 * Credit)).Until(VoteStart + 1)
            .Happens(Vote(11, Against, 40)).Until(VoteEnd + 1).Sound();
        Assert.True(Proposals.IsRejected(chain.Proposal()));
        Assert.True(chain.Happens(Lost(5)).Sound().Proposal().IsBondLost);
    }

    [Fact]
    public void The_vote_is_open_from_the_second_after_the_snapshot_to_its_last_second()
    {
        Pending().Until(VoteStart).Forbids(Vote(11, For, 1));
        Assert.Equal(Proposals.Status.Active, Active().Happens(Vote(11, For, 1)).Sound().Stands());
        var chain = Active().Until(VoteEnd).Happens(Vote(11, For, 50)).Sound();
        Assert.Equal(Proposals.Status.Active, chain.Stands());
        chain.Until(VoteEnd + 1).Forbids(Vote(12, For, 1));
    }

    [Fact]
    public void Votes_add_up_by_what_they_say()
    {
        var chain = Active().Happens(
            Vote(11, Against, 7), Vote(12, For, 5), Vote(13, Abstain, 3),
            new VoteCastWithParams(Person(14), Id, For, 2 * Credit, "with more", Data)).Sound();
        var proposal = chain.Proposal();
        Assert.Equal((7 * Credit, 7 * Credit, 3 * Credit, 4UL),
            (proposal.AgainstVotes, proposal.ForVotes, proposal.AbstainVotes, proposal.Voters));
        var vote = chain.Of(Votes.Fold, Votes.KeyOf(Id, Person(14)));
        Assert.Equal(
            (Votes.Support.For, 2 * Credit, "with more", Data), (vote.Support, vote.Weight, vote.Reason, vote.Params));
        Assert.Equal("because", chain.Of(Votes.Fold, Votes.KeyOf(Id, Person(11))).Reason);
    }

    [Fact]
    public void Nobody_votes_twice_or_for_a_fourth_thing()
    {
        Active().Happens(Vote(11, For, 5)).Forbids(Vote(11, Against, 5));
        Active().Forbids(Vote(11, 3, 5));
        Active().Forbids(new VoteCastWithParams(Person(14), Id, 3, 1, "", Data));
    }

    [Theory]
    [InlineData(20, 30, 10, Proposals.Status.Succeeded)]
    [InlineData(30, 30, 10, Proposals.Status.Defeated)]
    [InlineData(0, 30, 9, Proposals.Status.Defeated)]
    [InlineData(0, 30, 10, Proposals.Status.Succeeded)]
    [InlineData(900, 0, 0, Proposals.Status.Defeated)]
    public void A_vote_carries_with_more_for_than_against_and_a_quorum_that_is_not_against(
        ulong against, ulong inFavour, ulong abstaining, Proposals.Status outcome)
    {
        var chain = Voted(against, inFavour, abstaining).Sound();
        Assert.Equal(outcome, chain.Stands());
        Assert.Equal(outcome == Proposals.Status.Succeeded, chain.Proposal().IsCarried);
        Assert.Equal(Proposals.Overdue.VoteEnded, chain.Proposal().Overdue);
    }

    [Fact]
    public void A_carried_proposal_is_queued_and_finds_its_operation()
    {
        var chain = Queued().Sound();
        Assert.Equal(Proposals.Status.Queued, chain.Stands());
        Assert.Equal((Operation, new Instant(Eta), TimelockOperations.Status.Waiting),
            (chain.Proposal().OperationId, chain.Proposal().Eta, chain.Proposal().Operation));
        Assert.Equal(Id, chain.Of(TimelockOperations.Fold, Operation).ProposalId);
        Voted(30, 30, 30).Happens(Scheduled(0)).Forbids(new ProposalQueued(Id, Eta));
        Queued().Forbids(new ProposalQueued(Id, Eta));
    }

    [Fact]
    public void The_governor_executes_through_its_timelock()
    {
        Assert.Equal(Proposals.Overdue.Delay, Ready().Proposal().Overdue);
        var chain = Executed().Sound();
        Assert.Equal((Proposals.Status.Executed, new Instant(Eta)), (chain.Stands(), chain.Proposal().EndedAt));
        Queued().Forbids(new ProposalExecuted(Id));
        Ready().Happens(Made(0)).Forbids(new ProposalExecuted(Id));
        Executed().Forbids(new ProposalExecuted(Id));
        Executed().Forbids(new ProposalCanceled(Id));
    }

    [Fact]
    public void Who_executes_past_the_governor_ends_the_proposal_too()
    {
        var chain = Ready().Happens(Made(0), Made(1)).Sound();
        Assert.Equal((Proposals.Status.Executed, new Instant(Eta)), (chain.Stands(), chain.Proposal().EndedAt));
        chain.After(1).Forbids(new ProposalExecuted(Id));
    }

    [Fact]
    public void What_the_council_cancels_past_the_governor_is_canceled_until_it_is_scheduled_again()
    {
        var chain = Queued().After(5).Happens(new Cancelled(Operation)).Sound();
        Assert.Equal((Proposals.Status.Canceled, chain.Now), (chain.Stands(), chain.Proposal().EndedAt));
        chain.After(5).Happens(Scheduled(0), Scheduled(1)).Sound();
        Assert.Equal((Proposals.Status.Queued, default), (chain.Stands(), chain.Proposal().EndedAt));
        Queued().Happens(new Cancelled(Operation)).Forbids(new ProposalCanceled(Id));
    }

    [Fact]
    public void A_canceled_proposal_takes_its_operation_with_it()
    {
        var chain = Queued().After(1).Happens(new ProposalCanceled(Id), new Cancelled(Operation)).Sound();
        Assert.Equal((Proposals.Status.Canceled, chain.Now), (chain.Stands(), chain.Proposal().EndedAt));
        Assert.Equal(TimelockOperations.Status.Unset, chain.Of(TimelockOperations.Fold, Operation).Status);
    }

    [Fact]
    public void Every_proposal_that_has_not_ended_can_be_canceled_even_a_defeated_one()
    {
        foreach (var chain in new[] { Pending(), Active(), Voted(9, 0, 0), Succeeded(), Queued() })
            Assert.Equal(Proposals.Status.Canceled, chain.Happens(new ProposalCanceled(Id)).Sound().Stands());
        Pending().Happens(new ProposalCanceled(Id)).Forbids(new ProposalCanceled(Id));
        Succeeded().Until(VoteEnd + Window).Forbids(new ProposalCanceled(Id));
    }

    [Fact]
    public void What_nobody_queues_or_executes_in_thirty_days_expires()
    {
        var chain = Succeeded().Until(VoteEnd + Window - 1);
        Assert.Equal(Proposals.Status.Succeeded, chain.Stands());
        Assert.Equal(Proposals.Status.Expired, chain.After(1).Sound().Stands());
        Assert.Equal(Proposals.Overdue.Expiry, chain.Proposal().Overdue);
        chain = Queued().Until(Eta + Window - 1);
        Assert.Equal(Proposals.Status.Queued, chain.Stands());
        Assert.Equal(Proposals.Status.Expired, chain.After(1).Sound().Stands());
    }

    [Fact]
    public void Years_without_a_block_pass_all_deadlines_in_their_order()
    {
        var chain = Pending().Until(VoteEnd + 100 * Window).Sound();
        Assert.Equal(Proposals.Status.Defeated, chain.Stands());
        Assert.Equal(
            [typeof(Proposals.ProposalDeadlinePassed), typeof(Proposals.StakeSnapshotTaken),
            typeof(Proposals.ProposalDeadlinePassed)],
            chain.Followed.Where(
                followed => followed is not Proposals.ProposalCallStated).Select(followed => followed.GetType()));
    }

    [Fact]
    public void A_bond_is_locked_once_and_goes_back_or_to_the_treasury_at_the_end()
    {
        Assert.Equal(50 * Credit, Pending().Happens(Bonded(50 * Credit)).Sound().Proposal().Bond);
        Pending().Happens(Bonded(50 * Credit)).Forbids(Bonded(50 * Credit));
        Pending().Happens(Bonded(50 * Credit)).Forbids(Returned(50 * Credit));
        var ended = Pending().Happens(Bonded(50 * Credit)).After(1).Happens(new ProposalCanceled(Id));
        var home = ended.Happens(Returned(50 * Credit)).Sound().Proposal();
        Assert.Equal(((UInt128)0, false), (home.Bond, home.IsBondLost));
        var lost = Pending().Happens(
            Bonded(50 * Credit), new ProposalCanceled(Id), Lost(50 * Credit)).Sound().Proposal();
        Assert.Equal(((UInt128)0, true), (lost.Bond, lost.IsBondLost));
        Pending().Happens(Bonded(50 * Credit), new ProposalCanceled(Id)).Forbids(Lost(49 * Credit));
    }

    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(39, 0, 0, false)]
    [InlineData(40, 20, 0, true)]
    [InlineData(40, 15, 6, false)]
    public void A_proposal_is_rejected_by_two_thirds_of_a_quorum_of_voters(
        ulong against, ulong inFavour, ulong abstaining, bool rejected) =>
        Assert.Equal(rejected, Proposals.IsRejected(Voted(against, inFavour, abstaining).Proposal()));

    [Fact]
    public void Decide_answers_voters_as_the_governor_would()
    {
        var active = Active().Proposal();
        Granted(Proposals.Decide(active, new Proposals.CastVote(Stranger, Id, For, false), VoteStart + 1));
        Refused("GovernorAlreadyCastVote", Proposals.Decide(active, new Proposals.CastVote(Stranger, Id, For, true),
            VoteStart + 1));
        Refused("GovernorInvalidVoteType", Proposals.Decide(active, new Proposals.CastVote(Stranger, Id, 3, false),
            VoteStart + 1));
        Refused("GovernorUnexpectedProposalState",
            Proposals.Decide(active, new Proposals.CastVote(Stranger, Id, For, false), VoteEnd + 1));
        Refused("GovernorNonexistentProposal", Proposals.Decide(null, new Proposals.CastVote(Stranger, Id, For, false),
            VoteEnd));
    }

    [Fact]
    public void Decide_answers_who_queues_and_executes_as_the_governor_would()
    {
        var succeeded = Succeeded().Proposal();
        Granted(Proposals.Decide(succeeded, new Proposals.Queue(Stranger, Id), VoteEnd + 1));
        Refused("GovernorUnexpectedProposalState",
            Proposals.Decide(succeeded, new Proposals.Queue(Stranger, Id), VoteEnd + Window));
        var queued = Queued().Proposal();
        Granted(Proposals.Decide(queued, new Proposals.Execute(Stranger, Id), Eta));
        Refused("TimelockUnexpectedOperationState", Proposals.Decide(queued, new Proposals.Execute(Stranger, Id),
            Eta - 1));
        Refused("GovernorUnexpectedProposalState",
            Proposals.Decide(succeeded, new Proposals.Execute(Stranger, Id), VoteEnd + 1));
    }

    [Fact]
    public void Decide_lets_the_proposer_cancel_before_the_vote_and_the_council_until_the_end()
    {
        var pending = Pending().Proposal();
        Granted(Proposals.Decide(pending, new Proposals.Cancel(Client, Id, false, false), VoteStart));
        Refused("GovernorUnableToCancel", Proposals.Decide(pending, new Proposals.Cancel(Client, Id, false, false),
            VoteStart + 1));
        Refused("GovernorUnableToCancel", Proposals.Decide(pending, new Proposals.Cancel(Stranger, Id, false, false),
            VoteStart));
        Granted(Proposals.Decide(Queued().Proposal(), new Proposals.Cancel(Council, Id, true, false), Eta));
        Refused("GovernorUnexpectedProposalState",
            Proposals.Decide(Executed().Proposal(), new Proposals.Cancel(Council, Id, true, false), Eta));
    }

    [Fact]
    public void Decide_lets_the_council_cancel_no_vote_on_its_seats()
    {
        Refused(
            "BeyondVeto", Proposals.Decide(Queued().Proposal(), new Proposals.Cancel(Council, Id, true, true), Eta));
        Granted(Proposals.Decide(Pending().Proposal(), new Proposals.Cancel(Client, Id, false, true), VoteStart));
    }

    [Fact]
    public void Decide_releases_the_bond_of_an_ended_proposal()
    {
        var bonded = Pending().Happens(Bonded(1)).Proposal();
        Refused("NotEnded", Proposals.Decide(bonded, new Proposals.ReleaseBond(Stranger, Id), VoteEnd));
        Granted(Proposals.Decide(bonded, new Proposals.ReleaseBond(Stranger, Id), VoteEnd + 1));
        Refused("NoBond", Proposals.Decide(Pending().Proposal(), new Proposals.ReleaseBond(Stranger, Id), VoteEnd + 1));
        Assert.Throws<ArgumentException>(
            () => Proposals.Decide(bonded, new Breakers.Reset(Stranger, default, true), VoteEnd));
    }

    [Fact]
    public void Signatures_are_used_in_the_order_of_their_nonces()
    {
        var chain = Economy().Happens(
            new AgentGovernorNonceUsed(Owner, 0), new AgentGovernorNonceUsed(Owner, 1)).Sound();
        Assert.Equal((UInt128)2, chain.Of(GovernorSigners.Fold, Owner).Nonce);
        chain.Forbids(new AgentGovernorNonceUsed(Owner, 1));
    }
}
