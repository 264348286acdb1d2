// RLP as Ethereum's transactions are written in it. Enters: bytes of strangers. Leaves: items in order, or false.
// Always holds: only the one canonical encoding of a value is taken, so equal transactions are equal bytes; nothing is
// read beyond the list that was entered.
namespace EventSourced.Ethereum.RlpEncoding;

/// <summary>Reads RLP strictly, one item after the other.</summary>
public ref struct RlpReader(ReadOnlySpan<byte> bytes)
{
    private const byte ShortText = 0x80;
    private const byte LongText = 0xb8;
    private const byte ShortList = 0xc0;
    private const byte LongList = 0xf8;
    private const int LongestLength = 4;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The number of bytes that were read.</summary>
    public int Position { get; private set; }

    /// <summary>Whether everything was read.</summary>
    public readonly bool AtEnd => Position == _bytes.Length;

    /// <summary>Reads a text of bytes.</summary>
    public bool TryText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (AtEnd) return false;
        var head = _bytes[Position];
        if (head < ShortText)
        {
            text = _bytes.Slice(Position++, 1);
            return true;
        }

        if (head >= ShortList || !TryLength(head, ShortText, LongText, out var length)) return false;
        // A byte below 0x80 is its own encoding.
        if (length == 1 && _bytes[Position] < ShortText) return false;
        text = _bytes.Slice(Position, length);
        Position += length;
        return true;
    }

    /// <summary>Reads a whole number of at most so many bytes, without leading zeros.</summary>
    public bool TryNumber(int most, out UInt256 number)
    {
        number = default;
        if (!TryText(out var text) || text.Length > most || (text.Length > 0 && text[0] == 0)) return false;
        number = UInt256.FromBigEndianShort(text);
        return true;
    }

    /// <summary>Enters a list; only its bytes can be read then.</summary>
    public bool TryList(out ReadOnlySpan<byte> items)
    {
        items = default;
        if (AtEnd || _bytes[Position] < ShortList
            || !TryLength(_bytes[Position], ShortList, LongList, out var length)) return false;
        items = _bytes.Slice(Position, length);
        Position += length;
        return true;
    }

    // The head is read; the position stands behind it.
    private bool TryLength(byte head, byte shortest, byte longest, out int length)
    {
        length = head - shortest;
        Position++;
        if (head >= longest)
        {
            var digits = head - longest + 1;
            if (digits > LongestLength || digits > _bytes.Length - Position || _bytes[Position] == 0) return false;
            var whole = 0L;
            foreach (var digit in _bytes.Slice(Position, digits)) whole = (whole << 8) | digit;
            Position += digits;
            if (whole < longest - shortest || whole > int.MaxValue) return false;
            length = (int)whole;
        }

        return length <= _bytes.Length - Position;
    }
}
