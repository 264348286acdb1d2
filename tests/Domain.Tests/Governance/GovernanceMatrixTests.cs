// Every status of governance's things with every event, as reviewed tables; and every event of the six contracts with
// its home.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Governance.GovernanceSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

public class GovernanceMatrixTests
{
    private static readonly Word Scope = ShortNames.Of("guilds"u8);
    private static readonly Address Role = Person(70);

    private static readonly Type[] Events =
    [
        typeof(ParamSet), typeof(BreakerTripped), typeof(BreakerReset), typeof(GuardianSet), typeof(ContractRegistered),
        typeof(CouncilMemberSet), typeof(CouncilCallApproved), typeof(CouncilCallExecuted), typeof(CallScheduled),
        typeof(CallSalt),
        typeof(CallExecuted), typeof(Cancelled), typeof(MinDelayChange), typeof(TimelockRoleGranted),
        typeof(TimelockRoleRevoked),
        typeof(ProposalCreated), typeof(QuorumFixed), typeof(QuorumFloorFixed), typeof(VoteCast),
        typeof(VoteCastWithParams), typeof(ProposalQueued), typeof(ProposalExecuted), typeof(ProposalCanceled),
        typeof(TimelockChange), typeof(AgentGovernorNonceUsed),
    ];

    [Fact]
    public void Every_event_of_the_six_contracts_has_one_home()
    {
        foreach (var happened in Events)
            Assert.Equal(1, Folds.Sum(fold => fold.Routes.Count(route => route.IsHome && route.Event == happened)));
    }

    [Fact]
    public void Every_status_and_every_event_of_proposals_are_decided() => Snapshot.Matches(string.Concat(
        Proposed("before the vote", Pending().Happens(Bonded(5)), VoteStart),
        Proposed("during the vote", Active(), VoteEnd),
        Proposed("defeated", Voted(30, 30, 10), VoteEnd + 1),
        Proposed("succeeded", Succeeded(), VoteEnd + 1),
        Proposed("queued", Queued(), Eta - 1),
        Proposed("ready", Ready(), Eta),
        Proposed("executed past the governor", Ready().Happens(Made(0), Made(1)), Eta),
        Proposed("executed", Executed(), Eta),
        Proposed("canceled", Pending().Happens(Bonded(5), new ProposalCanceled(Id)), VoteStart),
        Proposed("cancelled past the governor", Queued().Happens(new Cancelled(Operation)), Eta),
        Proposed("expired", Queued().Until(Eta + Window), Eta + Window)));

    [Fact]
    public void Every_status_and_every_event_of_the_other_things_are_decided() => Snapshot.Matches(string.Concat(
        Timelock(), Council(), Breaker(), Registers(), Words()));

    private static string Proposed(string title, SmallChain chain, ulong time)
    {
        var now = new At(100, time, 3);
        return $"{title}\n" + Matrix.Of(
            Proposals.Fold, now,
            state => $"{Proposals.StateAt(state, now.Time)}, row {state.Status}, {state.Overdue}, bond {state.Bond}",
            [chain.Sound().Proposal()],
            Created(), new QuorumFixed(Id, 400), new QuorumFloorFixed(Id, 7), Vote(14, Against, 1), Vote(14, For, 1),
            Vote(14, Abstain, 1), Vote(14, 3, 1), new VoteCastWithParams(Person(14), Id, 1, 1, "", Data),
            new ProposalQueued(Id, Eta), new ProposalExecuted(Id), new ProposalCanceled(Id), Passed(1), Passed(2),
            Passed(3), Passed(4), new Proposals.StakeSnapshotTaken(Id, 1_000 * Credit),
            new Proposals.ProposalScheduled(Id, Operation), new Proposals.ProposalOperationMoved(Id, 0),
            new Proposals.ProposalOperationMoved(Id, 1), new Proposals.ProposalOperationMoved(Id, 3), Bonded(5),
            Returned(5), Lost(5));
    }

    private static Proposals.ProposalDeadlinePassed Passed(byte deadline) => new(Id, deadline, Start);

