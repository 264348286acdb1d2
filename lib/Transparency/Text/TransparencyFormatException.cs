// The one exception of this library for untrusted bytes and texts. Enters: the expected form, the found text, and its
// place. Leaves: a message in the words of the house. Always holds: a signature or a proof that does not hold is a
// verdict, never an exception.
namespace EventSourced.Transparency;

/// <summary>A text or a file does not have its format.</summary>
public sealed class TransparencyFormatException(string expected, string found, string where)
    : FormatException($"expected {expected}, found {found}, {where}")
{
    /// <summary>The expected form.</summary>
    public string Expected { get; } = expected;

    /// <summary>The found text.</summary>
    public string Found { get; } = found;

    /// <summary>The place, in words.</summary>
    public string Where { get; } = where;
}
