// An event's JSON in the layout in which PostgreSQL writes jsonb: keys by length, then by bytes; ": " and ", " between;
// no key twice. Enters: the text expected before each value, and the value's type. Leaves: the value, or false when the
// text differs. False is no verdict on the text: the caller then uses the serializer, which reads all JSON and names
// errors. Always holds: the serializer would read the same value.
using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Events;

/// <summary>Reads the JSON of one event, value by value.</summary>
internal ref struct FormReader(ReadOnlySpan<byte> text)
{
    private static readonly SearchValues<byte> EndsOfPlainText =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(control => (byte)control), (byte)'"', (byte)'\\']);

    private ReadOnlySpan<byte> _rest = text;

    private static ReadOnlySpan<byte> ShortEscapes => "\"\\/bfnrt"u8;

    /// <summary>Passes the expected text; false when it is not next.</summary>
    public bool Read(ReadOnlySpan<byte> expected)
    {
        if (!_rest.StartsWith(expected)) return false;
        _rest = _rest[expected.Length..];
        return true;
    }

    /// <summary>Whether the object ends here, and the text with it.</summary>
    public readonly bool Ends => _rest.SequenceEqual("}"u8);

    public bool Read(ReadOnlySpan<byte> before, out Word value)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        var found = Read(before) && ReadHex(bytes);
        value = found ? new Word(bytes) : default;
        return found;
    }

    public bool Read(ReadOnlySpan<byte> before, out Address value)
    {
        Span<byte> bytes = stackalloc byte[Address.Length];
        var found = Read(before) && ReadHex(bytes);
        value = found ? new Address(bytes) : default;
        return found;
    }

    public bool Read(ReadOnlySpan<byte> before, out Bytes value)
    {
        value = default;
        if (!Read(before) || _rest is not [(byte)'"', .. var open]) return false;
        var bytes = new byte[Math.Max(0, open.IndexOf((byte)'"') - 2) / 2];
        if (!ReadHex(bytes)) return false;
        value = new Bytes(bytes);
        return true;
    }

    public bool Read(ReadOnlySpan<byte> before, out bool value)
    {
        value = false;
        if (!Read(before)) return false;
        value = Read("true"u8);
        return value || Read("false"u8);
    }

    public bool Read(ReadOnlySpan<byte> before, out byte value)
    {
        var found = ReadNumber(before, byte.MaxValue, out var number);
        value = (byte)number;
        return found;
    }

    public bool Read(ReadOnlySpan<byte> before, out ushort value)
    {
        var found = ReadNumber(before, ushort.MaxValue, out var number);
        value = (ushort)number;
        return found;
    }

    public bool Read(ReadOnlySpan<byte> before, out uint value)
    {
        var found = ReadNumber(before, uint.MaxValue, out var number);
        value = (uint)number;
        return found;
    }

    public bool Read(ReadOnlySpan<byte> before, out ulong value) => ReadNumber(before, ulong.MaxValue, out value);

    public bool Read(ReadOnlySpan<byte> before, out UInt128 value)
    {
        Span<ulong> limbs = stackalloc ulong[2];
        var found = Read(before) && Read("\""u8) && ReadDigits(limbs);
        value = new UInt128(limbs[1], limbs[0]);
        return found;
    }

    public bool Read(ReadOnlySpan<byte> before, out Int128 value)
    {
        Span<ulong> limbs = stackalloc ulong[2];
        value = default;
        if (!Read(before) || !Read("\""u8)) return false;
        var isNegative = Read("-"u8);
        if (!ReadDigits(limbs)) return false;
        var low = new UInt128(limbs[1], limbs[0]);
        value = (Int128)(isNegative ? ~low + 1 : low);
        return value == 0 || value < 0 == isNegative;
    }

    public bool Read(ReadOnlySpan<byte> before, out UInt256 value)
    {
        Span<ulong> limbs = stackalloc ulong[4];
        var found = Read(before) && Read("\""u8) && ReadDigits(limbs);
        value = new UInt256(new UInt128(limbs[3], limbs[2]), new UInt128(limbs[1], limbs[0]));
        return found;
    }

    public bool Read(ReadOnlySpan<byte> before, out Int256 value)
    {
        Span<ulong> limbs = stackalloc ulong[4];
        value = default;
        if (!Read(before) || !Read("\""u8)) return false;
        var isNegative = Read("-"u8);
        if (!ReadDigits(limbs)) return false;
        var (high, low) = (new UInt128(limbs[3], limbs[2]), new UInt128(limbs[1], limbs[0]));
        if (isNegative) (high, low) = (~high + (low == 0 ? 1u : 0), ~low + 1);
        value = new Int256((Int128)high, low);
        return (high | low) == 0 || value.High < 0 == isNegative;
    }

    public bool Read(ReadOnlySpan<byte> before, out string value)
    {
        value = "";
        if (!Read(before) || _rest is not [(byte)'"', .. var open]) return false;
        var length = open.IndexOfAny(EndsOfPlainText);
        if (length < 0 || (open[length] != '"' && (length = LengthOfEscaped(open)) < 0)
            || !Utf8.IsValid(open[..length])) return false;
        value = open[..length].Contains((byte)'\\')
            ? Unescaped(_rest[..(length + 2)]) : Encoding.UTF8.GetString(open[..length]);
        _rest = open[(length + 1)..];
        return true;
    }

    public bool Read(ReadOnlySpan<byte> before, out Sequence<ulong> value) =>
        ReadItems(before, static (ref FormReader form, out ulong item) => form.Read(default, out item), out value);

    public bool Read(ReadOnlySpan<byte> before, out Sequence<UInt256> value) =>
        ReadItems(before, static (ref FormReader form, out UInt256 item) => form.Read(default, out item), out value);

    public bool Read(ReadOnlySpan<byte> before, out Sequence<Address> value) =>
        ReadItems(before, static (ref FormReader form, out Address item) => form.Read(default, out item), out value);

    public bool Read(ReadOnlySpan<byte> before, out Sequence<Bytes> value) =>
        ReadItems(before, static (ref FormReader form, out Bytes item) => form.Read(default, out item), out value);

    public bool Read(ReadOnlySpan<byte> before, out Sequence<string> value) =>
        ReadItems(before, static (ref FormReader form, out string item) => form.Read(default, out item), out value);

    private delegate bool ReadItem<T>(ref FormReader form, out T item);

    private bool ReadItems<T>(ReadOnlySpan<byte> before, ReadItem<T> read, out Sequence<T> value)
        where T : notnull
    {
        value = default;
        if (!Read(before) || !Read("["u8)) return false;
        var items = new List<T>();
        while (!Read("]"u8))
        {
            if ((items.Count > 0 && !Read(", "u8)) || !read(ref this, out var item)) return false;
            items.Add(item);
        }

        value = new Sequence<T>([.. items]);
        return true;
    }

    // A text in quotes: 0x and the digits of exactly these bytes.
    private bool ReadHex(scoped Span<byte> bytes)
    {
        var end = 3 + 2 * bytes.Length;
        if (_rest.Length <= end || !_rest.StartsWith("\"0x"u8) || _rest[end] != '"'
            || Convert.FromHexString(_rest[3..end], bytes, out _, out _) != OperationStatus.Done) return false;
        _rest = _rest[(end + 1)..];
        return true;
    }

    private bool ReadNumber(ReadOnlySpan<byte> before, ulong most, out ulong value)
    {
        value = 0;
        if (!Read(before) || !Utf8Parser.TryParse(_rest, out value, out var length)
            || (length > 1 && _rest[0] == '0') || value > most) return false;
        _rest = _rest[length..];
        return true;
    }

    // Digits up to the closing quote, into limbs of 64 bits, the lowest first.
    private bool ReadDigits(scoped Span<ulong> limbs)
    {
        var length = DecimalText.CountDigits(_rest);
        if (length is 0 or > DecimalText.MostDigits || length == _rest.Length || _rest[length] != '"'
            || !DecimalText.TryRead(_rest[..length], limbs)) return false;
        _rest = _rest[(length + 1)..];
        return true;
    }

    // The length of an escaped text; -1 when the text does not end, is none, or has an escape that could be half of a
    // pair.
    private static int LengthOfEscaped(ReadOnlySpan<byte> open)
    {
        for (var at = 0; at < open.Length; at++)
        {
            if (open[at] == '"') return at;
            if (open[at] < ' '
                || (open[at] == '\\' && (++at == open.Length || !ShortEscapes.Contains(open[at])))) return -1;
        }

        return -1;
    }

    private static string Unescaped(ReadOnlySpan<byte> quoted)
    {
        var reader = new Utf8JsonReader(quoted);
        reader.Read();
        return reader.GetString()!;
    }
}
