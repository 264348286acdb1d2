// A place in a document. Only an error counts lines and columns, so that reading pays nothing for them.
using System.Text;

namespace EventSourced.GraphQL.Errors;

/// <summary>A position that people read: both numbers start at 1 (specification 7.1.2).</summary>
public readonly record struct SourceLocation(int Line, int Column)
{
    /// <summary>Finds the line and the column of a byte offset; a line ends at LF, CR or CR LF (2.1.2).</summary>
    public static SourceLocation At(ReadOnlySpan<byte> source, int offset)
    {
        offset = Math.Clamp(offset, 0, source.Length);
        var line = 1;
        var lineStart = 0;
        for (var index = 0; index < offset; index++)
        {
            var endsLine = source[index] == '\n'
                || (source[index] == '\r' && !(index + 1 < source.Length && source[index + 1] == '\n'));
            if (!endsLine)
                continue;
            line++;
            lineStart = index + 1;
        }

        return new(line, Encoding.UTF8.GetCharCount(source[lineStart..offset]) + 1);
    }
}
