// The one exception of this library for bytes and texts of strangers. Enters: what the format asks for, what stood
// there, and where. Leaves: a message in the words of the house. A signature or a proof that does not hold is a
// verdict, never an exception.
namespace EventSourced.Transparency;

/// <summary>A text or a file does not have its format.</summary>
public sealed class TransparencyFormatException(string expected, string found, string where)
    : FormatException($"expected {expected}, found {found}, {where}")
{
    /// <summary>What the format asks for.</summary>
    public string Expected { get; } = expected;

    /// <summary>What stood there.</summary>
    public string Found { get; } = found;

    /// <summary>The place, in words.</summary>
    public string Where { get; } = where;
}
