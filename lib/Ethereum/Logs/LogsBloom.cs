// The bloom filter in a block's header: of each log its contract's address and each of its topics set 3 of 2,048 bits.
// Enters: the filter as the node sent it. Leaves: "surely not" or "perhaps". Always holds: a log of the block never
// gets the answer "surely not".
using System.Buffers.Binary;

namespace EventSourced.Ethereum.Logs;

/// <summary>The three bits of an address or a topic.</summary>
public readonly record struct BloomKey(ushort First, ushort Second, ushort Third)
{
    /// <summary>The bits of an address or a topic.</summary>
    public static BloomKey Of(ReadOnlySpan<byte> item)
    {
        var hash = Keccak256.Hash(item);
        return new BloomKey(Bit(hash.Bytes), Bit(hash.Bytes[2..]), Bit(hash.Bytes[4..]));
    }

    private static ushort Bit(ReadOnlySpan<byte> pair) =>
        (ushort)(BinaryPrimitives.ReadUInt16BigEndian(pair) & (LogsBloom.BitCount - 1));
}

/// <summary>A block's filter of the logs in it.</summary>
public sealed class LogsBloom : IEquatable<LogsBloom>
{
    /// <summary>The number of bits.</summary>
    public const int BitCount = 2_048;

    /// <summary>The number of bytes.</summary>
    public const int ByteCount = BitCount / 8;

    private readonly byte[] _bytes;

    /// <summary>Takes the filter's 256 bytes.</summary>
    public LogsBloom(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length != ByteCount) throw new FormatException(
            $"expected a bloom of {ByteCount} bytes, found {bytes.Length}");
        _bytes = bytes;
        IsEmpty = !bytes.AsSpan().ContainsAnyExcept((byte)0);
    }

    /// <summary>Whether no log is in the block, or the chain keeps no filters.</summary>
    public bool IsEmpty { get; }

    /// <summary>Whether an address or topic may be in the block.</summary>
    public bool MayContain(BloomKey key) => !IsEmpty && Has(key.First) && Has(key.Second) && Has(key.Third);

    /// <inheritdoc/>
    public bool Equals(LogsBloom? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LogsBloom);

    /// <inheritdoc/>
    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(_bytes);

    // The first bit is the lowest of the last byte.
    private bool Has(int bit) => (_bytes[ByteCount - 1 - bit / 8] & (1 << (bit % 8))) != 0;
}
