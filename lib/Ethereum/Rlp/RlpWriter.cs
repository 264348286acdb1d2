// Recursive length prefix, written. Enters: byte strings, numbers and lists in order. Leaves: one encoding, canonical
// by construction. A list is written between BeginList and EndList; its length is put in front when it ends.
using System.Buffers.Binary;

namespace EventSourced.Ethereum.Rlp;

/// <summary>Writes RLP.</summary>
public sealed class RlpWriter
{
    /// <summary>How deep lists may nest.</summary>
    public const int MaxDepth = 64;

    private byte[] _bytes = new byte[256];
    private int _length;
    private readonly Stack<int> _starts = new();

    /// <summary>Writes a byte string.</summary>
    public RlpWriter Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1 || bytes[0] >= 0x80) WritePrefix(0x80, bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
        return this;
    }

    /// <summary>Writes a number: big-endian without leading zeros; 0 is the empty string.</summary>
    public RlpWriter Write(UInt256 value)
    {
        Span<byte> word = stackalloc byte[UInt256.ByteCount];
        value.WriteBigEndian(word);
        return Write(word[(UInt256.ByteCount - (value.BitLength + 7) / 8)..]);
    }

    /// <summary>Writes an address, or the empty string for none (a transaction that creates a contract).</summary>
    public RlpWriter Write(Address? address) => address is { } present ? Write(present.Bytes) : Write([]);

    /// <summary>Starts a list.</summary>
    public RlpWriter BeginList()
    {
        if (_starts.Count == MaxDepth)
            throw new InvalidOperationException($"expected RLP lists at most {MaxDepth} deep, found one more");
        _starts.Push(_length);
        return this;
    }

    /// <summary>Ends the innermost list.</summary>
    public RlpWriter EndList()
    {
        var start = _starts.Pop();
        var payload = _length - start;
        Span<byte> prefix = stackalloc byte[9];
        var prefixLength = Prefix(0xC0, payload, prefix);
        Reserve(prefixLength);
        _bytes.AsSpan(start, payload).CopyTo(_bytes.AsSpan(start + prefixLength));
        prefix[..prefixLength].CopyTo(_bytes.AsSpan(start));
        return this;
    }

    /// <summary>The bytes written, once every list has ended.</summary>
    public byte[] ToArray() => _starts.Count == 0
        ? _bytes.AsSpan(0, _length).ToArray()
        : throw new InvalidOperationException($"expected every RLP list to be ended, found {_starts.Count} open");

    private void WritePrefix(byte offset, int length)
    {
        Span<byte> prefix = stackalloc byte[9];
        var count = Prefix(offset, length, prefix);
        prefix[..count].CopyTo(Reserve(count));
    }

    private static int Prefix(byte offset, int length, Span<byte> prefix)
    {
        if (length <= 55)
        {
            prefix[0] = (byte)(offset + length);
            return 1;
        }

        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        var significant = bytes[bytes.IndexOfAnyExcept((byte)0)..];
        prefix[0] = (byte)(offset + 55 + significant.Length);
        significant.CopyTo(prefix[1..]);
        return 1 + significant.Length;
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, checked(_length + count)));
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
