// What the chain asks for a transaction now. Enters: a node. Leaves: fees, the chain's clock, the nonces that accounts
// have used. Always holds: asked at most once in a named time, however many transactions are signed in between.
using System.Collections.Concurrent;
using EventSourced.Chain.Sending;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Workers.Relaying;

/// <summary>Fees in wei, and the newest block as they were asked for.</summary>
internal sealed record Quote(ulong TipWei, ulong FeeWei, ulong Block, ulong TimeSeconds)
{
    private const ulong BumpNumerator = 9;
    private const ulong BumpDenominator = 8;

    internal Fees Fees => new(TipWei, FeeWei);

    /// <summary>These fees, or an eighth above the ones that are to be outbid, where that is more.</summary>
    internal Quote Above(ulong tipWei, ulong feeWei) =>
        this with { TipWei = Math.Max(TipWei, Raised(tipWei)), FeeWei = Math.Max(FeeWei, Raised(feeWei)) };

    // Nodes ask for 10 % to replace a transaction, and some for 12.5; the one more is for small numbers.
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
                // A node behind a balancer may know no block for a moment; the part pauses, and asks again.
                RpcFault.Malformed, "the node", "eth_getBlockByNumber", "expected a newest block, found none");
        var tip = Narrowed(await client.GetPriorityFeeAsync(cancellation).ConfigureAwait(false));
        // Twice the base fee outlasts six full blocks in a row.
        var fee = Math.Clamp(2 * Narrowed(head.BaseFeePerGas ?? 0UL) + tip, 1, options.FeeCapWei);
        _asked = time.GetTimestamp();
        return _quote = new Quote(Math.Min(tip, fee), fee, head.Number, head.Timestamp);
    }

    /// <summary>The nonces under which an account can send nothing any more.</summary>
    internal async Task<ulong> FloorAsync(Address account, CancellationToken cancellation)
    {
        if (_floors.TryGetValue(account, out var known)) return known;
        return _floors[account] =
            await client.GetNonceAsync(account, BlockTag.Latest, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks again before the account signs anything.</summary>
    internal void ForgetFloor(Address account) => _floors.TryRemove(account, out _);

    private ulong Narrowed(UInt256 wei) =>
        wei.TryToUInt64(out var narrow) ? Math.Min(narrow, options.FeeCapWei) : options.FeeCapWei;
}
