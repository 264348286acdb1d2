// Read models of governance: parameters, breaker, directory, council, timelock, proposals and votes.
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

internal static class Government
{
    internal static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<Word, Parameters.State>(Parameters.Fold, "Parameter", isState: true)
            .None(nameof(Parameters.State.ClockSince))
            .Counts(nameof(Parameters.State.ClockExponent), nameof(Parameters.State.Value)),
        new ReadModel<Word, Breakers.State>(Breakers.Fold, "Breaker", isState: true)
            .None(nameof(Breakers.State.TrippedAt), nameof(Breakers.State.Until), nameof(Breakers.State.GraceEnd))
            .Many("tripList", "breaker_trip", "scope"),
        new ReadModel<string, BreakerTrips.State>(BreakerTrips.Fold, "BreakerTrip", isState: true)
            .None(
                nameof(BreakerTrips.State.Begins), nameof(BreakerTrips.State.Until),
                nameof(BreakerTrips.State.GraceEnd))
            .Index(nameof(BreakerTrips.State.Scope))
            .One("breaker", "breaker", nameof(BreakerTrips.State.Scope)),
        new ReadModel<Address, Guardians.State>(Guardians.Fold, "Guardian", isState: true),
        new ReadModel<Word, Contracts.State>(Contracts.Fold, "Contract", isState: true),
        new ReadModel<ulong, CouncilSeats.State>(CouncilSeats.Fold, "CouncilSeat", isState: true),
        new ReadModel<Word, CouncilCalls.State>(CouncilCalls.Fold, "CouncilCall", isState: true)
            .None(nameof(CouncilCalls.State.ExpiresAt), nameof(CouncilCalls.State.ExecutedAt))
            .Many("approvalList", "council_approval", "call_id"),
        new ReadModel<string, CouncilApprovals.State>(CouncilApprovals.Fold, "CouncilApproval", isState: true)
            .Index(nameof(CouncilApprovals.State.CallId))
            .One("call", "council_call", nameof(CouncilApprovals.State.CallId)),
        new ReadModel<string, Timelocks.State>(Timelocks.Fold, "Timelock", isState: true)
            .Counts(nameof(Timelocks.State.MinDelay))
            .One("lastScheduledOperation", "timelock_operation", nameof(Timelocks.State.LastScheduled)),
        new ReadModel<Word, TimelockOperations.State>(TimelockOperations.Fold, "TimelockOperation", isState: true)
            .None(
                nameof(TimelockOperations.State.ProposalId), nameof(TimelockOperations.State.Predecessor),
                nameof(TimelockOperations.State.ReadyAt), nameof(TimelockOperations.State.EndedAt))
            .Index(nameof(TimelockOperations.State.ProposalId))
            .One("proposal", "proposal", nameof(TimelockOperations.State.ProposalId))
            .One("predecessorOperation", "timelock_operation", nameof(TimelockOperations.State.Predecessor))
            .Many("callList", "timelock_call", "operation_id"),
        new ReadModel<string, TimelockCalls.State>(TimelockCalls.Fold, "TimelockCall", isState: true)
            .None(nameof(TimelockCalls.State.ExecutedAt))
            .Index(nameof(TimelockCalls.State.OperationId))
            .One("timelockOperation", "timelock_operation", nameof(TimelockCalls.State.OperationId)),
        new ReadModel<string, TimelockRoles.State>(TimelockRoles.Fold, "TimelockRole", isState: true),
        new ReadModel<Word, Proposals.State>(Proposals.Fold, "Proposal", isState: true)
            .None(
                nameof(Proposals.State.VoteStart), nameof(Proposals.State.VoteEnd), nameof(Proposals.State.OperationId),
                nameof(Proposals.State.Eta), nameof(Proposals.State.EndedAt))
            .Index(nameof(Proposals.State.Status))
            .One("text", "proposal_text", nameof(Proposals.State.ProposalId))
            .One("timelockOperation", "timelock_operation", nameof(Proposals.State.OperationId))
            .One("proposerPower", "voter", nameof(Proposals.State.Proposer))
            .Many("callList", "proposal_call", "proposal_id")
            .Many("votes", "vote", "proposal_id"),
        new ReadModel<Word, ProposalTexts.State>(ProposalTexts.Fold, "ProposalText", isState: true)
            .Search(nameof(ProposalTexts.State.Description))
            .One("proposal", "proposal", nameof(ProposalTexts.State.ProposalId)),
        new ReadModel<string, ProposalCalls.State>(ProposalCalls.Fold, "ProposalCall", isState: true)
            .Index(nameof(ProposalCalls.State.ProposalId))
            .One("proposal", "proposal", nameof(ProposalCalls.State.ProposalId)),
        new ReadModel<string, Votes.State>(Votes.Fold, "Vote", isState: true)
            .Search(nameof(Votes.State.Reason))
            .Index(nameof(Votes.State.ProposalId))
            .Index(nameof(Votes.State.Voter))
            .One("proposal", "proposal", nameof(Votes.State.ProposalId))
            .One("votingPower", "voter", nameof(Votes.State.Voter)),
        new ReadModel<Address, GovernorSigners.State>(GovernorSigners.Fold, "GovernorSigner", isState: true)
            .Counts(nameof(GovernorSigners.State.Nonce)),
    ];
}
