// Every event of governance on every sample of a state, as one reviewed table.
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Governance.GovernanceSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Governance;

public class GovernanceMatrixTests
{
    private const ulong Start = GovernanceSamples.Start + Month;
    private const ulong Month = 30 * Day;
    private static readonly At Now = new(100, Start, 3);

    [Fact]
    public void Every_event_of_governance_is_decided_in_every_state() =>
        Snapshot.Matches(OfRegisters() + OfBreaker() + OfCouncil() + OfTimelock() + OfProposals());

    private static string OfRegisters()
    {
        var (fee, halfLife, name) = (ParameterKeys.Of("fee"u8), ParameterKeys.StrikeHalfLife, ShortNames.Of("vault"u8));
        static string Told(Parameters.State state) => $"{state.Name} {state.Value}, clock since {state.ClockSince} at {state.ClockExponent}";
        var text = Matrix.Of(Parameters.Fold, Now, Told, [null, Parameters.Fold.Evolve(null, new ParamSet(fee, Number(5)), Now)],
            new ParamSet(fee, Number(0)), new ParamSet(fee, Number(7)));
        text += Matrix.Of(Parameters.Fold, Now, Told, [null, Parameters.Fold.Evolve(null, new ParamSet(halfLife, Number(100)), new At(1, Start - 50))],
            new ParamSet(halfLife, Number(0)), new ParamSet(halfLife, Number(200)));
        text += Matrix.Of(Contracts.Fold, Now, state => $"version {state.CatalogVersion}",
            [null, Contracts.Fold.Evolve(null, new ContractRegistered(name, Owner, 2, default), Now)],
            new ContractRegistered(name, Owner, 0, default), new ContractRegistered(name, Owner, 1, default),
            new ContractRegistered(name, Owner, 2, default), new ContractRegistered(name, Owner, 3, default));
        return text + Matrix.Of(Guardians.Fold, Now, state => state.IsTrusted ? "trusted" : "dismissed",
            [null, new Guardians.State(Owner, true, 1), new Guardians.State(Owner, false, 1)],
            new GuardianSet(Owner, true), new GuardianSet(Owner, false));
    }

    private static string OfBreaker()
    {
        var tripped = new BreakerTripped(default, Owner, 2, Start + 10, default);
        var holds = Breakers.Fold.Evolve(null, tripped, Now)!;
        var text = Matrix.Of(Breakers.Fold, Now, state => $"level {state.Level} until {state.Until}, over: {state.Overdue}",
            [
                null, holds, holds with { Until = Start, Overdue = Breakers.Overdue.Trip },
                new Breakers.State(default, "", 1, 10, 20, 30, Owner, default, 1, false, Breakers.Overdue.Grace),
            ],
            tripped, tripped with { Level = 0 }, new BreakerReset(default, Owner, Start + 21_600),
            new Breakers.BreakerPhasePassed(default, 1, Start), new Breakers.BreakerPhasePassed(default, 2, Start));
        var set = new Breakers.BreakerTripSet(default, 1, 2, Owner, default, Start, Start + 10, Start + 20);
        var trip = BreakerTrips.Fold.Evolve(null, set, Now)!;
        return text + Matrix.Of(BreakerTrips.Fold, Now, state => $"until {state.Until}{(state.IsReset ? ", reset" : "")}",
            [null, trip, trip with { IsReset = true }], set, set with { Until = Start + 5 });
    }

    private static string OfCouncil()
    {
        var text = Matrix.Of(CouncilSeats.Fold, Now, state => $"{state.Member}", [null, new CouncilSeats.State(0, Owner, 1, 1)],
            new CouncilMemberSet(0, Owner), new CouncilMemberSet(0, Client), new CouncilMemberSet(5, Client));
        var week = 7 * Day;
        var approved = new CouncilCallApproved(Id, Owner, Client, default, default, Start + week);
        var call = CouncilCalls.Fold.Evolve(null, approved, Now)!;
        text += Matrix.Of(CouncilCalls.Fold, Now, state => $"attempt {state.Attempt}, {state.Approvals} approvals{(state.IsExecuted ? ", executed" : "")}",
            [null, call, call with { Approvals = 3 }, call with { Approvals = 3, ExpiresAt = Start }, call with { IsExecuted = true }],
            approved, new CouncilCallExecuted(Id, Owner));
        var counted = new CouncilCalls.CouncilApprovalCounted(Id, Owner, 1);
        return text + Matrix.Of(CouncilApprovals.Fold, Now, state => $"attempt {state.Attempt}",
            [null, CouncilApprovals.Fold.Evolve(null, counted, Now)], counted, counted with { Attempt = 2 });
    }

