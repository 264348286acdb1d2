// The part of a tree that must be kept to append to it: its size and the roots of the perfect subtrees that it splits
// into, largest first. Enters: stored bytes. Leaves: the root, and the bytes to store. Always holds: a tree of n leaves
// has as many of these roots as n has ones in binary, at most 63; a value never changes, so the rollback of a batch
// only drops the value that the batch made.
using System.Buffers.Binary;
using System.Numerics;

namespace EventSourced.Transparency;

/// <summary>The right edge of a tree.</summary>
public sealed class CompactRange
{
    private const int SizeBytes = sizeof(long);
    private readonly MerkleHash[] _peaks;

    internal CompactRange(long size, MerkleHash[] peaks) => (Size, _peaks) = (size, peaks);

    /// <summary>The edge of the empty tree.</summary>
    public static CompactRange Empty { get; } = new(0, []);

    /// <summary>The number of leaves.</summary>
    public long Size { get; }

    /// <summary>The roots of the perfect subtrees, largest first.</summary>
    public ReadOnlySpan<MerkleHash> Peaks => _peaks;

    /// <summary>The root of the whole tree (RFC 6962, section 2.1).</summary>
    public MerkleHash Root()
    {
        if (_peaks.Length == 0) return MerkleHash.EmptyRoot;
        var root = _peaks[^1];
        for (var peak = _peaks.Length - 2; peak >= 0; peak--) root = MerkleHash.OfNode(_peaks[peak], root);
        return root;
    }

    /// <summary>The bytes to store; stored, never change: the size as a big-endian int64, then the peaks.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[SizeBytes + _peaks.Length * MerkleHash.ByteCount];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Size);
        for (var peak = 0; peak < _peaks.Length; peak++)
            _peaks[peak].Bytes.CopyTo(bytes.AsSpan(SizeBytes + peak * MerkleHash.ByteCount));
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    public static CompactRange FromBytes(ReadOnlySpan<byte> bytes)
    {
        const string Where = "in a stored edge of a tree";
        if (bytes.Length < SizeBytes)
            throw new TransparencyFormatException("a size of 8 bytes", $"{bytes.Length}", Where);
        var size = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (size < 0) throw new TransparencyFormatException("a size below 2^63", $"{(ulong)size}", Where);
        var peaks = new MerkleHash[BitOperations.PopCount((ulong)size)];
        var rest = bytes[SizeBytes..];
        if (rest.Length != peaks.Length * MerkleHash.ByteCount)
            throw new TransparencyFormatException(
                $"{peaks.Length} hashes for a tree of {size}", $"{rest.Length} bytes", Where);
        for (var peak = 0; peak < peaks.Length; peak++)
            peaks[peak] = new MerkleHash(rest.Slice(peak * MerkleHash.ByteCount, MerkleHash.ByteCount));
        return new CompactRange(size, peaks);
    }
}
