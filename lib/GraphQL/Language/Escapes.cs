// The escape sequences of quoted strings (specification 2.9.4): measured and checked while lexing, decoded once when
// the parser asks for the text. A surrogate pair may be written as two escapes; a lone surrogate is never accepted.
using System.Buffers;
using System.Globalization;
using System.Text;

namespace EventSourced.GraphQL.Language;

internal static class Escapes
{
    // The length of the sequence that starts at the backslash under `offset`.
    public static int Measure(ReadOnlySpan<byte> source, int offset)
    {
        var mark = offset + 1 < source.Length ? source[offset + 1] : (byte)0;
        switch (mark)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return 2;
            case (byte)'u':
                Decode(source, offset, out var length);
                return length;
            default:
                throw new SyntaxException(
                    $"Invalid character escape sequence: {Quoted(source, offset, 2)}.", source, offset);
        }
    }

    // The text between the quotation marks, escapes decoded.
    public static string Unescape(ReadOnlySpan<byte> content)
    {
        if (!content.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(content);

        var buffer = ArrayPool<byte>.Shared.Rent(content.Length);
        var written = 0;
        for (var index = 0; index < content.Length;)
        {
            if (content[index] != '\\')
            {
                buffer[written++] = content[index++];
                continue;
            }

            if (content[index + 1] == 'u')
            {
                written += Decode(content, index, out var length).EncodeToUtf8(buffer.AsSpan(written));
                index += length;
                continue;
            }

            buffer[written++] = content[index + 1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                var same => same,
            };
            index += 2;
        }

        var text = Encoding.UTF8.GetString(buffer, 0, written);
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    private static Rune Decode(ReadOnlySpan<byte> source, int offset, out int length)
    {
        var rest = source[offset..];
        if (rest.Length > 2 && rest[2] == '{')
        {
            var end = rest.IndexOf((byte)'}');
            length = end + 1;
            if (end is > 3 and <= 11 && TryHex(rest[3..end], out var point) && Rune.TryCreate(point, out var rune))
                return rune;
            throw Invalid(source, offset, end < 0 ? 6 : Math.Min(end + 1, 12));
        }

        length = 6;
        if (!TryFour(rest, 0, out var unit))
            throw Invalid(source, offset, 6);
        if (Rune.TryCreate(unit, out var single))
            return single;
        if (TryFour(rest, 6, out var low) && Rune.TryCreate((char)unit, (char)low, out var pair))
        {
            length = 12;
            return pair;
        }

        throw Invalid(source, offset, 6);
    }

    private static bool TryFour(ReadOnlySpan<byte> rest, int at, out int unit)
    {
        unit = 0;
        return rest.Length >= at + 6 && rest[at] == '\\' && rest[at + 1] == 'u'
            && TryHex(rest.Slice(at + 2, 4), out unit);
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return false;
        }

        return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static SyntaxException Invalid(ReadOnlySpan<byte> source, int offset, int length) =>
        new($"Invalid Unicode escape sequence: {Quoted(source, offset, length)}.", source, offset);

    private static string Quoted(ReadOnlySpan<byte> source, int offset, int length) =>
        $"\"{Encoding.UTF8.GetString(source.Slice(offset, Math.Min(length, source.Length - offset)))}\"";
}
