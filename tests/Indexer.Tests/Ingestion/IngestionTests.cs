// Ingestion against a real node, straight and through a proxy that fails: whatever happens on the way, the sequence
// that is delivered equals the canonical chain's, read afresh at the end.
using System.Runtime.CompilerServices;
using EventSourced.Chain.Sending;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Ingest;
using EventSourced.RpcFaults;
using EventSourced.Testing;

namespace EventSourced.Indexer.Tests.Ingestion;

public sealed class IngestionTests : IAsyncLifetime
{
    // Emits LOG1 with the call's first word as topic and the rest as data.
    private static readonly byte[] Emitter = Convert.FromHexString("60203603806020600037600035906000a100");
    private static readonly Address EmitterAddress = Address.Parse("0x00000000000000000000000000000000000e1117");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SigningKey _key = SigningKey.Parse(AnvilNode.RichKey);
    private AnvilNode _node = null!;
    private HttpRpc _rpc = null!;
    private EthereumClient _client = null!;
    private AnvilControl _anvil = null!;
    private ulong _serial;

    public async Task InitializeAsync()
    {
        _node = await AnvilNode.StartAsync(
            "--accounts", "1", "--gas-price", "0", "--block-base-fee-per-gas", "0", "--slots-in-an-epoch", "2");
        _rpc = new HttpRpc([_node.Http]);
        (_client, _anvil) = (new EthereumClient(_rpc), new AnvilControl(_rpc));
        await _anvil.SetCodeAsync(EmitterAddress, Emitter, None);
        await _anvil.SetAutomineAsync(false, None);
    }

