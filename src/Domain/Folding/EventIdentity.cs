// The identity of a stored event: its place in the chain, packed into a version-8 UUID, so that two indexers write the
// same rows and a reader gets the place back. Layout from the left: block (48 bits), version 8, ordinal (high 12 bits),
// variant, ordinal (low 8), log index (20), head of the block's hash (34).
using System.Buffers.Binary;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Folding;

/// <summary>Packs places of the chain into identities.</summary>
public static class EventIdentity
{
    /// <summary>The most derived events of one log, and the most logs of a block.</summary>
    public const uint Most = (1 << 20) - 1;

    private const int HashBits = 34;
    private const int BlockBits = 48;

    /// <summary>The identity of the event at a place of a block with this hash.</summary>
    public static Guid Of(in At at, Word blockHash)
    {
        if (at.Block >> BlockBits != 0 || at.LogIndex > Most || at.Ordinal > Most)
            throw new ArgumentOutOfRangeException(
                nameof(at),
                $"expected a block of {BlockBits} bits and at most {Most} logs and derived events, found {at}");
        Span<byte> hash = stackalloc byte[Word.Length];
        blockHash.WriteTo(hash);
        var high = at.Block << 16 | 8UL << 12 | at.Ordinal >> 8;
        var low = 2UL << 62 | (ulong)(at.Ordinal & 0xFF) << 54 | (ulong)at.LogIndex << HashBits
            | BinaryPrimitives.ReadUInt64BigEndian(hash) >> (64 - HashBits);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The place that an identity names, at the given time of its event.</summary>
    public static At PlaceOf(Guid id, Instant time)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        var low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        var ordinal = (uint)(high & 0xFFF) << 8 | (uint)(low >> 54) & 0xFF;
        return new At(high >> 16, time, (uint)(low >> HashBits) & Most, ordinal);
    }
}
