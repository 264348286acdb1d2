// Reads the primitive values of the binary format (specification 5.2). Enters: a range of bytes. Leaves: bytes, LEB128
// integers, floats and names. Always holds: never reads past the range's end; what cannot be read is Malformed.
using System.Buffers.Binary;
using System.Text;

namespace EventSourced.Metering.Binary;

internal ref struct ByteReader(byte[] bytes, int start, int end)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> _bytes = bytes.AsSpan(0, end);

    public int Position { get; private set; } = start;

    public int Start { get; } = start;

    public readonly int End => _bytes.Length;

    public readonly bool AtEnd => Position >= _bytes.Length;

    public readonly int Remaining => _bytes.Length - Position;

    public byte Byte()
    {
        if (Position >= _bytes.Length)
            throw UnexpectedEnd();
        return _bytes[Position++];
    }

    public readonly byte Peek() => Position < _bytes.Length ? _bytes[Position] : throw UnexpectedEnd();

    public uint U32()
    {
        // Most numbers are one byte.
        if (Position < _bytes.Length && _bytes[Position] < 0x80)
            return _bytes[Position++];
        return (uint)Unsigned(32);
    }

    public int S32() => (int)Signed(32);

    public long S33() => Signed(33);

    public long S64() => Signed(64);

    public uint F32()
    {
        Need(4);
        var value = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[Position..]);
        Position += 4;
        return value;
    }

    /// <summary>Bytes of the range, without moving.</summary>
    public readonly ReadOnlySpan<byte> Range(int from, int to) => _bytes[from..to];

    public ulong F64()
    {
        Need(8);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[Position..]);
        Position += 8;
        return value;
    }

    public string Name()
    {
        var length = Length();
        try
        {
            var name = StrictUtf8.GetString(_bytes.Slice(Position, length));
            Position += length;
            return name;
        }
        catch (DecoderFallbackException)
        {
            throw Malformed("malformed UTF-8 encoding");
        }
    }

    /// <summary>A length in bytes that must fit into the remaining bytes.</summary>
    public int Length()
    {
        var length = U32();
        return length <= (uint)Remaining ? (int)length : throw Malformed("length out of bounds: unexpected end");
    }

    /// <summary>A count of things, each at least one byte long and at most <paramref name="limit"/> of them.</summary>
    public int Count(int limit, string what)
    {
        var count = U32();
        if (count > (uint)Remaining)
            throw Malformed($"length out of bounds: unexpected end in {what}");
        return count <= (uint)limit
            ? (int)count
            : throw new WasmException(WasmErrorKind.Limit, $"expected at most {limit} {what}, found {count}");
    }

    public void Skip(int count)
    {
        Need(count);
        Position += count;
    }

    public readonly WasmException Malformed(string what) =>
        new(WasmErrorKind.Malformed, $"{what}, at byte {Position}");

    private readonly void Need(int count)
    {
        if (Remaining < count)
            throw UnexpectedEnd();
    }

    private readonly WasmException UnexpectedEnd() => Malformed("unexpected end");

    private ulong Unsigned(int bits)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Byte();
            var left = bits - shift;
            if (left < 7 && (part & 0x7F) >> left != 0)
                throw Malformed(part >= 0x80 ? "integer representation too long" : "integer too large");
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
            if (left <= 7)
                throw Malformed("integer representation too long");
        }
    }

    private long Signed(int bits)
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Byte();
            var left = bits - shift;
            value |= (long)(part & 0x7F) << shift;
            if (left <= 7)
            {
                if (part >= 0x80)
                    throw Malformed("integer representation too long");
                // Bits beyond the type must all repeat its sign.
                var extra = (sbyte)(part << 1) >> left;
                if (extra is not (0 or -1))
                    throw Malformed("integer too large");
            }

            if (part >= 0x80)
                continue;
            var used = shift + 7;
            return used < 64 ? value << (64 - used) >> (64 - used) : value;
        }
    }
}
