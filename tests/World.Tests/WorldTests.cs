// The small world is whole: every event of the frozen catalog, every way in which things end, and the same blocks for the same seed.
using System.Text.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Ethereum.Transactions;
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
        { "Disputes.DisputeSettled", "cause", ["1", "2", "3", "4", "5"] },
        { "Disputes.DisputeSettled", "ruling", ["1", "2", "3"] },
        { "Disputes.DisputeOpened", "kind", ["2", "3", "5", "6", "7", "8"] },
        { "VerifierPool.VerifierLeft", "cause", ["1", "2", "3"] },
        { "Bounties.BountyClaimEnded", "cause", ["1", "2"] },
        { "Bounties.BountyClosed", "cause", ["1", "2", "3"] },
        { "Guilds.GuildMemberSet", "status", ["1", "2", "3", "4", "5"] },
        { "Workflows.WorkflowEnded", "outcome", ["1", "2", "3", "4"] },
        { "EpochCheckpoints.CheckpointSettled", "accepted", ["false", "true"] },
        { "Rewards.EraRootSettled", "accepted", ["false", "true"] },
        { "AgentRegistry.AgentStatusSet", "status", ["1", "2", "3"] },
    };

    [Fact]
    public void Every_event_of_the_catalog_that_is_not_retired_happens()
    {
        using var catalog = JsonDocument.Parse(File.ReadAllText(Path.Combine(Chain.Root, "docs", "events", "catalog.v1.json")));
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
        await using var chain = await Chain.FreshAsync(CancellationToken.None);
        using var again = await SmallWorld.PlayAsync(chain, 7);
        Assert.Equal(world.Head, (await chain.Client.GetHeaderAsync(BlockTag.Latest, CancellationToken.None))!.Hash.ToString());
    }

    [Fact]
    public async Task Another_seed_gives_another_world()
    {
        await using var chain = await Chain.FreshAsync(CancellationToken.None);
        using var other = await SmallWorld.PlayAsync(chain, 8);
        Assert.NotEqual(world.Head, (await chain.Client.GetHeaderAsync(BlockTag.Latest, CancellationToken.None))!.Hash.ToString());
    }

    // A busy node put two transactions of the deployment into one block; the second was forgotten, and much later a step was refused.
    [Fact]
    public async Task A_deployment_of_which_two_transactions_share_a_block_is_copied_whole()
    {
        await using var node = await AnvilNode.StartAsync();
        using var rpc = new HttpRpc([node.Http]);
        var anvil = new AnvilControl(rpc);
        await anvil.SetAutomineAsync(false, CancellationToken.None);
        using var key = SigningKey.Parse(AnvilNode.RichKey);
        for (ulong nonce = 0; nonce < 5; nonce++)
        {
            var transaction = new Transaction.FeeMarket(AnvilNode.ChainId, MaxPriorityFeePerGas: 0, MaxFeePerGas: 100_000_000_000)
            {
                Nonce = nonce,
                GasLimit = 21_000,
                To = key.Address,
            };
            await new EthereumClient(rpc).SendAsync(transaction.Sign(key), CancellationToken.None);
            if (nonce != 1) await anvil.MineAsync(CancellationToken.None);
        }

        var copied = await Chain.TransactionsAsync(rpc, CancellationToken.None);
        Assert.Equal([0UL, 1UL, 2UL, 3UL, 4UL], copied.Select(raw => SignedTransaction.Decode(Convert.FromHexString(raw.AsSpan(2))).Transaction.Nonce));
    }
}