    public async Task DisposeAsync()
    {
        _rpc.Dispose();
        _key.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task The_past_and_the_present_join_without_a_gap_or_a_double()
    {
        await MineAsync(blocks: 40, logsEach: 3);
        var seen = await FollowAsync(_node.Http, depth: 8, async () => await MineAsync(blocks: 12, logsEach: 2));
        Assert.Equal(await CanonicalAsync(), seen.Logs);
        Assert.Equal(52ul - 8, seen.Finalized.Number);
    }

    [Fact]
    public async Task A_subscription_feeds_the_tail_as_polling_does()
    {
        await MineAsync(blocks: 20, logsEach: 2);
        HeadSource heads = (from, cancellation) =>
            ChainSubscription.HeadsAsync(_node.WebSocket, new RpcOptions(), from, cancellation);
        var seen = await FollowAsync(_node.Http, depth: 5, () => MineAsync(blocks: 10, logsEach: 1), heads);
        Assert.Equal(await CanonicalAsync(), seen.Logs);
    }

    [Fact]
    public async Task The_nodes_own_finalized_tag_makes_blocks_final()
    {
        await MineAsync(blocks: 20, logsEach: 1);
        // Two slots an epoch: anvil calls the block four behind its newest final.
        var seen = await FollowAsync(_node.Http, depth: 4, () => MineAsync(blocks: 6, logsEach: 1), byTag: true);
        Assert.Equal(await CanonicalAsync(), seen.Logs);
        Assert.Equal(22ul, seen.Finalized.Number);
    }

    [Fact]
    public async Task A_node_that_sends_no_times_with_logs_is_asked_for_headers_in_batches()
    {
        await MineAsync(blocks: 40, logsEach: 2);
        using var old = new WithoutTimes { InnerHandler = new SocketsHttpHandler() };
        using var rpc = new HttpRpc([_node.Http], handler: old);
        var options = Options(5) with { VerifyBlockHashes = false };
        var logs = new List<SeenLog>();
        await foreach (var range in new Backfill(
            new RangeReader(new EthereumClient(rpc), options), options).ReadAsync(0, 40, None))
            Take(range, logs);
        Assert.Equal(await CanonicalAsync(), logs);
        // Two questions a range, of which the first are small; a header a block would make forty more.
        Assert.InRange(old.Requests, 2, 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(64)]
    public async Task Reorgs_of_every_kind_end_on_the_canonical_chain(int depth)
    {
        await MineAsync(blocks: 70, logsEach: 1);
        var seen = await FollowAsync(_node.Http, depth: 70, async () =>
        {
            await _anvil.ReorgAsync((ulong)depth, None);
            await SettleAsync();
            await _anvil.ReorgAsync((ulong)Math.Max(1, depth / 2), None);
            await MineAsync(blocks: 2, logsEach: 2);
            await SettleAsync();
            await _anvil.RollbackAsync((ulong)depth, None);
            await MineAsync(blocks: 1, logsEach: 3);
        });
        Assert.Equal(await CanonicalAsync(), seen.Logs);
        Assert.True(seen.Reverted > 0, "expected at least one revert, found none");
    }

    [Fact]
    public async Task A_chain_that_only_gets_shorter_is_followed_by_polling()
    {
        await MineAsync(blocks: 30, logsEach: 1);
        var seen = await FollowAsync(_node.Http, depth: 20, () => _anvil.RollbackAsync(9, None));
        Assert.Equal(await CanonicalAsync(), seen.Logs);
        Assert.Equal(9, seen.Reverted);
    }

    // A node announces no block where its chain only loses some: six blocks were mined, four rolled back, and the four
    // were served until another was mined.
    [Fact]
    public async Task A_chain_that_only_gets_shorter_is_noticed_in_the_silence_of_a_subscription()
    {
        await MineAsync(blocks: 30, logsEach: 1);
        HeadSource heads = (from, cancellation) =>
            ChainSubscription.HeadsAsync(_node.WebSocket, new RpcOptions(), from, cancellation);
        var seen = await FollowAsync(_node.Http, depth: 20, () => _anvil.RollbackAsync(9, None), heads);
        Assert.Equal(await CanonicalAsync(), seen.Logs);
        Assert.Equal(9, seen.Reverted);
    }

    [Fact]
    public async Task A_subscription_that_announces_nothing_does_not_hide_new_blocks()
    {
        await MineAsync(blocks: 10, logsEach: 1);
        var seen = await FollowAsync(_node.Http, depth: 5, () => MineAsync(blocks: 7, logsEach: 2),
            (_, cancellation) => SilentAsync(cancellation));
        Assert.Equal(await CanonicalAsync(), seen.Logs);

        static async IAsyncEnumerable<BlockHeader> SilentAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            yield break;
        }
    }

    [Fact]
    public async Task A_reorg_below_the_finalized_block_stops_loudly()
    {
        await MineAsync(blocks: 30, logsEach: 1);
        await Assert.ThrowsAsync<ReorgBelowFinalityException>(() => FollowAsync(_node.Http, depth: 4, async () =>
        {
            await _anvil.ReorgAsync(12, None);
            await MineAsync(blocks: 1, logsEach: 1);
        }));
    }

    [Fact]
    public async Task A_checkpoint_that_the_node_contradicts_stops_before_the_first_update()
    {
        await MineAsync(blocks: 5, logsEach: 1);
        var ingestion = new ChainIngestion(_client, Options(2));
        var other = new ChainLink(3, Keccak256.Hash("other"), default, 0);
        await Assert.ThrowsAsync<ReorgBelowFinalityException>(async () =>
        {
            await foreach (var _ in ingestion.RunAsync(other, None)) Assert.Fail("expected no update, found one");
        });
    }

    [Fact]
    public async Task A_restart_goes_on_behind_the_checkpoint()
    {
        await MineAsync(blocks: 30, logsEach: 2);
        var stored = ChainLink.Of((await _client.GetHeaderAsync(11ul, None))!);
        var seen = await FollowAsync(_node.Http, depth: 5, () => MineAsync(blocks: 3, logsEach: 1), checkpoint: stored);
        Assert.Equal((await CanonicalAsync()).Where(log => log.Block > 11), seen.Logs);
    }

    [Theory]
    [InlineData(Fault.Refuse)]
    [InlineData(Fault.Delay)]
    [InlineData(Fault.Truncate)]
    [InlineData(Fault.HalfJson)]
    [InlineData(Fault.DropLogs)]
    [InlineData(Fault.DropAllLogs)]
    [InlineData(Fault.DuplicateLogs)]
    [InlineData(Fault.ReorderLogs)]
    [InlineData(Fault.OrphanLogs)]
    [InlineData(Fault.NullBlock)]
    [InlineData(Fault.RateLimit)]
    [InlineData(Fault.Unavailable)]
    [InlineData(Fault.Html)]
    [InlineData(Fault.TooManyGeth)]
    [InlineData(Fault.TooManyErigon)]
    [InlineData(Fault.TooManyAlchemy)]
    [InlineData(Fault.TooManyInfura)]
    [InlineData(Fault.ShuffleBatch)]
    public Task Every_fault_of_a_node_leaves_the_past_exact(Fault fault) => Seed.RunAsync(async random =>
    {
        await MineAsync(blocks: 60, logsEach: 2);
        await using var proxy = await FaultProxy.StartAsync(_node.Http, FaultPlans.Random(random.Next(), 0.3, fault));
        proxy.Delay = TimeSpan.FromMilliseconds(5);
        using var rpc = new HttpRpc([proxy.Endpoint], Patient);
        // One of two logs of a kind in a block is seen to be missing by receipts alone.
        var options = Options(5) with
        {
            MaxContradictions = 50,
            Omissions = fault == Fault.DropLogs ? OmissionCheck.Receipts : OmissionCheck.Bloom,
        };
        var backfill = new Backfill(new RangeReader(new EthereumClient(rpc), options), options);
        var logs = new List<SeenLog>();
        await foreach (var range in backfill.ReadAsync(0, 60, None)) Take(range, logs);
        Assert.Equal(await CanonicalAsync(), logs);
    });

    private static readonly RpcOptions Patient = new()
    {
        MaxAttempts = 40,
        FirstDelay = TimeSpan.FromMilliseconds(1),
        MaxDelay = TimeSpan.FromMilliseconds(5),
        MaxRetryAfter = TimeSpan.FromMilliseconds(5),
        CoolDown = TimeSpan.FromMilliseconds(1),
    };

    /// <summary>A node from before logs carried their block's time.</summary>
    private sealed class WithoutTimes : DelegatingHandler
    {
        private int _requests;

        public int Requests => _requests;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            var response = await base.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content = new StringContent(
                body.Replace("blockTimestamp", "wasTimestamp", StringComparison.Ordinal));
            return response;
        }
    }

