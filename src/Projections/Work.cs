// Read models of working together: bounties, channels, guilds, workflows, rewards.
using EventSourced.Domain.Work;

namespace EventSourced.Projections;

internal static class Work
{
    internal static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<ulong, Bounties.State>(Bounties.Fold, "Bounty", isState: true)
            .Serial()
            .None(nameof(Bounties.State.ClaimEnd), nameof(Bounties.State.AwardEnd), nameof(Bounties.State.ClosedAt))
            .Search(nameof(Bounties.State.Uri))
            .Index(nameof(Bounties.State.Status), nameof(Bounties.State.BountyId))
            .Index(nameof(Bounties.State.Sponsor))
            .One("sponsorHolder", "credit_holder", nameof(Bounties.State.Sponsor))
            .Many("claimList", "bounty_claim", "bounty_id"),
        new ReadModel<ulong, BountyClaims.State>(BountyClaims.Fold, "BountyClaim", isState: true)
            .Serial()
            .None(
                nameof(BountyClaims.State.PayableFrom), nameof(BountyClaims.State.ReviewEnd),
                nameof(BountyClaims.State.DisputeId), nameof(BountyClaims.State.EndedAt))
            .Index(nameof(BountyClaims.State.BountyId), nameof(BountyClaims.State.ClaimId))
            .Index(nameof(BountyClaims.State.AgentId), nameof(BountyClaims.State.ClaimId))
            .Index(nameof(BountyClaims.State.DisputeId))
            .One("bounty", "bounty", nameof(BountyClaims.State.BountyId))
            .One("agent", "agent", nameof(BountyClaims.State.AgentId))
            .One("dispute", "dispute", nameof(BountyClaims.State.DisputeId)),
        new ReadModel<ulong, Channels.State>(Channels.Fold, "Channel", isState: true)
            .Serial()
            .None(
                nameof(Channels.State.ExpiresAt), nameof(Channels.State.ClosableAt), nameof(Channels.State.ClosedAt),
                nameof(Channels.State.ConfigId), nameof(Channels.State.PayerAuthorizer),
                nameof(Channels.State.ReceiverAuthorizer))
            .Counts(nameof(Channels.State.Nonce))
            .Index(nameof(Channels.State.Payer))
            .Index(nameof(Channels.State.Payee))
            .Index(nameof(Channels.State.ConfigId))
            .One("payerHolder", "credit_holder", nameof(Channels.State.Payer))
            .One("payeeHolder", "credit_holder", nameof(Channels.State.Payee)),
        new ReadModel<ulong, Guilds.State>(Guilds.Fold, "Guild", isState: true)
            .Serial()
            .None(nameof(Guilds.State.ReceivedAt), nameof(Guilds.State.DissolvedAt))
            .Index(nameof(Guilds.State.FounderId))
            .One("founder", "agent", nameof(Guilds.State.FounderId))
            .Many("members", "guild_member", "guild_id")
            .Many("receiptList", "guild_receipt", "guild_id"),
        new ReadModel<string, GuildMembers.State>(GuildMembers.Fold, "GuildMember", isState: true)
            .None(nameof(GuildMembers.State.ExpiresAt), nameof(GuildMembers.State.JoinedAt))
            .Index(nameof(GuildMembers.State.GuildId))
            .Index(nameof(GuildMembers.State.AgentId))
            .One("guild", "guild", nameof(GuildMembers.State.GuildId))
            .One("agent", "agent", nameof(GuildMembers.State.AgentId)),
        new ReadModel<string, GuildReceipts.State>(GuildReceipts.Fold, "GuildReceipt", isState: true)
            .Index(nameof(GuildReceipts.State.GuildId))
            .One("guild", "guild", nameof(GuildReceipts.State.GuildId)),
        new ReadModel<ulong, Workflows.State>(Workflows.Fold, "Workflow", isState: true)
            .Serial()
            .None(nameof(Workflows.State.Deadline), nameof(Workflows.State.EndedAt))
            .Search(nameof(Workflows.State.Uri))
            .Index(nameof(Workflows.State.Client), nameof(Workflows.State.WorkflowId))
            .One("clientHolder", "credit_holder", nameof(Workflows.State.Client))
            .Many("stepList", "workflow_step", "workflow_id")
            .Many("tasks", "task", "workflow_id")
            .Many("patches", "workflow_patch", "workflow_id")
            .Many("attestationList", "workflow_attestation", "workflow_id"),
        new ReadModel<string, WorkflowSteps.State>(WorkflowSteps.Fold, "WorkflowStep", isState: true)
            .None(nameof(WorkflowSteps.State.TaskId), nameof(WorkflowSteps.State.EndedAt))
            .Index(nameof(WorkflowSteps.State.WorkflowId))
            .Index(nameof(WorkflowSteps.State.TaskId))
            .One("workflow", "workflow", nameof(WorkflowSteps.State.WorkflowId))
            .One("task", "task", nameof(WorkflowSteps.State.TaskId)),
        new ReadModel<string, WorkflowPatches.State>(WorkflowPatches.Fold, "WorkflowPatch", isState: true)
            .Counts(nameof(WorkflowPatches.State.Replaces))
            .Index(nameof(WorkflowPatches.State.WorkflowId))
            .One("workflow", "workflow", nameof(WorkflowPatches.State.WorkflowId)),
        new ReadModel<string, WorkflowAttestations.State>(
            WorkflowAttestations.Fold, "WorkflowAttestation", isState: true)
            .Index(nameof(WorkflowAttestations.State.WorkflowId))
            .Index(nameof(WorkflowAttestations.State.AgentId))
            .One("workflow", "workflow", nameof(WorkflowAttestations.State.WorkflowId))
            .One("agent", "agent", nameof(WorkflowAttestations.State.AgentId)),
        new ReadModel<ulong, Rewards.State>(Rewards.Fold, "Era", isState: true)
            .None(
                nameof(Rewards.State.FinalAt), nameof(Rewards.State.DisputeId), nameof(Rewards.State.VestStart),
                nameof(Rewards.State.VestEnd), nameof(Rewards.State.SettledAt))
            .Index(nameof(Rewards.State.PosterId))
            .Index(nameof(Rewards.State.DisputeId))
            .One("poster", "agent", nameof(Rewards.State.PosterId))
            .One("dispute", "dispute", nameof(Rewards.State.DisputeId))
            .Many("grantList", "reward", "era"),
        new ReadModel<string, RewardGrants.State>(RewardGrants.Fold, "Reward", isState: true)
            .None(
                nameof(RewardGrants.State.VestStart), nameof(RewardGrants.State.VestEnd),
                nameof(RewardGrants.State.ReleasedAt))
            .Index(nameof(RewardGrants.State.Era))
            .Index(nameof(RewardGrants.State.AgentId))
            .One("eraRow", "era", nameof(RewardGrants.State.Era))
            .One("agent", "agent", nameof(RewardGrants.State.AgentId)),
    ];
}
