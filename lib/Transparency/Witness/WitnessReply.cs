// The log's side of add-checkpoint: the reply of an untrusted witness. Enters: a status and a body. Leaves: the
// checkpoint with the cosignatures that hold, the size from which to prove, or a refusal.
namespace EventSourced.Transparency;

/// <summary>The log's reading of a witness's answer.</summary>
/// <param name="Cosigned">The checkpoint with the cosignatures that hold; otherwise null.</param>
/// <param name="KnownSize">
/// After a conflict, the size that the witness knows: prove from there and ask again; otherwise null.
/// </param>
/// <param name="Refusal">The reason why there is neither, or null.</param>
public sealed record WitnessReply(SignedCheckpoint? Cosigned, long? KnownSize, string? Refusal)
{
    /// <summary>Reads an answer.</summary>
    /// <param name="asked">The checkpoint that was sent.</param>
    /// <param name="witness">The keys of the witness that was asked.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body.</param>
    public static WitnessReply Read(
        SignedCheckpoint asked, IReadOnlyList<VerifierKey> witness, int status, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(asked);
        try
        {
            return status switch
            {
                200 => Cosignatures(asked, witness, NoteSignature.ParseLines(body)),
                409 => Conflict(asked, body),
                _ => new WitnessReply(null, null, $"expected status 200 or 409, found {status}: {Strict.Shown(body)}"),
            };
        }
        catch (TransparencyFormatException fault)
        {
            return new WitnessReply(null, null, fault.Message);
        }
    }

    private static WitnessReply Conflict(SignedCheckpoint asked, ReadOnlySpan<byte> body)
    {
        const string Where = "in a witness's conflict";
        if (!body.EndsWith("\n"u8)) throw Strict.Fault("a size and a newline", body, Where);
        var size = Strict.Decimal(body[..^1], "a size and a newline", Where);
        return size <= asked.Checkpoint.Size
            ? new WitnessReply(null, size, null)
            : new WitnessReply(
                null, null, $"expected a size of at most {asked.Checkpoint.Size}, found {size}, {Where}");
    }

    private static WitnessReply Cosignatures(
        SignedCheckpoint asked, IReadOnlyList<VerifierKey> witness, IReadOnlyList<NoteSignature> lines)
    {
        var verdict = new Note(asked.Note.Text, lines).Judge(witness);
        if (!verdict.Holds) return new WitnessReply(null, null, verdict.Refusal);
        // A witness must state a time, and one line for each key is enough.
        var good = verdict.Verified.Where(one => one.Seconds > 0).Select(one => (one.Key.Name, one.Key.Id)).ToHashSet();
        var kept = lines
            .Where(line => good.Contains((line.Name, line.KeyId)))
            .DistinctBy(line => (line.Name, line.KeyId))
            .ToList();
        return kept.Count > 0
            ? new WitnessReply(asked.With(kept), null, null)
            : new WitnessReply(null, null, "expected a cosignature with a time, found none");
    }
}