    private static string Timelock()
    {
        var now = new At(100, Start + Delay, 3);
        var waiting = Economy().Happens(Scheduled(0)).Of(TimelockOperations.Fold, Operation);
        var text = Matrix.Of(
            TimelockOperations.Fold, now, state =>
                $"{state.Status}, {state.CallsMade} of {state.Calls}, {state.Overdue}",
            [
                null, waiting, waiting with { Overdue = TimelockOperations.Overdue.Delay },
                waiting with { Overdue = TimelockOperations.Overdue.Execution },
                waiting with { Calls = 2, CallsMade = 1 }, waiting with { Status = TimelockOperations.Status.Unset },
                waiting with { Status = TimelockOperations.Status.Done, CallsMade = 1 },
            ],
            Scheduled(0), Scheduled(1), new CallSalt(Operation, Hash(9)), Made(0), Made(1), new Cancelled(Operation),
            new TimelockOperations.OperationDeadlinePassed(Operation, 1, Start),
            new TimelockOperations.OperationDeadlinePassed(Operation, 2, Start), new Proposals.ProposalScheduled(Id,
            Operation));
        var call = Economy().Happens(Scheduled(0)).Of(TimelockCalls.Fold, TimelockCalls.KeyOf(Operation, 0));
        text += Matrix.Of(
            TimelockCalls.Fold, now, state => state.ExecutedAt.IsNone ? "waits" : "made", [null, call,
            call with { ExecutedAt = Start }],
            Scheduled(0), Made(0));
        var role = new TimelockRoles.State(TimelockRoles.KeyOf(Hash(7), Role), Hash(7), Role, true, Owner, Start);
        text += Matrix.Of(
            TimelockRoles.Fold, now, state =>
                state.IsHeld ? "held" : "lost", [null, role, role with { IsHeld = false }],
            new TimelockRoleGranted(Hash(7), Role, Owner), new TimelockRoleRevoked(Hash(7), Role, Owner));
        return text + Matrix.Of(
            Timelocks.Fold, now,
            state => $"delay {state.MinDelay}, {(state.LastScheduled.IsZero ? "nothing" : "something")} scheduled",
            [null, Economy().Of(Timelocks.Fold, Timelocks.Key), Queued().Of(Timelocks.Fold, Timelocks.Key)],
            new TimelockChange(Person(30), Person(31)), new MinDelayChange(Delay, Day), Scheduled(0),
            new ProposalQueued(Id, Eta));
    }

    private static string Council()
    {
        var now = new At(100, Start + 5, 3);
        CouncilCallApproved approval = new(Id, Owner, Target, Data, Hash(9), Start + 7 * Day);
        var call = new CouncilCalls.State(
            Id, Target, Data, Hash(9), 1, 2, Start + 7 * Day, false, default, Start, default);
        var text = Matrix.Of(
            CouncilCalls.Fold, now,
            state => $"attempt {state.Attempt}, {state.Approvals} approvals, executed: {state.IsExecuted}",
            [null, call, call with { Approvals = 3 }, call with { ExpiresAt = Start + 5 }, call with { Approvals = 3,
            IsExecuted = true }],
            approval, approval with { ExpiresAt = Start + 5 + 7 * Day }, new CouncilCallExecuted(Id, Stranger));
        text += Matrix.Of(
            CouncilApprovals.Fold, now, state => $"attempt {state.Attempt}",
            [null, new CouncilApprovals.State($"{Id}-{Owner}", Id, Owner, 1, Start)],
            new CouncilCalls.CouncilApprovalCounted(Id, Owner, 1),
            new CouncilCalls.CouncilApprovalCounted(Id, Owner, 2));
        return text + Matrix.Of(
            CouncilSeats.Fold, now, state => $"{state.Member}", [null, new CouncilSeats.State(4, Owner, 1, Start)],
            new CouncilMemberSet(4, Owner), new CouncilMemberSet(4, Client), new CouncilMemberSet(5, Client));
    }

