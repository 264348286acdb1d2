// Recursive length prefix, read strictly. Enters: bytes from strangers. Leaves: byte strings, numbers and lists as
// views of the input. Always holds: only the canonical encoding passes, and a length is checked before it is used.
namespace EventSourced.Ethereum.Rlp;

/// <summary>A violation of RLP, and where it stands.</summary>
public sealed class RlpException(string expected, string found, int offset)
    : FormatException($"expected {expected}, found {found}, at byte {offset} of the RLP")
{
    /// <summary>The byte at which the violation stands.</summary>
    public int Offset { get; } = offset;
}

/// <summary>Reads RLP.</summary>
public ref struct RlpReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly int _base;
    private int _at;

    private RlpReader(ReadOnlySpan<byte> bytes, int @base)
        : this(bytes) =>
        _base = @base;

    /// <summary>Whether everything was read.</summary>
    public readonly bool AtEnd => _at == _bytes.Length;

    /// <summary>Whether the next item is a list.</summary>
    public readonly bool IsList => !AtEnd && _bytes[_at] >= 0xC0;

    /// <summary>Reads a byte string.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        if (IsList) throw Fault("a byte string", "a list");
        return ReadItem();
    }

    /// <summary>Reads a byte string of an exact length.</summary>
    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        var start = _at;
        var bytes = ReadBytes();
        return bytes.Length == length ? bytes : throw Fault($"{length} bytes", $"{bytes.Length}", start);
    }

    /// <summary>Reads a number; leading zeros are refused.</summary>
    public UInt256 ReadNumber()
    {
        var start = _at;
        var bytes = ReadBytes();
        if (bytes.Length > UInt256.ByteCount)
            throw Fault("a number of at most 32 bytes", $"{bytes.Length} bytes", start);
        if (bytes.Length > 0 && bytes[0] == 0) throw Fault("a number without leading zeros", "a leading zero", start);
        return UInt256.FromBigEndianShort(bytes);
    }

    /// <summary>Reads a number of at most 64 bits.</summary>
    public ulong ReadUInt64()
    {
        var start = _at;
        var number = ReadNumber();
        return number.TryToUInt64(out var value) ? value : throw Fault("a number below 2^64", number.ToString(), start);
    }

    /// <summary>Reads an address, or null for the empty string.</summary>
    public Address? ReadAddress()
    {
        var start = _at;
        var bytes = ReadBytes();
        return bytes.Length switch
        {
            0 => null,
            Address.ByteCount => new Address(bytes),
            _ => throw Fault("an address of 20 bytes, or none", $"{bytes.Length} bytes", start),
        };
    }

    /// <summary>Enters a list; its items are read from the answer.</summary>
    public RlpReader ReadList()
    {
        if (!IsList) throw Fault("a list", AtEnd ? "the end" : "a byte string");
        var payload = ReadItem();
        return new RlpReader(payload, _base + _at - payload.Length);
    }

    /// <summary>Fails unless everything was read.</summary>
    public readonly void End()
    {
        if (!AtEnd) throw Fault("the end", $"{_bytes.Length - _at} more bytes");
    }

    private ReadOnlySpan<byte> ReadItem()
    {
        if (AtEnd) throw Fault("an item", "the end");
        var start = _at;
        int first = _bytes[_at];
        if (first < 0x80) return _bytes.Slice(_at++, 1);
        _at++;
        var offset = first >= 0xC0 ? 0xC0 : 0x80;
        long length = first - offset;
        if (length > 55)
        {
            var count = (int)length - 55;
            length = ReadLength(count, start);
        }

        if (length > _bytes.Length - _at) throw Fault($"{length} bytes", $"{_bytes.Length - _at} left", start);
        var payload = _bytes.Slice(_at, (int)length);
        if (offset == 0x80 && length == 1 && payload[0] < 0x80)
            throw Fault("a small byte as itself", "it behind a prefix", start);
        _at += (int)length;
        return payload;
    }

    private long ReadLength(int count, int start)
    {
        if (count > _bytes.Length - _at)
            throw Fault($"{count} bytes of a length", $"{_bytes.Length - _at} left", start);
        var digits = _bytes.Slice(_at, count);
        if (digits[0] == 0) throw Fault("a length without leading zeros", "a leading zero", start);
        if (count > 4) throw Fault("a length below 2^32", $"one of {count} bytes", start);
        long length = 0;
        foreach (var digit in digits) length = (length << 8) | digit;
        if (length <= 55) throw Fault("a short length in its prefix", $"{length} written long", start);
        _at += count;
        return length;
    }

    private readonly RlpException Fault(string expected, string found, int? at = null) =>
        new(expected, found, _base + (at ?? _at));
}
