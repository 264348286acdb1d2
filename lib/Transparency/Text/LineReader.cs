// Reads a text line by line. Enters: UTF-8 bytes. Leaves: lines without their newline. Always holds: every returned
// line ended in a newline; the reader knows its number, so that a complaint can name the place.
namespace EventSourced.Transparency;

internal ref struct LineReader(ReadOnlySpan<byte> text, string what)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>The number of the line that was read last, from one.</summary>
    public int Line { get; private set; }

    /// <summary>The part that was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>The place of the line that was read last.</summary>
    public readonly string Where => $"in line {Line} of {what}";

    public ReadOnlySpan<byte> Next(string expected)
    {
        Line++;
        var end = _rest.IndexOf((byte)'\n');
        if (end < 0)
        {
            var found = _rest.IsEmpty ? "the end" : "a line without its newline";
            throw new TransparencyFormatException(expected, found, Where);
        }

        var line = _rest[..end];
        _rest = _rest[(end + 1)..];
        return line;
    }
}
