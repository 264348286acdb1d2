// Readers of the results that Ethereum's methods answer. Enters: JSON tokens from strangers. Leaves: values, or a
// JsonException that says expected and found; unknown fields are skipped, missing ones are named.
using System.Text.Json;
using static EventSourced.Ethereum.Json.JsonValues;

namespace EventSourced.Ethereum.Rpc;

/// <summary>Readers for results of JSON-RPC.</summary>
public static class RpcReaders
{
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
            Advance(ref reader);
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
}
