// The binary format, as far as the generator needs it: bytes, LEB128 and sections in their order.
using System.Buffers.Binary;

namespace EventSourced.Wasm.Determinism;

/// <summary>A growing piece of a module's binary.</summary>
public sealed class Bytes
{
    private readonly List<byte> _bytes = [];

    public int Count => _bytes.Count;

    public Bytes Add(params ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes) _bytes.Add(one);
        return this;
    }

    public Bytes Unsigned(uint value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
        return this;
    }

    public Bytes Signed(long value)
    {
        while (value is < -64 or > 63)
        {
            _bytes.Add((byte)((value & 0x7f) | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)(value & 0x7f));
        return this;
    }

    public Bytes Bits32(uint bits)
    {
        Span<byte> raw = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(raw, bits);
        return Add(raw);
    }

    public Bytes Bits64(ulong bits)
    {
        Span<byte> raw = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(raw, bits);
        return Add(raw);
    }

    public Bytes Name(string name) => Unsigned((uint)name.Length).Add(System.Text.Encoding.ASCII.GetBytes(name));

    /// <summary>Appends another piece with its length before it.</summary>
    public Bytes Sized(Bytes other) => Unsigned((uint)other.Count).Append(other);

    public Bytes Append(Bytes other)
    {
        _bytes.AddRange(other._bytes);
        return this;
    }

    public Bytes Section(byte id, Bytes content) => Add(id).Sized(content);

    public byte[] ToArray() => [.. _bytes];
}
