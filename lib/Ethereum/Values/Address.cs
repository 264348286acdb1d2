// An account or contract address: 20 bytes held inline, in wire order. Text is checksummed by EIP-55 when written; when
// read, all-lower and all-upper digits pass, and mixed case must carry the right checksum.
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Ethereum;

/// <summary>A 20-byte address.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
[JsonConverter(typeof(AddressJsonConverter))]
public readonly struct Address :
    IEquatable<Address>, IComparable<Address>, ISpanFormattable, ISpanParsable<Address>, IUtf8SpanFormattable
{
    /// <summary>The number of bytes of an address.</summary>
    public const int ByteCount = 20;

    /// <summary>The number of characters of its text, 0x included.</summary>
    public const int TextLength = 2 + 2 * ByteCount;

    private readonly ulong _head;
    private readonly ulong _middle;
    private readonly uint _tail;

    /// <summary>Copies 20 bytes.</summary>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != ByteCount)
            throw new ArgumentException(
                $"expected {ByteCount} bytes of an address, found {bytes.Length}", nameof(bytes));
        this = MemoryMarshal.Read<Address>(bytes);
    }

    /// <summary>The address of nobody.</summary>
    public static Address Zero => default;

    /// <summary>The bytes in wire order.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(new ReadOnlySpan<Address>(in this));

    /// <summary>Whether all bytes are zero.</summary>
    public bool IsZero => (_head | _middle | _tail) == 0;

    /// <inheritdoc/>
    public bool Equals(Address other) => _head == other._head && _middle == other._middle && _tail == other._tail;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_head, _middle, _tail);

    /// <inheritdoc/>
    public int CompareTo(Address other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>Equality.</summary>
    public static bool operator ==(Address left, Address right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(Address left, Address right) => !left.Equals(right);

    /// <summary>Before, by bytes.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>After, by bytes.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Not after, by bytes.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Not before, by bytes.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    /// <summary>The address with its checksum (EIP-55).</summary>
    public override string ToString() =>
        string.Create(TextLength, this, static (text, address) => address.WriteChecksummed(text));

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        format is "x" ? Hex.ToText(Bytes) : ToString();

    /// <summary>Writes the text: checksummed by default, lower case by format "x".</summary>
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = 0;
        if (destination.Length < TextLength) return false;
        WriteChecksummed(destination[..TextLength], format is "x");
        charsWritten = TextLength;
        return true;
    }

    /// <summary>Writes the text as UTF-8: checksummed by default, lower case by format "x".</summary>
    public bool TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bytesWritten = 0;
        if (utf8Destination.Length < TextLength) return false;
        Span<char> text = stackalloc char[TextLength];
        WriteChecksummed(text, format is "x");
        for (var i = 0; i < TextLength; i++) utf8Destination[i] = (byte)text[i];
        bytesWritten = TextLength;
        return true;
    }

    /// <summary>Reads 0x and 40 digits; a wrong checksum is refused.</summary>
    public static Address Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads 0x and 40 digits; a wrong checksum is refused.</summary>
    public static Address Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null)
    {
        if (TryParse(s, provider, out var address)) return address;
        Span<byte> bytes = stackalloc byte[ByteCount];
        var found = s.Length > 60 ? s[..60] : s;
        throw new FormatException(Hex.TryReadExactly(s, bytes)
            ? $"expected the checksum of {new Address(bytes)}, found '{found}'"
            : $"expected an address of 0x and 40 hex digits, found '{found}'");
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Address result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Address result)
    {
        result = default;
        Span<byte> bytes = stackalloc byte[ByteCount];
        if (!Hex.TryReadExactly(s, bytes)) return false;
        var address = new Address(bytes);
        var digits = s[2..];
        var mixed = digits.IndexOfAnyInRange('a', 'f') >= 0 && digits.IndexOfAnyInRange('A', 'F') >= 0;
        if (mixed)
        {
            Span<char> right = stackalloc char[TextLength];
            address.WriteChecksummed(right);
            if (!digits.SequenceEqual(right[2..])) return false;
        }

        result = address;
        return true;
    }

    /// <summary>Whether a word of 32 bytes holds an address: the 12 leading bytes are zero.</summary>
    public static bool TryFromWord(ReadOnlySpan<byte> word, out Address address)
    {
        address = word.Length == 32 ? MemoryMarshal.Read<Address>(word[12..]) : default;
        return word.Length == 32 && word[..12].IndexOfAnyExcept((byte)0) < 0;
    }

    private void WriteChecksummed(Span<char> text) => WriteChecksummed(text, lower: false);

    private void WriteChecksummed(Span<char> text, bool lower)
    {
        text[0] = '0';
        text[1] = 'x';
        var digits = text[2..];
        Convert.TryToHexStringLower(Bytes, digits, out _);
        if (lower) return;
        Span<byte> ascii = stackalloc byte[2 * ByteCount];
        for (var i = 0; i < ascii.Length; i++) ascii[i] = (byte)digits[i];
        Span<byte> hash = stackalloc byte[Keccak256.HashSize];
        Keccak256.Hash(ascii, hash);
        for (var i = 0; i < ascii.Length; i++)
        {
            var nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 15;
            if (nibble >= 8) digits[i] = char.ToUpperInvariant(digits[i]);
        }
    }
}

/// <summary>Addresses in JSON: a checksummed string.</summary>
public sealed class AddressJsonConverter : JsonConverter<Address>
{
    /// <inheritdoc/>
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName &&
            Address.TryParse(reader.GetString(), null, out var address)
            ? address
            : throw new JsonException("expected an address of 0x and 40 hex digits with a right checksum");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Span<char> text = stackalloc char[Address.TextLength];
        value.TryFormat(text, out _, default, null);
        writer.WriteStringValue(text);
    }

    /// <inheritdoc/>
    public override Address ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, Address value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.ToString());
    }
}
