// The court's read models: disputes with rounds, seats and evidence, the pool of verifiers, data leases, checkpoints.
using EventSourced.Domain.Court;
using EventSourced.Domain.Values;

namespace EventSourced.Projections;

internal static class Court
{
    internal static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<ulong, Disputes.State>(Disputes.Fold, "Dispute", isState: true)
            .Serial()
            .None(
                nameof(Disputes.State.ChallengerId), nameof(Disputes.State.EvidenceEnd), nameof(Disputes.State.Round),
                nameof(Disputes.State.SeedBlock), nameof(Disputes.State.DrawBy), nameof(Disputes.State.CommitEnd),
                nameof(Disputes.State.RevealEnd), nameof(Disputes.State.AppealEnd), nameof(Disputes.State.SettledAt))
            .Index(nameof(Disputes.State.Phase), nameof(Disputes.State.DisputeId))
            .Index(nameof(Disputes.State.SubjectId), nameof(Disputes.State.DisputeId))
            .Index(nameof(Disputes.State.ChallengerId), nameof(Disputes.State.DisputeId))
            .Index(nameof(Disputes.State.RespondentId), nameof(Disputes.State.DisputeId))
            .One("terms", "dispute_terms", nameof(Disputes.State.DisputeId))
            .One("challenger", "agent", nameof(Disputes.State.ChallengerId))
            .One("respondent", "agent", nameof(Disputes.State.RespondentId))
            .Many("tasks", "task", "dispute_id")
            .Many("jobs", "job", "dispute_id")
            .Many("bountyClaims", "bounty_claim", "dispute_id")
            .Many("dataLeases", "data_lease", "dispute_id")
            .Many("checkpoints", "checkpoint", "dispute_id")
            .Many("checkpointCandidates", "checkpoint_candidate", "dispute_id")
            .Many("eras", "era", "dispute_id")
            .Many("rounds", "dispute_round", "dispute_id")
            .Many("seats", "seat", "dispute_id")
            .Many("seedContributions", "seed_contribution", "dispute_id")
            .Many("evidence", "evidence", "dispute_id"),
        new ReadModel<ulong, DisputeTerms.State>(DisputeTerms.Fold, "DisputeTerms", isState: true)
            .Serial()
            .One("dispute", "dispute", nameof(DisputeTerms.State.DisputeId)),
        new ReadModel<string, DisputeRounds.State>(DisputeRounds.Fold, "DisputeRound", isState: true)
            .None(
                nameof(DisputeRounds.State.DrawBy), nameof(DisputeRounds.State.Seats),
                nameof(DisputeRounds.State.CommitEnd), nameof(DisputeRounds.State.RevealEnd),
                nameof(DisputeRounds.State.ResolvedAt))
            .Index(nameof(DisputeRounds.State.DisputeId))
            .One("dispute", "dispute", nameof(DisputeRounds.State.DisputeId)),
        new ReadModel<string, Seats.State>(Seats.Fold, "Seat", isState: true)
            .None(nameof(Seats.State.Commitment), nameof(Seats.State.FreedAt))
            .Index(nameof(Seats.State.DisputeId))
            .Index(nameof(Seats.State.VerifierId))
            .One("dispute", "dispute", nameof(Seats.State.DisputeId))
            .One("verifier", "verifier", nameof(Seats.State.VerifierId)),
        new ReadModel<string, SeedContributions.State>(SeedContributions.Fold, "SeedContribution", isState: true)
            .None(nameof(SeedContributions.State.RevealedAt))
            .Index(nameof(SeedContributions.State.DisputeId))
            .One("dispute", "dispute", nameof(SeedContributions.State.DisputeId)),
        new ReadModel<string, DisputeEvidence.State>(DisputeEvidence.Fold, "Evidence", isState: true)
            .Search(nameof(DisputeEvidence.State.Text))
            .Index(nameof(DisputeEvidence.State.DisputeId))
            .One("dispute", "dispute", nameof(DisputeEvidence.State.DisputeId)),
        new ReadModel<ulong, Verifiers.State>(Verifiers.Fold, "Verifier", isState: true)
            .None(
                nameof(Verifiers.State.LastActive), nameof(Verifiers.State.JoinedAt), nameof(Verifiers.State.LeftAt),
                nameof(Verifiers.State.AttestedUntil), nameof(Verifiers.State.AttestedAt),
                nameof(Verifiers.State.Owner), nameof(Verifiers.State.MinimumStake))
            .Counts(nameof(Verifiers.State.Weight))
            .Index(nameof(Verifiers.State.IsMember), nameof(Verifiers.State.VerifierId))
            .Index(nameof(Verifiers.State.OrgKey))
            .One("agent", "agent", nameof(Verifiers.State.VerifierId))
            .One("organisation", "organisation", nameof(Verifiers.State.OrgKey))
            .Many("seats", "seat", "verifier_id")
            .Many("checkpointSignatures", "checkpoint_signature", "verifier_id"),
        new ReadModel<Word, Organisations.State>(Organisations.Fold, "Organisation", isState: true)
            .One("firstVerifier", "verifier", nameof(Organisations.State.FirstVerifierId))
            .Many("verifiers", "verifier", "org_key"),
        new ReadModel<ulong, SeedBlocks.State>(SeedBlocks.Fold, "SeedBlock", isState: true),
        new ReadModel<string, PoolRoles.State>(PoolRoles.Fold, "PoolRole", isState: true),
        new ReadModel<ulong, DataLeases.State>(DataLeases.Fold, "DataLease", isState: true)
            .Serial()
            .None(
                nameof(DataLeases.State.RequestUntil), nameof(DataLeases.State.Version),
                nameof(DataLeases.State.Start), nameof(DataLeases.State.ExpiresAt), nameof(DataLeases.State.RenewalTtl),
                nameof(DataLeases.State.RenewalUntil), nameof(DataLeases.State.DisputeId),
                nameof(DataLeases.State.EndedAt), nameof(DataLeases.State.ClosedAt))
            .Counts(nameof(DataLeases.State.RenewalTtl), nameof(DataLeases.State.Spent), nameof(DataLeases.State.Ttl))
            .Index(nameof(DataLeases.State.DatasetId))
            .Index(nameof(DataLeases.State.GranteeId), nameof(DataLeases.State.LeaseId))
            .Index(nameof(DataLeases.State.Status), nameof(DataLeases.State.LeaseId))
            .Index(nameof(DataLeases.State.DisputeId))
            .One("dataset", "dataset", nameof(DataLeases.State.DatasetId))
            .One("grantee", "agent", nameof(DataLeases.State.GranteeId))
            .One("dispute", "dispute", nameof(DataLeases.State.DisputeId)),
        new ReadModel<Word, Datasets.State>(Datasets.Fold, "Dataset", isState: true)
            .None(nameof(Datasets.State.Since))
            .Counts(nameof(Datasets.State.Budget), nameof(Datasets.State.Spent))
            .Search(nameof(Datasets.State.Uri))
            .Index(nameof(Datasets.State.OwnerAgentId))
            .One("owner", "agent", nameof(Datasets.State.OwnerAgentId))
            .Many("leaseList", "data_lease", "dataset_id")
            .Many("manifests", "manifest", "dataset_id"),
        new ReadModel<string, Manifests.State>(Manifests.Fold, "Manifest", isState: true)
            .None(nameof(Manifests.State.SupersededAt))
            .Index(nameof(Manifests.State.DatasetId))
            .One("dataset", "dataset", nameof(Manifests.State.DatasetId)),
        new ReadModel<ulong, Checkpoints.State>(Checkpoints.Fold, "Checkpoint", isState: true)
            .None(
                nameof(Checkpoints.State.FinalAt), nameof(Checkpoints.State.Quorum),
                nameof(Checkpoints.State.DisputeId), nameof(Checkpoints.State.SettledAt))
            .Counts(nameof(Checkpoints.State.EventCount))
            .Index(nameof(Checkpoints.State.PosterId))
            .Index(nameof(Checkpoints.State.DisputeId))
            .One("poster", "agent", nameof(Checkpoints.State.PosterId))
            .One("dispute", "dispute", nameof(Checkpoints.State.DisputeId))
            .Many("signatureList", "checkpoint_signature", "epoch")
            .Many("candidates", "checkpoint_candidate", "epoch"),
        new ReadModel<ulong, CheckpointCandidates.State>(
            CheckpointCandidates.Fold, "CheckpointCandidate", isState: true)
            .None(
                nameof(CheckpointCandidates.State.FinalAt), nameof(CheckpointCandidates.State.Quorum),
                nameof(CheckpointCandidates.State.DisputeId), nameof(CheckpointCandidates.State.SettledAt))
            .Index(nameof(CheckpointCandidates.State.Epoch))
            .Index(nameof(CheckpointCandidates.State.PosterId))
            .Index(nameof(CheckpointCandidates.State.DisputeId))
            .One("checkpoint", "checkpoint", nameof(CheckpointCandidates.State.Epoch))
            .One("poster", "agent", nameof(CheckpointCandidates.State.PosterId))
            .One("dispute", "dispute", nameof(CheckpointCandidates.State.DisputeId)),
        new ReadModel<string, CheckpointSignatures.State>(
            CheckpointSignatures.Fold, "CheckpointSignature", isState: true)
            .Index(nameof(CheckpointSignatures.State.Epoch))
            .Index(nameof(CheckpointSignatures.State.VerifierId))
            .One("checkpoint", "checkpoint", nameof(CheckpointSignatures.State.Epoch))
            .One("verifier", "verifier", nameof(CheckpointSignatures.State.VerifierId)),
    ];
}
