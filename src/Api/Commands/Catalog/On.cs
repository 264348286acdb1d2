// The subjects of commands: each kind of thing, the argument that names one, and the Decide function of its aggregate.
// Enters: a wish. Leaves: subjects for the table of commands. Always holds: a fact that a Decide function asks for
// beside its own row is read here from another row of the same snapshot.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;

namespace EventSourced.Api.Commands.Catalog;

internal static class On
{
    internal static Subject Task { get; } = new Subject<ulong, Tasks.State>(
        Tasks.Fold, "taskId", w => w.Id("taskId"), Tasks.Decide);

    // The bid names its task.
    internal static Subject Bid { get; } = new Subject<ulong, Bids.State>(
        Bids.Fold, "bidId", w => w.Id("bidId"), Decision (Bids.State? _, Command command) => throw Undecided(command));

    internal static Subject Lease { get; } =
        new Subject<ulong, WorkLeases.State>(WorkLeases.Fold, "leaseId", w => w.Id("leaseId"), WorkLeases.Decide);

    internal static Subject Job { get; } = new Subject<ulong, Jobs.State>(
        Jobs.Fold, "jobId", w => w.Id("jobId"), Jobs.Decide);

    internal static Subject NewJob { get; } = new Subject<ulong, Jobs.State>(Jobs.Fold, "", _ => 0, Jobs.Decide);

    internal static Subject Provider { get; } = new Subject<Address, JobProviders.State>(
        JobProviders.Fold, "", w =>
            w.By, Decision (JobProviders.State? _, Command command) => JobProviders.Decide(command));

    internal static Subject Agent { get; } = AgentBy("agentId");

    internal static Subject Token { get; } = AgentBy("tokenId");

    internal static Subject Unbonding { get; } =
        new Subject<ulong, Unbondings.State>(Unbondings.Fold, "unbondId", w => w.Id("unbondId"), Unbondings.Decide);

    // Nobody has rated so often: the row is that of a rating to come.
    internal static Subject NewFeedback { get; } = new Subject<string, Feedbacks.State>(
        Feedbacks.Fold, "", w => Feedbacks.KeyOf(w.Id("agentId"), w.By, 0), Feedbacks.Decide);

    internal static Subject OwnFeedback { get; } = new Subject<string, Feedbacks.State>(
        Feedbacks.Fold, "", w => Feedbacks.KeyOf(w.Id("agentId"), w.By, w.Id("feedbackIndex")), Feedbacks.Decide);

    internal static Subject Feedback { get; } = new Subject<string, Feedbacks.State>(
        Feedbacks.Fold, "", w =>
            Feedbacks.KeyOf(w.Id("agentId"), w.Party("clientAddress"), w.Id("feedbackIndex")), Feedbacks.Decide);

    internal static Subject Validation { get; } =
        new Subject<Word, Validations.State>(
            Validations.Fold, "requestHash", w => w.Word("requestHash"), Validations.Decide);

    internal static Subject NewAction { get; } = new Subject<ulong, Actions.State>(
        Actions.Fold, "", _ => 0, Actions.Decide);

    internal static Subject Action { get; } =
        new Subject<ulong, Actions.State>(Actions.Fold, "actionId", w => w.Id("actionId"), Actions.Decide);

    internal static Subject Dispute { get; } =
        new Subject<ulong, Disputes.State>(Disputes.Fold, "disputeId", w => w.Id("disputeId"), Disputes.Decide);

    internal static Subject Verifier { get; } =
        new Subject<ulong, Verifiers.State>(Verifiers.Fold, "verifierId", w => w.Id("verifierId"), Verifiers.Decide);

    internal static Subject DataLease { get; } =
        new Subject<ulong, DataLeases.State>(DataLeases.Fold, "leaseId", w => w.Id("leaseId"), DataLeases.Decide);

    internal static Subject Dataset { get; } =
        new Subject<Word, Datasets.State>(Datasets.Fold, "datasetId", w => w.Word("datasetId"), Datasets.Decide);

    // The dataset counts the spent privacy.
    internal static Subject LeasedDataset { get; } = new Subject<ulong, DataLeases.State>(
        DataLeases.Fold, "leaseId", w => w.Id("leaseId"), async (lease, command, wish) => Datasets.Decide(
            lease is null ? null : await wish.Rows.FindAsync(Datasets.Fold, lease.DatasetId).ConfigureAwait(false),
            command));

    internal static Subject Candidate { get; } = new Subject<ulong, CheckpointCandidates.State>(
        CheckpointCandidates.Fold, "candidateId", w => w.Id("candidateId"), CheckpointCandidates.Decide);

