// Read models of working together: bounties, channels, guilds, workflows, rewards.
using EventSourced.Domain;

namespace EventSourced.Projections.Models;

internal static class Work
{
    internal static IReadOnlyList<ReadModel> All { get; } =
    [
        new ReadModel<ulong, Bounties.State>(Bounties.Fold, "Bounty", isState: true)
            .Index(nameof(Bounties.State.Status), nameof(Bounties.State.BountyId))
            .Many("claims", "bounty_claim", "bounty_id"),
        new ReadModel<ulong, BountyClaims.State>(BountyClaims.Fold, "BountyClaim", isState: true)
            .Index(nameof(BountyClaims.State.BountyId), nameof(BountyClaims.State.ClaimId))
            .Index(nameof(BountyClaims.State.AgentId), nameof(BountyClaims.State.ClaimId))
            .One("bounty", "bounty", nameof(BountyClaims.State.BountyId))
            .One("agent", "agent", nameof(BountyClaims.State.AgentId)),
        new ReadModel<ulong, Channels.State>(Channels.Fold, "Channel", isState: true)
            .Index(nameof(Channels.State.Payer))
            .Index(nameof(Channels.State.Payee)),
        new ReadModel<ulong, Guilds.State>(Guilds.Fold, "Guild", isState: true)
            .One("founder", "agent", nameof(Guilds.State.FounderId))
            .Many("members", "guild_member", "guild_id"),
        new ReadModel<string, GuildMembers.State>(GuildMembers.Fold, "GuildMember", isState: true)
            .Index(nameof(GuildMembers.State.GuildId))
            .Index(nameof(GuildMembers.State.AgentId))
            .One("guild", "guild", nameof(GuildMembers.State.GuildId))
            .One("agent", "agent", nameof(GuildMembers.State.AgentId)),
        new ReadModel<string, GuildReceipts.State>(GuildReceipts.Fold, "GuildReceipt", isState: true)
            .Index(nameof(GuildReceipts.State.GuildId)),
        new ReadModel<ulong, Workflows.State>(Workflows.Fold, "Workflow", isState: true)
            .Index(nameof(Workflows.State.Client), nameof(Workflows.State.WorkflowId))
            .Many("stepList", "workflow_step", "workflow_id")
            .Many("patches", "workflow_patch", "workflow_id"),
        new ReadModel<string, WorkflowSteps.State>(WorkflowSteps.Fold, "WorkflowStep", isState: true)
            .Index(nameof(WorkflowSteps.State.WorkflowId))
            .One("workflow", "workflow", nameof(WorkflowSteps.State.WorkflowId))
            .One("task", "task", nameof(WorkflowSteps.State.TaskId)),
        new ReadModel<string, WorkflowPatches.State>(WorkflowPatches.Fold, "WorkflowPatch", isState: true)
            .Index(nameof(WorkflowPatches.State.WorkflowId)),
        new ReadModel<string, WorkflowAttestations.State>(WorkflowAttestations.Fold, "WorkflowAttestation", isState: true)
            .Index(nameof(WorkflowAttestations.State.WorkflowId)),
        new ReadModel<ulong, Rewards.State>(Rewards.Fold, "Era", isState: true)
            .Many("grants", "reward", "era"),
        new ReadModel<string, RewardGrants.State>(RewardGrants.Fold, "Reward", isState: true)
            .Index(nameof(RewardGrants.State.Era))
            .Index(nameof(RewardGrants.State.AgentId))
            .One("agent", "agent", nameof(RewardGrants.State.AgentId)),
    ];
}
