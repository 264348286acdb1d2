// 32 bytes as the chain writes them: a hash, a key, a domain, a proposal id. Enters: big-endian bytes or hex. Leaves:
// lower-case hex with 0x. Always holds: two words are equal when their bytes are; order is the order of the bytes.
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Domain.Values;

/// <summary>32 bytes of the chain, by value.</summary>
[JsonConverter(typeof(WordJson))]
public readonly record struct Word : IComparable<Word>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The number of bytes of a word.</summary>
    public const int Length = 32;

    private const int HexLength = 2 + 2 * Length;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Reads 32 big-endian bytes.</summary>
    public Word(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new FormatException($"expected a word of {Length} bytes, found {bytes.Length}");
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Reads 0x and 64 hexadecimal digits of either case.</summary>
    public static Word Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Hex.Read(text, bytes, "a word");
        return new Word(bytes);
    }

    /// <summary>Whether all bytes are zero: the chain's word for none.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>Writes the 32 bytes, big-endian.</summary>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>The 32 bytes, big-endian, in an array of their own.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    /// <inheritdoc />
    public int CompareTo(Word other) =>
        (_a, _b, _c, _d).CompareTo((other._a, other._b, other._c, other._d));

    /// <summary>0x and 64 lower-case digits.</summary>
    public override string ToString() =>
        string.Create(HexLength, this, (text, word) => word.TryFormat(text, out _, default, null));

    /// <inheritdoc />
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc />
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> bytes = stackalloc byte[Length];
        WriteTo(bytes);
        return Hex.TryWrite(bytes, destination, out charsWritten);
    }

    /// <inheritdoc />
    public bool TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> bytes = stackalloc byte[Length];
        WriteTo(bytes);
        return Hex.TryWrite(bytes, utf8Destination, out bytesWritten);
    }

    /// <summary>Whether the left word stands before the right one.</summary>
    public static bool operator <(Word left, Word right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left word stands after the right one.</summary>
    public static bool operator >(Word left, Word right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left word does not stand after the right one.</summary>
    public static bool operator <=(Word left, Word right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left word does not stand before the right one.</summary>
    public static bool operator >=(Word left, Word right) => left.CompareTo(right) >= 0;

    internal sealed class WordJson : JsonConverter<Word>
    {
        public override Word Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Span<char> room = stackalloc char[JsonText.Room];
            return Parse(room[..JsonText.Copy(ref reader, room)]);
        }

        public override void Write(Utf8JsonWriter writer, Word value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[HexLength];
            value.TryFormat(text, out _, default, null);
            writer.WriteStringValue(text);
        }
    }
}
