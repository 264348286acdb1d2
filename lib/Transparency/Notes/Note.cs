// A signed note (C2SP signed-note): a text that ends in a newline, an empty line, signature lines. Enters: untrusted
// bytes. Leaves: text and signatures, apart. Always holds: a note that was read is written as the same bytes; no caller
// should believe its text before Judge accepts it.
using System.Text;

namespace EventSourced.Transparency;

/// <summary>A text with signatures.</summary>
public sealed class Note
{
    /// <summary>A note over a text that ends in a newline.</summary>
    public Note(string text, IEnumerable<NoteSignature> signatures)
    {
        ArgumentNullException.ThrowIfNull(text);
        CheckText(text);
        (Text, Signatures) = (text, [.. signatures]);
    }

    /// <summary>The text with its last newline.</summary>
    public string Text { get; }

    /// <summary>The signatures in their order.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Reads a note.</summary>
    public static Note Parse(ReadOnlySpan<byte> note)
    {
        Strict.Text(note, TransparencyLimits.NoteBytes, "a note");
        var blank = note.LastIndexOf("\n\n"u8);
        if (blank < 0)
            throw new TransparencyFormatException("an empty line before the signatures", "none", "in the note");
        var signatures = NoteSignature.ParseAll(note[(blank + 2)..], "the note's signatures");
        return new Note(Encoding.UTF8.GetString(note[..(blank + 1)]), signatures);
    }

    /// <summary>The same text with more signatures after the present ones.</summary>
    public Note With(IEnumerable<NoteSignature> signatures) => new(Text, Signatures.Concat(signatures));

    /// <summary>The note as a log serves it.</summary>
    public override string ToString() => $"{Text}\n{string.Concat(Signatures)}";

    /// <summary>
    /// Verifies every signature by a known key. Signatures by other keys are ignored, even if such a key shares its
    /// name or its id, but not both, with a known key. One signature by a known key that does not hold spoils the note.
    /// </summary>
    public NoteVerdict Judge(IEnumerable<VerifierKey> keys)
    {
        var known = keys.ToLookup(key => (key.Name, key.Id));
        var verified = new List<VerifiedSignature>();
        foreach (var signature in Signatures)
        {
            var candidates = known[(signature.Name, signature.KeyId)];
            if (!candidates.Any()) continue;
            var good = candidates
                .Select(key => key.Verify(Text, signature.Signature.Span))
                .FirstOrDefault(one => one is not null);
            if (good is null)
            {
                return new NoteVerdict(
                    [],
                    $"expected a signature by {signature.Name}+{signature.KeyId:x8} over this text, " +
                    "found one that does not hold");
            }

            if (verified.All(other => other.Key != good.Key)) verified.Add(good);
        }

        return new NoteVerdict(verified, verified.Count > 0 ? null : "expected a signature by a known key, found none");
    }

    private static void CheckText(string text)
    {
        if (!text.EndsWith('\n'))
            throw new TransparencyFormatException("a text that ends in a newline", "another end", "in a note");
        foreach (var character in text)
        {
            if (character < ' ' && character != '\n')
                throw new TransparencyFormatException(
                    "a text without control characters", $"U+{(int)character:X4}", "in a note");
        }
    }
}
