// The time of the block to come, by which contracts judge deadlines. Enters: a node. Leaves: seconds. Always holds: a
// node without a pending block answers with the time of its newest block.
using System.Text.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Workers.Acting;

/// <summary>Asks for the pending block.</summary>
public static class PendingBlock
{
    /// <summary>Its timestamp.</summary>
    public static async Task<ulong> TimeAsync(EthereumClient node, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(node);
        return await PendingAsync(node, cancellation).ConfigureAwait(false)
            ?? (await node.GetHeaderAsync(BlockTag.Latest, cancellation).ConfigureAwait(false))?.Timestamp ?? 0;
    }

    // The pending block has no hash, so the reader of headers cannot read it.
    private static Task<ulong?> PendingAsync(EthereumClient node, CancellationToken cancellation) => node.Rpc.CallAsync(
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
                && Hex.TryReadQuantity(
                    System.Text.Encoding.ASCII.GetBytes(seconds.GetString() ?? ""), out var value) ? value : null;
        },
        cancellation);
}
