// Which witnesses suffice (C2SP tlog-policy, witness groups). Always holds: a name stands in one group at most, so no
// witness counts twice.
namespace EventSourced.Transparency;

/// <summary>A witness, or a group of which at least some must have witnessed.</summary>
/// <param name="Name">The name in the policy.</param>
/// <param name="Key">The witness's key; null of a group.</param>
/// <param name="Threshold">How many members are needed; 0 of a witness.</param>
/// <param name="Members">The members of a group.</param>
public sealed record Quorum(string Name, VerifierKey? Key, int Threshold, IReadOnlyList<Quorum> Members)
{
    /// <summary>Whether these keys' cosignatures are enough.</summary>
    public bool IsMet(IReadOnlySet<VerifierKey> cosigned) =>
        Key is null ? Members.Count(member => member.IsMet(cosigned)) >= Threshold : cosigned.Contains(Key);
}
