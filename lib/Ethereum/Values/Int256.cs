// A signed integer of 256 bits in two's complement, as Solidity's int256; narrower signed types are read into it.
// Enters and leaves: 32 bytes big-endian, or decimal text. Always holds: a plain operator wraps, a checked one throws.
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace EventSourced.Ethereum;

/// <summary>A signed 256-bit integer: Solidity's <c>int256</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
[JsonConverter(typeof(Int256JsonConverter))]
public readonly struct Int256 :
    IEquatable<Int256>, IComparable<Int256>, ISpanFormattable, IUtf8SpanFormattable, ISpanParsable<Int256>,
    IUtf8SpanParsable<Int256>
{
    private readonly UInt256 _bits;

    private Int256(UInt256 bits) => _bits = bits;

    /// <summary>0.</summary>
    public static Int256 Zero => default;

    /// <summary>1.</summary>
    public static Int256 One => new(UInt256.One);

    /// <summary>-1.</summary>
    public static Int256 MinusOne => new(UInt256.MaxValue);

    /// <summary>2^255 - 1.</summary>
    public static Int256 MaxValue => new(UInt256.MaxValue >> 1);

    /// <summary>-2^255.</summary>
    public static Int256 MinValue => new(UInt256.One << 255);

    /// <summary>The two's complement bits.</summary>
    public UInt256 Bits => _bits;

    /// <summary>Whether the value is below zero.</summary>
    public bool IsNegative => (long)_bits.L3 < 0;

    /// <summary>Whether this is 0.</summary>
    public bool IsZero => _bits.IsZero;

    /// <summary>The distance from zero.</summary>
    public UInt256 Magnitude => IsNegative ? -_bits : _bits;

    /// <summary>Takes two's complement bits as they are.</summary>
    public static Int256 FromBits(UInt256 bits) => new(bits);

    /// <summary>Reads 32 bytes, the highest first.</summary>
    public static Int256 FromBigEndian(ReadOnlySpan<byte> bytes) => new(UInt256.FromBigEndian(bytes));

    /// <summary>Writes 32 bytes, the highest first.</summary>
    public void WriteBigEndian(Span<byte> destination) => _bits.WriteBigEndian(destination);

    /// <summary>Whether the value is within a signed type of so many bits.</summary>
    public bool FitsIn(int bits) => (IsNegative ? ~_bits : _bits).BitLength < bits;

    /// <summary>Sum modulo 2^256.</summary>
    public static Int256 operator +(Int256 left, Int256 right) => new(left._bits + right._bits);

    /// <summary>Sum, or OverflowException.</summary>
    public static Int256 operator checked +(Int256 left, Int256 right)
    {
        var sum = new Int256(left._bits + right._bits);
        return left.IsNegative == right.IsNegative && sum.IsNegative != left.IsNegative
            ? throw Overflow($"{left} + {right}")
            : sum;
    }

    /// <summary>Difference modulo 2^256.</summary>
    public static Int256 operator -(Int256 left, Int256 right) => new(left._bits - right._bits);

    /// <summary>Difference, or OverflowException.</summary>
    public static Int256 operator checked -(Int256 left, Int256 right)
    {
        var difference = new Int256(left._bits - right._bits);
        return left.IsNegative != right.IsNegative && difference.IsNegative != left.IsNegative
            ? throw Overflow($"{left} - {right}")
            : difference;
    }

    /// <summary>The negated value, modulo 2^256.</summary>
    public static Int256 operator -(Int256 value) => new(-value._bits);

    /// <summary>Product modulo 2^256.</summary>
    public static Int256 operator *(Int256 left, Int256 right) => new(left._bits * right._bits);

    /// <summary>Product, or OverflowException.</summary>
    public static Int256 operator checked *(Int256 left, Int256 right)
    {
        var magnitude = checked(left.Magnitude * right.Magnitude);
        return Signed(magnitude, left.IsNegative != right.IsNegative) ?? throw Overflow($"{left} * {right}");
    }

    /// <summary>Quotient, rounded towards zero; MinValue / -1 throws OverflowException.</summary>
    public static Int256 operator /(Int256 left, Int256 right) =>
        Signed(left.Magnitude / right.Magnitude,
            left.IsNegative != right.IsNegative) ?? throw Overflow($"{left} / {right}");

    /// <summary>Remainder, with the sign of the dividend.</summary>
    public static Int256 operator %(Int256 left, Int256 right)
    {
        var remainder = left.Magnitude % right.Magnitude;
        return new Int256(left.IsNegative ? -remainder : remainder);
    }

    /// <summary>Shift left.</summary>
    public static Int256 operator <<(Int256 value, int count) => new(value._bits << count);

    /// <summary>Arithmetic shift right: the sign is kept.</summary>
    public static Int256 operator >>(Int256 value, int count) =>
        new(value.IsNegative ? ~(~value._bits >> count) : value._bits >> count);

    /// <summary>Equality.</summary>
    public static bool operator ==(Int256 left, Int256 right) => left._bits == right._bits;

    /// <summary>Inequality.</summary>
    public static bool operator !=(Int256 left, Int256 right) => left._bits != right._bits;

    /// <summary>Less than.</summary>
    public static bool operator <(Int256 left, Int256 right) => left.CompareTo(right) < 0;

    /// <summary>Greater than.</summary>
    public static bool operator >(Int256 left, Int256 right) => left.CompareTo(right) > 0;

    /// <summary>At most.</summary>
    public static bool operator <=(Int256 left, Int256 right) => left.CompareTo(right) <= 0;

    /// <summary>At least.</summary>
    public static bool operator >=(Int256 left, Int256 right) => left.CompareTo(right) >= 0;

    /// <summary>Widens.</summary>
    public static implicit operator Int256(long value) =>
        new(
            new UInt256(value < 0 ? ulong.MaxValue : 0, value < 0 ? ulong.MaxValue : 0, value < 0 ? ulong.MaxValue : 0,
                (ulong)value));

    /// <summary>Widens.</summary>
    public static implicit operator Int256(Int128 value) =>
        new(new UInt256(value < 0 ? UInt128.MaxValue : UInt128.Zero, (UInt128)value));

    /// <summary>Reinterprets: values from 2^255 on become negative.</summary>
    public static explicit operator Int256(UInt256 value) => new(value);

    /// <summary>Converts, or throws OverflowException.</summary>
    public static explicit operator checked Int256(UInt256 value) => Signed(value, false) ?? throw Overflow($"{value}");

    /// <summary>Reinterprets: negative values become large.</summary>
    public static explicit operator UInt256(Int256 value) => value._bits;

    /// <summary>Converts, or throws OverflowException below zero.</summary>
    public static explicit operator checked UInt256(Int256 value) =>
        value.IsNegative ? throw Overflow($"{value} without a sign") : value._bits;

    /// <summary>Narrows, or throws OverflowException: cutting a signed number is never meant.</summary>
    public static explicit operator long(Int256 value) =>
        value.FitsIn(64) ? (long)value._bits.L0 : throw Overflow($"{value} as 64 bits");

    /// <summary>Narrows, or throws OverflowException.</summary>
    public static explicit operator Int128(Int256 value) =>
        value.FitsIn(128) ? (Int128)value._bits.Lower : throw Overflow($"{value} as 128 bits");

    /// <inheritdoc/>
    public bool Equals(Int256 other) => _bits.Equals(other._bits);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Int256 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _bits.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(Int256 other) => IsNegative == other.IsNegative
        ? _bits.CompareTo(other._bits)
        : IsNegative ? -1 : 1;

    /// <inheritdoc/>
    public override string ToString() => ToString(null, null);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        Span<char> text = stackalloc char[UInt256.MaxDecimalLength + 1];
        return TryFormat(text, out var written, format, formatProvider)
            ? new string(text[..written])
            : throw new FormatException($"expected a format of UInt256, found '{format}'");
    }

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        charsWritten = 0;
        var sign = IsNegative ? 1 : 0;
        if (destination.Length < sign || !Magnitude.TryFormat(destination[sign..], out charsWritten, format, provider))
            return false;
        if (sign == 1) destination[0] = '-';
        charsWritten += sign;
        return true;
    }

    /// <inheritdoc/>
    public bool TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bytesWritten = 0;
        var sign = IsNegative ? 1 : 0;
        if (
            utf8Destination.Length < sign ||
                !Magnitude.TryFormat(utf8Destination[sign..], out bytesWritten, format, provider))
            return false;
        if (sign == 1) utf8Destination[0] = (byte)'-';
        bytesWritten += sign;
        return true;
    }

    /// <summary>Reads decimal digits with an optional minus sign.</summary>
    public static Int256 Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads decimal digits with an optional minus sign.</summary>
    public static Int256 Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var value) ? value : throw NotANumber(s.ToString());

    /// <summary>Reads decimal digits with an optional minus sign.</summary>
    public static Int256 Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider = null) =>
        TryParse(utf8Text, provider, out var value)
            ? value
            : throw NotANumber(System.Text.Encoding.UTF8.GetString(utf8Text));

    /// <inheritdoc/>
    public static bool TryParse(string? s, IFormatProvider? provider, out Int256 result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Int256 result)
    {
        var negative = s.Length > 0 && s[0] == '-';
        return Signed(
            UInt256.TryParse(negative ? s[1..] : s, provider, out var magnitude), magnitude, negative, out result);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out Int256 result)
    {
        var negative = utf8Text.Length > 0 && utf8Text[0] == '-';
        return Signed(UInt256.TryParse(negative ? utf8Text[1..] : utf8Text, provider, out var magnitude), magnitude,
            negative, out result);
    }

    private static bool Signed(bool parsed, UInt256 magnitude, bool negative, out Int256 result)
    {
        var value = parsed ? Signed(magnitude, negative) : null;
        result = value.GetValueOrDefault();
        return value is not null;
    }

    private static Int256? Signed(UInt256 magnitude, bool negative) => negative
        ? magnitude <= UInt256.One << 255 ? new Int256(-magnitude) : null
        : magnitude.BitLength <= 255 ? new Int256(magnitude) : null;

    private static OverflowException Overflow(string what) =>
        new($"expected a result from -2^255 to 2^255 - 1, found {what}");

    private static FormatException NotANumber(string text) =>
        new($"expected a whole number from -2^255 to 2^255 - 1, found '{(text.Length > 100 ? text[..100] : text)}'");
}