    private static string OfTimelock()
    {
        var timelock = Deployed().Of(Timelocks.Fold, Timelocks.Key);
        var text = Matrix.Of(Timelocks.Fold, Now, state => $"at {state.Location}, {state.MinDelay} s, last {state.LastScheduled}",
            [null, timelock, timelock with { LastScheduled = Operation }],
            new TimelockChange(default, Owner), new MinDelayChange(0, Day), new MinDelayChange(2 * Day, Day), Scheduled(0),
            new ProposalQueued(Id, Eta));
        var waiting = Deployed().Happens(Scheduled(0)).Waiting();
        var ready = waiting with { ReadyAt = Start };
        text += Matrix.Of(TimelockOperations.Fold, Now, state => $"{state.Status}, {state.CallsMade} of {state.Calls} made, over: {state.Overdue}",
            [
                null, waiting, ready, ready with { Calls = 2, Salt = Hash(3) }, ready with { Overdue = TimelockOperations.Overdue.Delay },
                ready with { ReadyAt = Start - Month }, ready with { Status = TimelockOperations.Status.Unset },
                ready with { Status = TimelockOperations.Status.Done },
            ],
            Scheduled(0), Scheduled(1), new CallSalt(Operation, Hash(3)), Executed(0), new Cancelled(Operation),
            new TimelockOperations.OperationDeadlinePassed(Operation, 1, Start), new TimelockOperations.OperationDeadlinePassed(Operation, 2, Start),
            new Proposals.ProposalScheduled(Id, Operation));
        var call = Deployed().Happens(Scheduled(0)).Of(TimelockCalls.Fold, TimelockCalls.KeyOf(Operation, 0));
        text += Matrix.Of(TimelockCalls.Fold, Now, state => state.ExecutedAt.IsNone ? "scheduled" : "executed",
            [null, call, call with { ExecutedAt = Start }], Scheduled(0), Executed(0));
        return text + Matrix.Of(TimelockRoles.Fold, Now, state => state.IsHeld ? "held" : "revoked",
            [null, new TimelockRoles.State("", Id, Owner, true, Client, 1), new TimelockRoles.State("", Id, Owner, false, Client, 1)],
            new TimelockRoleGranted(Id, Owner, Client), new TimelockRoleRevoked(Id, Owner, Client));
    }

    private static string OfProposals()
    {
        // Each at the moment of the matrix, by moving the proposal in time rather than the moment.
        var pending = Proposed().Proposal() with { VoteStart = Start + 5, VoteEnd = Start + 9, CreatedAt = Start };
        var voting = Voting().Proposal() with { VoteStart = Start - 5, VoteEnd = Start + 5 };
        var carried = Carried().Proposal() with { VoteStart = Start - 9, VoteEnd = Start - 5 };
        var queued = Queued().Proposal() with { VoteStart = Start - 9, VoteEnd = Start - 5 };
        var text = Matrix.Of(Proposals.Fold, Now,
            state => $"{Proposals.StateAt(state, Now.Time)} ({state.Status}, operation {state.Operation}), bond {state.Bond}, over: {state.Overdue}",
            [
                null, pending, pending with { QuorumBps = 0 }, voting, carried, carried with { IsCarried = false, ForVotes = 0 },
                carried with { VoteEnd = Start - Month, VoteStart = Start - Month - Day }, queued,
                queued with { OperationId = default, Operation = TimelockOperations.Status.Unset },
                queued with { Operation = TimelockOperations.Status.Done }, queued with { Operation = TimelockOperations.Status.Unset },
                queued with { Eta = Start - Month }, queued with { Status = Proposals.Status.Executed, Operation = TimelockOperations.Status.Done },
                queued with { Eta = Start, Bond = 5 }, pending with { Status = Proposals.Status.Canceled, Bond = 5 }, pending with { Bond = 5 },
            ],
            Created() with { VoteStart = Start + 5, VoteEnd = Start + 9 }, new QuorumFixed(Id, 400), Vote(9, 0, 5), Vote(9, 3, 5), new VoteCastWithParams(Owner, Id, 1, 5, "", default),
            new ProposalQueued(Id, Eta), new Proposals.ProposalScheduled(Id, Operation), new Proposals.ProposalOperationMoved(Id, 3),
            new ProposalExecuted(Id), new ProposalCanceled(Id), new Proposals.StakeSnapshotTaken(Id, 5), Bond(5), BondTo(Accounts.Treasury, 5),
            BondTo(Accounts.Credit(Client), 5) with { Reason = (byte)Reason.Transfer },
            new Proposals.ProposalDeadlinePassed(Id, 1, Start), new Proposals.ProposalDeadlinePassed(Id, 2, Start),
            new Proposals.ProposalDeadlinePassed(Id, 3, Start), new Proposals.ProposalDeadlinePassed(Id, 4, Start));
        var stated = new Proposals.ProposalCallStated(Id, 0, Owner, default, default);
        text += Matrix.Of(ProposalCalls.Fold, Now, _ => "stated", [null, ProposalCalls.Fold.Evolve(null, stated, Now)], stated);
        text += Matrix.Of(ProposalTexts.Fold, Now, _ => "told", [null, ProposalTexts.Fold.Evolve(null, Created(), Now)], Created());
        text += Matrix.Of(Votes.Fold, Now, state => $"{state.Support} {state.Weight}", [null, Votes.Fold.Evolve(null, Vote(9, 0, 5), Now)],
            Vote(9, 0, 5), Vote(9, 3, 5), new VoteCastWithParams(Owner, Id, 1, 5, "", default),
            new VoteCastWithParams(Owner, Id, 3, 5, "", default));
        return text + Matrix.Of(GovernorSigners.Fold, Now, state => $"nonce {state.Nonce}", [null, new GovernorSigners.State(Owner, 1, 1)],
            new AgentGovernorNonceUsed(Owner, 0), new AgentGovernorNonceUsed(Owner, 1));
    }
}
