// The body of add-checkpoint (C2SP tlog-witness). Enters: untrusted bytes, or the request of a log. Leaves: the parts,
// or the body.
using System.Globalization;
using System.Text;

namespace EventSourced.Transparency;

/// <summary>Asks a witness to cosign a checkpoint.</summary>
/// <param name="OldSize">The size that the witness cosigned last, according to the sender.</param>
/// <param name="Proof">The consistency proof from that size.</param>
/// <param name="Checkpoint">The new head, signed by the log.</param>
public sealed record AddCheckpointRequest(long OldSize, IReadOnlyList<MerkleHash> Proof, SignedCheckpoint Checkpoint)
{
    /// <summary>The path below the witness's submission prefix.</summary>
    public const string Path = "add-checkpoint";

    /// <summary>Reads a body. A body that is refused here gets the answer 400.</summary>
    public static AddCheckpointRequest Parse(ReadOnlySpan<byte> body)
    {
        Strict.Text(body, TransparencyLimits.RequestBytes, "a request");
        var lines = new LineReader(body, "the request");
        var old = lines.Next("old and a size");
        if (!old.StartsWith("old "u8)) throw Strict.Fault("old and a size", old, lines.Where);
        var size = Strict.Decimal(old["old "u8.Length..], "a size below 2^63 without leading zeros", lines.Where);
        var proof = HashLines.Read(ref lines);
        return new AddCheckpointRequest(size, proof, SignedCheckpoint.Parse(lines.Rest));
    }

    /// <summary>The body.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"old {OldSize}\n");
        HashLines.Write(text, Proof);
        return text.Append(Checkpoint).ToString();
    }
}
