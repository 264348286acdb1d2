// The small parts that every format here is made of: decimals, base64, lines of UTF-8. Enters: untrusted spans. Leaves:
// values. Always holds: each value has one spelling, so that reading and writing give the same bytes.
using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace EventSourced.Transparency;

internal static class Strict
{
    // This encoding refuses halves of surrogate pairs instead of writing U+FFFD.
    public static readonly UTF8Encoding Utf8Text = new(false, true);

    private const int LongestShown = 40;

    /// <summary>A decimal below 2^63 without sign and leading zeros.</summary>
    public static long Decimal(ReadOnlySpan<byte> text, string expected, string where)
    {
        if (text.IsEmpty || (text[0] == '0' && text.Length > 1)) throw Fault(expected, text, where);
        var value = 0L;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9') throw Fault(expected, text, where);
            if (value > (long.MaxValue - (digit - '0')) / 10) throw Fault(expected, text, where);
            value = value * 10 + (digit - '0');
        }

        return value;
    }

    /// <summary>Canonical base64 of at most <paramref name="most"/> bytes.</summary>
    public static byte[] Base64Bytes(ReadOnlySpan<byte> text, int most, string expected, string where)
    {
        if (text.Length > Base64.GetMaxEncodedToUtf8Length(most)) throw TooLong();
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (Base64.DecodeFromUtf8(text, bytes, out var read, out var written) != OperationStatus.Done
            || read != text.Length)
            throw Fault(expected, text, where);
        // Up to two more bytes have base64 of the same length.
        if (written > most) throw TooLong();
        // The decoder accepts white space and unused bits. We write and accept only one spelling.
        var again = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(written));
        try
        {
            Base64.EncodeToUtf8(bytes.AsSpan(0, written), again, out _, out var length);
            if (!text.SequenceEqual(again.AsSpan(0, length))) throw Fault(expected, text, where);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(again);
        }

        return written == bytes.Length ? bytes : bytes[..written];

        TransparencyFormatException TooLong() => new(expected, $"base64 of more than {most} bytes", where);
    }

    /// <summary>
    /// Text in UTF-8 whose only control character is the newline, and at most <paramref name="most"/> bytes of it.
    /// </summary>
    public static void Text(ReadOnlySpan<byte> text, int most, string what)
    {
        if (text.Length > most)
            throw new TransparencyFormatException($"{what} of at most {most} bytes", $"{text.Length}", "in all");
        if (!Utf8.IsValid(text)) throw new TransparencyFormatException($"{what} in UTF-8", "other bytes", "in it");
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] < 0x20 && text[at] != '\n')
                throw new TransparencyFormatException(
                    $"{what} without control characters", $"0x{text[at]:x2}", $"at byte {at}");
        }
    }

    public static TransparencyFormatException Fault(string expected, ReadOnlySpan<byte> found, string where) =>
        new(expected, Shown(found), where);

    /// <summary>The start of the found text, in quotes, without characters that could deceive a terminal.</summary>
    public static string Shown(ReadOnlySpan<byte> found)
    {
        if (found.IsEmpty) return "nothing";
        var shown = new StringBuilder("'");
        foreach (var one in found[..Math.Min(found.Length, LongestShown)])
            shown.Append(one is >= 0x20 and < 0x7f ? (char)one : '?');
        return shown.Append(found.Length > LongestShown ? "...'" : "'").ToString();
    }
}
