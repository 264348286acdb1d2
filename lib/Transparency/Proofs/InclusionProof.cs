// What a prover found for one leaf.
namespace EventSourced.Transparency;

/// <summary>The way from a leaf to the root.</summary>
/// <param name="Index">The leaf's index.</param>
/// <param name="Leaf">The leaf's hash.</param>
/// <param name="Siblings">From the leaf's sibling up to the root's child.</param>
public sealed record InclusionProof(long Index, MerkleHash Leaf, IReadOnlyList<MerkleHash> Siblings);
