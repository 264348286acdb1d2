// Names that contracts keep in one word: text from the left, zeros behind it. Enters: a word. Leaves: its text, or
// nothing where the word is no such text (a hash, or bytes that somebody chose). Always holds: what leaves is
// printable ASCII, safe in every store.
namespace EventSourced.Domain;

internal static class ShortText
{
    private const byte FirstPrintable = 0x20;
    private const byte LastPrintable = 0x7e;

    /// <summary>The text of a word; empty where it has none.</summary>
    internal static string Of(Word word)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        word.WriteTo(bytes);
        var text = bytes.TrimEnd((byte)0);
        return text.ContainsAnyExceptInRange(FirstPrintable, LastPrintable) ? "" : System.Text.Encoding.ASCII.GetString(text);
    }
}
