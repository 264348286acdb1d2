// A block's receipts against its header. Enters: a node's answers to eth_getBlockByNumber and eth_getBlockReceipts.
// Leaves: the header as far as it is checked, and the root and logs that the receipts give. Always holds: the node's
// word on a root is never believed: the receipts are encoded as the chain encodes them, and hashed here; the hash of a
// header is made of its fields. A receipt of a type that we cannot encode is a fault, never passed by.
using System.Text.Json;
using EventSourced.Ethereum.RlpEncoding;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Ethereum.Receipts;

/// <summary>A log as a receipt holds it.</summary>
/// <param name="Address">The contract.</param>
/// <param name="Topics">Its topics.</param>
/// <param name="Data">Its data.</param>
public sealed record ReceiptLog(Address Address, IReadOnlyList<Hash32> Topics, ReadOnlyMemory<byte> Data);

/// <summary>The receipts of a block, as they were hashed.</summary>
/// <param name="Root">The root that they give.</param>
/// <param name="Logs">Their logs in the order of the block.</param>
public sealed record BlockReceipts(Hash32 Root, IReadOnlyList<ReceiptLog> Logs);

/// <summary>The part of a header that commits to receipts and to the state.</summary>
/// <param name="Number">The block's number.</param>
/// <param name="Hash">The hash of the block, by the node's word.</param>
/// <param name="Computed">The hash of its fields.</param>
/// <param name="ParentHash">The block before.</param>
/// <param name="ReceiptsRoot">The root of its receipts.</param>
/// <param name="StateRoot">The root of all accounts after it.</param>
public sealed record CommittingHeader(
    ulong Number, Hash32 Hash, Hash32 Computed, Hash32 ParentHash, Hash32 ReceiptsRoot, Hash32 StateRoot);

/// <summary>Reads and hashes receipts.</summary>
public static class ReceiptProof
{
    /// <summary>The most receipts of a block that are read.</summary>
    public const int MostReceipts = 100_000;

    private const byte HighestKnownType = 4;

    // In the order of their encoding; from the base fee on a header may end before any of them.
    private static readonly (string Name, bool IsNumber)[] HeaderFields =
    [
        ("parentHash", false), ("sha3Uncles", false), ("miner", false), ("stateRoot", false),
        ("transactionsRoot", false), ("receiptsRoot", false), ("logsBloom", false), ("difficulty", true),
        ("number", true), ("gasLimit", true), ("gasUsed", true), ("timestamp", true), ("extraData", false),
        ("mixHash", false), ("nonce", false), ("baseFeePerGas", true), ("withdrawalsRoot", false),
        ("blobGasUsed", true), ("excessBlobGas", true), ("parentBeaconBlockRoot", false), ("requestsHash", false),
    ];

    /// <summary>The headers of some blocks; null where the node has none.</summary>
    public static Task<CommittingHeader?[]> HeadersAsync(
        EthereumClient client, IReadOnlyList<ulong> numbers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(numbers);
        return client.Rpc.BatchAsync(
            [.. numbers.Select(number => EthereumClient.HeaderCall(number))], ReadHeader, cancellation);
    }

    /// <summary>The receipts of some blocks; null where the node has no such block.</summary>
    public static Task<BlockReceipts?[]> ReceiptsAsync(
        EthereumClient client, IReadOnlyList<ulong> numbers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(numbers);
        return client.Rpc.BatchAsync(
            [.. numbers.Select(number => new RpcCall(
                "eth_getBlockReceipts", json => json.WriteStringValue(BlockTag.Number(number).ToString())))],
            ReadReceipts, cancellation);
    }

