// The result of a prover for one leaf.
namespace EventSourced.Transparency;

/// <summary>The path from a leaf to the root.</summary>
/// <param name="Index">The leaf's index.</param>
/// <param name="Leaf">The leaf's hash.</param>
/// <param name="Siblings">The siblings, from the leaf's up to the one below the root.</param>
public sealed record InclusionProof(long Index, MerkleHash Leaf, IReadOnlyList<MerkleHash> Siblings);
