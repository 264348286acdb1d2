// 20 bytes as the chain writes them: an account or a contract. Enters: bytes or hex of either case. Leaves: lower-case
// hex with 0x (checksums are for people and are made at the edge). Always holds: two addresses are equal when their
// bytes are.
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Domain.Values;

/// <summary>An address of the chain, by value.</summary>
[JsonConverter(typeof(AddressJson))]
public readonly record struct Address : IComparable<Address>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The number of bytes of an address.</summary>
    public const int Length = 20;

    private const int HexLength = 2 + 2 * Length;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly uint _c;

    /// <summary>Reads 20 bytes.</summary>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new FormatException($"expected an address of {Length} bytes, found {bytes.Length}");
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Reads 0x and 40 hexadecimal digits of either case.</summary>
    public static Address Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Hex.Read(text, bytes, "an address");
        return new Address(bytes);
    }

    /// <summary>Whether all bytes are zero: the chain's address for nobody.</summary>
    public bool IsZero => (_a | _b | _c) == 0;

    /// <summary>Writes the 20 bytes.</summary>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _c);
    }

    /// <summary>The 20 bytes, big-endian, in an array of their own.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    /// <inheritdoc />
    public int CompareTo(Address other) => (_a, _b, _c).CompareTo((other._a, other._b, other._c));

    /// <summary>0x and 40 lower-case digits.</summary>
    public override string ToString() =>
        string.Create(HexLength, this, (text, address) => address.TryFormat(text, out _, default, null));

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

    /// <summary>Whether the left address stands before the right one.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left address stands after the right one.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left address does not stand after the right one.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left address does not stand before the right one.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;

    internal sealed class AddressJson : JsonConverter<Address>
    {
        public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Span<char> room = stackalloc char[JsonText.Room];
            return Parse(room[..JsonText.Copy(ref reader, room)]);
        }

        public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options)
        {
            Span<byte> text = stackalloc byte[HexLength];
            value.TryFormat(text, out _, default, null);
            writer.WriteStringValue(text);
        }
    }
}