    private static CommittingHeader? ReadHeader(ref Utf8JsonReader reader)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        if (json.RootElement.ValueKind == JsonValueKind.Null) return null;
        var header = json.RootElement;
        var fields = HeaderFields.TakeWhile(
            field => header.TryGetProperty(field.Name, out var value) && value.ValueKind == JsonValueKind.String)
            .Select(field =>
                field.IsNumber ? Rlp.Text(Trimmed(header, field.Name)) : Rlp.Text(Bytes(header, field.Name)));
        return new CommittingHeader(
            Quantity(header, "number"), Hash(header, "hash"), Keccak256.Hash(Rlp.List(fields)),
            Hash(header, "parentHash"), Hash(header, "receiptsRoot"), Hash(header, "stateRoot"));
    }

    private static BlockReceipts? ReadReceipts(ref Utf8JsonReader reader)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        if (json.RootElement.ValueKind == JsonValueKind.Null) return null;
        if (json.RootElement.ValueKind != JsonValueKind.Array || json.RootElement.GetArrayLength() > MostReceipts)
            throw new JsonException(
                $"expected an array of at most {MostReceipts} receipts, found {json.RootElement.ValueKind}");
        var logs = new List<ReceiptLog>();
        var items = json.RootElement.EnumerateArray().Select(receipt => Encoded(receipt, logs)).ToList();
        return new BlockReceipts(OrderedTrie.Root(items), logs);
    }

    private static byte[] Encoded(JsonElement receipt, List<ReceiptLog> logs)
    {
        var type = receipt.TryGetProperty("type", out _) ? Quantity(receipt, "type") : 0;
        if (type > HighestKnownType)
            throw new JsonException(
                $"expected a receipt of a type up to {HighestKnownType}, found {type}, whose encoding is not known");
        var first = logs.Count;
        foreach (var log in Member(receipt, "logs", JsonValueKind.Array).EnumerateArray())
            logs.Add(new ReceiptLog(
                new Address(Exactly(log, "address", Address.ByteCount)),
                [.. Member(log, "topics", JsonValueKind.Array).EnumerateArray().Select(
                    topic => new Hash32(Exactly(topic, "a topic", Hash32.ByteCount)))],
                Bytes(log, "data")));
        // Before Byzantium a receipt held the state after it.
        var outcome = receipt.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String
            ? Rlp.Number(Quantity(receipt, "status"))
            : Rlp.Text(Exactly(receipt, "root", Hash32.ByteCount));
        var body = Rlp.List(
            outcome, Rlp.Number(Quantity(receipt, "cumulativeGasUsed")), Rlp.Text(Bytes(receipt, "logsBloom")),
            Rlp.List(logs.Skip(first).Select(Encoded)));
        return type == 0 ? body : [(byte)type, .. body];
    }

    private static byte[] Encoded(ReceiptLog log) => Rlp.List(
        Rlp.Text(log.Address.Bytes), Rlp.List(log.Topics.Select(topic => Rlp.Text(topic.Bytes))),
            Rlp.Text(log.Data.Span));

    private static JsonElement Member(JsonElement of, string name, JsonValueKind kind) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new JsonException($"expected {name} as {kind}, found another value or none");

    private static byte[] Bytes(JsonElement of, string name) => Text(Member(of, name, JsonValueKind.String), name);

    private static byte[] Text(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.String && Hex.TryToBytes(value.GetString(), out var bytes)
            ? bytes
            : throw new JsonException($"expected {name} as 0x and hex digits, found another value");

    private static byte[] Exactly(JsonElement of, string name, int length)
    {
        var bytes = of.ValueKind == JsonValueKind.Object ? Bytes(of, name) : Text(of, name);
        return bytes.Length == length
            ? bytes : throw new JsonException($"expected {name} of {length} bytes, found {bytes.Length}");
    }

    private static Hash32 Hash(JsonElement of, string name) => new(Exactly(of, name, Hash32.ByteCount));

    private static ulong Quantity(JsonElement of, string name) =>
        Hex.TryReadQuantity(
            System.Text.Encoding.UTF8.GetBytes(Member(of, name, JsonValueKind.String).GetString()!), out var value)
            ? value
            : throw new JsonException($"expected {name} as a quantity, found another value");

    private static ReadOnlySpan<byte> Trimmed(JsonElement of, string name)
    {
        var text = Member(of, name, JsonValueKind.String).GetString()!;
        // A quantity may have an odd number of digits.
        return text.Length > 2 && Hex.TryToBytes("0x" + (text.Length % 2 == 1 ? "0" : "") + text[2..], out var bytes)
            ? bytes.AsSpan().TrimStart((byte)0)
            : throw new JsonException($"expected {name} as a quantity, found another value");
    }
}
