// Judges proofs (RFC 9162, sections 2.1.3.2 and 2.1.4.2; the proofs of RFC 6962). Enters: hashes, sizes and a proof,
// each of them perhaps forged. Leaves: yes or no. Always holds: it is pure and throws for no input.
namespace EventSourced.Transparency;

/// <summary>Verifies inclusion of a leaf and consistency of two trees.</summary>
public static class MerkleProof
{
    /// <summary>Whether a leaf stands at an index of the tree with this size and root.</summary>
    public static bool Includes(
        in MerkleHash leaf, long index, long size, in MerkleHash root, ReadOnlySpan<MerkleHash> proof)
    {
        if (index < 0 || index >= size) return false;
        var (node, last) = (index, size - 1);
        var hash = leaf;
        foreach (ref readonly var sibling in proof)
        {
            // The root is reached before the proof ends.
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleHash.OfNode(sibling, hash);
                Lift(ref node, ref last);
            }
            else
            {
                hash = MerkleHash.OfNode(hash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && hash == root;
    }

    /// <summary>Whether the larger tree begins with the leaves of the smaller one.</summary>
    public static bool Extends(
        long oldSize, in MerkleHash oldRoot, long newSize, in MerkleHash newRoot, ReadOnlySpan<MerkleHash> proof)
    {
        if (oldSize < 0 || oldSize > newSize) return false;
        if (oldSize == newSize)
            return proof.IsEmpty && oldRoot == newRoot && (oldSize > 0 || oldRoot == MerkleHash.EmptyRoot);
        // Every tree extends the empty tree; there is nothing to prove.
        if (oldSize == 0) return proof.IsEmpty && oldRoot == MerkleHash.EmptyRoot;
        var (node, last) = (oldSize - 1, newSize - 1);
        while ((node & 1) == 1)
        {
            node >>= 1;
            last >>= 1;
        }

        MerkleHash before, after;
        if (node == 0)
        {
            // The old size is a power of two: the old root itself is the first node of both trees.
            before = after = oldRoot;
        }
        else
        {
            if (proof.IsEmpty) return false;
            before = after = proof[0];
            proof = proof[1..];
        }

        foreach (ref readonly var sibling in proof)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                before = MerkleHash.OfNode(sibling, before);
                after = MerkleHash.OfNode(sibling, after);
                Lift(ref node, ref last);
            }
            else
            {
                after = MerkleHash.OfNode(after, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && before == oldRoot && after == newRoot;
    }

    // A node at the right edge without a sibling passes its own hash to its parent: climb to the level that has a
    // sibling.
    private static void Lift(ref long node, ref long last)
    {
        while ((node & 1) == 0 && node != 0)
        {
            node >>= 1;
            last >>= 1;
        }
    }
}
