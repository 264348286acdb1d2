// A hash of the tree (RFC 6962, section 2.1). Enters: entries, or two hashes. Leaves: SHA-256 with the prefix of a leaf
// or of a node. Always holds: an entry and a node never give the same hash, since their first bytes differ.
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EventSourced.Transparency;

/// <summary>32 bytes of SHA-256.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct MerkleHash : IEquatable<MerkleHash>
{
    /// <summary>The bytes of a hash.</summary>
    public const int ByteCount = 32;

    internal const byte LeafDomain = 0;
    internal const byte NodeDomain = 1;

    // Entries up to this size are copied to the stack after their prefix; longer ones to a rented buffer.
    private const int OnStack = 1024;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>The hash with these 32 bytes.</summary>
    public MerkleHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != ByteCount)
            throw new ArgumentException($"expected {ByteCount} bytes, found {bytes.Length}", nameof(bytes));
        this = MemoryMarshal.Read<MerkleHash>(bytes);
    }

    /// <summary>The root of the empty tree: the hash of nothing.</summary>
    public static MerkleHash EmptyRoot { get; } = new(SHA256.HashData(ReadOnlySpan<byte>.Empty));

    /// <summary>The bytes, without a copy.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(new ReadOnlySpan<MerkleHash>(in this));

    /// <summary>The hash of a leaf.</summary>
    public static MerkleHash OfLeaf(ReadOnlySpan<byte> entry)
    {
        if (entry.Length < OnStack)
        {
            Span<byte> buffer = stackalloc byte[OnStack];
            return OfLeaf(entry, buffer);
        }

        var rented = ArrayPool<byte>.Shared.Rent(entry.Length + 1);
        try
        {
            return OfLeaf(entry, rented);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The hash of a node over its two children.</summary>
    public static MerkleHash OfNode(in MerkleHash left, in MerkleHash right)
    {
        Span<byte> buffer = stackalloc byte[1 + 2 * ByteCount];
        buffer[0] = NodeDomain;
        left.Bytes.CopyTo(buffer[1..]);
        right.Bytes.CopyTo(buffer[(1 + ByteCount)..]);
        return Sha256(buffer);
    }

    /// <inheritdoc/>
    public bool Equals(MerkleHash other) =>
        _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MerkleHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _first.GetHashCode();

    /// <summary>Base64, as checkpoints and proofs write it.</summary>
    public override string ToString() => Convert.ToBase64String(Bytes);

    /// <summary>Whether two hashes have the same bytes.</summary>
    public static bool operator ==(MerkleHash left, MerkleHash right) => left.Equals(right);

    /// <summary>Whether two hashes differ.</summary>
    public static bool operator !=(MerkleHash left, MerkleHash right) => !left.Equals(right);

    /// <summary>Reads the base64 that <see cref="ToString"/> writes.</summary>
    internal static MerkleHash Parse(ReadOnlySpan<byte> text, string where)
    {
        const string Expected = "a hash of 32 bytes in base64";
        var bytes = Strict.Base64Bytes(text, ByteCount, Expected, where);
        return bytes.Length == ByteCount
            ? new MerkleHash(bytes)
            : throw new TransparencyFormatException(Expected, $"{bytes.Length} bytes", where);
    }

    // The buffer is at least one byte longer than the entry.
    private static MerkleHash OfLeaf(ReadOnlySpan<byte> entry, Span<byte> buffer)
    {
        buffer[0] = LeafDomain;
        entry.CopyTo(buffer[1..]);
        return Sha256(buffer[..(1 + entry.Length)]);
    }

    private static MerkleHash Sha256(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[ByteCount];
        SHA256.HashData(bytes, hash);
        return MemoryMarshal.Read<MerkleHash>(hash);
    }
}
