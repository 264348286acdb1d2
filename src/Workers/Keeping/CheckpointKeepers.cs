// The keepers of epoch checkpoints, for agents that the operator posts and signs for. Enters: the agents. Leaves:
// declarations over the candidates on the chain and the statements of our own audit log. Always holds: a candidate is
// posted or signed only if our own log has signed the same values: size, root, root of all states and final block, each
// of them; without agents nothing is due.
// without agents nothing is due.
using System.Globalization;
using EventSourced.Commands;
using EventSourced.Domain.Court;
using EventSourced.Domain.Values;
using static EventSourced.Workers.Keeping.KeeperTable;

namespace EventSourced.Workers.Keeping;

internal static class CheckpointKeepers
{
    private const int Posted = (int)CheckpointCandidates.Status.Posted;
    private const int Disputed = (int)CheckpointCandidates.Status.Disputed;

    // The last accepted epoch, if there is one.
    private static readonly string Last = $"""
        left join lateral (select epoch, to_block, settled_at from {Table("checkpoint")}
                            where status = {(int)Checkpoints.Status.Accepted} order by epoch desc limit 1) e on true
        """;

    // The age up to which we take a block: the contract accepts it, and there is time left for the command to arrive.
    private const int FreshBlocks = 1_000;

    /// <summary>The keepers of some agents.</summary>
    /// <param name="agents">
    /// The agents whose stake is the bond. The first one posts; each one signs when it is drawn.
    /// </param>
    /// <param name="everySeconds">The shortest time from one accepted epoch to the next candidate.</param>
    internal static IReadOnlyList<Keeper> For(IReadOnlyList<ulong> agents, long everySeconds) =>
    [
        new("post-checkpoint", "checkpoints.post", "EpochCheckpoints", "post",
            "posts the newest checkpoint of our audit log as a candidate for the next epoch, for the agent that the settings name")
        {
            From = $"""
                (select size, root, state_root, block from {CommandTables.Statement} order by size desc limit 1) n
                join {Table("agent")} a on a.agent_id = {Number(agents.Count > 0 ? agents[0] : 0)}
                {Last}
                """,
            When = $"""
                n.block > coalesce(e.to_block, 0) and n.block >= @block - {FreshBlocks}
                and not exists (select 1 from {Table("checkpoint_candidate")} c
                                 where c.epoch = coalesce(e.epoch, 0) + 1 and c.status in ({Posted}, {Disputed}))
                """,
            Due = $"coalesce(e.settled_at + {Number(everySeconds)}, a.registered_at)",
            Thing = "coalesce(e.epoch, 0) + 1",
            Round = $"(select count(*) from {Table("checkpoint_candidate")} c where c.epoch = coalesce(e.epoch, 0) + 1)",
            Arguments = $"""
                coalesce(e.epoch, 0) + 1, a.agent_id, jsonb_build_array(
                    {Hex("n.root")}, {Hex("n.state_root")}, coalesce(e.to_block + 1, 0), n.block, n.size)
                """,
        },
        new("sign-checkpoint", "checkpoints.sign", "EpochCheckpoints", "sign",
            "signs a candidate that says what our audit log says, for each agent of the settings that is drawn")
        {
            From = $"""
                {Table("checkpoint_candidate")} c
                join {CommandTables.Statement} n on n.size = c.event_count and n.root = c.log_root
                     and n.state_root = c.state_root and n.block = c.to_block
                cross join unnest(c.panel) with ordinality v (agent, seat)
                {Last}
                """,
            When = $"""
                c.status = {Posted} and v.agent = any(array[{string.Join(", ", agents.Select(agent => Number(agent)))}]::bigint[])
                and (c.signed >> (v.seat::int - 1)) & 1 = 0 and c.final_at > @now
                and c.from_block <= coalesce(e.to_block + 1, c.from_block)
                """,
            Due = "c.posted_at",
            Thing = "c.candidate_id || '.' || v.agent",
            Round = "c.seed_block",
            Arguments = "c.candidate_id, v.agent",
            Moot = ["AlreadySigned", "NotOnPanel"],
        },
    ];

    private static string Number<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
