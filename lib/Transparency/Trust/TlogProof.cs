// An offline proof (C2SP tlog-proof): index, siblings and the signed checkpoint in one text. Enters: untrusted bytes.
// Leaves: the parts, and a verdict under a policy. Always holds: a proof that was read is written as the same bytes.
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace EventSourced.Transparency;

/// <summary>Proves that an entry stands in a log, offline.</summary>
public sealed class TlogProof
{
    private const string Header = "c2sp.org/tlog-proof@v1";

    /// <summary>A proof out of its parts.</summary>
    /// <param name="index">The entry's index.</param>
    /// <param name="siblings">The siblings, from the leaf's up to the one below the root.</param>
    /// <param name="checkpoint">The head with its signatures.</param>
    /// <param name="extra">Data for the application; nothing authenticates it.</param>
    public TlogProof(
        long index, IReadOnlyList<MerkleHash> siblings, SignedCheckpoint checkpoint, ReadOnlyMemory<byte>? extra = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        (Index, Siblings, Checkpoint, Extra) = (index, siblings, checkpoint, extra);
    }

    /// <summary>The entry's index.</summary>
    public long Index { get; }

    /// <summary>The siblings, from the leaf's up to the one below the root.</summary>
    public IReadOnlyList<MerkleHash> Siblings { get; }

    /// <summary>The head with its signatures.</summary>
    public SignedCheckpoint Checkpoint { get; }

    /// <summary>Data for the application; nothing authenticates it.</summary>
    public ReadOnlyMemory<byte>? Extra { get; }

    /// <summary>Reads a proof.</summary>
    public static TlogProof Parse(ReadOnlySpan<byte> proof)
    {
        Strict.Text(proof, TransparencyLimits.ProofBytes, "a proof");
        var lines = new LineReader(proof, "the proof");
        var header = lines.Next(Header);
        if (!header.SequenceEqual(Encoding.ASCII.GetBytes(Header))) throw Strict.Fault(Header, header, lines.Where);
        byte[]? extra = null;
        var line = lines.Next("an index");
        if (line.StartsWith("extra "u8))
        {
            extra = Strict.Base64Bytes(
                line["extra "u8.Length..], TransparencyLimits.ExtraBytes, "base64 of extra data", lines.Where);
            line = lines.Next("an index");
        }

        if (!line.StartsWith("index "u8)) throw Strict.Fault("index and a number", line, lines.Where);
        var index = Strict.Decimal(line["index "u8.Length..], "an index below 2^63 without leading zeros", lines.Where);
        var siblings = HashLines.Read(ref lines);
        return new TlogProof(index, siblings, SignedCheckpoint.Parse(lines.Rest), extra);
    }

    /// <summary>Whether a leaf stands in the log that the policy trusts.</summary>
    public CheckpointVerdict Judge(TrustPolicy policy, in MerkleHash leaf)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var verdict = policy.Judge(Checkpoint);
        if (!verdict.Holds) return verdict;
        var head = Checkpoint.Checkpoint;
        return MerkleProof.Includes(leaf, Index, head.Size, head.Root, CollectionsMarshal.AsSpan(Siblings.ToList()))
            ? verdict
            : new CheckpointVerdict(
                [], $"expected a way from leaf {Index} to the root of {head.Size} leaves, found another");
    }

    /// <summary>The text, to be stored as a file NAME.tlog-proof.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Header).Append('\n');
        if (Extra is { } extra)
            text.Append(CultureInfo.InvariantCulture, $"extra {Convert.ToBase64String(extra.Span)}\n");
        text.Append(CultureInfo.InvariantCulture, $"index {Index}\n");
        HashLines.Write(text, Siblings);
        return text.Append(Checkpoint).ToString();
    }
}
