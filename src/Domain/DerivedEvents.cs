// Every derived event by its stored name, and its JSON. Stored; never rename.
using System.Text.Json.Serialization;
using EventSourced.Domain.Court;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Integrity;
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using EventSourced.Domain.Work;

namespace EventSourced.Domain;

/// <summary>The derived events.</summary>
public static class DerivedEvents
{
    /// <summary>Every derived event: its stored name and its record.</summary>
    public static IReadOnlyList<(string Name, Type Record)> All { get; } =
    [
        ("bounty_claim_entered", typeof(BountyClaims.BountyClaimEntered)),
        ("bounty_claim_payable", typeof(BountyClaims.BountyClaimPayable)),
        ("bounty_claim_ruled", typeof(Disputes.BountyClaimRuled)),
        ("bounty_deadline_passed", typeof(Bounties.BountyDeadlinePassed)),
        ("bounty_turn_taken", typeof(Bounties.BountyTurnTaken)),
        ("breaker_phase_passed", typeof(Breakers.BreakerPhasePassed)),
        ("breaker_trip_set", typeof(Breakers.BreakerTripSet)),
        ("candidate_window_passed", typeof(CheckpointCandidates.CandidateWindowPassed)),
        ("channel_deadline_passed", typeof(Channels.ChannelDeadlinePassed)),
        ("checkpoint_signature_given", typeof(CheckpointSignatures.CheckpointSignatureGiven)),
        ("checkpoint_window_passed", typeof(Checkpoints.CheckpointWindowPassed)),
        ("council_approval_counted", typeof(CouncilCalls.CouncilApprovalCounted)),
        ("data_lease_bound", typeof(DataLeases.DataLeaseBound)),
        ("data_lease_deadline_passed", typeof(DataLeases.DataLeaseDeadlinePassed)),
        ("data_lease_end_found", typeof(DataLeases.DataLeaseEndFound)),
        ("dataset_leased", typeof(Datasets.DatasetLeased)),
        ("dispute_deadline_passed", typeof(Disputes.DisputeDeadlinePassed)),
        ("era_deadline_passed", typeof(Rewards.EraDeadlinePassed)),
        ("era_ruled", typeof(Disputes.EraRuled)),
        ("guild_member_capped", typeof(GuildMembers.GuildMemberCapped)),
        ("guild_member_changed", typeof(GuildMembers.GuildMemberChanged)),
        ("guild_member_lapsed", typeof(GuildMembers.GuildMemberLapsed)),
        ("guild_received", typeof(GuildReceipts.GuildReceived)),
        ("guild_share_paid", typeof(GuildMembers.GuildSharePaid)),
        ("integrity_violated", typeof(Violations.IntegrityViolated)),
        ("manifest_lease_ended", typeof(Manifests.ManifestLeaseEnded)),
        ("manifest_superseded", typeof(Manifests.ManifestSuperseded)),
        ("operation_deadline_passed", typeof(TimelockOperations.OperationDeadlinePassed)),
        ("organisation_seen", typeof(Organisations.OrganisationSeen)),
        ("proposal_call_stated", typeof(Proposals.ProposalCallStated)),
        ("proposal_deadline_passed", typeof(Proposals.ProposalDeadlinePassed)),
        ("proposal_operation_moved", typeof(Proposals.ProposalOperationMoved)),
        ("proposal_scheduled", typeof(Proposals.ProposalScheduled)),
        ("round_awaits_seed", typeof(DisputeRounds.RoundAwaitsSeed)),
        ("seat_freed", typeof(Verifiers.SeatFreed)),
        ("seat_taken", typeof(Verifiers.SeatTaken)),
        ("seed_opened", typeof(SeedContributions.SeedOpened)),
        ("seed_sealed", typeof(SeedContributions.SeedSealed)),
        ("stake_snapshot_taken", typeof(Proposals.StakeSnapshotTaken)),
        ("task_deadline_passed", typeof(Tasks.TaskDeadlinePassed)),
        ("unbonding_matured", typeof(Unbondings.UnbondingMatured)),
        ("work_lease_lapsed", typeof(WorkLeases.WorkLeaseLapsed)),
        ("workflow_deadline_passed", typeof(Workflows.WorkflowDeadlinePassed)),
        ("workflow_step_ended", typeof(Workflows.WorkflowStepEnded)),
        ("workflow_step_freed", typeof(WorkflowSteps.WorkflowStepFreed)),
        ("workflow_step_opened", typeof(WorkflowSteps.WorkflowStepOpened)),
    ];
}

