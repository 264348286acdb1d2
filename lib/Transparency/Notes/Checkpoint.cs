// The text of a checkpoint (C2SP tlog-checkpoint): origin, size, root, extension lines. Enters: untrusted text. Leaves:
// the values, and the bytes that each type of cosignature covers (C2SP tlog-cosignature). Always holds: writing a
// checkpoint gives exactly the bytes that were read.
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EventSourced.Transparency;

/// <summary>The head of a log.</summary>
public sealed record Checkpoint
{
    private const string StateRootLine = "state-root ";
    private const string What = "the checkpoint";

    /// <summary>A head with extension lines, which only signatures of the type Ed25519 cover.</summary>
    public Checkpoint(string origin, long size, MerkleHash root, IEnumerable<string>? extensions = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        CheckLine(origin, "an origin");
        (Origin, Size, Root, Extensions) = (origin, size, root, [.. extensions ?? []]);
        foreach (var line in Extensions) CheckLine(line, "an extension line");
        if (Extensions.Count > TransparencyLimits.ExtensionLines)
            throw new TransparencyFormatException(
                $"at most {TransparencyLimits.ExtensionLines} extension lines", $"{Extensions.Count}", $"in {What}");
    }

    /// <summary>The log's identity.</summary>
    public string Origin { get; }

    /// <summary>The number of leaves.</summary>
    public long Size { get; }

    /// <summary>The root of the tree.</summary>
    public MerkleHash Root { get; }

    /// <summary>The lines after the root. Only the log knows their meaning.</summary>
    public IReadOnlyList<string> Extensions { get; }

    /// <summary>
    /// The root of the state to which the log's entries fold, as the log states it in the one extension line of that
    /// name; null: there is no such line.
    /// </summary>
    public MerkleHash? StateRoot
    {
        get
        {
            var lines = Extensions.Where(line => line.StartsWith(StateRootLine, StringComparison.Ordinal)).ToList();
            if (lines.Count != 1) return null;
            try
            {
                return MerkleHash.Parse(Encoding.UTF8.GetBytes(lines[0][StateRootLine.Length..]), $"in {What}");
            }
            catch (TransparencyFormatException)
            {
                // Another log may use the same word for something else.
                return null;
            }
        }
    }

    /// <summary>The extension line that states a state root.</summary>
    public static string StateRootExtension(MerkleHash root) => $"{StateRootLine}{root}";

    /// <summary>Reads the text of a note as a checkpoint.</summary>
    public static Checkpoint Parse(string text) => Parse(Strict.Utf8Text.GetBytes(text));

    /// <summary>Reads the text of a note as a checkpoint.</summary>
    public static Checkpoint Parse(ReadOnlySpan<byte> text)
    {
        Strict.Text(text, TransparencyLimits.NoteBytes, "a checkpoint");
        var lines = new LineReader(text, What);
        var origin = lines.Next("an origin");
        if (origin.IsEmpty) throw Strict.Fault("an origin", origin, lines.Where);
        var size = Strict.Decimal(lines.Next("a size"), "a size below 2^63 without leading zeros", lines.Where);
        var root = MerkleHash.Parse(lines.Next("a root"), lines.Where);
        var extensions = new List<string>();
        while (!lines.AtEnd)
        {
            var line = lines.Next("an extension line");
            if (line.IsEmpty) throw Strict.Fault("an extension line", line, lines.Where);
            if (extensions.Count == TransparencyLimits.ExtensionLines)
                throw new TransparencyFormatException(
                    $"at most {TransparencyLimits.ExtensionLines} extension lines", "more", lines.Where);
            extensions.Add(Encoding.UTF8.GetString(line));
        }

        return new Checkpoint(Encoding.UTF8.GetString(origin), size, root, extensions);
    }

    /// <summary>The text of the note, with its last newline.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Root}\n");
        foreach (var line in Extensions) text.Append(line).Append('\n');
        return text.ToString();
    }

    /// <summary>The bytes that a cosignature by Ed25519 covers: the whole text.</summary>
    internal static byte[] Ed25519Message(string text, long seconds) =>
        Strict.Utf8Text.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"cosignature/v1\ntime {seconds}\n{text}"));

    /// <summary>
    /// The bytes that a cosignature by ML-DSA-44 covers: the cosigner's name, the time, origin, size and root, but no
    /// extension line. Null: a name is too long for its length byte.
    /// </summary>
    internal byte[]? MlDsa44Message(string cosigner, long seconds)
    {
        var name = Strict.Utf8Text.GetBytes(cosigner);
        var origin = Strict.Utf8Text.GetBytes(Origin);
        if (name.Length > TransparencyLimits.NameBytes || origin.Length > TransparencyLimits.NameBytes) return null;
        Span<byte> numbers = stackalloc byte[3 * sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(numbers, seconds);
        BinaryPrimitives.WriteInt64BigEndian(numbers[sizeof(long)..], 0);
        BinaryPrimitives.WriteInt64BigEndian(numbers[(2 * sizeof(long))..], Size);
        return
        [
            .. "subtree/v1\n\0"u8, (byte)name.Length, .. name, .. numbers[..sizeof(long)],
            (byte)origin.Length, .. origin, .. numbers[sizeof(long)..], .. Root.Bytes,
        ];
    }

    private static void CheckLine(string line, string what)
    {
        if (string.IsNullOrEmpty(line)) throw new TransparencyFormatException(what, "nothing", $"in {What}");
        foreach (var character in line)
        {
            if (character < ' ')
                throw new TransparencyFormatException(
                    $"{what} without control characters", $"U+{(int)character:X4}", $"in {What}");
        }
    }
}
