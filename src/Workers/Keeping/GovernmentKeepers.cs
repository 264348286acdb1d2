// The keepers of the government: votes that were won, operations that have waited, calls that the council has approved,
// bonds of votes that are over.
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;
using static EventSourced.Workers.Keeping.KeeperTable;

namespace EventSourced.Workers.Keeping;

internal static class GovernmentKeepers
{
    private const long EndingSeconds = 30 * 86_400;
    private const int CouncilThreshold = 3;
    private const int Done = (int)TimelockOperations.Status.Done;

    private static readonly string ProposalRows = $"{Table("proposal")} p";

    private static readonly string Ended = string.Join(
        ", ", (int)Proposals.Status.Canceled, (int)Proposals.Status.Defeated, (int)Proposals.Status.Expired,
        (int)Proposals.Status.Executed);

    internal static IReadOnlyList<Keeper> All { get; } =
    [
        new("queue-proposal", "proposals.queue", "AgentGovernor", "queue", "puts a vote that was won into the timelock")
        {
            From = $"""
                {ProposalRows} join {Table("proposal_text")} x on x.proposal_id = p.proposal_id
                join lateral (select jsonb_agg({Hex("target")} order by index) as targets,
                                     jsonb_agg(value::text order by index) as amounts,
                                     jsonb_agg({Hex("data")} order by index) as payloads
                                from {Table("proposal_call")} where proposal_id = p.proposal_id) c on true
                """,
            When = $"""
                p.is_carried and p.vote_end + {EndingSeconds} > @now and p.status in ({(int)Proposals.Status.Pending},
                {(int)Proposals.Status.Active}, {(int)Proposals.Status.Succeeded})
                """,
            Due = "p.vote_end + 1",
            Thing = Hex("p.proposal_id"),
            Arguments = "c.targets, c.amounts, c.payloads, jsonb_build_object('keccak', x.description)",
        },
        new("execute-operation", "timelock.executeBatch", "Timelock", "executeBatch",
            "carries out an operation that has waited in the timelock")
        {
            From = $"""
                {Table("timelock_operation")} o
                join lateral (select jsonb_agg({Hex("target")} order by index) as targets,
                                     jsonb_agg(value::text order by index) as amounts,
                                     jsonb_agg({Hex("data")} order by index) as payloads, count(*) as calls
                                from {Table("timelock_call")} where operation_id = o.id) c on true
                """,
            When = $"""
                o.status in ({(int)TimelockOperations.Status.Waiting}, {(int)TimelockOperations.Status.Ready})
                and c.calls = o.calls and o.ready_at > 0 and o.ready_at + {EndingSeconds} > @now
                """,
            Due = "o.ready_at",
            Thing = Hex("o.id"),
            Arguments = $"c.targets, c.amounts, c.payloads, {Hex("o.predecessor")}, {Hex("o.salt")}",
        },
        new("execute-council", "council.execute", "Council", "execute",
            "makes a call that three members of the council have approved")
        {
            From = $"{Table("council_call")} c",
            When = $"not c.is_executed and c.approvals >= {CouncilThreshold} and c.expires_at > @now",
            Due = "c.proposed_at",
            Thing = Hex("c.call_id"),
            Round = "c.attempt",
            Arguments = $"{Hex("c.target")}, {Hex("c.data")}, {Hex("c.salt")}",
            Moot = ["NotEnoughApprovals"],
        },
        new("release-bond", "proposals.releaseBond", "AgentGovernor", "releaseBond",
            "settles the bond of a vote that is over")
        {
            From = ProposalRows,
            When = $"""
                p.bond > 0 and (p.status in ({Ended}) or p.operation = {Done}
                or (p.vote_end < @now and not p.is_carried)
                or (p.is_carried and p.eta = 0 and p.vote_end + {EndingSeconds} <= @now)
                or (p.eta > 0 and p.eta + {EndingSeconds} <= @now))
                """,
            Due = "case when p.ended_at > 0 then p.ended_at else p.vote_end + 1 end",
            Thing = Hex("p.proposal_id"),
            Round = "p.status",
            Arguments = Hex("p.proposal_id"),
            Moot = ["NoBond"],
        },
    ];
}
