// Commands of the court: disputes, the pool of verifiers, data leases and consents, checkpoints.
using EventSourced.Domain.Court;
using static EventSourced.Api.Commands.Catalog.CommandEntry;
using static EventSourced.Api.Commands.Catalog.Sender;

namespace EventSourced.Api.Commands.Catalog;

internal static class CourtTable
{
    private static readonly Sender Party = Only("a side of the dispute");
    private static readonly Sender Judge = ActingFor("verifierId", words: "who may act for the verifier");
    private static readonly Sender Grantee = ActingForIts<DataLeases.State>(
        lease => lease.GranteeId, "who may act for the grantee");
    private static readonly Sender DataOwner = Only("who may act for the dataset's owner");

    internal static IReadOnlyList<CommandEntry> All { get; } =
    [
        Row("disputes.open", "Disputes.open",
            ActingFor("challengerId", words: "the subject's principal, or who may act for the challenger"),
            "Challenges subject {subjectId} (kind {kind}); a bond of the sender and one of the respondent are locked."),
        Row("disputes.prove", "Disputes.prove",
            ActingFor("challengerId", words: "the task's client, or who may act for the challenger"), On.Task,
            "Proves that the receipt of task {taskId} is wrong, and settles it in the same transaction."),
        Row<Disputes.SubmitEvidence>(
            "disputes.submitEvidence", "Disputes.submitEvidence", Party, On.Dispute, w => new(w.By, w.Id("disputeId")),
            "Adds evidence of side {side} to dispute {disputeId}."),
        Row<Disputes.StartRound>(
            "disputes.startRound", "Disputes.startRound", Anyone, On.Dispute, w => new(w.By, w.Id("disputeId")),
            "Starts the first round of dispute {disputeId}."),
        Row<Disputes.CommitSeed>("disputes.commitSeed", "Disputes.commitSeed", Party, On.Dispute,
            w => new(w.By, w.Id("disputeId"), w.Word("commitment")),
            "Hides a secret of side {side} in the seed of dispute {disputeId}; withholding it loses the case."),
        Row("disputes.revealSeed", "Disputes.revealSeed", Anyone, On.Dispute,
            "Reveals the secret of side {side} in dispute {disputeId}."),
        Row<Disputes.Draw>("disputes.draw", "Disputes.draw", Anyone, On.Dispute, w => new(w.By, w.Id("disputeId")),
            "Draws the panel of dispute {disputeId}."),
        Row("disputes.reseed", "Disputes.reseed", Anyone, On.Dispute,
            "Names a later seed block for dispute {disputeId}."),
        Row<Disputes.CommitVote>("disputes.commitVote", "Disputes.commitVote", Judge, On.Dispute,
            w => new(w.By, w.Id("disputeId"), w.Id("verifierId"), w.Word("commitment")),
            "Verifier {verifierId} votes in dispute {disputeId}, hidden."),
        Row<Disputes.RevealVote>("disputes.revealVote", "Disputes.revealVote", Judge, On.Dispute,
            w => new(w.By, w.Id("disputeId"), w.Id("verifierId"), w.Byte("choice")),
            "Opens the vote of verifier {verifierId} in dispute {disputeId}: {choice}."),
        Row<Disputes.ResolveRound>(
            "disputes.resolveRound", "Disputes.resolveRound", Anyone, On.Dispute, w => new(w.By, w.Id("disputeId")),
            "Counts the votes of the round of dispute {disputeId}."),
        Row<Disputes.Appeal>("disputes.appeal", "Disputes.appeal", Party, On.Dispute,
            w => new(w.By, w.Id("disputeId"), (Disputes.Side)w.Byte("side")),
            "Side {side} asks for a larger panel in dispute {disputeId}; the fees of its seats are locked."),
        Row<Disputes.Settle>(
            "disputes.settle", "Disputes.settle", Anyone, On.Dispute, w => new(w.By, w.Id("disputeId")),
            "Pays everybody in dispute {disputeId} as it was ruled."),
        Row<Disputes.Withdraw>(
            "disputes.withdraw", "Disputes.withdraw", Party, On.Dispute, w => new(w.By, w.Id("disputeId")),
            "Takes the challenge of dispute {disputeId} back, for a part of its bond."),
        Row<Disputes.Concede>(
            "disputes.concede", "Disputes.concede", Party, On.Dispute, w => new(w.By, w.Id("disputeId")),
            "Admits the challenge of dispute {disputeId}; the respondent's bond is lost."),

        Row<Verifiers.Join>(
            "verifiers.join", "VerifierPool.join", Judge, On.Verifier, w => new(w.By, w.Id("verifierId")),
            "Agent {verifierId} enters the pool of verifiers."),
        Row<Verifiers.Displace>("verifiers.displace", "VerifierPool.displace", Judge, On.Verifier,
            w => new(w.By, w.Id("verifierId"), w.Id("lighterId")),
            "Agent {verifierId} enters the full pool in the place of the lighter verifier {lighterId}."),
        Row<Verifiers.Leave>(
            "verifiers.leave", "VerifierPool.leave", Judge, On.Verifier, w => new(w.By, w.Id("verifierId")),
            "Verifier {verifierId} leaves the pool."),
        Row<Verifiers.RefreshWeight>("verifiers.refreshWeight", "VerifierPool.refreshWeight", Anyone, On.Verifier,
            w => new(w.By, w.Id("verifierId")), "Weighs verifier {verifierId} anew."),
        Row<Verifiers.Evict>(
            "verifiers.evict", "VerifierPool.evict", Anyone, On.Verifier, w => new(w.By, w.Id("verifierId")),
            "Removes verifier {verifierId}, which is idle, absent or too poor."),
        Row("verifiers.attest", "VerifierPool.attest", Only("an attester"), On.Verifier,
            "Attests to which organisation and network verifier {verifierId} belongs, until {validUntil:time}."),

        Row("dataLeases.setManifest", "DataLeases.setManifest", ActingFor("ownerAgentId"),
            "Publishes the consent of a dataset of agent {ownerAgentId}; leases under an older one end."),
        Row<Datasets.SetBudget>("dataLeases.setBudget", "DataLeases.setBudget",
            ActingForIts<Datasets.State>(dataset => dataset.OwnerAgentId, "who may act for the dataset's owner"),
            On.Dataset, w =>
                new(w.By, w.Word("datasetId"), w.Id("microEpsilon")),
                "Sets how much privacy dataset {datasetId} may spend to {microEpsilon} micro-epsilon."),
        Row<Datasets.Spend>("dataLeases.spend", "DataLeases.spend", DataOwner, On.LeasedDataset, async w => new(
                w.By, (await LeaseAsync(w).ConfigureAwait(false))?.DatasetId ?? default, w.Id("microEpsilon")),
            "Books {microEpsilon} micro-epsilon of a query under data lease {leaseId}."),
        Row("dataLeases.request", "DataLeases.request", ActingFor("granteeId"), On.Dataset,
            "Asks for a lease of dataset {datasetId} for agent {granteeId}; {price:credits} and a deposit are locked."),
        Row<DataLeases.Grant>(
            "dataLeases.grant", "DataLeases.grant", DataOwner, On.DataLease, w => new(w.By, w.Id("leaseId")),
            "Consents to data lease {leaseId}, or to its renewal."),
        Row<DataLeases.Deny>(
            "dataLeases.deny", "DataLeases.deny", DataOwner, On.DataLease, w => new(w.By, w.Id("leaseId")),
            "Refuses data lease {leaseId}; everything goes back to the grantee."),
        Row<DataLeases.Revoke>(
            "dataLeases.revoke", "DataLeases.revoke", DataOwner, On.DataLease, w => new(w.By, w.Id("leaseId")),
            "Ends data lease {leaseId}; it is paid to the second."),
        Row<DataLeases.Release>(
            "dataLeases.release", "DataLeases.release", Grantee, On.DataLease, w => new(w.By, w.Id("leaseId")),
            "Gives data lease {leaseId} back; it is paid to the second."),
        Row<DataLeases.RequestRenewal>("dataLeases.requestRenewal", "DataLeases.requestRenewal", Grantee, On.DataLease,
            w => new(w.By, w.Id("leaseId"), w.Amount("price"), w.Id("ttl")),
                "Asks for more time of data lease {leaseId}; {price:credits} are locked."),
        Row<DataLeases.EndRenewal>(
            "dataLeases.endRenewal", "DataLeases.endRenewal", Only("a party, or anyone once nobody answered in time"),
            On.DataLease, async w => new(w.By, w.Id("leaseId"), await IsPartyAsync(w).ConfigureAwait(false)),
            "Gives the price of a renewal of data lease {leaseId} back."),
        Row<DataLeases.EndLease>("dataLeases.end", "DataLeases.endLease", Anyone, On.DataLease, async w => new(
                w.By, w.Id("leaseId"), await IsSupersededAsync(w).ConfigureAwait(false)),
            "Ends data lease {leaseId}, which ran out, was superseded or was not answered."),
        Row<DataLeases.ReleaseDeposit>("dataLeases.releaseDeposit", "DataLeases.releaseDeposit", Anyone, On.DataLease,
            w => new(w.By, w.Id("leaseId")), "Gives the deposit of data lease {leaseId} back."),

        Row<CheckpointCandidates.Post>(
            "checkpoints.post", "EpochCheckpoints.post", ActingFor("posterId"), On.NewCandidate,
            w => new(
                w.By, w.Id("epoch"), w.Id("posterId"), w.Word("roots.logRoot"), w.Word("roots.stateRoot"),
                w.Id("roots.fromBlock"), w.Id("roots.toBlock")),
            "Agent {posterId} posts roots of epoch {epoch}; its bond is locked."),
        Row<CheckpointCandidates.DrawSigners>(
            "checkpoints.drawSigners", "EpochCheckpoints.drawSigners", Anyone, On.Candidate,
            w => new(w.By, w.Id("candidateId")), "Draws who may sign candidate {candidateId}."),
        Row<CheckpointCandidates.Reseed>("checkpoints.reseed", "EpochCheckpoints.reseed", Anyone, On.Candidate,
            w => new(w.By, w.Id("candidateId")), "Names a later seed block for candidate {candidateId}."),
        Row<CheckpointCandidates.Sign>("checkpoints.sign", "EpochCheckpoints.sign", Judge, On.Candidate,
            w => new(w.By, w.Id("candidateId"), w.Id("verifierId")),
                "Verifier {verifierId} signs candidate {candidateId}; its pledge is locked."),
        Row<CheckpointCandidates.SettleCandidate>(
            "checkpoints.settleCandidate", "EpochCheckpoints.settleCandidate", Anyone, On.Candidate,
            w => new(w.By, w.Id("candidateId")), "Decides candidate {candidateId}, whose window has passed."),
    ];

    private static ValueTask<DataLeases.State?> LeaseAsync(Wish wish) =>
        wish.Rows.FindAsync(DataLeases.Fold, wish.Id("leaseId"));

    private static async ValueTask<Datasets.State?> DatasetAsync(
        Wish wish) => await LeaseAsync(wish).ConfigureAwait(false) is { } lease
        ? await wish.Rows.FindAsync(Datasets.Fold, lease.DatasetId).ConfigureAwait(false)
        : null;

    private static async ValueTask<bool> IsPartyAsync(Wish wish) =>
        (await LeaseAsync(wish).ConfigureAwait(false) is { } lease
            && await wish.MayActAsync(lease.GranteeId).ConfigureAwait(false))
        || (await DatasetAsync(wish).ConfigureAwait(false) is { } dataset
            && await wish.MayActAsync(dataset.OwnerAgentId).ConfigureAwait(false));

    private static async ValueTask<bool> IsSupersededAsync(Wish wish) =>
        await LeaseAsync(wish).ConfigureAwait(false) is { } lease
        && await DatasetAsync(wish).ConfigureAwait(false) is { } dataset && dataset.Version > lease.Version;
}
