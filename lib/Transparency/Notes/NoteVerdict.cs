// The verdict of the known keys on a note.
namespace EventSourced.Transparency;

/// <summary>A signature that holds.</summary>
/// <param name="Key">The key that made it.</param>
/// <param name="Seconds">The cosignature's time in seconds since 1970; null: its type states none.</param>
public sealed record VerifiedSignature(VerifierKey Key, long? Seconds);

/// <summary>Whether a note may be believed.</summary>
/// <param name="Verified">The signatures that hold, one for each key.</param>
/// <param name="Refusal">The reason not to believe the note, or null.</param>
public sealed record NoteVerdict(IReadOnlyList<VerifiedSignature> Verified, string? Refusal)
{
    /// <summary>Whether a known key signed, and none of the known keys' signatures fails.</summary>
    public bool Holds => Refusal is null;
}
