// Block strings (specification 2.9.4): the common indentation and the blank first and last lines belong to the layout
// of the document, not to the value; printing adds them again so that reading the print gives the same value.
using System.Text;

namespace EventSourced.GraphQL.Language;

internal static class BlockStrings
{
    // The value of the text between the three quotation marks.
    public static string Read(ReadOnlySpan<byte> content)
    {
        var raw = Encoding.UTF8.GetString(content).Replace("\\\"\"\"", "\"\"\"", StringComparison.Ordinal);
        var lines = raw.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        var common = lines.Skip(1).Where(line => !IsBlank(line)).Select(Indentation).DefaultIfEmpty(0).Min();
        var first = Array.FindIndex(lines, line => !IsBlank(line));
        if (first < 0)
            return "";
        var last = Array.FindLastIndex(lines, line => !IsBlank(line));

        var text = new StringBuilder(raw.Length);
        for (var index = first; index <= last; index++)
        {
            if (index > first)
                text.Append('\n');
            text.Append(index == 0 ? lines[0] : lines[index].AsSpan(Math.Min(common, lines[index].Length)));
        }

        return text.ToString();
    }

    // Whether a text survives being printed as a block string: blank outer lines and odd line ends do not.
    public static bool CanPrint(string value)
    {
        if (value.Length == 0)
            return true;
        if (value.Any(symbol => symbol is < ' ' and not '\t' and not '\n'))
            return false;
        var lines = value.Split('\n');
        var common = lines.Where(line => !IsBlank(line)).Select(Indentation).DefaultIfEmpty(0).Min();
        return !IsBlank(lines[0]) && !IsBlank(lines[^1]) && common == 0;
    }

    public static void Print(StringBuilder text, string value, string indentation)
    {
        var fitsOneLine = value.Length is > 0 and <= 70 && !value.Contains('\n') && value[^1] is not ('"' or '\\');
        if (fitsOneLine)
        {
            text.Append("\"\"\"").Append(value.Replace("\"\"\"", "\\\"\"\"", StringComparison.Ordinal))
                .Append("\"\"\"");
            return;
        }

        text.Append("\"\"\"\n");
        foreach (var line in value.Replace("\"\"\"", "\\\"\"\"", StringComparison.Ordinal).Split('\n'))
            text.Append(line.Length == 0 ? "" : indentation).Append(line).Append('\n');
        text.Append(indentation).Append("\"\"\"");
    }

    private static int Indentation(string line) => line.Length - line.AsSpan().TrimStart(" \t").Length;

    private static bool IsBlank(string line) => Indentation(line) == line.Length;
}
