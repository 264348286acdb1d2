// The time of the block to come, the fees, and the forwarder's counts: what the chain alone knows. Enters: questions.
// Leaves: answers of a node. Always holds: time and fees are asked at most once in a short while, whoever asks; a count
// is asked anew each time.
using System.Text.Json;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using Address = EventSourced.Ethereum.Address;
using UInt256 = EventSourced.Ethereum.UInt256;

namespace EventSourced.Api.Commands.Checks;

/// <summary>The price of a unit of gas.</summary>
internal sealed record GasPrices(UInt256 MaxFeePerGas, UInt256 MaxPriorityFeePerGas);

/// <summary>Asks the chain.</summary>
internal sealed class ChainClock(Economy economy, EthereumClient node, TimeProvider time) : IDisposable
{
    /// <summary>How long the time is believed.</summary>
    public static readonly TimeSpan TimeKept = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PricesKept = TimeSpan.FromSeconds(2);
    private static readonly AbiFunction Nonces = AbiFunction.Parse(
        "function nonces(address owner) view returns (uint256)");

    private readonly SemaphoreSlim _gate = new(1);
    private (long At, Instant Value)? _now;
    private (long At, GasPrices Value)? _prices;

    /// <summary>The time of the block to come.</summary>
    public async ValueTask<Instant> NowAsync(CancellationToken cancellation)
    {
        if (Fresh(_now, TimeKept) is { } kept) return kept;
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Fresh(_now, TimeKept) is { } meanwhile) return meanwhile;
            var seconds = await PendingTimeAsync(cancellation).ConfigureAwait(false)
                ?? (await node.GetHeaderAsync(BlockTag.Latest, cancellation).ConfigureAwait(false))?.Timestamp ?? 0;
            _now = (time.GetTimestamp(), new Instant(seconds));
            return _now.Value.Value;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// The highest price of gas: twice the present one, because the base fee may rise until a block takes the
    /// transaction.
    /// </summary>
    public async ValueTask<GasPrices> PricesAsync(CancellationToken cancellation)
    {
        if (_prices is { } kept && time.GetElapsedTime(kept.At) < PricesKept) return kept.Value;
        var price = node.GetGasPriceAsync(cancellation);
        var tip = await node.GetPriorityFeeAsync(cancellation).ConfigureAwait(false);
        var prices = new GasPrices((await price.ConfigureAwait(false) << 1) + tip, tip);
        _prices = (time.GetTimestamp(), prices);
        return prices;
    }

    /// <summary>The forwarder's count of a sender: the nonce of its next request.</summary>
    public async Task<ulong> NextRequestAsync(Address sender, CancellationToken cancellation)
    {
        var answer = await node.CallAsync(
            new CallRequest(economy.Forwarder, Chain.Encoding.AbiEncoder.EncodeCall(Nonces, sender)), BlockTag.Latest,
            cancellation).ConfigureAwait(false);
        return Nonces.DecodeResult(answer)[0].AsUInt256().TryToUInt64(out var nonce) ? nonce : ulong.MaxValue;
    }

    /// <summary>The nonce of a sender's next transaction, behind the ones that the node has.</summary>
    public Task<ulong> TransactionNonceAsync(Address sender, CancellationToken cancellation) =>
        node.GetNonceAsync(sender, BlockTag.Pending, cancellation);

    /// <summary>How many transactions of a sender blocks hold.</summary>
    public Task<ulong> TransactionsAsync(Address sender, CancellationToken cancellation) =>
        node.GetNonceAsync(sender, BlockTag.Latest, cancellation);

    /// <summary>The newest block.</summary>
    public Task<ulong> HeadAsync(CancellationToken cancellation) => node.GetBlockNumberAsync(cancellation);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private Instant? Fresh((long At, Instant Value)? kept, TimeSpan most) =>
        kept is { } known && time.GetElapsedTime(known.At) < most ? known.Value : null;

    // The pending block has no hash, so the reader of headers does not take it.
    private Task<ulong?> PendingTimeAsync(CancellationToken cancellation) => node.Rpc.CallAsync(
        new RpcCall("eth_getBlockByNumber", json =>
        {
            json.WriteStringValue("pending");
            json.WriteBooleanValue(false);
        }),
        static ulong? (ref Utf8JsonReader reader) =>
        {
            using var block = JsonDocument.ParseValue(ref reader);
            return block.RootElement.ValueKind == JsonValueKind.Object
                && block.RootElement.TryGetProperty("timestamp", out var seconds)
                && Ethereum.Hex.TryReadQuantity(
                    System.Text.Encoding.ASCII.GetBytes(seconds.GetString() ?? ""), out var value) ? value : null;
        },
        cancellation);
}