    private static string Breaker()
    {
        var now = new At(100, Start + 3_600, 3);
        var chain = Economy().Happens(new BreakerTripped(Scope, Owner, 2, Start + 7_200, default));
        var trip = chain.Of(Breakers.Fold, Scope);
        var text = Matrix.Of(
            Breakers.Fold, now, state => $"level {state.Level}, {state.Overdue}, trip {state.Trips}",
            [
                null, trip, trip with { Until = Start + 1_800, Overdue = Breakers.Overdue.Trip },
                trip with { Until = Start, GraceEnd = Start + 3_600, Overdue = Breakers.Overdue.Grace },
            ],
            new BreakerTripped(Scope, Owner, 1, Start + 9_000, default),
            new BreakerReset(Scope, Owner, Start + 7 * 3_600), new Breakers.BreakerPhasePassed(Scope, 1, Start),
            new Breakers.BreakerPhasePassed(Scope, 2, Start));
        var row = chain.Of(BreakerTrips.Fold, $"{Scope}-1");
        Breakers.BreakerTripSet set = new(Scope, 1, 2, Owner, default, Start, Start + 7_200, Start + 9 * 3_600);
        return text + Matrix.Of(
            BreakerTrips.Fold, now, state =>
                state.IsReset ? "reset" : "whole", [null, row, row with { IsReset = true }],
            set, set with { Until = Start + 3_600 });
    }

    private static string Registers()
    {
        var now = new At(100, Start + 5, 3);
        var chain = Economy().Happens(
            new ParamSet(Scope, Number(7)), new ParamSet(ParameterKeys.RecencyHalfLife, Number(30 * Day)),
            new ContractRegistered(Scope, Target, 2, Hash(1)), new AgentGovernorNonceUsed(Owner, 0));
        return Matrix.Of(
                Parameters.Fold, now,
                state => $"{state.Name} {state.Value}, clock {state.ClockExponent} since {state.ClockSince}",
                [null, chain.Of(Parameters.Fold, Scope)], new ParamSet(Scope, Number(8)), new ParamSet(Scope, default))
            + Matrix.Of(
                Parameters.Fold, now,
                state => $"{state.Name} {state.Value}, clock {state.ClockExponent} since {state.ClockSince}",
                [null, chain.Of(Parameters.Fold, ParameterKeys.RecencyHalfLife)],
                new ParamSet(ParameterKeys.RecencyHalfLife, Number(60 * Day)),
                new ParamSet(ParameterKeys.RecencyHalfLife, default))
            + Matrix.Of(
                Contracts.Fold, now, state =>
                    $"version {state.CatalogVersion}", [null, chain.Of(Contracts.Fold, Scope)],
                new ContractRegistered(Scope, Target, 0, Hash(1)), new ContractRegistered(Scope, Target, 1, Hash(1)),
                new ContractRegistered(Scope, Target, 2, Hash(2)))
            + Matrix.Of(
                Guardians.Fold, now, state =>
                    state.IsTrusted ? "trusted" : "dismissed", [null, new Guardians.State(Owner,
                true, Start)],
                new GuardianSet(Owner, true), new GuardianSet(Owner, false))
            + Matrix.Of(
                GovernorSigners.Fold, now, state =>
                    $"next {state.Nonce}", [null, chain.Of(GovernorSigners.Fold, Owner)],
                new AgentGovernorNonceUsed(Owner, 0), new AgentGovernorNonceUsed(Owner, 1));
    }

    private static string Words()
    {
        var now = new At(100, Start, 3);
        var chain = Active().Happens(Vote(11, For, 1));
        return Matrix.Of(ProposalTexts.Fold, now, _ => "kept", [null, chain.Of(ProposalTexts.Fold, Id)], Created())
            + Matrix.Of(
                ProposalCalls.Fold, now, _ => "kept", [null, chain.Of(ProposalCalls.Fold, $"{Id}-0")],
                new Proposals.ProposalCallStated(Id, 0, Target, default, Data))
            + Matrix.Of(
                Votes.Fold, now, state => $"{state.Support}", [null, chain.Of(Votes.Fold, Votes.KeyOf(Id, Person(11)))],
                Vote(11, Against, 1), Vote(11, Abstain, 1), Vote(11, 3, 1),
                new VoteCastWithParams(Person(11), Id, 1, 1, "", Data),
                new VoteCastWithParams(Person(11), Id, 3, 1, "", Data));
    }
}
