// What the known keys say of a note.
namespace EventSourced.Transparency;

/// <summary>A signature that holds.</summary>
/// <param name="Key">The key that made it.</param>
/// <param name="Seconds">The cosignature's time in seconds since 1970; null where the type has none.</param>
public sealed record VerifiedSignature(VerifierKey Key, long? Seconds);

/// <summary>Whether a note may be believed.</summary>
/// <param name="Verified">The signatures that hold, one a key.</param>
/// <param name="Refusal">Why the note may not be believed, or null.</param>
public sealed record NoteVerdict(IReadOnlyList<VerifiedSignature> Verified, string? Refusal)
{
    /// <summary>Whether a known key signed, and none of the known keys' signatures fails.</summary>
    public bool Holds => Refusal is null;
}
