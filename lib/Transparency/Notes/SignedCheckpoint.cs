// A checkpoint with its signatures, as a log serves it. Enters: untrusted bytes, or a head and keys. Leaves: the head,
// the note, and the same bytes again.
namespace EventSourced.Transparency;

/// <summary>A note whose text is a checkpoint.</summary>
public sealed class SignedCheckpoint
{
    private SignedCheckpoint(Note note, Checkpoint checkpoint) => (Note, Checkpoint) = (note, checkpoint);

    /// <summary>The note.</summary>
    public Note Note { get; }

    /// <summary>The head that the text states. Believe it only after <see cref="Note.Judge"/>.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Reads a signed checkpoint.</summary>
    public static SignedCheckpoint Parse(ReadOnlySpan<byte> note)
    {
        var read = Note.Parse(note);
        return new SignedCheckpoint(read, Checkpoint.Parse(read.Text));
    }

    /// <summary>
    /// Signs a head. A log must make the tiles of that size durable before it signs, and must never sign two heads that
    /// are inconsistent.
    /// </summary>
    /// <param name="checkpoint">The head.</param>
    /// <param name="seconds">The time that a cosignature states.</param>
    /// <param name="keys">The keys, in the order of their lines.</param>
    public static SignedCheckpoint Sign(Checkpoint checkpoint, long seconds, params IReadOnlyList<SigningKey> keys)
    {
        var text = checkpoint.ToString();
        return new SignedCheckpoint(new Note(text, keys.Select(key => key.Sign(text, seconds))), checkpoint);
    }

    /// <summary>The same checkpoint with more signatures.</summary>
    public SignedCheckpoint With(IEnumerable<NoteSignature> signatures) => new(Note.With(signatures), Checkpoint);

    /// <summary>The same checkpoint with only the signatures by these keys; the caller has judged them.</summary>
    public SignedCheckpoint Only(IEnumerable<VerifierKey> keys)
    {
        var known = keys.Select(key => (key.Name, key.Id)).ToHashSet();
        var kept = Note.Signatures.Where(signature => known.Contains((signature.Name, signature.KeyId)));
        return new SignedCheckpoint(new Note(Note.Text, kept), Checkpoint);
    }

    /// <summary>The note as a log serves it.</summary>
    public override string ToString() => Note.ToString();
}
