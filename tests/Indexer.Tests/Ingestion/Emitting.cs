// A chain whose one contract emits a log a call, each with a topic of its own, and a reader that follows it to its end.
using EventSourced.Chain.Sending;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Ingest;
using EventSourced.Testing;

namespace EventSourced.Indexer.Tests.Ingestion;

internal sealed record Emitted(ulong Block, Hash32 BlockHash, uint Index, Hash32 Topic);

internal sealed class Emitting : IAsyncDisposable
{
    // Emits LOG1 with the call's first word as topic and the rest as data.
    private static readonly byte[] Code = Convert.FromHexString("60203603806020600037600035906000a100");
    private static readonly Address Emitter = Address.Parse("0x00000000000000000000000000000000000e1117");
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly RpcOptions Patient = new()
    {
        ExpectedChainId = AnvilNode.ChainId,
        MaxAttempts = 40,
        FirstDelay = TimeSpan.FromMilliseconds(1),
        MaxDelay = TimeSpan.FromMilliseconds(5),
        MaxRetryAfter = TimeSpan.FromMilliseconds(5),
        CoolDown = TimeSpan.FromMilliseconds(50),
    };

    private readonly SigningKey _key = SigningKey.Parse(AnvilNode.RichKey);
    private readonly HttpRpc _rpc;
    private readonly EthereumClient _client;
    private ulong _serial;

    private Emitting(AnvilNode node)
    {
        Node = node;
        _rpc = new HttpRpc([node.Http]);
        (_client, Anvil) = (new EthereumClient(_rpc), new AnvilControl(_rpc));
    }

    public AnvilNode Node { get; }

    public AnvilControl Anvil { get; }

    public static IngestionOptions Options(ulong depth) => new()
    {
        Contracts = [Emitter],
        FinalityDepth = depth,
        PollInterval = TimeSpan.FromMilliseconds(5),
        BelowFinalityAnnouncements = 20,
        MaxContradictions = 8,
    };

    public static async Task<Emitting> StartAsync()
    {
        var chain = new Emitting(
            await AnvilNode.StartAsync("--accounts", "1", "--gas-price", "0", "--block-base-fee-per-gas", "0"));
        await chain.Anvil.SetCodeAsync(Emitter, Code, None);
        await chain.Anvil.SetAutomineAsync(false, None);
        return chain;
    }

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        _key.Dispose();
        await Node.DisposeAsync();
    }

    /// <summary>The newest block's number.</summary>
    public Task<ulong> HeightAsync() => _client.GetBlockNumberAsync(None);

    public async Task MineAsync(int blocks, int logsEach)
    {
        for (var block = 0; block < blocks; block++)
        {
            var nonce = await _client.GetNonceAsync(_key.Address, BlockTag.Latest, None);
            for (var i = 0; i < logsEach; i++)
            {
                var call = new Call(Emitter, Hash32.FromUInt256(++_serial).Bytes.ToArray(), GasLimit: 100_000);
                await _client.SendAsync(Transactions.Sign(_key, AnvilNode.ChainId, nonce++, default, call), None);
            }

            await Anvil.MineAsync(None);
        }
    }

    /// <summary>The chain as it is now, read in one plain question.</summary>
    public async Task<IReadOnlyList<Emitted>> CanonicalAsync()
    {
        using var logs = await _client.GetLogsAsync(
            new LogFilter(0ul, BlockTag.Latest) { Addresses = [Emitter] }, None);
        return [.. Enumerable.Range(0, logs.Count).Select(i => Of(in logs[i]))];
    }

    /// <summary>
    /// Follows until the present is reached, lets the chain be changed, and ends on the node's newest block.
    /// </summary>
    public async Task<IReadOnlyList<Emitted>> FollowAsync(IReadOnlyList<Uri> endpoints, ulong depth, Func<Task> change)
    {
        using var rpc = new HttpRpc(endpoints, Patient);
        using var limit = new CancellationTokenSource(Limit);
        var updates = new ChainIngestion(
            new EthereumClient(rpc), Options(depth)).RunAsync(null, limit.Token).GetAsyncEnumerator(limit.Token);
        await using var _ = updates;
        var (logs, tip, changing) = (new List<Emitted>(), default(ChainLink), default(Task));
        var pending = updates.MoveNextAsync().AsTask();
        try
        {
            return await ReachAsync();
        }
        finally
        {
            await limit.CancelAsync();
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<IReadOnlyList<Emitted>> ReachAsync()
        {
            while (true)
            {
                await Task.WhenAny(pending, Task.Delay(20));
                if (pending.IsCompleted)
                {
                    Assert.True(await pending);
                    tip = Take(updates.Current, logs, tip);
                    pending = updates.MoveNextAsync().AsTask();
                    continue;
                }

                if (tip.Hash != await NewestAsync()) continue;
                changing ??= change();
                if (!changing.IsCompleted) continue;
                await changing;
                if (tip.Hash == await NewestAsync()) return logs;
            }
        }
    }

    private async Task<Hash32> NewestAsync() => (await _client.GetHeaderAsync(BlockTag.Latest, None))!.Hash;

    private static ChainLink Take(ChainUpdate update, List<Emitted> logs, ChainLink tip)
    {
        switch (update)
        {
            case ChainUpdate.Past past:
                Take(past.Range, logs);
                return tip;
            case ChainUpdate.Applied applied:
                Assert.True(tip == default || applied.Block.ParentHash == tip.Hash,
                    $"expected a child of {tip}, found {applied.Block}");
                Take(applied.Logs, logs);
                return applied.Block;
            case ChainUpdate.Reverted undone:
                logs.RemoveAll(log => log.Block > undone.Ancestor.Number);
                return undone.Ancestor;
            case ChainUpdate.Finalized final:
                return tip == default || tip.Number < final.Block.Number ? final.Block : tip;
            case ChainUpdate.Reached reached:
                Assert.Equal(tip, reached.Block);
                return tip;
            default:
                throw new InvalidOperationException($"expected a known update, found {update}");
        }
    }

    private static void Take(RangeLogs range, List<Emitted> logs)
    {
        using var _ = range;
        for (var i = 0; i < range.Logs.Count; i++) logs.Add(Of(in range.Logs[i]));
    }

    private static Emitted Of(in Log log) => new(log.BlockNumber, log.BlockHash, log.LogIndex, log.Topics[0]);
}
