// Commands of working together: bounties, guilds, workflows, rewards of eras.
using EventSourced.Domain.Work;
using static EventSourced.Api.Commands.Catalog.CommandEntry;
using static EventSourced.Api.Commands.Catalog.Sender;

namespace EventSourced.Api.Commands.Catalog;

internal static class WorkTable
{
    private static readonly Sender Sponsor = Only("the bounty's sponsor");
    private static readonly Sender Client = Only("the workflow's client");
    private static readonly Sender Founder = ActingForIts<Guilds.State>(
        guild => guild.FounderId, "who may act for the guild's founder", "NotTheFounder");

    internal static IReadOnlyList<CommandEntry> All { get; } =
    [
        Row("bounties.open", "Bounties.openBounty", Anyone,
            "Opens a bounty; {terms.pool:credits} move from the sender's wallet in the vault to its pool, for up to {terms.maxAwards} awards."),
        Row<Bounties.Claim>("bounties.claim", "Bounties.claim", ActingFor("agentId"), On.Bounty,
            w => new(w.By, w.Id("bountyId"), w.Id("agentId"), w.Word("workHash")),
            "Agent {agentId} claims bounty {bountyId}; a bond moves out of its stake."),
        Row<BountyClaims.Award>(
            "bounties.award", "Bounties.award", Sponsor, On.BountyClaim, w => new(w.By, w.Id("claimId")),
            "Pays the award to claim {claimId}."),
        Row<BountyClaims.PayClaim>(
            "bounties.payClaim", "Bounties.payClaim", Anyone, On.BountyClaim, w => new(w.By, w.Id("claimId")),
            "Pays claim {claimId}, which its sponsor neither awarded nor challenged."),
        Row<BountyClaims.ReleaseClaim>(
            "bounties.releaseClaim", "Bounties.releaseClaim", Anyone, On.BountyClaim, w => new(w.By, w.Id("claimId")),
            "Gives the bond of claim {claimId} back, because no award is left."),
        Row<Bounties.CloseBounty>(
            "bounties.close", "Bounties.closeBounty", Anyone, On.Bounty, w => new(w.By, w.Id("bountyId")),
            "Closes bounty {bountyId}; the rest returns to its sponsor."),

        Row("guilds.form", "Guilds.form", ActingFor("founderId"), "Forms a guild around agent {founderId}."),
        Row<Guilds.Invite>("guilds.invite", "Guilds.invite", Founder, On.Guild,
            w => new(w.By, w.Id("guildId"), w.Id("agentId"), w.Short("shareBps"), w.Moment("expiresAt")),
            "Invites agent {agentId} into guild {guildId} with {shareBps} of 10000 shares."),
        Row<GuildMembers.Join>("guilds.join", "Guilds.join", ActingFor("agentId", "NotTheAgent"), On.Membership,
            w => new(w.By, w.Id("guildId"), w.Id("agentId"), w.Short("shareBps"), w.Moment("expiresAt")),
            "Agent {agentId} joins guild {guildId} with {shareBps} of 10000 shares."),
        Row<GuildMembers.SetShare>("guilds.setShare", "Guilds.setShare", Founder, On.Membership,
            w => new(w.By, w.Id("guildId"), w.Id("agentId"), w.Short("shareBps"), w.Moment("expiresAt")),
            "Changes the share of agent {agentId} in guild {guildId} to {shareBps} of 10000."),
        Row<GuildMembers.Quit>("guilds.quit", "Guilds.quit", ActingFor("agentId", "NotTheAgent"), On.Membership,
            w => new(w.By, w.Id("guildId"), w.Id("agentId")),
                "Agent {agentId} leaves guild {guildId} and is paid what it is owed."),
        Row<GuildMembers.Remove>("guilds.remove", "Guilds.remove", Founder, On.Membership,
            w => new(w.By, w.Id("guildId"), w.Id("agentId")),
                "Takes agent {agentId} out of guild {guildId}; it is paid what it is owed."),
        Row<GuildMembers.Claim>("guilds.claim", "Guilds.claim", Anyone, On.Membership,
            w => new(w.By, w.Id("guildId"), w.Id("agentId")), "Brings agent {agentId} what guild {guildId} owes it."),
        Row<Guilds.Pay>(
            "guilds.pay", "Guilds.pay", Anyone, On.Guild, w => new(w.By, w.Id("guildId"), w.Amount("amount")),
            "Pays {amount:credits} from the sender's wallet in the vault to guild {guildId}."),
        Row<Guilds.Dissolve>("guilds.dissolve", "Guilds.dissolve",
            Only("who may act for the founder, or the charter's address"), On.Guild,
            w => new(w.By, w.Id("guildId")), "Ends guild {guildId}; what is owed stays claimable."),
        Row<Guilds.SweepGuild>("guilds.sweep", "Guilds.sweepGuild", Anyone, On.Guild, w => new(w.By, w.Id("guildId")),
            "Settles every member of guild {guildId}; the rest goes to the charter's address."),

        Row("workflows.create", "Workflows.create", Anyone,
            "Creates a workflow of {steps} steps until {deadline:time}; {budget:credits} move from the sender's wallet in the vault to its budget."),
        Row<Workflows.AddBudget>("workflows.addBudget", "Workflows.addBudget", Client, On.Workflow,
            w => new(w.By, w.Id("workflowId"), w.Amount("amount")),
                "Adds {amount:credits} to the budget of workflow {workflowId}."),
        Row<Workflows.LinkStep>("workflows.linkStep", "Workflows.linkStep", Client, On.Workflow,
            w => new(w.By, w.Id("workflowId"), w.Short("step"), w.Id("dependsOn")),
            "Opens step {step} of workflow {workflowId} as a task; {terms.maxPrice:credits} move from its budget to the escrow."),
        Row<Workflows.Patch>("workflows.patch", "Workflows.patch", Client, On.Workflow,
            w => new(w.By, w.Id("workflowId"), w.Count("baseVersion"), w.Word("patchHash"), w.Id("replaces")),
            "Replaces the plan of workflow {workflowId}, version {baseVersion}, by a new one."),
        Row<Workflows.Attest>("workflows.attest", "Workflows.attest", ActingFor("agentId"), On.Workflow,
            w => new(w.By, w.Id("workflowId"), w.Count("version"), w.Id("agentId")),
            "Agent {agentId} vouches for version {version} of the plan of workflow {workflowId}."),
        Row<Workflows.EndWorkflow>("workflows.end", "Workflows.endWorkflow",
            Only("the client, or anyone once all steps are done or its time is over"),
            On.Workflow, w =>
                new(w.By, w.Id("workflowId")),
                "Ends workflow {workflowId}; the rest of its budget returns to the client."),

        Row<Rewards.PostRoot>("rewards.postRoot", "Rewards.postRoot", ActingFor("posterId"), On.Era,
            w => new(w.By, w.Id("era"), w.Word("root"), w.Amount("total")),
            "Agent {posterId} posts the rewards of era {era}: {total:credits} in all; its bond is locked."),
        Row<Rewards.SettleEra>("rewards.settleEra", "Rewards.settleEra", Anyone, On.Era, w => new(w.By, w.Id("era")),
            "Settles era {era}, whose root nobody challenged."),
        Row<Rewards.Claim>(
            "rewards.claim", "Rewards.claim", Anyone, On.Era, w => new(w.By, w.Id("era"), w.Id("agentId")),
            "Claims {amount:credits} of era {era} for agent {agentId}, by a proof."),
        Row("rewards.release", "Rewards.release", Anyone, On.Era,
            "Pays agent {agentId} what of its reward of era {era} is free by now."),
        Row<Rewards.SweepEra>("rewards.sweepEra", "Rewards.sweepEra", Anyone, On.Era, w => new(w.By, w.Id("era")),
            "Sends what nobody claimed of era {era} back."),
    ];
}
