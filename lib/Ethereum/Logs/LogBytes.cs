// Logs as bytes, to be kept beside the program that read them. Enters: logs in order. Leaves: bytes; or the same logs
// of bytes that somebody may have spoiled. Always holds: what cannot be read whole is refused whole.
using System.Buffers;
using System.Buffers.Binary;

namespace EventSourced.Ethereum.Logs;

/// <summary>Writes and reads logs.</summary>
public static class LogBytes
{
    // Address, two indexes, number, time with its flag, two hashes, the count of topics, the length of the data.
    private const int FixedBytes = Address.ByteCount + 2 * sizeof(uint) + 2 * sizeof(ulong) + 1 + 2 * Hash32.ByteCount
        + 1 + sizeof(int);

    /// <summary>Writes one log.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="log">The log.</param>
    /// <param name="time">Its block's time, where it is known.</param>
    /// <param name="data">Its data.</param>
    public static void Write(IBufferWriter<byte> output, in Log log, ulong? time, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(output);
        var size = FixedBytes + log.TopicCount * Hash32.ByteCount + data.Length;
        var bytes = output.GetSpan(size)[..size];
        log.Address.Bytes.CopyTo(bytes);
        var at = Address.ByteCount;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], log.LogIndex);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(at += sizeof(uint))..], log.TransactionIndex);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(at += sizeof(uint))..], log.BlockNumber);
        bytes[at += sizeof(ulong)] = time is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[++at..], time ?? 0);
        log.BlockHash.Bytes.CopyTo(bytes[(at += sizeof(ulong))..]);
        log.TransactionHash.Bytes.CopyTo(bytes[(at += Hash32.ByteCount)..]);
        bytes[at += Hash32.ByteCount] = (byte)log.TopicCount;
        at++;
        foreach (ref readonly var topic in log.Topics)
        {
            topic.Bytes.CopyTo(bytes[at..]);
            at += Hash32.ByteCount;
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes[at..], data.Length);
        data.CopyTo(bytes[(at + sizeof(int))..]);
        output.Advance(size);
    }

    /// <summary>Reads all logs; false where the bytes are not those of so many logs.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int count, LogBatch logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        for (var i = 0; i < count; i++)
            if (!TryReadOne(ref bytes, logs)) return false;
        return bytes.IsEmpty;
    }

    private static bool TryReadOne(ref ReadOnlySpan<byte> bytes, LogBatch logs)
    {
        if (bytes.Length < FixedBytes) return false;
        var log = new Log { Address = new Address(bytes[..Address.ByteCount]) };
        var at = Address.ByteCount;
        log.LogIndex = BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        log.TransactionIndex = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at += sizeof(uint))..]);
        log.BlockNumber = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at += sizeof(uint))..]);
        var isTimed = bytes[at += sizeof(ulong)];
        var time = BinaryPrimitives.ReadUInt64LittleEndian(bytes[++at..]);
        if (isTimed == 1) log.BlockTimestamp = time;
        log.BlockHash = new Hash32(bytes.Slice(at += sizeof(ulong), Hash32.ByteCount));
        log.TransactionHash = new Hash32(bytes.Slice(at += Hash32.ByteCount, Hash32.ByteCount));
        log.TopicCount = bytes[at += Hash32.ByteCount];
        at++;
        if (log.TopicCount > Log.MaxTopics || bytes.Length < FixedBytes + log.TopicCount * Hash32.ByteCount)
            return false;
        for (var topic = 0; topic < log.TopicCount; topic++, at += Hash32.ByteCount)
            log.TopicValues[topic] = new Hash32(bytes.Slice(at, Hash32.ByteCount));
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        at += sizeof(int);
        if (length < 0 || length > bytes.Length - at) return false;
        logs.Visit(in log, bytes.Slice(at, length));
        bytes = bytes[(at + length)..];
        return true;
    }
}
