// Every status of bounties, channels, guilds, workflows and rewards with every event, as one reviewed table.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Work;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Work;

public class WorkMatrixTests
{
    private const ulong Start = 1_000_000;

    private static readonly At Now = new(100, Start + 10, 3);

    [Fact]
    public void Every_status_of_bounties_and_claims_and_every_event_are_decided()
    {
        var bounty = new Bounties.State(
            1, Client, Hash(1), "", 2, 100, Start, Start + 1_000, Start + 2_000, 500, Bounties.Status.Open, 2, 0, 0, 0,
            default, Bounties.Overdue.None);
        var text = Matrix.Of(Bounties.Fold, Now,
            state =>
                $"{state.Status}, {state.Awarded} of {state.MaxAwards} awarded, {state.Decided} of {state.Claims} decided, cursor {state.Cursor}, {state.Overdue}",
            [
                null, bounty with { Claims = 0 }, bounty, bounty with { Overdue = Bounties.Overdue.Claims },
                bounty with { Awarded = 2, Decided = 2, Claims = 3 }, bounty with { Decided = 2 },
                bounty with { Status = Bounties.Status.Awarded, Awarded = 2, Decided = 2, Claims = 3 },
            ],
            new BountyOpened(1, Client, 2, Start + 1_000, Start + 2_000, 500, 100, Hash(1), ""),
            new BountyClaimed(1, 5, 8, Hash(2)), new BountyAwarded(1, 5, 1), new BountyAwarded(1, 5, 3),
            new BountyClaimEnded(1, 5, 1), new BountyClaimEnded(1, 5, 2), new BountyClaimEnded(1, 5, 3),
            new BountyClosed(1, 1), new BountyClosed(1, 2), new BountyClosed(1, 3), new Bounties.BountyTurnTaken(1, 1),
            new Bounties.BountyDeadlinePassed(1, 1, Start), new Bounties.BountyDeadlinePassed(1, 2, Start));
        var claim = new BountyClaims.State(
            5, 1, 8, 1, Hash(2), 100, 20, 500, Start, BountyClaims.Status.Pending, Start + 2_500, default, 0, false,
            false, 0, default, false);
        text += Matrix.Of(BountyClaims.Fold, Now,
            state =>
                $"{state.Status}{(state.IsRuled ? ", ruled" : "")}{(state.IsHalved ? ", halved" : "")}{(state.IsPayable ? ", payable" : "")}, paid {state.Paid}, review {state.ReviewEnd}",
            [
                null, claim, claim with { IsPayable = true },
                claim with { PayableFrom = Start + 510, ReviewEnd = Start + 510 },
                claim with { IsRuled = true, IsHalved = true },
                claim with { Status = BountyClaims.Status.Disputed, DisputeId = 1 },
                claim with { Status = BountyClaims.Status.Awarded },
                claim with { Status = BountyClaims.Status.Rejected },
                claim with { Status = BountyClaims.Status.Released },
            ],
            new BountyClaims.BountyClaimEntered(5, 1, 8, 1, Hash(2), 100, 20, Start + 2_500, 500),
            new DisputeOpened(1, Account(8, 5), 7, 8, 8, Hash(4), Start + 500),
            new Disputes.BountyClaimRuled(5, 1, 1, 1), new Disputes.BountyClaimRuled(5, 1, 1, 2),
            new Disputes.BountyClaimRuled(5, 1, 2, 1), new Disputes.BountyClaimRuled(5, 1, 3, 5),
            new Disputes.BountyClaimRuled(5, 1, 0, 1), new BountyClaims.BountyClaimPayable(5, Start),
            new BountyAwarded(1, 5, 1), new BountyAwarded(1, 5, 2), new BountyClaimEnded(1, 5, 1),
            new BountyClaimEnded(1, 5, 2), new BountyClaimReviewSet(1, 5, Start + 3_600));
        Snapshot.Matches(text);
    }

