// 32 bytes held inline, in wire order: a block hash, a topic, any bytes32. Text is 0x and 64 lower-case digits.
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Ethereum;

/// <summary>32 bytes: a hash, or Solidity's <c>bytes32</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
[JsonConverter(typeof(Hash32JsonConverter))]
public readonly struct Hash32 :
    IEquatable<Hash32>, IComparable<Hash32>, ISpanFormattable, ISpanParsable<Hash32>, IUtf8SpanFormattable
{
    /// <summary>The number of bytes of a value.</summary>
    public const int ByteCount = 32;

    /// <summary>The number of characters of its text, 0x included.</summary>
    public const int TextLength = 2 + 2 * ByteCount;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Copies 32 bytes.</summary>
    public Hash32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != ByteCount)
            throw new ArgumentException($"expected {ByteCount} bytes, found {bytes.Length}", nameof(bytes));
        this = MemoryMarshal.Read<Hash32>(bytes);
    }

    /// <summary>32 zero bytes.</summary>
    public static Hash32 Zero => default;

    /// <summary>The bytes in wire order.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(new ReadOnlySpan<Hash32>(in this));

    /// <summary>Whether all bytes are zero.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>The bytes as a number, the highest first.</summary>
    public UInt256 ToUInt256() => UInt256.FromBigEndian(Bytes);

    /// <summary>The number's 32 bytes, the highest first.</summary>
    public static Hash32 FromUInt256(UInt256 value)
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        value.WriteBigEndian(bytes);
        return new Hash32(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(Hash32 other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hash32 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    /// <inheritdoc/>
    public int CompareTo(Hash32 other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>Equality.</summary>
    public static bool operator ==(Hash32 left, Hash32 right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(Hash32 left, Hash32 right) => !left.Equals(right);

    /// <summary>Before, by bytes.</summary>
    public static bool operator <(Hash32 left, Hash32 right) => left.CompareTo(right) < 0;

    /// <summary>After, by bytes.</summary>
    public static bool operator >(Hash32 left, Hash32 right) => left.CompareTo(right) > 0;

    /// <summary>Not after, by bytes.</summary>
    public static bool operator <=(Hash32 left, Hash32 right) => left.CompareTo(right) <= 0;

    /// <summary>Not before, by bytes.</summary>
    public static bool operator >=(Hash32 left, Hash32 right) => left.CompareTo(right) >= 0;

    /// <summary>0x and 64 lower-case digits.</summary>
    public override string ToString() => Hex.ToText(Bytes);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = 0;
        if (destination.Length < TextLength) return false;
        (destination[0], destination[1]) = ('0', 'x');
        Convert.TryToHexStringLower(Bytes, destination[2..], out _);
        charsWritten = TextLength;
        return true;
    }

    /// <inheritdoc/>
    public bool TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bytesWritten = 0;
        if (utf8Destination.Length < TextLength) return false;
        (utf8Destination[0], utf8Destination[1]) = ((byte)'0', (byte)'x');
        Convert.TryToHexStringLower(Bytes, utf8Destination[2..], out _);
        bytesWritten = TextLength;
        return true;
    }

    /// <summary>Reads 0x and 64 digits.</summary>
    public static Hash32 Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads 0x and 64 digits.</summary>
    public static Hash32 Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var value)
        ? value
        : throw new FormatException($"expected 0x and 64 hex digits, found '{(s.Length > 80 ? s[..80] : s)}'");

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Hash32 result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Hash32 result)
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        var read = Hex.TryReadExactly(s, bytes);
        result = read ? new Hash32(bytes) : default;
        return read;
    }
}

/// <summary>32-byte values in JSON: a 0x string.</summary>
public sealed class Hash32JsonConverter : JsonConverter<Hash32>
{
    /// <inheritdoc/>
    public override Hash32 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName &&
            Hash32.TryParse(reader.GetString(), null, out var value)
            ? value
            : throw new JsonException("expected a string of 0x and 64 hex digits");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Hash32 value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<byte> text = stackalloc byte[Hash32.TextLength];
        value.TryFormat(text, out _, default, null);
        writer.WriteStringValue(text);
    }

    /// <inheritdoc/>
    public override Hash32 ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, Hash32 value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.ToString());
    }
}
