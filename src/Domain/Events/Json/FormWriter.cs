// An event's JSON, put together on the stack and handed to the writer in one piece: no name is escaped again, and no
// value becomes a string. Enters: the text before each value, as UTF-8, and the value. Always holds: the bytes are
// those of Utf8JsonWriter without indentation; the writer's own encoder escapes text and may refuse it.
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Events;

/// <summary>Puts together the JSON of one event.</summary>
internal ref struct FormWriter(Utf8JsonWriter json, Span<byte> room)
{
    /// <summary>Room for nearly every event; a longer one goes on in rented memory.</summary>
    internal const int Room = 512;

    private const int DigitsOfUInt64 = 20;
    private const int MostUnitsInUtf8 = 3;

    private Span<byte> _room = room;
    private byte[]? _rented;
    private int _length;

    public void Add(ReadOnlySpan<byte> before) => before.CopyTo(Take(before.Length));

    public void Add(ReadOnlySpan<byte> before, Word value)
    {
        Add(before);
        var text = Take(4 + 2 * Word.Length);
        text[0] = text[^1] = (byte)'"';
        value.TryFormat(text[1..], out _, default, null);
    }

    public void Add(ReadOnlySpan<byte> before, Address value)
    {
        Add(before);
        var text = Take(4 + 2 * Address.Length);
        text[0] = text[^1] = (byte)'"';
        value.TryFormat(text[1..], out _, default, null);
    }

    public void Add(ReadOnlySpan<byte> before, Bytes value)
    {
        Add(before);
        var text = Take(4 + 2 * value.Content.Length);
        text[0] = text[^1] = (byte)'"';
        Hex.TryWrite(value.Content, text[1..], out _);
    }

    public void Add(ReadOnlySpan<byte> before, bool value)
    {
        Add(before);
        Add(value ? "true"u8 : "false"u8);
    }

    public void Add(ReadOnlySpan<byte> before, ulong value)
    {
        Add(before);
        value.TryFormat(Free(DigitsOfUInt64), out var length, default, CultureInfo.InvariantCulture);
        _length += length;
    }

    public void Add(ReadOnlySpan<byte> before, UInt128 value) => AddDigits(before, 0, value, false);

    public void Add(ReadOnlySpan<byte> before, Int128 value) =>
        AddDigits(before, 0, (UInt128)(value < 0 ? -value : value), value < 0);

    public void Add(ReadOnlySpan<byte> before, UInt256 value) => AddDigits(before, value.High, value.Low, false);

    public void Add(ReadOnlySpan<byte> before, Int256 value)
    {
        var (high, low) = ((UInt128)value.High, value.Low);
        if (value.High < 0) (high, low) = (~high + (low == 0 ? 1u : 0), ~low + 1);
        AddDigits(before, high, low, value.High < 0);
    }

    public void Add(ReadOnlySpan<byte> before, string? value)
    {
        Add(before);
        if (value is null)
        {
            Add("null"u8);
            return;
        }

        Add("\""u8);
        Escape(value);
        Add("\""u8);
    }

    public void Add(ReadOnlySpan<byte> before, Sequence<ulong> value) =>
        AddItems(
            before, value, static (ref FormWriter form, ReadOnlySpan<byte> comma, ulong item) => form.Add(comma, item));

    public void Add(ReadOnlySpan<byte> before, Sequence<UInt256> value) =>
        AddItems(before, value,
            static (ref FormWriter form, ReadOnlySpan<byte> comma, UInt256 item) => form.Add(comma, item));

    public void Add(ReadOnlySpan<byte> before, Sequence<Address> value) =>
        AddItems(before, value,
            static (ref FormWriter form, ReadOnlySpan<byte> comma, Address item) => form.Add(comma, item));

    public void Add(ReadOnlySpan<byte> before, Sequence<Bytes> value) =>
        AddItems(
            before, value, static (ref FormWriter form, ReadOnlySpan<byte> comma, Bytes item) => form.Add(comma, item));

    public void Add(ReadOnlySpan<byte> before, Sequence<string> value) =>
        AddItems(before, value,
            static (ref FormWriter form, ReadOnlySpan<byte> comma, string item) => form.Add(comma, item));

    /// <summary>Hands the object to the writer.</summary>
    public void End()
    {
        Add("}"u8);
        json.WriteRawValue(_room[.._length], skipInputValidation: true);
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
        this = default;
    }

    private delegate void AddItem<in T>(ref FormWriter form, ReadOnlySpan<byte> comma, T item);

    private void AddItems<T>(ReadOnlySpan<byte> before, Sequence<T> value, AddItem<T> add)
        where T : notnull
    {
        Add(before);
        Add("["u8);
        ReadOnlySpan<byte> comma = default;
        foreach (var item in value.Items)
        {
            add(ref this, comma, item);
            comma = ","u8;
        }

        Add("]"u8);
    }

    // The encoder needs the whole text: a cut could split a surrogate pair.
    private void Escape(string value)
    {
        var encoder = json.Options.Encoder ?? JavaScriptEncoder.Default;
        var most = value.Length * encoder.MaxOutputCharactersPerInputCharacter;
        var rented = most > Room ? ArrayPool<char>.Shared.Rent(most) : null;
        var escaped = rented ?? stackalloc char[Room];
        encoder.Encode(value, escaped, out _, out var length);
        _length += Encoding.UTF8.GetBytes(escaped[..length], Free(MostUnitsInUtf8 * length));
        if (rented is not null) ArrayPool<char>.Shared.Return(rented);
    }

    private void AddDigits(ReadOnlySpan<byte> before, UInt128 high, UInt128 low, bool isNegative)
    {
        Add(before);
        var text = Free(DecimalText.MostDigits + 3);
        var length = 0;
        text[length++] = (byte)'"';
        if (isNegative) text[length++] = (byte)'-';
        Span<ulong> limbs = [(ulong)low, (ulong)(low >> 64), (ulong)high, (ulong)(high >> 64)];
        length += DecimalText.Write(limbs, text[length..]);
        text[length++] = (byte)'"';
        _length += length;
    }

    private Span<byte> Take(int length)
    {
        var taken = Free(length)[..length];
        _length += length;
        return taken;
    }

    private Span<byte> Free(int length)
    {
        if (_room.Length - _length < length) Grow(length);
        return _room[_length..];
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _room.Length, checked(_length + length)));
        _room[.._length].CopyTo(larger);
        if (_rented is not null) ArrayPool<byte>.Shared.Return(_rented);
        _room = _rented = larger;
    }
}
