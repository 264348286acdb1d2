// Reads the result of eth_getLogs in one pass. Enters: JSON tokens over one contiguous buffer, from strangers. Leaves:
// each log to a visitor, with its data decoded into a rented buffer. Always holds: every field that a log must have was
// there; nothing is allocated per log; a block's hash and time are decoded once for a run of logs of the same block.
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EventSourced.Ethereum.Json;

namespace EventSourced.Ethereum.Logs;

/// <summary>Reads logs from JSON.</summary>
public static class LogReader
{
    [Flags]
    private enum Seen
    {
        None = 0,
        Address = 1,
        Topics = 2,
        Data = 4,
        BlockHash = 8,
        BlockNumber = 16,
        TransactionHash = 32,
        TransactionIndex = 64,
        LogIndex = 128,
        All = 255,
    }

    /// <summary>
    /// Reads an array of logs that the reader stands on; answers how many. The reader must be over one span.
    /// </summary>
    public static int Read<TVisitor>(ref Utf8JsonReader reader, ref TVisitor visitor)
        where TVisitor : ILogVisitor, allows ref struct
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw JsonValues.Expected("an array of logs", ref reader);
        var state = new State { Scratch = ArrayPool<byte>.Shared.Rent(1024) };
        var count = 0;
        try
        {
            while (true)
            {
                Next(ref reader);
                if (reader.TokenType == JsonTokenType.EndArray) return count;
                ReadLog(ref reader, ref state);
                visitor.Visit(in state.Log, state.Scratch.AsSpan(0, state.Log.DataLength));
                count++;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(state.Scratch);
        }
    }

    /// <summary>Reads one log that the reader stands on, as a subscription sends it.</summary>
    public static void ReadOne<TVisitor>(ref Utf8JsonReader reader, ref TVisitor visitor)
        where TVisitor : ILogVisitor, allows ref struct
    {
        var state = new State { Scratch = ArrayPool<byte>.Shared.Rent(1024) };
        try
        {
            ReadLog(ref reader, ref state);
            visitor.Visit(in state.Log, state.Scratch.AsSpan(0, state.Log.DataLength));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(state.Scratch);
        }
    }

    private ref struct State
    {
        public Log Log;
        public byte[] Scratch;
        public ReadOnlySpan<byte> BlockHashText;
        public ReadOnlySpan<byte> BlockNumberText;
        public ReadOnlySpan<byte> TimestampText;
        public ReadOnlySpan<byte> TransactionText;
    }

    private static void ReadLog(ref Utf8JsonReader reader, ref State state)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw JsonValues.Expected("a log object", ref reader);
        ref var log = ref state.Log;
        log.Removed = false;
        var timed = false;
        var seen = Seen.None;
        while (true)
        {
            Next(ref reader);
            if (reader.TokenType == JsonTokenType.EndObject) break;
            var name = reader.ValueSpan;
            // The names differ in length, or in the letter tested; a stranger's name falls through to the last branch.
            switch (name.Length)
            {
                case 4 when name.SequenceEqual("data"u8):
                    ReadData(ref reader, ref state);
                    seen |= Seen.Data;
                    break;
                case 6 when name.SequenceEqual("topics"u8):
                    ReadTopics(ref reader, ref log);
                    seen |= Seen.Topics;
                    break;
                case 7 when name.SequenceEqual("address"u8):
                    NextText(ref reader);
                    log.Address = JsonValues.Account(ref reader);
                    seen |= Seen.Address;
                    break;
                case 7 when name.SequenceEqual("removed"u8):
                    Next(ref reader);
                    log.Removed = JsonValues.Truth(ref reader);
                    break;
                case 8 when name.SequenceEqual("logIndex"u8):
                    NextText(ref reader);
                    log.LogIndex = SmallQuantity(ref reader);
                    seen |= Seen.LogIndex;
                    break;
                case 9 when name.SequenceEqual("blockHash"u8):
                    if (IsNew(ref reader, ref state.BlockHashText)) log.BlockHash = JsonValues.Hash(ref reader);
                    seen |= Seen.BlockHash;
                    break;
                case 11 when name.SequenceEqual("blockNumber"u8):
                    if (IsNew(ref reader, ref state.BlockNumberText)) log.BlockNumber = JsonValues.Quantity(ref reader);
                    seen |= Seen.BlockNumber;
                    break;
                case 14 when name.SequenceEqual("blockTimestamp"u8):
                    timed = ReadTimestamp(ref reader, ref state);
                    break;
                case 15 when name.SequenceEqual("transactionHash"u8):
                    if (IsNew(ref reader, ref state.TransactionText)) log.TransactionHash = JsonValues.Hash(ref reader);
                    seen |= Seen.TransactionHash;
                    break;
                case 16 when name.SequenceEqual("transactionIndex"u8):
                    NextText(ref reader);
                    log.TransactionIndex = SmallQuantity(ref reader);
                    seen |= Seen.TransactionIndex;
                    break;
                default:
                    JsonValues.SkipField(ref reader);
                    break;
            }
        }

