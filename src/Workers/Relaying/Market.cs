// The present terms of the chain for a transaction. Enters: a node. Leaves: fees, the chain's clock, the nonces that
// accounts have used. Always holds: the node is asked at most once in a named time, however many transactions are
// signed in between.
using System.Collections.Concurrent;
using EventSourced.Chain.Sending;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Workers.Relaying;

/// <summary>Fees in wei, and the newest block at the time of the question.</summary>
internal sealed record Quote(ulong TipWei, ulong FeeWei, ulong Block, ulong TimeSeconds)
{
    private const ulong BumpNumerator = 9;
    private const ulong BumpDenominator = 8;

    internal Fees Fees => new(TipWei, FeeWei);

    /// <summary>The higher of these fees and the fees to outbid plus an eighth.</summary>
    internal Quote Above(ulong tipWei, ulong feeWei) =>
        this with { TipWei = Math.Max(TipWei, Raised(tipWei)), FeeWei = Math.Max(FeeWei, Raised(feeWei)) };

    // Nodes demand 10 % more to replace a transaction, some 12.5 %. The one wei more is for small numbers.
    private static ulong Raised(ulong wei) => wei * BumpNumerator / BumpDenominator + 1;
}

/// <summary>Asks a node for prices.</summary>
internal sealed class Market(EthereumClient client, RelayerOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<Address, ulong> _floors = new();
    private Quote? _quote;
    private long _asked;

    internal async Task<Quote> QuoteAsync(CancellationToken cancellation)
    {
        if (_quote is { } known && time.GetElapsedTime(_asked) < options.QuoteAge) return known;
        var head = await client.GetHeaderAsync(BlockTag.Latest, cancellation).ConfigureAwait(false)
            ?? throw new RpcException(
                // A node behind a load balancer may know no block for a moment: the part pauses and asks again.
                RpcFault.Malformed, "the node", "eth_getBlockByNumber", "expected a newest block, found none");
        var tip = Narrowed(await client.GetPriorityFeeAsync(cancellation).ConfigureAwait(false));
        // Twice the base fee outlasts six full blocks in a row.
        var fee = Math.Clamp(2 * Narrowed(head.BaseFeePerGas ?? 0UL) + tip, 1, options.FeeCapWei);
        _asked = time.GetTimestamp();
        return _quote = new Quote(Math.Min(tip, fee), fee, head.Number, head.Timestamp);
    }

    /// <summary>The account's next nonce on the chain: it can send nothing more under a lower one.</summary>
    internal async Task<ulong> FloorAsync(Address account, CancellationToken cancellation)
    {
        if (_floors.TryGetValue(account, out var known)) return known;
        return _floors[account] =
            await client.GetNonceAsync(account, BlockTag.Latest, cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes the next signature of the account ask the node again.</summary>
    internal void ForgetFloor(Address account) => _floors.TryRemove(account, out _);

    private ulong Narrowed(UInt256 wei) =>
        wei.TryToUInt64(out var narrow) ? Math.Min(narrow, options.FeeCapWei) : options.FeeCapWei;
}
