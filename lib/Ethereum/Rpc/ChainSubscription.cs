// The head of the chain, followed by WebSocket without a hole. Enters: an endpoint and the block to go on from. Leaves:
// headers as the node announces them, and between them the missed numbers: after a reconnect, or when the node skips.
// Always holds: for every number from the start to the newest at least one header was given, in rising order but for
// reorgs, where the number falls back; the reader finds replaced blocks by parent hashes.
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EventSourced.Ethereum.Json;

namespace EventSourced.Ethereum.Rpc;

/// <summary>Follows the chain's head.</summary>
public static class ChainSubscription
{
    /// <summary>The most missing headers that are asked for at once.</summary>
    public const ulong MaxHeadersAtOnce = 64;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Follows newHeads from a block on; it reconnects and fills gaps, and fails after MaxReconnects failures in a row.
    /// </summary>
    public static async IAsyncEnumerable<BlockHeader> HeadsAsync(
        Uri endpoint, RpcOptions options, ulong from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        BlockHeader? last = null;
        var failures = 0;
        var pause = FirstPause;
        while (true)
        {
            // An iterator may not yield inside try/catch, so one connection's faults are carried out as values.
            var (session, fault) = await OpenAsync(endpoint, options, last, from, cancellation).ConfigureAwait(false);
            if (session is not null)
            {
                await using (session.ConfigureAwait(false))
                {
                    while (true)
                    {
                        (var header, fault) = await session.NextAsync(cancellation).ConfigureAwait(false);
                        if (header is null) break;
                        failures = 0;
                        pause = FirstPause;
                        last = header;
                        yield return header;
                    }
                }
            }

            if (!fault!.IsTransient || ++failures >= options.MaxReconnects)
                throw new RpcException(fault.Fault, fault.Endpoint, fault.Method,
                    $"gave up after {failures} failures in a row: {fault.Message}", fault);
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
            pause = 2 * pause < options.MaxDelay ? 2 * pause : options.MaxDelay;
        }
    }

    private static async Task<(Session? Session, RpcException? Fault)> OpenAsync(
        Uri endpoint, RpcOptions options, BlockHeader? last, ulong from, CancellationToken cancellation)
    {
        WebSocketRpc? rpc = null;
        try
        {
            rpc = await WebSocketRpc.ConnectAsync(endpoint, options, cancellation).ConfigureAwait(false);
            if (options.ExpectedChainId is { } expected)
            {
                var found = await rpc.CallAsync(
                    new RpcCall("eth_chainId"), JsonValues.Quantity, cancellation).ConfigureAwait(false);
                if (found != expected)
                    throw new RpcException(RpcFault.WrongChain, endpoint.Authority, "eth_chainId",
                        $"expected chain {expected}, found chain {found}");
            }

            // The subscription comes first and the question for the newest block second: a block in between is in both,
            // and never in neither.
            var heads = await rpc.SubscribeAsync("newHeads", null, RpcReaders.Header,
                cancellation).ConfigureAwait(false);
            var newest = await rpc.CallAsync(
                EthereumClient.HeaderCall(BlockTag.Latest), RpcReaders.Header, cancellation).ConfigureAwait(false);
            return (new Session(rpc, heads, last, from) { Waiting = newest }, null);
        }
        catch (RpcException fault)
        {
            if (rpc is not null) await rpc.DisposeAsync().ConfigureAwait(false);
            return (null, fault);
        }
    }

    /// <summary>One connection: announced headers, with the missed ones asked for and put before them.</summary>
    private sealed class Session(
        WebSocketRpc rpc, ChannelReader<BlockHeader?> heads, BlockHeader? last, ulong from) : IAsyncDisposable
    {
        private readonly Queue<BlockHeader> _missed = new();
        private BlockHeader? _given = last;

        /// <summary>The header that is given next, once the missing headers before it have been given.</summary>
        public BlockHeader? Waiting { get; set; }

        private ulong Next => _given is { } given ? given.Number + 1 : from;

        public async Task<(BlockHeader? Header, RpcException? Fault)> NextAsync(CancellationToken cancellation)
        {
            try
            {
                while (true)
                {
                    if (_missed.TryDequeue(out var missed)) return (_given = missed, null);
                    Waiting ??= await heads.ReadAsync(cancellation).ConfigureAwait(false)
                        ?? throw new RpcException(
                            RpcFault.Malformed, "the subscription", "newHeads", "expected a header, found null");
                    if (Waiting.Number > Next && await FillAsync(Waiting.Number, cancellation).ConfigureAwait(false))
                        continue;
                    var header = Waiting;
                    Waiting = null;
                    // Either announced and asked for both, or still before the start.
                    if (header.Hash == _given?.Hash || (_given is null && header.Number < from)) continue;
                    return (_given = header, null);
                }
            }
            catch (RpcException fault)
            {
                return (null, fault);
            }
            catch (ChannelClosedException closed)
            {
                return (null,
                    closed.InnerException as RpcException ?? new RpcException(
                        RpcFault.Unreachable, "the subscription", "newHeads", closed.Message, closed));
            }
        }

        public ValueTask DisposeAsync() => rpc.DisposeAsync();

        /// <summary>
        /// Asks for missing headers, many at once; false where a reorg to a shorter chain took them meanwhile.
        /// </summary>
        private async Task<bool> FillAsync(ulong until, CancellationToken cancellation)
        {
            var first = Next;
            var count = (int)Math.Min(until - first, MaxHeadersAtOnce);
            var asked = Enumerable.Range(0, count).Select(i => rpc.CallAsync(
                EthereumClient.HeaderCall(first + (ulong)i), RpcReaders.Header, cancellation));
            foreach (var header in await Task.WhenAll(asked).ConfigureAwait(false))
            {
                if (header is null) break;
                _missed.Enqueue(header);
            }

            return _missed.Count > 0;
        }
    }
}