    internal static Subject NewCandidate { get; } = new Subject<ulong, CheckpointCandidates.State>(
        CheckpointCandidates.Fold, "", _ => 0, CheckpointCandidates.Decide);

    internal static Subject Bounty { get; } =
        new Subject<ulong, Bounties.State>(Bounties.Fold, "bountyId", w => w.Id("bountyId"), Bounties.Decide);

    internal static Subject BountyClaim { get; } = new Subject<ulong, BountyClaims.State>(
        BountyClaims.Fold, "claimId", w => w.Id("claimId"), async (claim, command, wish) => BountyClaims.Decide(
            claim,
            claim is null ? null : await wish.Rows.FindAsync(Bounties.Fold, claim.BountyId).ConfigureAwait(false),
                command, wish.Now));

    internal static Subject Channel { get; } =
        new Subject<ulong, Channels.State>(Channels.Fold, "channelId", w => w.Id("channelId"), Channels.Decide);

    internal static Subject Guild { get; } =
        new Subject<ulong, Guilds.State>(Guilds.Fold, "guildId", w => w.Id("guildId"), Guilds.Decide);

    internal static Subject Membership { get; } = new Subject<ulong, Guilds.State>(
        Guilds.Fold, "guildId", w => w.Id("guildId"), async (guild, command, wish) => GuildMembers.Decide(
            await wish.Rows.FindAsync(
                GuildMembers.Fold, $"{wish.Id("guildId")}-{wish.Id("agentId")}").ConfigureAwait(false),
            guild, command, wish.Now));

    internal static Subject Workflow { get; } =
        new Subject<ulong, Workflows.State>(Workflows.Fold, "workflowId", w => w.Id("workflowId"), Workflows.Decide);

    internal static Subject Era { get; } = new Subject<ulong, Rewards.State>(
        Rewards.Fold, "era", w => w.Id("era"), Rewards.Decide);

    internal static Subject Wallet { get; } =
        new Subject<Word, Balances.State>(Balances.Fold, "", w => Accounts.Credit(w.By), Balances.Decide);

    internal static Subject Holder { get; } =
        new Subject<Address, CreditHolders.State>(CreditHolders.Fold, "", w => w.By, CreditHolders.Decide);

    internal static Subject Recipient { get; } = new Subject<Address, FaucetRecipients.State>(
        FaucetRecipients.Fold, "recipient", w => w.Party("recipient"), FaucetRecipients.Decide);

    internal static Subject Authorization { get; } = AuthorizationOf("from");

    internal static Subject OwnAuthorization { get; } = AuthorizationOf("authorizer");

    internal static Subject Proposal { get; } = ProposalBy("proposalId", w => w.Word("proposalId"));

    internal static Subject ProposedCalls { get; } = ProposalBy("", Words.ProposalId);

    internal static Subject Operation { get; } = new Subject<Word, TimelockOperations.State>(
        TimelockOperations.Fold, "id", w => w.Word("id"), TimelockOperations.Decide);

    internal static Subject ScheduledCall { get; } = new Subject<Word, TimelockOperations.State>(
        TimelockOperations.Fold, "", Words.OperationId, TimelockOperations.Decide);

    internal static Subject ScheduledCalls { get; } = new Subject<Word, TimelockOperations.State>(
        TimelockOperations.Fold, "", Words.BatchId, TimelockOperations.Decide);

    internal static Subject CouncilCall { get; } =
        new Subject<Word, CouncilCalls.State>(CouncilCalls.Fold, "", Words.CallId, CouncilCalls.Decide);

    internal static Subject Breaker { get; } =
        new Subject<Word, Breakers.State>(Breakers.Fold, "scope", w => w.Word("scope"), Breakers.Decide);

    private static Subject<ulong, Agents.State> AgentBy(string argument) =>
        new(Agents.Fold, argument, w => w.Id(argument), Agents.Decide);

    private static Subject<string, CreditAuthorizations.State> AuthorizationOf(string authorizer) => new(
        CreditAuthorizations.Fold, "", w =>
            CreditAuthorizations.KeyOf(w.Party(authorizer), w.Word("nonce")), CreditAuthorizations.Decide);

    private static Subject<Word, Proposals.State> ProposalBy(string argument, Func<Wish, Word> keyOf) =>
        new(Proposals.Fold, argument, keyOf, Proposals.Decide);

    private static ArgumentException Undecided(Command command) =>
        new($"expected no command that a bid decides, found {command.GetType().Name}", nameof(command));
}
