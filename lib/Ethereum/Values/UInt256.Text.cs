// UInt256 as text. Enters: decimal digits, or 0x and hex digits, as UTF-16 or UTF-8. Leaves: decimal by default, "x"
// minimal hex digits, "x64" padded; ToQuantity is JSON-RPC's 0x form. Culture never matters.
using System.Globalization;
using System.Numerics;

namespace EventSourced.Ethereum;

public readonly partial struct UInt256 :
    ISpanFormattable, IUtf8SpanFormattable, ISpanParsable<UInt256>, IUtf8SpanParsable<UInt256>
{
    /// <summary>The most characters that a decimal text has.</summary>
    public const int MaxDecimalLength = 78;

    private const ulong ChunkScale = 10_000_000_000_000_000_000;
    private const int ChunkDigits = 19;

    /// <inheritdoc/>
    public override string ToString() => ToString(null, null);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        Span<char> text = stackalloc char[MaxDecimalLength];
        return TryFormat(text, out var written, format, formatProvider)
            ? new string(text[..written])
            : throw UnknownFormat(format);
    }

    /// <summary>JSON-RPC's quantity: 0x and hex digits without leading zeros; zero is 0x0.</summary>
    public string ToQuantity() => string.Concat("0x", ToString("x", null));

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormatCore(destination, out charsWritten, format);

    /// <inheritdoc/>
    public bool TryFormat(
        Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider) =>
        TryFormatCore(utf8Destination, out bytesWritten, format);

    /// <summary>Reads decimal digits, or 0x and hex digits.</summary>
    public static UInt256 Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads decimal digits, or 0x and hex digits.</summary>
    public static UInt256 Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParseCore(s, out var value) ? value : throw NotANumber(s.ToString());

    /// <summary>Reads decimal digits, or 0x and hex digits.</summary>
    public static UInt256 Parse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider = null) =>
        TryParseCore(utf8Text, out var value) ? value : throw NotANumber(System.Text.Encoding.UTF8.GetString(utf8Text));

    /// <inheritdoc/>
    public static bool TryParse(string? s, IFormatProvider? provider, out UInt256 result) =>
        TryParseCore(s.AsSpan(), out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out UInt256 result) =>
        TryParseCore(s, out result);

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<byte> utf8Text, IFormatProvider? provider, out UInt256 result) =>
        TryParseCore(utf8Text, out result);

    private bool TryFormatCore<T>(Span<T> destination, out int written, ReadOnlySpan<char> format)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (format.IsEmpty || format is "G" or "D" or "g" or "d") return TryFormatDecimal(destination, out written);
        if (format[0] is not ('x' or 'X')) throw UnknownFormat(format.ToString());
        var width = 1;
        if (
            format.Length > 1 &&
                (!int.TryParse(format[1..], NumberStyles.None, CultureInfo.InvariantCulture, out width) || width > 64))
            throw UnknownFormat(format.ToString());
        return TryFormatHex(destination, out written, Math.Max(width, (BitLength + 3) / 4), format[0] == 'x');
    }

    private bool TryFormatDecimal<T>(Span<T> destination, out int written)
        where T : unmanaged, IBinaryInteger<T>
    {
        Span<T> digits = stackalloc T[MaxDecimalLength];
        var at = digits.Length;
        var (c0, c1, c2, c3) = (L0, L1, L2, L3);
        while ((c1 | c2 | c3) != 0)
        {
            var rest = DivideInPlace(ref c3, ref c2, ref c1, ref c0, ChunkScale);
            for (var digit = 0; digit < ChunkDigits; digit++, rest /= 10)
                digits[--at] = T.CreateTruncating('0' + rest % 10);
        }

        do
        {
            digits[--at] = T.CreateTruncating('0' + c0 % 10);
            c0 /= 10;
        }
        while (c0 != 0);
        written = digits.Length - at;
        if (digits[at..].TryCopyTo(destination)) return true;
        written = 0;
        return false;
    }

    private static ulong DivideInPlace(ref ulong c3, ref ulong c2, ref ulong c1, ref ulong c0, ulong divisor)
    {
        ulong rest = 0;
        c3 = Step(c3, divisor, ref rest);
        c2 = Step(c2, divisor, ref rest);
        c1 = Step(c1, divisor, ref rest);
        c0 = Step(c0, divisor, ref rest);
        return rest;
    }

    private static ulong Step(ulong limb, ulong divisor, ref ulong rest)
    {
        if (rest == 0 && limb < divisor)
        {
            rest = limb;
            return 0;
        }

        var (quotient, remainder) = UInt128.DivRem(new UInt128(rest, limb), divisor);
        rest = (ulong)remainder;
        return (ulong)quotient;
    }

    private bool TryFormatHex<T>(Span<T> destination, out int written, int width, bool lower)
        where T : unmanaged, IBinaryInteger<T>
    {
        written = 0;
        if (destination.Length < width) return false;
        var letters = (lower ? 'a' : 'A') - 10;
        for (var place = 0; place < width; place++)
        {
            var digit = (int)((this >> (4 * (width - 1 - place))).L0 & 15);
            destination[place] = T.CreateTruncating(digit < 10 ? '0' + digit : letters + digit);
        }

        written = width;
        return true;
    }

    private static bool TryParseCore<T>(ReadOnlySpan<T> text, out UInt256 value)
        where T : unmanaged, IBinaryInteger<T>
    {
        value = default;
        if (text.IsEmpty) return false;
        if (
            text.Length > 2 && text[0] == T.CreateTruncating('0') &&
                (text[1] | T.CreateTruncating(0x20)) == T.CreateTruncating('x'))
            return TryParseHex(text[2..], out value);
        ulong chunk = 0;
        ulong scale = 1;
        foreach (var character in text)
        {
            var digit = uint.CreateTruncating(character) - '0';
            if (digit > 9) return false;
            chunk = chunk * 10 + digit;
            scale *= 10;
            if (scale == ChunkScale && !Accumulate(ref value, ref chunk, ref scale)) return false;
        }

        return scale == 1 || Accumulate(ref value, ref chunk, ref scale);
    }

    /// <summary>value = value * scale + chunk; false on overflow.</summary>
    private static bool Accumulate(ref UInt256 value, ref ulong chunk, ref ulong scale)
    {
        var c0 = Math.BigMul(value.L0, scale, out var p0);
        var c1 = Math.BigMul(value.L1, scale, out var p1);
        var c2 = Math.BigMul(value.L2, scale, out var p2);
        var c3 = Math.BigMul(value.L3, scale, out var p3);
        var carry = AddCarrying(new UInt256(p3, p2, p1, p0), new UInt256(c2, c1, c0, chunk), out value);
        (chunk, scale) = (0, 1);
        return (c3 | carry) == 0;
    }

    private static bool TryParseHex<T>(ReadOnlySpan<T> digits, out UInt256 value)
        where T : unmanaged, IBinaryInteger<T>
    {
        value = default;
        foreach (var character in digits)
        {
            var digit = HexDigit(uint.CreateTruncating(character));
            if (digit < 0 || value.L3 >> 60 != 0)
            {
                value = default;
                return false;
            }

            value = (value << 4) | (uint)digit;
        }

        return true;
    }

    private static int HexDigit(uint character) => character switch
    {
        >= '0' and <= '9' => (int)character - '0',
        >= 'a' and <= 'f' => (int)character - 'a' + 10,
        >= 'A' and <= 'F' => (int)character - 'A' + 10,
        _ => -1,
    };

    private static FormatException NotANumber(string text) =>
        new(
            $"expected decimal digits or 0x and hex digits below 2^256, found '{text[..Math.Min(100, text.Length)]}'");

    private static FormatException UnknownFormat(string? format) =>
        new($"expected the format G, D, x or X with a width of at most 64, found '{format}'");
}