    [Fact]
    public void Every_status_of_channels_and_guilds_and_every_event_are_decided()
    {
        var channel = new Channels.State(
            1, Client, Owner, Stranger, 600, Start, Start + 5_000, Channels.Status.Open, 100, 60, 3, 0, default,
            default, default, Channels.Overdue.None);
        var text = Matrix.Of(Channels.Fold, Now,
            state =>
                $"{state.Status}, {state.Redeemed} of {state.Deposited}, nonce {state.Nonce}, {state.Refunded} back, {state.Overdue}",
            [
                null, channel, channel with { Overdue = Channels.Overdue.Expiry },
                channel with { Status = Channels.Status.Closing, ClosableAt = Start + 600 },
                channel with { Status = Channels.Status.Closed },
                channel with { ConfigId = Hash(7), Refunds = 1, Refunded = 10 },
            ],
            new ChannelOpened(1, Client, Owner, Stranger, 600, Start + 5_000), new ChannelRedeemed(1, 70, 4),
            new ChannelRedeemed(1, 60, 4), new ChannelClosing(1, Client, Start + 600), new ChannelClosed(1),
            new Channels.ChannelDeadlinePassed(1, 1, Start), new Channels.ChannelDeadlinePassed(1, 2, Start),
            Move(Account(1, 1), Account(9, 1), 1, 5, 31), Move(Account(9, 1), Account(1, 1), 1, 40, 26),
            new ChannelConfigured(1, Hash(7), Stranger, Owner, Hash(8)), new ChannelRefunded(1, 40, 0),
            new ChannelRefunded(1, 41, 0), new ChannelRefunded(1, 30, 1));
        var guild = new Guilds.State(
            1, 7, Stranger, Hash(1), Start, [8, 9], [4_000, 1_000], 5_000, 1_000, Start, 100, default);
        text += Matrix.Of(Guilds.Fold, Now,
            state =>
                $"{(state.DissolvedAt.IsNone ? "living" : "dissolved")}, members {string.Join(' ', state.MemberIds)}, assigned {state.AssignedBps}, {state.Paid} of {state.Receipts} paid",
            [null, guild, guild with { DissolvedAt = Start }],
            new GuildFormed(1, 7, Stranger, Hash(1)), new GuildMemberSet(1, 8, 1, 10, Start),
            new GuildMemberSet(1, 10, 1, 10, Start), new GuildMemberSet(1, 8, 2, 10, Start),
            new GuildMemberSet(1, 10, 2, 10, Start), new GuildMemberSet(1, 8, 3, 0, 0),
            new GuildMemberSet(1, 10, 3, 0, 0), new GuildMemberSet(1, 8, 4, 0, 0), new GuildMemberSet(1, 10, 4, 0, 0),
            new GuildMemberSet(1, 8, 5, 0, 0), new GuildMemberSet(1, 10, 5, 0, 0), new GuildMemberSet(1, 8, 6, 0, 0),
            new GuildMemberSet(1, 8, 0, 0, 0), new GuildDissolved(1), new GuildMembers.GuildMemberLapsed(1, 8, Start),
            new GuildMembers.GuildMemberLapsed(1, 10, Start), Move(Account(1, 1), Account(11, 1), 1, 5, 43),
            Move(Account(11, 1), Account(1, 1), 8, 900, 33), Move(Account(11, 1), Account(1, 1), 8, 901, 33));
        var member = new GuildMembers.State(
            "", 1, 8, GuildMembers.Status.Member, 4_000, Start + 1_000, 500, false, 0, 0, Start, Start);
        text += Matrix.Of(GuildMembers.Fold, Now,
            state =>
                $"{state.Status}{(state.IsLapsed ? $", lapsed at {state.Cap}" : "")}, from {state.SettledReceipts}, paid {state.Paid}",
            [
                null, member with { Status = GuildMembers.Status.Invited }, member,
                member with { IsLapsed = true, Cap = 1_000 }, member with { Status = GuildMembers.Status.Left },
                member with { Status = GuildMembers.Status.Expired },
            ],
            new GuildMembers.GuildMemberChanged(1, 8, 0, 10, Start + 900, 1_000),
            new GuildMembers.GuildMemberChanged(1, 8, 1, 10, Start + 900, 1_000),
            new GuildMembers.GuildMemberChanged(1, 8, 2, 10, Start + 900, 1_000),
            new GuildMembers.GuildMemberChanged(1, 8, 2, 10, Start, 1_000),
            new GuildMembers.GuildMemberChanged(1, 8, 3, 0, default, 1_000),
            new GuildMembers.GuildMemberChanged(1, 8, 4, 0, default, 1_000),
            new GuildMembers.GuildMemberChanged(1, 8, 5, 0, default, 1_000),
            new GuildMembers.GuildMemberLapsed(1, 8, Start), new GuildMembers.GuildMemberCapped(1, 8, 1_000),
            new GuildMembers.GuildSharePaid(1, 8, 200, 1_000), new GuildMembers.GuildSharePaid(1, 8, 201, 1_000));
        text += Matrix.Of(
            GuildReceipts.Fold, Now, state => $"{state.Receipts}", [null, new GuildReceipts.State("", 1, Start, 100)],
            new GuildReceipts.GuildReceived(1, Start, 100), new GuildReceipts.GuildReceived(1, Start, 101));
        Snapshot.Matches(text);
    }