/// <summary>The JSON of every derived event, without reflection.</summary>
[JsonSerializable(typeof(BountyClaims.BountyClaimEntered))]
[JsonSerializable(typeof(BountyClaims.BountyClaimPayable))]
[JsonSerializable(typeof(Disputes.BountyClaimRuled))]
[JsonSerializable(typeof(Bounties.BountyDeadlinePassed))]
[JsonSerializable(typeof(Bounties.BountyTurnTaken))]
[JsonSerializable(typeof(Breakers.BreakerPhasePassed))]
[JsonSerializable(typeof(Breakers.BreakerTripSet))]
[JsonSerializable(typeof(CheckpointCandidates.CandidateWindowPassed))]
[JsonSerializable(typeof(Channels.ChannelDeadlinePassed))]
[JsonSerializable(typeof(CheckpointSignatures.CheckpointSignatureGiven))]
[JsonSerializable(typeof(Checkpoints.CheckpointWindowPassed))]
[JsonSerializable(typeof(CouncilCalls.CouncilApprovalCounted))]
[JsonSerializable(typeof(DataLeases.DataLeaseBound))]
[JsonSerializable(typeof(DataLeases.DataLeaseDeadlinePassed))]
[JsonSerializable(typeof(DataLeases.DataLeaseEndFound))]
[JsonSerializable(typeof(Datasets.DatasetLeased))]
[JsonSerializable(typeof(Disputes.DisputeDeadlinePassed))]
[JsonSerializable(typeof(Rewards.EraDeadlinePassed))]
[JsonSerializable(typeof(Disputes.EraRuled))]
[JsonSerializable(typeof(GuildMembers.GuildMemberCapped))]
[JsonSerializable(typeof(GuildMembers.GuildMemberChanged))]
[JsonSerializable(typeof(GuildMembers.GuildMemberLapsed))]
[JsonSerializable(typeof(GuildReceipts.GuildReceived))]
[JsonSerializable(typeof(GuildMembers.GuildSharePaid))]
[JsonSerializable(typeof(Violations.IntegrityViolated))]
[JsonSerializable(typeof(Manifests.ManifestLeaseEnded))]
[JsonSerializable(typeof(Manifests.ManifestSuperseded))]
[JsonSerializable(typeof(TimelockOperations.OperationDeadlinePassed))]
[JsonSerializable(typeof(Organisations.OrganisationSeen))]
[JsonSerializable(typeof(Proposals.ProposalCallStated))]
[JsonSerializable(typeof(Proposals.ProposalDeadlinePassed))]
[JsonSerializable(typeof(Proposals.ProposalOperationMoved))]
[JsonSerializable(typeof(Proposals.ProposalScheduled))]
[JsonSerializable(typeof(DisputeRounds.RoundAwaitsSeed))]
[JsonSerializable(typeof(Verifiers.SeatFreed))]
[JsonSerializable(typeof(Verifiers.SeatTaken))]
[JsonSerializable(typeof(SeedContributions.SeedOpened))]
[JsonSerializable(typeof(SeedContributions.SeedSealed))]
[JsonSerializable(typeof(Proposals.StakeSnapshotTaken))]
[JsonSerializable(typeof(Tasks.TaskDeadlinePassed))]
[JsonSerializable(typeof(Unbondings.UnbondingMatured))]
[JsonSerializable(typeof(WorkLeases.WorkLeaseLapsed))]
[JsonSerializable(typeof(Workflows.WorkflowDeadlinePassed))]
[JsonSerializable(typeof(Workflows.WorkflowStepEnded))]
[JsonSerializable(typeof(WorkflowSteps.WorkflowStepFreed))]
[JsonSerializable(typeof(WorkflowSteps.WorkflowStepOpened))]
public sealed partial class DerivedJson : JsonSerializerContext;
