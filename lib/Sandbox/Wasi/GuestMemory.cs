// The guest's memory as WASI functions see it. Enters: addresses and lengths as the guest gave them. Leaves: spans,
// or a Fault for the guest. Always holds: no address of a guest makes an exception of the host's own.
using System.Buffers.Binary;
using System.Text;

namespace EventSourced.Sandbox.Wasi;

/// <summary>Bounds-checked access to a caller's memory; a miss is a <see cref="WasiFaultException"/>.</summary>
internal readonly ref struct GuestMemory(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public Span<byte> Span(int address, int length)
    {
        var (from, count) = ((uint)address, (uint)length);
        if ((ulong)from + count > (ulong)_bytes.Length)
            throw new WasiFaultException(Errno.Fault);
        return _bytes.Slice((int)from, (int)count);
    }

    public uint Read32(int address) => BinaryPrimitives.ReadUInt32LittleEndian(Span(address, 4));

    public void Write32(int address, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Span(address, 4), value);

    public void Write64(int address, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Span(address, 8), value);

    public string Text(int address, int length)
    {
        var bytes = Span(address, length);
        if (bytes.Contains((byte)0))
            throw new WasiFaultException(Errno.Invalid);
        return Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>Ends a WASI function with an answer for the guest; never leaves this folder.</summary>
internal sealed class WasiFaultException(Errno answer) : Exception
{
    public Errno Answer { get; } = answer;
}
