// The small world is whole: every event of the frozen catalog, every way in which things end, and the same blocks for
// the same seed.
using System.Text.Json;
using EventSourced.Chain.Sending;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Testing;

namespace EventSourced.World.Tests;

public class WorldTests(SmallWorld world) : IClassFixture<SmallWorld>
{
    public static TheoryData<string, string, string[]> Endings => new()
    {
        { "TaskMarket.TaskFinalized", "cause", ["1", "2", "3"] },
        { "TaskMarket.TaskCancelled", "cause", ["1", "2", "3"] },
        { "TaskMarket.TaskVacated", "cause", ["1", "2", "3", "4"] },
        { "TaskMarket.BidLost", "cause", ["2", "3", "4"] },
        { "TaskMarket.TaskReviewSet", "cause", ["1", "2", "3"] },
        { "WorkLeases.WorkLeaseEnded", "cause", ["1", "2", "3", "4"] },
        { "DataLeases.DataLeaseEnded", "cause", ["1", "2", "3", "4", "5", "6", "7"] },
        { "Disputes.RoundResolved", "outcome", ["1", "2", "3", "4"] },
        { "Disputes.DisputeSettled", "cause", ["1", "2", "3", "4", "6", "7"] },
        { "Disputes.DisputeSettled", "ruling", ["1", "2", "3"] },
        { "Disputes.DisputeOpened", "kind", ["2", "3", "5", "6", "7", "8"] },
        // 5, giving way to a heavier one, needs a pool of 1,024: the contracts' tests have it.
        { "VerifierPool.VerifierLeft", "cause", ["1", "2", "3", "4"] },
        { "Bounties.BountyClaimEnded", "cause", ["1", "2"] },
        { "Bounties.BountyClosed", "cause", ["1", "2", "3"] },
        { "Guilds.GuildMemberSet", "status", ["1", "2", "3", "4", "5"] },
        { "Workflows.WorkflowEnded", "outcome", ["1", "2", "3", "4"] },
        { "EpochCheckpoints.CheckpointSettled", "accepted", ["true"] },
        { "EpochCheckpoints.CandidateSettled", "state", ["3", "4", "5", "6"] },
        { "Rewards.EraRootSettled", "accepted", ["false", "true"] },
        { "AgentRegistry.AgentStatusSet", "status", ["1", "2", "3"] },
    };

    [Fact]
    public void Every_event_of_the_catalog_that_is_not_retired_happens()
    {
        using var catalog = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(WorldChain.Root, "docs", "events", "catalog.v1.json")));
        var declared = catalog.RootElement.GetProperty("contracts").EnumerateArray()
            .SelectMany(contract => contract.GetProperty("events").EnumerateArray()
                .Where(one => !one.TryGetProperty("retired", out _))
                .Select(one => $"{contract.GetProperty("name").GetString()}.{one.GetProperty("name").GetString()}"));
        Assert.Empty(declared.Where(name => world.Counts.GetValueOrDefault(name) == 0));
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void Things_end_in_every_way(string name, string field, string[] expected) =>
        Assert.Empty(expected.Except(world.ValuesOf(name, field)));

    [Fact]
    public async Task The_same_seed_gives_the_same_block_hashes()
    {
        await using var chain = await WorldChain.FreshAsync(CancellationToken.None);
        using var again = await SmallWorld.PlayAsync(chain, 7);
        Assert.Equal(
            world.Head, (await chain.Client.GetHeaderAsync(BlockTag.Latest, CancellationToken.None))!.Hash.ToString());
    }

    [Fact]
    public async Task Another_seed_gives_another_world()
    {
        await using var chain = await WorldChain.FreshAsync(CancellationToken.None);
        using var other = await SmallWorld.PlayAsync(chain, 8);
        Assert.NotEqual(
            world.Head, (await chain.Client.GetHeaderAsync(BlockTag.Latest, CancellationToken.None))!.Hash.ToString());
    }

    // A busy node put two transactions of the deployment into one block; the second was forgotten, and much later a
    // step was refused.
    [Fact]
    public async Task A_deployment_of_which_two_transactions_share_a_block_is_copied_whole()
    {
        await using var node = await AnvilNode.StartAsync();
        using var rpc = new HttpRpc([node.Http]);
        var anvil = new AnvilControl(rpc);
        await anvil.SetAutomineAsync(false, CancellationToken.None);
        using var key = SigningKey.Parse(AnvilNode.RichKey);
        var sent = new List<string>();
        for (ulong nonce = 0; nonce < 5; nonce++)
        {
            var raw = Transactions.Sign(
                key, AnvilNode.ChainId, nonce, new Fees(0u, 100_000_000_000), new Call(key.Address, default, 21_000));
            sent.Add(Hex.ToText(raw));
            await new EthereumClient(rpc).SendAsync(raw, CancellationToken.None);
            if (nonce != 1) await anvil.MineAsync(CancellationToken.None);
        }

        var copied = await WorldChain.TransactionsAsync(rpc, CancellationToken.None);
        Assert.Equal(sent, copied);
    }
}
