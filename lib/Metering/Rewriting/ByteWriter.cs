// Writes the primitive values of the binary format (specification 5.2). Enters: numbers and ranges of bytes. Leaves:
// bytes. Always holds: integers are written in their shortest form.
using System.Buffers;

namespace EventSourced.Metering.Rewriting;

internal sealed class ByteWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int Length => _bytes.WrittenCount;

    public ReadOnlySpan<byte> Span => _bytes.WrittenSpan;

    public ReadOnlyMemory<byte> Memory => _bytes.WrittenMemory;

    public void Clear() => _bytes.ResetWrittenCount();

    public ByteWriter Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
        return this;
    }

    public ByteWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public ByteWriter U32(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            Byte((byte)(value | 0x80));
        return Byte((byte)value);
    }

    public ByteWriter S64(long value)
    {
        while (true)
        {
            var part = (byte)(value & 0x7F);
            value >>= 7;
            if ((value == 0 && (part & 0x40) == 0) || (value == -1 && (part & 0x40) != 0))
                return Byte(part);
            Byte((byte)(part | 0x80));
        }
    }

    /// <summary>Bytes behind their length.</summary>
    public ByteWriter Sized(ReadOnlySpan<byte> bytes) => U32((uint)bytes.Length).Raw(bytes);

    public ByteWriter Name(string name) => Sized(System.Text.Encoding.UTF8.GetBytes(name));
}
