// The chain's widest integers, for the few fields that need them: draw weights, reputation accumulators, allowances.
// Everything else fits 64 or 128 bits. Enters: 32 big-endian bytes. Leaves: decimal text. Always holds: equality and
// order are those of the value.
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventSourced.Domain.Values;

/// <summary>An unsigned integer of 256 bits, by value.</summary>
[JsonConverter(typeof(UInt256Json))]
public readonly record struct UInt256(UInt128 High, UInt128 Low) : IComparable<UInt256>
{
    private const int Bytes = 32;

    /// <summary>The value for arithmetic.</summary>
    public BigInteger ToBigInteger() => ((BigInteger)High << 128) + Low;

    /// <summary>
    /// The value of an integer between 0 and 2^256 - 1; any other throws an <see cref="OverflowException"/>.
    /// </summary>
    public static UInt256 From(BigInteger value) => new((UInt128)(value >> 128), (UInt128)(value & UInt128.MaxValue));

    /// <inheritdoc />
    public int CompareTo(UInt256 other) => (High, Low).CompareTo((other.High, other.Low));

    /// <summary>Decimal digits.</summary>
    public override string ToString() =>
        High == 0 ? Low.ToString(CultureInfo.InvariantCulture) : ToBigInteger().ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the left value is smaller.</summary>
    public static bool operator <(UInt256 left, UInt256 right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left value is greater.</summary>
    public static bool operator >(UInt256 left, UInt256 right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left value is not greater.</summary>
    public static bool operator <=(UInt256 left, UInt256 right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left value is not smaller.</summary>
    public static bool operator >=(UInt256 left, UInt256 right) => left.CompareTo(right) >= 0;

    internal sealed class UInt256Json : JsonConverter<UInt256>
    {
        public override UInt256 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Span<char> room = stackalloc char[JsonText.Room];
            ReadOnlySpan<char> text = room[..JsonText.Copy(ref reader, room)];
            if (UInt128.TryParse(
                text, NumberStyles.None, CultureInfo.InvariantCulture, out var low)) return new UInt256(0, low);
            return BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                && value.GetByteCount(isUnsigned: true) <= Bytes
                    ? From(value)
                    : throw new JsonException(
                        $"expected an unsigned integer of 256 bits as decimal text, found '{text}'");
        }

        public override void Write(Utf8JsonWriter writer, UInt256 value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}

/// <summary>A signed integer of 256 bits (two's complement), by value.</summary>
[JsonConverter(typeof(Int256Json))]
public readonly record struct Int256(Int128 High, UInt128 Low) : IComparable<Int256>
{
    /// <summary>The value for arithmetic.</summary>
    public BigInteger ToBigInteger() => ((BigInteger)High << 128) + Low;

    /// <summary>The value of an integer that fits; any other throws an <see cref="OverflowException"/>.</summary>
    public static Int256 From(BigInteger value) => new((Int128)(value >> 128), (UInt128)(value & UInt128.MaxValue));

    /// <inheritdoc />
    public int CompareTo(Int256 other) => (High, Low).CompareTo((other.High, other.Low));

    /// <summary>Decimal digits with a sign where negative.</summary>
    public override string ToString() =>
        High == 0 ? Low.ToString(CultureInfo.InvariantCulture) : ToBigInteger().ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the left value is smaller.</summary>
    public static bool operator <(Int256 left, Int256 right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left value is greater.</summary>
    public static bool operator >(Int256 left, Int256 right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left value is not greater.</summary>
    public static bool operator <=(Int256 left, Int256 right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left value is not smaller.</summary>
    public static bool operator >=(Int256 left, Int256 right) => left.CompareTo(right) >= 0;

    internal sealed class Int256Json : JsonConverter<Int256>
    {
        public override Int256 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Span<char> room = stackalloc char[JsonText.Room];
            ReadOnlySpan<char> text = room[..JsonText.Copy(ref reader, room)];
            if (UInt128.TryParse(
                text, NumberStyles.None, CultureInfo.InvariantCulture, out var low)) return new Int256(0, low);
            return BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value.GetBitLength() < 256
                    ? From(value)
                    : throw new JsonException($"expected a signed integer of 256 bits as decimal text, found '{text}'");
        }

        public override void Write(Utf8JsonWriter writer, Int256 value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
