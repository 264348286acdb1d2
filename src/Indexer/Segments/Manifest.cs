// The signed manifest of an archive: a note (C2SP signed-note) by the log's own key. Enters: contents, keys; or the
// bytes of a stranger. Leaves: the note, or its statement. Always holds: its first line is no origin of a log, so that
// no manifest passes for a checkpoint; the contents have the signed hash.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Segments;

/// <summary>Writes and reads manifests.</summary>
internal static class Manifest
{
    /// <summary>The file, below the archive.</summary>
    internal const string File = "manifest";

    private const string Head = "eventsourced-archive/v1";

    /// <summary>The file of contents with this hash, below the archive.</summary>
    internal static string ContentsFile(string hash) => $"contents/{hash}.json";

    internal static string HashOf(ReadOnlySpan<byte> contents) =>
        Convert.ToHexStringLower(SHA256.HashData(contents));

    /// <summary>The signed note over contents.</summary>
    internal static Note Sign(string contentsHash, Checkpoint head, IEnumerable<SigningKey> keys)
    {
        var text = TextOf(contentsHash, head);
        return new Note(text, keys.Where(key => key.Verifier.Type == SignatureType.Ed25519)
            .Select(key => key.Sign(text)));
    }

    /// <summary>The hash of the contents that a known key signed.</summary>
    /// <exception cref="PlaceFaultException">No known key signed the bytes, or they are no manifest.</exception>
    internal static string ContentsOf(Note note, IReadOnlyList<VerifierKey> keys, string where)
    {
        var verdict = note.Judge(keys.Where(key => key.Type == SignatureType.Ed25519));
        if (!verdict.Holds) throw new PlaceFaultException(
            "a manifest signed by the log's key", verdict.Refusal!, where);
        var lines = note.Text.Split('\n');
        return lines is [Head, _, _, var contents, ""] && contents.StartsWith("contents ", StringComparison.Ordinal)
            && contents.Length == "contents ".Length + 2 * SHA256.HashSizeInBytes
            && contents["contents ".Length..].All(char.IsAsciiHexDigitLower)
            ? contents["contents ".Length..]
            : throw new PlaceFaultException($"a manifest that begins with {Head}", "another text", where);
    }

    /// <summary>Whether a manifest is for this head.</summary>
    internal static bool SpeaksOf(Note note, string contentsHash, Checkpoint head) =>
        note.Text == TextOf(contentsHash, head);

    private static string TextOf(string contentsHash, Checkpoint head) =>
        new StringBuilder($"{Head}\n")
            .Append(CultureInfo.InvariantCulture, $"log {head.Origin}\nsize {head.Size} {head.Root}\n")
            .Append(CultureInfo.InvariantCulture, $"contents {contentsHash}\n").ToString();
}