    [Fact]
    public void Every_status_of_workflows_and_rewards_and_every_event_are_decided()
    {
        var workflow = new Workflows.State(
            1, Client, Hash(1), "", 2, Start + 5_000, Start, Workflows.Status.Open, 1, 0b1, 0, 0, 0, default, false);
        var text = Matrix.Of(Workflows.Fold, Now,
            state =>
                $"{state.Status}, version {state.Version}, linked {state.Linked:b}, finalized {state.Finalized:b}, cancelled {state.Cancelled:b}{(state.IsOverdue ? ", overdue" : "")}",
            [
                null, workflow, workflow with { Finalized = 0b1, IsOverdue = true }, workflow with { Cancelled = 0b1 },
                workflow with { Linked = 0b11, Finalized = 0b11 }, workflow with { Status = Workflows.Status.Ended },
            ],
            new WorkflowCreated(1, Client, Hash(1), 2, Start + 5_000, ""),
            new WorkflowCreated(1, Client, Hash(1), 33, Start + 5_000, ""), new WorkflowStepLinked(1, 2, 1, 0),
            new WorkflowStepLinked(1, 2, 1, 0b1), new WorkflowStepLinked(1, 2, 0, 0),
            new WorkflowPatched(1, 2, 1, Hash(2), 0), new WorkflowPatched(1, 2, 1, Hash(2), 0b1),
            new WorkflowPatched(1, 3, 2, Hash(2), 0), new WorkflowAttested(1, 1, 7), new WorkflowAttested(1, 2, 7),
            new WorkflowEnded(1, 1), new WorkflowEnded(1, 2), new WorkflowEnded(1, 3),
            new WorkflowEnded(1, 4), new WorkflowEnded(1, 5), new Workflows.WorkflowStepEnded(1, 0, 1, true),
            new Workflows.WorkflowStepEnded(1, 0, 1, false), new Workflows.WorkflowStepEnded(1, 1, 2, true),
            new Workflows.WorkflowStepEnded(1, 2, 3, true), new Workflows.WorkflowDeadlinePassed(1, Start));
        var step = new WorkflowSteps.State("", 1, 0, 1, 1, 0, WorkflowSteps.Status.Open, Start, default);
        text += Matrix.Of(WorkflowSteps.Fold, Now, state => $"{state.Status}, task {state.TaskId}",
            [
                null, step, step with { Status = WorkflowSteps.Status.Finalized },
                step with { Status = WorkflowSteps.Status.Cancelled },
                step with { Status = WorkflowSteps.Status.Free, TaskId = 0 },
            ],
            new WorkflowSteps.WorkflowStepOpened(1, 0, 2, 2, 0), new WorkflowSteps.WorkflowStepFreed(1, 0),
            new Workflows.WorkflowStepEnded(1, 0, 1, true), new Workflows.WorkflowStepEnded(1, 0, 1, false),
            new Workflows.WorkflowStepEnded(1, 0, 2, true));
        text += Matrix.Of(WorkflowPatches.Fold, Now, _ => "patched",
            [null, new WorkflowPatches.State("", 1, 2, 1, Hash(1), 0, Start)],
            new WorkflowPatched(1, 2, 1, Hash(2), 0));
        text += Matrix.Of(
            WorkflowAttestations.Fold, Now, _ => "attested", [null, new WorkflowAttestations.State("", 1, 1, 7, Start)],
            new WorkflowAttested(1, 1, 7));
        var era = new Rewards.State(
            5, Rewards.Status.Posted, 1, 9, Hash(1), 1_000, 700, Start, Start + 1_000, 0, false, default, default, 0, 0,
            0, default, Rewards.Overdue.None);
        text += Matrix.Of(Rewards.Fold, Now,
            state =>
                $"{state.Status}, posting {state.Posting}, bond {state.Bond}, {state.Granted} granted, {state.Swept} swept{(state.IsRuled ? ", ruled" : "")}, {state.Overdue}",
            [
                null, era with { Bond = 0 }, era, era with { IsRuled = true },
                era with { Status = Rewards.Status.Disputed, DisputeId = 1 },
                era with { Status = Rewards.Status.Accepted, VestStart = Start },
                era with { Status = Rewards.Status.NotAccepted },
            ],
            new EraRootPosted(5, Hash(1), 1_000, 9, Start + 1_000), new EraRootSettled(5, true, Start, Start),
            new EraRootSettled(5, false, 0, 0), new RewardGranted(5, 8, 1_000, Start, Start),
            new RewardGranted(5, 8, 1_001, Start, Start), new Disputes.EraRuled(5, 1, 1, 1),
            new Disputes.EraRuled(5, 1, 1, 2), new Disputes.EraRuled(5, 1, 2, 1), new Disputes.EraRuled(5, 1, 4, 1),
            new Rewards.EraDeadlinePassed(5, 1, Start), new Rewards.EraDeadlinePassed(5, 2, Start),
            new DisputeOpened(1, Account(14, 5), 7, 9, 7, Hash(4), Start),
                Move(Account(4, 9), Court.CourtSamples.PosterAccount(1, 5, 1), 5, 700, 39),
                Move(Account(14, 5, 0), Account(16, 0), 5, 1_000, 26));
        var reward = new RewardGrants.State("", 5, 8, 100, Start, Start, 90, Start, Start);
        text += Matrix.Of(RewardGrants.Fold, Now, state => $"{state.Released} of {state.Amount}", [null, reward],
            new RewardGranted(5, 8, 100, Start, Start), Move(Account(14, 5, 8), Account(1, 1), 5, 10, 36),
            Move(Account(14, 5, 8), Account(1, 1), 5, 11, 36));
        Snapshot.Matches(text);
    }
}
