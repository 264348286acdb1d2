// The witnesses that suffice (C2SP tlog-policy, witness groups). Always holds: a name belongs to at most one group, so
// no witness counts twice.
namespace EventSourced.Transparency;

/// <summary>A witness, or a group with the number of members that must have witnessed.</summary>
/// <param name="Name">The name in the policy.</param>
/// <param name="Key">The witness's key; null for a group.</param>
/// <param name="Threshold">The number of members that are needed; 0 for a witness.</param>
/// <param name="Members">The members of a group.</param>
public sealed record Quorum(string Name, VerifierKey? Key, int Threshold, IReadOnlyList<Quorum> Members)
{
    /// <summary>Whether the cosignatures of these keys suffice.</summary>
    public bool IsMet(IReadOnlySet<VerifierKey> cosigned) =>
        Key is null ? Members.Count(member => member.IsMet(cosigned)) >= Threshold : cosigned.Contains(Key);
}
