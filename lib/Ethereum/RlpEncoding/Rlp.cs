// Recursive length prefixes, written (Ethereum Yellow Paper, appendix B). Enters: byte strings and lists of items that
// are encoded already. Leaves: their one encoding.
using System.Buffers.Binary;

namespace EventSourced.Ethereum.RlpEncoding;

/// <summary>Encodes RLP.</summary>
public static class Rlp
{
    private const int ShortText = 0x80;
    private const int ShortList = 0xc0;
    private const int LongestShort = 55;

    /// <summary>A byte string.</summary>
    public static byte[] Text(ReadOnlySpan<byte> bytes) =>
        bytes is [< ShortText] ? bytes.ToArray() : [.. Head(ShortText, bytes.Length), .. bytes];

    /// <summary>A number without leading zeros.</summary>
    public static byte[] Number(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Text(bytes.TrimStart((byte)0));
    }

    /// <summary>A list of encoded items.</summary>
    public static byte[] List(params IEnumerable<byte[]> items)
    {
        byte[] payload = [.. items.SelectMany(item => item)];
        return [.. Head(ShortList, payload.Length), .. payload];
    }

    private static byte[] Head(int kind, int length)
    {
        if (length <= LongestShort) return [(byte)(kind + length)];
        Span<byte> size = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(size, (uint)length);
        var digits = size.TrimStart((byte)0);
        return [(byte)(kind + LongestShort + digits.Length), .. digits];
    }
}
