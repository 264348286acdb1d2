// A double as ECMAScript's Number::toString writes it (ECMA-262, section 6.1.6.1.20), which RFC 8785 takes over. The
// digits are the shortest that read back to the same double: .NET's round-trip digits, laid out by ECMAScript's rules.
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace EventSourced.EventStore.Json;

/// <summary>Doubles in ECMAScript's text form.</summary>
internal static class EcmaScriptNumber
{
    internal const double MaxSafeInteger = 9007199254740991;
    internal const int MaxLength = 32;

    /// <summary>Writes a finite double and answers how many bytes it took.</summary>
    internal static int Write(Span<byte> output, double value)
    {
        if (value == 0) return Put(output, "0");
        if (double.IsInteger(value) && Math.Abs(value) <= MaxSafeInteger)
        {
            Utf8Formatter.TryFormat((long)value, output, out var length);
            return length;
        }

        var (digits, point) = Shortest(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
        return Put(output, (value < 0 ? "-" : "") + Layout(digits, point));
    }

    // n is where the decimal point stands, counted from the first digit.
    private static string Layout(string digits, int n)
    {
        var k = digits.Length;
        if (k <= n && n <= 21) return digits + new string('0', n - k);
        if (n is > 0 and <= 21) return $"{digits[..n]}.{digits[n..]}";
        if (n is > -6 and <= 0) return $"0.{new string('0', -n)}{digits}";
        var power = n - 1;
        var exponent = string.Create(CultureInfo.InvariantCulture, $"e{(power < 0 ? '-' : '+')}{Math.Abs(power)}");
        return k == 1 ? digits + exponent : $"{digits[0]}.{digits[1..]}{exponent}";
    }

    // The significant digits of .NET's shortest text, and where the decimal point stands among them.
    private static (string Digits, int Point) Shortest(string text)
    {
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var mantissa = mark < 0 ? text : text[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa.Length : point;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), whole - leading + exponent);
    }

    private static int Put(Span<byte> output, string text) => Encoding.ASCII.GetBytes(text, output);
}
