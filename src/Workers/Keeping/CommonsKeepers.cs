// The keepers of shared work and of waiting money: bounties, channels, guilds, workflows, eras, stake.
using EventSourced.Domain.People;
using EventSourced.Domain.Work;
using static EventSourced.Workers.Keeping.KeeperTable;

namespace EventSourced.Workers.Keeping;

internal static class CommonsKeepers
{
    private const long SweepAfterSeconds = 30 * 86_400;
    private const long ClaimLifeSeconds = 365 * 86_400;

    private const int Pending = (int)BountyClaims.Status.Pending;

    private static readonly string Claims =
        $"{Table("bounty_claim")} c join {Table("bounty")} b on b.bounty_id = c.bounty_id";

    internal static IReadOnlyList<Keeper> All { get; } =
    [
        new("pay-claim", "bounties.payClaim", "Bounties", "payClaim",
            "pays a claim of a bounty that nobody can challenge any more, in its turn")
        {
            From = Claims,
            When = $"""
                c.status = {Pending} and b.status = {(int)Bounties.Status.Open} and c.payable_from > 0
                and (select count(*) from {Table("bounty_claim")} o where o.bounty_id = c.bounty_id
                     and o.position < c.position and o.status <= {(int)BountyClaims.Status.Disputed})
                    < b.max_awards - b.awarded
                """,
            Due = "greatest(c.payable_from, c.review_end)",
            Thing = "c.claim_id",
            Round = "greatest(c.payable_from, c.review_end)",
            Arguments = "c.claim_id",
        },
        new("release-claim", "bounties.releaseClaim", "Bounties", "releaseClaim",
            "gives the bond of a claim back for which no award is left")
        {
            From = Claims,
            When = $"c.status = {Pending} and b.awarded >= b.max_awards",
            Due = "c.claimed_at",
            Thing = "c.claim_id",
            Arguments = "c.claim_id",
        },
        new("close-bounty", "bounties.close", "Bounties", "closeBounty",
            "returns the rest of a bounty to its sponsor when nobody claimed or every claim is decided")
        {
            From = $"{Table("bounty")} b",
            When = $"""
                b.status = {(int)Bounties.Status.Open} and (b.awarded >= b.max_awards or b.decided >= b.claims)
                """,
            Due = "case when b.awarded >= b.max_awards then b.opened_at else b.claim_end end",
            Thing = "b.bounty_id",
            Round = "b.decided || '.' || b.awarded",
            Arguments = "b.bounty_id",
        },
        new("expire-channel", "channels.startClose", "Channels", "startClose",
            "starts the close of a channel that has expired")
        {
            From = $"{Table("channel")} c",
            When = $"c.status = {(int)Channels.Status.Open} and c.expires_at > 0",
            Due = "c.expires_at",
            Thing = "c.channel_id",
            Round = "c.expires_at",
            Arguments = "c.channel_id",
        },
        new("close-channel", "channels.close", "Channels", "close(uint256)",
            "finishes a close whose window has passed; the rest goes to the payer")
        {
            From = $"{Table("channel")} c",
            When = $"c.status = {(int)Channels.Status.Closing}",
            Due = "c.closable_at",
            Thing = "c.channel_id",
            Round = "c.closable_at",
            Arguments = "c.channel_id",
        },
        new("lapse-member", "guilds.claim", "Guilds", "claim",
            "brings a member of a guild whose share has lapsed what it is owed")
        {
            From = $"{Table("guild_member")} m",
            When = $"m.status = {(int)GuildMembers.Status.Member} and m.expires_at > 0",
            Due = "m.expires_at",
            Thing = "m.guild_id || '.' || m.agent_id",
            Round = "m.expires_at",
            Arguments = "m.guild_id, m.agent_id",
            Moot = ["NothingOwed", "NotAMember"],
        },
        new("sweep-guild", "guilds.sweep", "Guilds", "sweepGuild",
            "settles the members of a guild that was dissolved a month ago; the rest goes to the charter's address")
        {
            From = $"{Table("guild")} g",
            When = "g.dissolved_at > 0 and g.receipts > g.paid",
            Due = $"g.dissolved_at + {SweepAfterSeconds}",
            Thing = "g.guild_id",
            Round = "g.receipts",
            Arguments = "g.guild_id",
            Moot = ["NothingLeft"],
        },
        new("end-workflow", "workflows.end", "Workflows", "endWorkflow",
            "ends a workflow whose steps are all paid or whose deadline has passed; the rest goes to the client")
        {
            From = $"{Table("workflow")} w",
            When = $"w.status = {(int)Workflows.Status.Open}",
            Due = "case when w.steps > 0 and w.finalized = (1::bigint << w.steps) - 1 then w.created_at else w.deadline end",
            Thing = "w.workflow_id",
            Round = "w.deadline",
            Arguments = "w.workflow_id",
        },
        new("settle-era", "rewards.settleEra", "Rewards", "settleEra",
            "accepts the root of an era that nobody challenged, and moves its pool")
        {
            From = $"{Table("era")} e",
            When = $"e.status = {(int)Rewards.Status.Posted}",
            Due = "e.final_at",
            Thing = "e.era",
            Round = "e.posting || '.' || e.final_at",
            Arguments = "e.era",
        },
        new("sweep-era", "rewards.sweepEra", "Rewards", "sweepEra",
            "returns to the treasury what nobody claimed of an era in a year")
        {
            From = $"{Table("era")} e",
            When = $"e.status = {(int)Rewards.Status.Accepted} and e.swept = 0 and e.granted < e.total",
            Due = $"e.vest_start + {ClaimLifeSeconds}",
            Thing = "e.era",
            Arguments = "e.era",
            Moot = ["NothingLeft"],
        },
        new("release-reward", "rewards.release", "Rewards", "release",
            "pays a reward that has vested to the agent's owner")
        {
            From = $"{Table("reward")} r",
            When = "r.released < r.amount and r.vest_end > 0",
            Due = "r.vest_end",
            Thing = "r.era || '.' || r.agent_id",
            Round = "r.released",
            Arguments = "r.era, r.agent_id",
            Moot = ["NothingVested"],
        },
        new("release-stake", "stake.release", "Stake", "release",
            "pays stake that has waited out its time to the agent's owner")
        {
            From = $"{Table("unbonding")} u",
            When = $"u.status = {(int)Unbondings.Status.Waiting}",
            Due = "u.release_at",
            Thing = "u.unbond_id",
            Arguments = "u.unbond_id",
        },
    ];
}
