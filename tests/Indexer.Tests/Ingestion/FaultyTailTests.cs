// The live tail behind a node that fails and a chain that changes its mind: whatever the proxy does and however deep
// the reorg, the delivered sequence is the canonical chain's; what must stop, stops by name.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Ingest;
using EventSourced.RpcFaults;
using EventSourced.Testing;

namespace EventSourced.Indexer.Tests.Ingestion;

public sealed class FaultyTailTests : IAsyncLifetime
{
    private const int Deepest = 64;
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly Fault[] Troubles =
    [
        Fault.Refuse, Fault.Delay, Fault.Truncate, Fault.HalfJson, Fault.DuplicateLogs, Fault.ReorderLogs,
        Fault.DropAllLogs, Fault.NullBlock, Fault.RateLimit, Fault.Unavailable, Fault.Html, Fault.ShuffleBatch,
    ];

    private Emitting _chain = null!;

    public async Task InitializeAsync() => _chain = await Emitting.StartAsync();

    public async Task DisposeAsync() => await _chain.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Reorgs_of_any_depth_through_a_failing_proxy_end_on_the_canonical_chain(
        bool shorter) => Seed.RunAsync(async random =>
    {
        await _chain.MineAsync(blocks: Deepest + 6, logsEach: 1);
        await using var proxy = await FaultProxy.StartAsync(
            _chain.Node.Http, FaultPlans.Random(random.Next(), 0.08, Troubles));
        proxy.Delay = TimeSpan.FromMilliseconds(3);
        var seen = await _chain.FollowAsync([proxy.Endpoint], depth: Deepest + 20, async () =>
        {
            // Twice in a row; the second is deeper or not, and the chain may get shorter by it.
            for (var time = 0; time < 2; time++)
            {
                var depth = Math.Min((ulong)random.Next(1, Deepest + 1), await _chain.HeightAsync() - 1);
                if (shorter) await _chain.Anvil.RollbackAsync(depth, None);
                else await _chain.Anvil.ReorgAsync(depth, None);
                await _chain.MineAsync(blocks: random.Next(1, 4), logsEach: random.Next(3));
                await Task.Delay(random.Next(60));
            }
        });
        Assert.Equal(await _chain.CanonicalAsync(), seen);
    });

    [Fact]
    public async Task A_chain_that_is_cut_below_the_finalized_block_and_stays_shorter_stops_by_name()
    {
        await _chain.MineAsync(blocks: 30, logsEach: 1);
        var stop = await Assert.ThrowsAsync<ReorgBelowFinalityException>(() =>
            _chain.FollowAsync([_chain.Node.Http], depth: 4, () => _chain.Anvil.RollbackAsync(12, None)));
        Assert.Contains("stays shorter", stop.Message);
        Assert.Equal(26ul, stop.Expected.Number);
    }

    [Fact]
    public async Task An_endpoint_of_another_chain_is_never_read()
    {
        await _chain.MineAsync(blocks: 10, logsEach: 1);
        await using var proxy = await FaultProxy.StartAsync(_chain.Node.Http, _ => Fault.WrongChainId);
        var refused = await Assert.ThrowsAsync<RpcException>(
            () => _chain.FollowAsync([proxy.Endpoint], depth: 4, () => Task.CompletedTask));
        Assert.Equal(RpcFault.WrongChain, refused.Fault);
        Assert.Equal(await _chain.CanonicalAsync(),
            await _chain.FollowAsync([proxy.Endpoint, _chain.Node.Http], depth: 4, () => Task.CompletedTask));
        Assert.True(proxy.CountOf(Fault.WrongChainId) >= 1);
    }

    [Fact]
    public async Task A_node_that_always_leaves_logs_out_is_passed_over_or_named()
    {
        await _chain.MineAsync(blocks: 20, logsEach: 2);
        await using var proxy = await FaultProxy.StartAsync(_chain.Node.Http, _ => Fault.DropAllLogs);
        var named = await Assert.ThrowsAsync<RpcException>(
            () => _chain.FollowAsync([proxy.Endpoint], depth: 4, () => Task.CompletedTask));
        Assert.Contains("by its receipts, found 0", named.Message);
        Assert.Equal(await _chain.CanonicalAsync(),
            await _chain.FollowAsync([proxy.Endpoint, _chain.Node.Http], depth: 4, () => Task.CompletedTask));
        Assert.True(proxy.CountOf(Fault.DropAllLogs) >= 1);
    }

    [Fact]
    public async Task A_missing_kind_of_event_is_noticed_by_the_bloom()
    {
        await _chain.MineAsync(blocks: 1, logsEach: 3);
        await using var proxy = await FaultProxy.StartAsync(_chain.Node.Http, _ => Fault.DropLogs);
        using var rpc = new HttpRpc([proxy.Endpoint]);
        var topics = (await _chain.CanonicalAsync()).Select(log => log.Topic).ToArray();
        var options = Emitting.Options(4) with { Topics = topics, MaxContradictions = 2 };
        var fault = await Assert.ThrowsAsync<RpcException>(
            () => new RangeReader(new EthereumClient(rpc), options).ReadAsync(1, 1, None));
        Assert.Contains("expected 3 logs of block 1 by its receipts, found 2", fault.Message);
        var trusting = options with { Omissions = OmissionCheck.Trust };
        using var range = Assert.Single(await new RangeReader(new EthereumClient(rpc), trusting).ReadAsync(1, 1, None));
        Assert.Equal(2, range.Logs.Count);
    }
}
