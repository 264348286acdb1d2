// Names that the contracts keep in one word: the name's letters first, zeros behind. Enters: letters, or a word.
// Leaves: the word, or its letters. Always holds: no two names share a word.
using System.Text;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>Writes and reads names of up to 32 letters.</summary>
public static class ShortNames
{
    /// <summary>The word of a name.</summary>
    public static Word Of(ReadOnlySpan<byte> name)
    {
        if (name.Length > Word.Length)
            throw new ArgumentException(
                $"expected a name of at most {Word.Length} letters, found {name.Length}", nameof(name));
        Span<byte> bytes = stackalloc byte[Word.Length];
        bytes.Clear();
        name.CopyTo(bytes);
        return new Word(bytes);
    }

    /// <summary>The letters of a word; empty when the word is no name of printable letters.</summary>
    public static string TextOf(Word name)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        name.WriteTo(bytes);
        var letters = bytes.TrimEnd((byte)0);
        return letters.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? "" : Encoding.ASCII.GetString(letters);
    }
}

/// <summary>The names of the parameters that the back end computes with. The contracts' Keys has all of them.</summary>
public static class ParameterKeys
{
    /// <summary>The half-life of scores, in seconds.</summary>
    public static Word ReputationHalfLife { get; } = Of("repHalfLife"u8);

    /// <summary>The half-life of recency, in seconds.</summary>
    public static Word RecencyHalfLife { get; } = Of("recHalfLife"u8);

    /// <summary>The half-life of strikes, in seconds.</summary>
    public static Word StrikeHalfLife { get; } = Of("strikeHalfLife"u8);

    /// <summary>Whether a parameter is a half-life, and so has a clock.</summary>
    public static bool IsHalfLife(Word key) =>
        key == ReputationHalfLife || key == RecencyHalfLife || key == StrikeHalfLife;

    /// <summary>The word of a name.</summary>
    public static Word Of(ReadOnlySpan<byte> name) => ShortNames.Of(name);
}