    private sealed record SeenLog(ulong Block, Hash32 BlockHash, uint Index, Hash32 Topic, ulong Time);

    private sealed record Seen(List<SeenLog> Logs, ChainLink Finalized, int Reverted);

    private static IngestionOptions Options(ulong depth) => new()
    {
        Contracts = [EmitterAddress],
        FinalityDepth = depth,
        PollInterval = TimeSpan.FromMilliseconds(10),
        QuietTime = TimeSpan.FromMilliseconds(50),
    };

    /// <summary>
    /// Ingests; once the present is reached the chain is changed; ends when the delivered tip is the node's.
    /// </summary>
    private async Task<Seen> FollowAsync(
        Uri endpoint, ulong depth, Func<Task> change, HeadSource? heads = null, ChainLink? checkpoint = null,
        bool byTag = false)
    {
        using var rpc = new HttpRpc([endpoint], Patient);
        using var limit = new CancellationTokenSource(Limit);
        var ingestion = new ChainIngestion(
            new EthereumClient(rpc), Options(depth) with { FinalityByTag = byTag }, heads);
        var logs = new List<SeenLog>();
        var reverted = 0;
        ChainLink final = default;
        Task? changing = null;
        var tip = default(ChainLink);
        var updates = ingestion.RunAsync(checkpoint, limit.Token).GetAsyncEnumerator(limit.Token);
        await using var _ = updates;
        var pending = updates.MoveNextAsync().AsTask();
        while (true)
        {
            await Task.WhenAny(pending, Task.Delay(20));
            if (!pending.IsCompleted)
            {
                var newest = ChainLink.Of((await _client.GetHeaderAsync(BlockTag.Latest, None))!);
                if (tip.Hash != newest.Hash) continue;
                changing ??= change();
                if (!changing.IsCompleted || newest.Number > depth && final.Number < newest.Number - depth) continue;
                await changing;
                if (tip.Hash != ChainLink.Of((await _client.GetHeaderAsync(BlockTag.Latest, None))!).Hash) continue;
                await limit.CancelAsync();
                await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return new Seen(logs, final, reverted);
            }

            Assert.True(await pending);
            switch (updates.Current)
            {
                case ChainUpdate.Past past:
                    Take(past.Range, logs);
                    break;
                case ChainUpdate.Applied applied:
                    Assert.True(
                        tip == default || applied.Block.ParentHash == tip.Hash,
                        $"expected a child of {tip}, found {applied.Block}");
                    Take(applied.Logs, logs);
                    tip = applied.Block;
                    break;
                case ChainUpdate.Reverted undone:
                    logs.RemoveAll(log => log.Block > undone.Ancestor.Number);
                    reverted += undone.Dropped.Length;
                    tip = undone.Ancestor;
                    break;
                case ChainUpdate.Finalized finalized:
                    final = finalized.Block;
                    if (tip == default || tip.Number < final.Number) tip = final;
                    break;
            }

            pending = updates.MoveNextAsync().AsTask();
        }
    }

    private static void Take(RangeLogs range, List<SeenLog> logs)
    {
        using var _ = range;
        foreach (var block in range.Blocks)
        {
            for (var i = block.First; i < block.First + block.Count; i++)
                logs.Add(new SeenLog(
                    block.Number, block.Hash, range.Logs[i].LogIndex, range.Logs[i].Topics[0], block.Timestamp!.Value));
        }
    }

    /// <summary>The chain as it is now, read in one plain question.</summary>
    private async Task<List<SeenLog>> CanonicalAsync()
    {
        using var logs = await _client.GetLogsAsync(
            new LogFilter(0ul, BlockTag.Latest) { Addresses = [EmitterAddress] }, None);
        return [.. Enumerable.Range(0, logs.Count).Select(i =>
            new SeenLog(logs[i].BlockNumber, logs[i].BlockHash, logs[i].LogIndex, logs[i].Topics[0],
                logs[i].BlockTimestamp!.Value))];
    }

    private async Task MineAsync(int blocks, int logsEach)
    {
        for (var block = 0; block < blocks; block++)
        {
            var nonce = await _client.GetNonceAsync(_key.Address, BlockTag.Latest, None);
            for (var i = 0; i < logsEach; i++)
            {
                var call = new Call(EmitterAddress, Hash32.FromUInt256(++_serial).Bytes.ToArray(), GasLimit: 100_000);
                await _client.SendAsync(Transactions.Sign(_key, AnvilNode.ChainId, nonce++, default, call), None);
            }

            await _anvil.MineAsync(None);
        }
    }

    /// <summary>
    /// Gives the follower the time of some polls; what it has seen by then does not change the outcome.
    /// </summary>
    private static Task SettleAsync() => Task.Delay(60);
}