        if (!timed) log.BlockTimestamp = null;
        if (!timed) state.TimestampText = default;
        if (seen != Seen.All)
            throw JsonValues.Missing(
                (Seen.All & ~seen).ToString(), $"the log that ends at byte {reader.BytesConsumed}");
    }

    /// <summary>Moves to the value and tells whether it differs from the same field of the log before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNew(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> before)
    {
        NextText(ref reader);
        if (reader.ValueSpan.SequenceEqual(before)) return false;
        before = reader.ValueSpan;
        return true;
    }

    private static bool ReadTimestamp(ref Utf8JsonReader reader, ref State state)
    {
        Next(ref reader);
        if (reader.TokenType == JsonTokenType.Null) return false;
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.SequenceEqual(state.TimestampText))
            return true;
        state.Log.BlockTimestamp = JsonValues.Quantity(ref reader);
        state.TimestampText = reader.ValueSpan;
        return true;
    }

    private static void ReadTopics(ref Utf8JsonReader reader, ref Log log)
    {
        Next(ref reader);
        if (reader.TokenType != JsonTokenType.StartArray) throw JsonValues.Expected("an array of topics", ref reader);
        var count = 0;
        while (true)
        {
            Next(ref reader);
            if (reader.TokenType == JsonTokenType.EndArray) break;
            if (count == Log.MaxTopics) throw JsonValues.Expected($"at most {Log.MaxTopics} topics", ref reader);
            log.TopicValues[count++] = JsonValues.Hash(ref reader);
        }

        log.TopicCount = count;
    }

    private static void ReadData(ref Utf8JsonReader reader, ref State state)
    {
        NextText(ref reader);
        var text = JsonValues.Plain(ref reader);
        if (text.Length < 2 || text.Length % 2 != 0)
            throw JsonValues.Expected("0x and an even count of hex digits", ref reader);
        var length = text.Length / 2 - 1;
        if (length > state.Scratch.Length)
        {
            ArrayPool<byte>.Shared.Return(state.Scratch);
            state.Scratch = [];
            state.Scratch = ArrayPool<byte>.Shared.Rent(length);
        }

        if (!Hex.TryReadExactly(text, state.Scratch.AsSpan(0, length)))
            throw JsonValues.Expected("0x and hex digits", ref reader);
        state.Log.DataLength = length;
    }

    private static uint SmallQuantity(ref Utf8JsonReader reader)
    {
        var value = JsonValues.Quantity(ref reader);
        return value <= uint.MaxValue ? (uint)value : throw JsonValues.Expected("an index below 2^32", ref reader);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) throw new JsonException("expected more JSON, found the end");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void NextText(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String) throw JsonValues.Expected("a text", ref reader);
    }
}
