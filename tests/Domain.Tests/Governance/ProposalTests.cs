// Proposals from the first word to the end, on every way there is, with the state that the governor answers at each second that matters.
using static EventSourced.Domain.Tests.Governance.GovernanceSamples;
using static EventSourced.Domain.Tests.Samples;
using Status = EventSourced.Domain.Proposals.Status;

namespace EventSourced.Domain.Tests.Governance;

public class ProposalTests
{
    [Fact]
    public void A_proposal_its_calls_and_its_text_are_told_at_once()
    {
        var chain = Proposed();
        var proposal = chain.Proposal();
        Assert.Equal((Client, 2U, (ushort)400), (proposal.Proposer, proposal.Calls, proposal.QuorumBps));
        Assert.Equal(
            new ProposalCalls.State($"{Id}-1", Id, 1, Person(41), new UInt256(0, 5), new Bytes([2])),
            chain.Of(ProposalCalls.Fold, $"{Id}-1"));
        Assert.Equal(new ProposalTexts.State(Id, "why", Start), chain.Of(ProposalTexts.Fold, Id));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void The_quorum_is_a_part_of_the_stake_at_the_snapshot_with_all_of_its_second()
    {
        var chain = Proposed().Until(VoteStart).Happens(Move(Accounts.Credit(Client), Accounts.Stake(7), 7, 500, 2));
        Assert.Equal((UInt128)0, chain.Proposal().TotalStake);
        chain.Until(VoteStart + 1).Happens(Move(Accounts.Credit(Client), Accounts.Stake(7), 7, 500, 2));
        Assert.Equal(((UInt128)1_500, (UInt128)60), (chain.Proposal().TotalStake, chain.Proposal().QuorumVotes));
        Assert.Equal(Proposals.Overdue.VoteBegun, chain.Proposal().Overdue);
    }

    [Fact]
    public void A_carried_proposal_is_queued_and_executed()
    {
        var chain = Queued();
        Assert.Equal((Operation, TimelockOperations.Status.Waiting, new Instant(Eta)), (chain.Proposal().OperationId, chain.Proposal().Operation, chain.Proposal().Eta));
        Assert.Equal(Id, chain.Waiting().ProposalId);
        chain.Until(Eta);
        Assert.Equal((Proposals.Overdue.Delay, TimelockOperations.Overdue.Delay), (chain.Proposal().Overdue, chain.Waiting().Overdue));
        chain.Happens(Executed(0), Executed(1), new ProposalExecuted(Id));
        Assert.Equal((Status.Executed, new Instant(Eta)), (chain.Proposal().Status, chain.Proposal().EndedAt));
        Assert.Equal((TimelockOperations.Status.Done, 2U), (chain.Waiting().Status, chain.Waiting().CallsMade));
        Assert.Equal(new Instant(Eta), chain.Of(TimelockCalls.Fold, TimelockCalls.KeyOf(Operation, 1)).ExecutedAt);
        var followed = chain.Followed.Count;
        Assert.Equal(followed, chain.Until(Eta + 99 * Day).Followed.Count);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void The_state_is_the_governor_s_second_by_second()
    {
        var carried = Carried().Proposal();
        (ulong At, Status Found)[] voting =
        [
            (Start, Status.Pending), (VoteStart, Status.Pending), (VoteStart + 1, Status.Active), (VoteEnd, Status.Active),
            (VoteEnd + 1, Status.Succeeded), (VoteEnd + 30 * Day - 1, Status.Succeeded), (VoteEnd + 30 * Day, Status.Expired),
        ];
        foreach (var (at, found) in voting) Assert.Equal(found, Proposals.StateAt(carried, at));
        var queued = Queued().Proposal();
        Assert.Equal(Status.Queued, Proposals.StateAt(queued, Eta + 30 * Day - 1));
        Assert.Equal(Status.Expired, Proposals.StateAt(queued, Eta + 30 * Day));
        Assert.Equal(Status.Executed, Proposals.StateAt(queued with { Operation = TimelockOperations.Status.Done }, Eta + 30 * Day));
        Assert.Equal(Status.Canceled, Proposals.StateAt(queued with { Operation = TimelockOperations.Status.Unset }, Eta));
    }

    [Theory]
    [InlineData(20, 0, 20, true)]
    [InlineData(20, 0, 19, false)]
    [InlineData(30, 30, 100, false)]
    [InlineData(31, 30, 9, true)]
    public void A_vote_carries_with_a_quorum_of_yes_and_abstaining_and_more_yes_than_no(ulong yes, ulong no, ulong abstaining, bool carried)
    {
        var proposal = Voting().Happens(Vote(1, 1, yes), Vote(2, 0, no), Vote(3, 2, abstaining)).Until(VoteEnd + 1).Proposal();
        Assert.Equal((carried, carried ? Status.Succeeded : Status.Defeated), (proposal.IsCarried, Proposals.StateAt(proposal, VoteEnd + 1)));
        Assert.Equal((3UL, (UInt128)abstaining), (proposal.Voters, proposal.AbstainVotes));
    }

    [Fact]
    public void Votes_count_only_while_the_vote_is_open_and_once()
    {
        var chain = Voting().Happens(Vote(1, 1, 10), new VoteCastWithParams(Person(2), Id, 2, 5, "", new Bytes([7])));
        Assert.Equal(
            new Votes.State(Votes.KeyOf(Id, Person(2)), Id, Person(2), Votes.Support.Abstain, 5, "", new Bytes([7]), VoteStart + 1),
            chain.Of(Votes.Fold, Votes.KeyOf(Id, Person(2))));
        Assert.Equal(Votes.Support.For, chain.Of(Votes.Fold, Votes.KeyOf(Id, Person(1))).Support);
        Assert.Empty(chain.Violations);
        Assert.Null(Votes.Fold.Evolve(chain.Of(Votes.Fold, Votes.KeyOf(Id, Person(1))), Vote(1, 1, 10), default));
        Assert.Null(Votes.Fold.Evolve(null, Vote(1, 3, 10), default));
        foreach (var second in new[] { VoteStart, VoteEnd + 1 })
            Assert.Null(Proposals.Fold.Evolve(chain.Proposal(), Vote(3, 1, 10), new At(9, second)));
        Assert.Null(Proposals.Fold.Evolve(chain.Proposal(), Vote(3, 3, 10), new At(9, VoteEnd)));
    }

    [Fact]
    public void What_nobody_queues_or_executes_in_thirty_days_is_void()
    {
        var unqueued = Carried().Until(VoteEnd + 30 * Day);
        Assert.Equal(Proposals.Overdue.Expiry, unqueued.Proposal().Overdue);
        Assert.Null(Proposals.Fold.Evolve(unqueued.Proposal(), new ProposalQueued(Id, Eta), new At(9, unqueued.Now)));
        Assert.Null(Proposals.Fold.Evolve(unqueued.Proposal(), new ProposalCanceled(Id), new At(9, unqueued.Now)));
        var unexecuted = Queued().Until(Eta + 30 * Day);
        Assert.Equal((Proposals.Overdue.Expiry, TimelockOperations.Overdue.Execution), (unexecuted.Proposal().Overdue, unexecuted.Waiting().Overdue));
        Assert.Null(TimelockOperations.Fold.Evolve(unexecuted.Waiting(), Executed(0), new At(9, unexecuted.Now)));
        var defeated = Voting().Until(VoteEnd + 31 * Day);
        Assert.Equal(Proposals.Overdue.VoteEnded, defeated.Proposal().Overdue);
    }

    [Fact]
    public void A_canceled_proposal_takes_its_operation_along()
    {
        var chain = Queued().Happens(new ProposalCanceled(Id), new Cancelled(Operation));
        Assert.Equal((Status.Canceled, TimelockOperations.Status.Unset), (chain.Proposal().Status, chain.Proposal().Operation));
        Assert.Equal(TimelockOperations.Status.Unset, chain.Waiting().Status);
        Assert.Empty(chain.Violations);
        Assert.Null(Proposals.Fold.Evolve(chain.Proposal(), new ProposalCanceled(Id), new At(9, chain.Now)));
        Assert.Equal(Status.Canceled, Proposed().Happens(new ProposalCanceled(Id)).Proposal().Status);
    }

    [Fact]
    public void An_operation_that_is_cancelled_or_executed_past_the_governor_ends_its_proposal()
    {
        var vetoed = Queued().Happens(new Cancelled(Operation));
        Assert.Equal((Status.Canceled, Status.Queued), (Proposals.StateAt(vetoed.Proposal(), vetoed.Now), vetoed.Proposal().Status));
        Assert.Equal(vetoed.Now, vetoed.Proposal().EndedAt);
        Assert.Null(Proposals.Fold.Evolve(vetoed.Proposal(), new ProposalExecuted(Id), new At(9, Eta)));
        var executed = Queued().Until(Eta).Happens(Executed(0), Executed(1));
        Assert.Equal(Status.Executed, Proposals.StateAt(executed.Proposal(), executed.Now));
        Assert.Null(Proposals.Fold.Evolve(executed.Proposal(), new ProposalCanceled(Id), new At(9, Eta)));
    }

    [Fact]
    public void A_cancelled_operation_that_is_scheduled_again_brings_its_proposal_back()
    {
        var chain = Queued().Happens(new Cancelled(Operation)).After(1).Happens(Scheduled(0));
        Assert.Equal((Status.Queued, default(Instant)), (Proposals.StateAt(chain.Proposal(), chain.Now), chain.Proposal().EndedAt));
        Assert.Equal((Id, 1U), (chain.Waiting().ProposalId, chain.Waiting().Calls));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_bond_is_locked_with_the_proposal_and_only_then()
    {
        var chain = Proposed().Happens(Bond(50));
        Assert.Equal((UInt128)50, chain.Proposal().Bond);
        Assert.Null(Proposals.Fold.Evolve(chain.Proposal(), Bond(1), new At(1, Start)));
        Assert.Null(Proposals.Fold.Evolve(Proposed().Proposal(), Bond(50), new At(2, Start + 1)));
    }

    [Fact]
    public void A_bond_goes_back_to_the_proposer_unless_it_is_lost_to_the_treasury()
    {
        var wallet = Accounts.Credit(Client);
        Proposals.State? After(Proposals.State proposal, Word to, ulong now) =>
            Proposals.Fold.Evolve(proposal with { Bond = 50 }, BondTo(to, 50), new At(9, now));
        var (proposed, carried, queued) = (Proposed().Proposal(), Carried().Proposal(), Queued().Proposal());
        var rejected = carried with { ForVotes = 20, AgainstVotes = 40 };
        var canceled = proposed with { Status = Status.Canceled, EndedAt = Start + 9 };
        (Proposals.State Proposal, ulong Now, bool Returns, bool Loses)[] ways =
        [
            (proposed, VoteStart, false, false), (carried, VoteEnd, false, false), (carried, VoteEnd + 1, false, false),
            (carried, VoteEnd + 30 * Day, true, false), (carried with { ForVotes = 0 }, VoteEnd + 1, false, true),
            (carried with { ForVotes = 0, AgainstVotes = 30 }, VoteEnd + 1, true, false), (rejected, VoteEnd + 1, false, true),
            (queued, Eta - 1, false, false), (queued, Eta, true, false), (queued, Eta + 30 * Day, true, false),
            (queued with { Operation = TimelockOperations.Status.Done }, Eta, true, false),
            (canceled, Start + 9, true, true), (canceled, Start + 10, false, true),
        ];
        foreach (var (proposal, now, returns, loses) in ways)
        {
            Assert.Equal((returns, loses), (After(proposal, wallet, now) is not null, After(proposal, Accounts.Treasury, now) is not null));
            Assert.Null(After(proposal, Accounts.Credit(Stranger), now));
            Assert.Null(Proposals.Fold.Evolve(proposal with { Bond = 49 }, BondTo(wallet, 50), new At(9, now)));
        }

        Assert.Equal(((UInt128)0, true), (After(rejected, Accounts.Treasury, VoteEnd + 1)!.Bond, After(rejected, Accounts.Treasury, VoteEnd + 1)!.IsBondLost));
        Assert.False(After(canceled, wallet, Start + 9)!.IsBondLost);
    }

    [Theory]
    [InlineData(40, 20, 0, true)]
    [InlineData(39, 20, 0, false)]
    [InlineData(40, 0, 20, true)]
    [InlineData(39, 0, 0, false)]
    [InlineData(0, 0, 0, false)]
    public void A_bond_is_lost_where_two_thirds_of_a_quorum_are_against(ulong against, ulong yes, ulong abstaining, bool lost) =>
        Assert.Equal(lost, Proposals.IsRejected(
            Voting().Proposal() with { AgainstVotes = against, ForVotes = yes, AbstainVotes = abstaining }));

    [Fact]
    public void What_cannot_be_proposed_is_impossible()
    {
        Assert.NotNull(Proposals.Fold.Evolve(null, Created(), new At(1, VoteStart - 1)));
        Assert.Null(Proposals.Fold.Evolve(null, Created(), new At(1, VoteStart)));
        Assert.Null(Proposals.Fold.Evolve(null, Created() with { VoteEnd = VoteStart }, default));
        Assert.Null(Proposals.Fold.Evolve(null, Created() with { Targets = [] }, default));
        Assert.Null(Proposals.Fold.Evolve(null, Created() with { Values = [] }, default));
        Assert.Null(Proposals.Fold.Evolve(null, Created() with { Calldatas = [] }, default));
        Assert.Null(Proposals.Fold.Evolve(null, Vote(1, 1, 1), default));
        var proposal = Proposed().Proposal();
        Assert.Null(Proposals.Fold.Evolve(proposal, Created(), default));
        Assert.Null(Proposals.Fold.Evolve(proposal, new QuorumFixed(Id, 300), default));
        Assert.Null(Proposals.Fold.Evolve(proposal, new Proposals.ProposalScheduled(Id, Operation), default));
        Assert.Null(Proposals.Fold.Evolve(proposal, new Proposals.ProposalOperationMoved(Id, 3), default));
        Assert.Null(Proposals.Fold.Evolve(proposal, new Proposals.ProposalDeadlinePassed(Id, 2, VoteEnd), default));
    }

    [Fact]
    public void Voting_by_signature_uses_nonces_one_by_one()
    {
        var chain = Deployed().Happens(new AgentGovernorNonceUsed(Owner, 0), new AgentGovernorNonceUsed(Owner, 1));
        Assert.Equal(new GovernorSigners.State(Owner, 2, Start), chain.Of(GovernorSigners.Fold, Owner));
        chain.Happens(new AgentGovernorNonceUsed(Owner, 1));
        Assert.Equal([$"governor-signer-{Owner}: AgentGovernorNonceUsed"], chain.Violations);
    }

    [Fact]
    public void Commands_are_granted_in_their_time_alone()
    {
        var (voting, carried, queued) = (Voting().Proposal(), Carried().Proposal(), Queued().Proposal());
        Proposals.CastVote Cast(byte support = 1, bool voted = false) => new(Owner, Id, support, voted);
        Granted(Proposals.Decide(voting, Cast(), VoteEnd));
        Refused("GovernorUnexpectedProposalState", Proposals.Decide(voting, Cast(), VoteEnd + 1));
        Refused("GovernorAlreadyCastVote", Proposals.Decide(voting, Cast(voted: true), VoteEnd));
        Refused("GovernorInvalidVoteType", Proposals.Decide(voting, Cast(3), VoteEnd));
        Refused("GovernorNonexistentProposal", Proposals.Decide(null, Cast(), VoteEnd));
        Granted(Proposals.Decide(carried, new Proposals.QueueProposal(Owner, Id), VoteEnd + 1));
        Refused("GovernorUnexpectedProposalState", Proposals.Decide(carried, new Proposals.QueueProposal(Owner, Id), VoteEnd));
        Granted(Proposals.Decide(queued, new Proposals.ExecuteProposal(Owner, Id), Eta));
        Refused("TimelockUnexpectedOperationState", Proposals.Decide(queued, new Proposals.ExecuteProposal(Owner, Id), Eta - 1));
        Refused("GovernorUnexpectedProposalState", Proposals.Decide(carried, new Proposals.ExecuteProposal(Owner, Id), Eta));
        Assert.Throws<ArgumentException>(() => Proposals.Decide(voting, new Tasks.Cancel(Owner, 1), Start));
    }

    [Fact]
    public void The_proposer_cancels_before_the_vote_and_the_council_before_the_end()
    {
        var (proposal, carried) = (Proposed().Proposal(), Carried().Proposal());
        Granted(Proposals.Decide(proposal, new Proposals.CancelProposal(Client, Id, false), VoteStart));
        Refused("GovernorUnableToCancel", Proposals.Decide(proposal, new Proposals.CancelProposal(Client, Id, false), VoteStart + 1));
        Refused("GovernorUnableToCancel", Proposals.Decide(proposal, new Proposals.CancelProposal(Owner, Id, false), VoteStart));
        Granted(Proposals.Decide(carried, new Proposals.CancelProposal(Owner, Id, true), VoteEnd + 1));
        Refused("GovernorUnexpectedProposalState", Proposals.Decide(carried, new Proposals.CancelProposal(Owner, Id, true), VoteEnd + 30 * Day));
    }

    [Fact]
    public void A_bond_is_released_once_its_proposal_has_ended()
    {
        var release = new Proposals.ReleaseBond(Stranger, Id);
        var bonded = Carried().Proposal() with { Bond = 5 };
        Granted(Proposals.Decide(bonded, release, VoteEnd + 30 * Day));
        Refused("NotEnded", Proposals.Decide(bonded, release, VoteEnd + 1));
        Refused("NoBond", Proposals.Decide(bonded with { Bond = 0 }, release, VoteEnd + 30 * Day));
    }
}
