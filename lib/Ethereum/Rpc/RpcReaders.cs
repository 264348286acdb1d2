// Readers of the results that Ethereum's methods answer. Enters: JSON tokens from strangers. Leaves: values, or a
// JsonException that says expected and found; unknown fields are skipped, missing ones are named.
using System.Text.Json;

namespace EventSourced.Ethereum.Rpc;

/// <summary>Readers for results of JSON-RPC.</summary>
public static class RpcReaders
{
    /// <summary>The most bytes of a text value that is read into memory of its own.</summary>
    public const int MaxBytesLength = 64 << 20;

    /// <summary>A quantity of at most 64 bits.</summary>
    public static ulong Quantity(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && Hex.TryReadQuantity(Plain(ref reader), out var value)
            ? value
            : throw Expected("a quantity of at most 64 bits", ref reader);

    /// <summary>A quantity of at most 256 bits.</summary>
    public static UInt256 BigQuantity(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && Plain(ref reader) is [(byte)'0', (byte)'x', ..] text &&
            UInt256.TryParse(text, null, out var value)
            ? value
            : throw Expected("a quantity of at most 256 bits", ref reader);

    /// <summary>32 bytes.</summary>
    public static Hash32 Hash(ref Utf8JsonReader reader)
    {
        Span<byte> bytes = stackalloc byte[Hash32.ByteCount];
        return reader.TokenType == JsonTokenType.String && Hex.TryReadExactly(Plain(ref reader), bytes)
            ? new Hash32(bytes)
            : throw Expected("0x and 64 hex digits", ref reader);
    }

    /// <summary>An address.</summary>
    public static Address Account(ref Utf8JsonReader reader)
    {
        Span<byte> bytes = stackalloc byte[Address.ByteCount];
        return reader.TokenType == JsonTokenType.String && Hex.TryReadExactly(Plain(ref reader), bytes)
            ? new Address(bytes)
            : throw Expected("0x and 40 hex digits", ref reader);
    }

    /// <summary>Bytes of any length.</summary>
    public static byte[] Bytes(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType == JsonTokenType.String ? Plain(ref reader) : default;
        if (text.Length < 2 || text.Length % 2 != 0 || text.Length > 2 * MaxBytesLength)
            throw Expected("0x and hex digits", ref reader);
        var bytes = new byte[text.Length / 2 - 1];
        return Hex.TryReadExactly(text, bytes) ? bytes : throw Expected("0x and hex digits", ref reader);
    }

    /// <summary>A text.</summary>
    public static string Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) throw Expected("a text", ref reader);
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException(
                $"expected a text of UTF-8, found other bytes, at byte {reader.TokenStartIndex}", broken);
        }
    }

    /// <summary>true or false.</summary>
    public static bool Truth(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.GetBoolean()
            : throw Expected("true or false", ref reader);

    /// <summary>Anything; it is skipped.</summary>
    public static bool Anything(ref Utf8JsonReader reader) => RpcEnvelope.Skip(ref reader);

    /// <summary>A block's header, or null where the node has no such block.</summary>
    public static BlockHeader? Header(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        Enter(ref reader, "a block");
        ulong? number = null;
        ulong? timestamp = null;
        Hash32? hash = null;
        Hash32? parent = null;
        UInt256? baseFee = null;
        ulong gasLimit = 0;
        Logs.LogsBloom? bloom = null;
        while (Field(ref reader))
        {
            if (Is(ref reader, "number"u8)) number = Quantity(ref reader);
            else if (Is(ref reader, "timestamp"u8)) timestamp = Quantity(ref reader);
            else if (Is(ref reader, "hash"u8)) hash = Hash(ref reader);
            else if (Is(ref reader, "parentHash"u8)) parent = Hash(ref reader);
            else if (Is(ref reader, "baseFeePerGas"u8)) baseFee = BigQuantity(ref reader);
            else if (Is(ref reader, "gasLimit"u8)) gasLimit = Quantity(ref reader);
            else if (Is(ref reader, "logsBloom"u8)) bloom = Bloom(ref reader);
            else SkipField(ref reader);
        }

        return new BlockHeader(
            number ?? throw Missing("number", "a block"),
            hash ?? throw Missing("hash", "a block"),
            parent ?? throw Missing("parentHash", "a block"),
            timestamp ?? throw Missing("timestamp", "a block"),
            baseFee,
            gasLimit)
        { Bloom = bloom };
    }

    /// <summary>The logs of a block's receipts, in order; null where the node has no such block.</summary>
    public static Logs.LogBatch? ReceiptLogs(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType != JsonTokenType.StartArray) throw Expected("an array of receipts", ref reader);
        var logs = new Logs.LogBatch();
        while (true)
        {
            RpcEnvelope.Advance(ref reader);
            if (reader.TokenType == JsonTokenType.EndArray) return logs;
            Enter(ref reader, "a receipt");
            while (Field(ref reader))
            {
                if (Is(ref reader, "logs"u8)) Logs.LogReader.Read(ref reader, ref logs);
                else SkipField(ref reader);
            }
        }
    }

    private static Logs.LogsBloom? Bloom(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        var bytes = Bytes(ref reader);
        return bytes.Length == Logs.LogsBloom.ByteCount
            ? new Logs.LogsBloom(bytes)
            : throw Expected($"{Logs.LogsBloom.ByteCount} bytes of bloom", ref reader);
    }

    /// <summary>A transaction's receipt, or null where it is not mined.</summary>
    public static TransactionReceipt? Receipt(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        Enter(ref reader, "a receipt");
        Hash32? transaction = null;
        Hash32? block = null;
        ulong? number = null;
        ulong? status = null;
        ulong gasUsed = 0;
        UInt256 price = default;
        Address? from = null;
        Address? to = null;
        Address? contract = null;
        var logs = new Logs.LogBatch();
        while (Field(ref reader))
        {
            if (Is(ref reader, "transactionHash"u8)) transaction = Hash(ref reader);
            else if (Is(ref reader, "blockHash"u8)) block = Hash(ref reader);
            else if (Is(ref reader, "blockNumber"u8)) number = Quantity(ref reader);
            else if (Is(ref reader, "status"u8)) status = Quantity(ref reader);
            else if (Is(ref reader, "gasUsed"u8)) gasUsed = Quantity(ref reader);
            else if (Is(ref reader, "effectiveGasPrice"u8)) price = BigQuantity(ref reader);
            else if (Is(ref reader, "from"u8)) from = Account(ref reader);
            else if (Is(ref reader, "to"u8)) to = reader.TokenType == JsonTokenType.Null ? null : Account(ref reader);
            else if (Is(ref reader, "contractAddress"u8))
                contract = reader.TokenType == JsonTokenType.Null ? null : Account(ref reader);
            else if (Is(ref reader, "logs"u8)) Logs.LogReader.Read(ref reader, ref logs);
            else SkipField(ref reader);
        }

        return new TransactionReceipt(
            transaction ?? throw Missing("transactionHash", "a receipt"),
            block ?? throw Missing("blockHash", "a receipt"),
            number ?? throw Missing("blockNumber", "a receipt"),
            (status ?? throw Missing("status", "a receipt")) == 1,
            gasUsed,
            price,
            from ?? throw Missing("from", "a receipt"),
            to,
            contract,
            logs);
    }

    internal static void Enter(ref Utf8JsonReader reader, string what)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Expected(what, ref reader);
    }

    /// <summary>Moves to the next property name; false at the object's end.</summary>
    internal static bool Field(ref Utf8JsonReader reader)
    {
        RpcEnvelope.Advance(ref reader);
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    /// <summary>Whether the property has this name; if so the reader moves on to its value.</summary>
    internal static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name)) return false;
        RpcEnvelope.Advance(ref reader);
        return true;
    }

    internal static void SkipField(ref Utf8JsonReader reader)
    {
        RpcEnvelope.Advance(ref reader);
        reader.Skip();
    }

    /// <summary>A text token's bytes; hex digits never need escapes, so an escaped text is refused.</summary>
    internal static ReadOnlySpan<byte> Plain(ref Utf8JsonReader reader) =>
        reader.HasValueSequence || reader.ValueIsEscaped
            ? throw Expected("hex digits in one piece", ref reader)
            : reader.ValueSpan;

    internal static JsonException Expected(string what, ref Utf8JsonReader reader)
    {
        var text = reader.HasValueSequence
            ? ""
            : System.Text.Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(80, reader.ValueSpan.Length)]);
        return new JsonException(
            $"expected {what}, found {reader.TokenType} '{text}', at byte {reader.TokenStartIndex}");
    }

    internal static JsonException Missing(string field, string what) =>
        new($"expected the field '{field}' in {what}, found none");
}
