// The tree by the letter of RFC 6962, section 2.1: recursive, slow, and the judge of what the library computes.
using System.Security.Cryptography;
using System.Text;

namespace EventSourced.Transparency.Tests;

internal static class Definition
{
    public static byte[] Entry(long index) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"{index}", (int)(index % 5))));

    public static MerkleHash[] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(index => new MerkleHash(SHA256.HashData([0, .. Entry(index)])))];

    public static MerkleHash Root(ReadOnlySpan<MerkleHash> leaves)
    {
        if (leaves.IsEmpty) return new MerkleHash(SHA256.HashData([]));
        if (leaves.Length == 1) return leaves[0];
        var split = Split(leaves.Length);
        return new MerkleHash(SHA256.HashData([1, .. Root(leaves[..split]).Bytes, .. Root(leaves[split..]).Bytes]));
    }

    public static List<MerkleHash> Inclusion(ReadOnlySpan<MerkleHash> leaves, int index)
    {
        if (leaves.Length == 1) return [];
        var split = Split(leaves.Length);
        return index < split
            ? [.. Inclusion(leaves[..split], index), Root(leaves[split..])]
            : [.. Inclusion(leaves[split..], index - split), Root(leaves[..split])];
    }

    public static List<MerkleHash> Consistency(ReadOnlySpan<MerkleHash> leaves, int old, bool whole = true)
    {
        if (old == leaves.Length) return whole ? [] : [Root(leaves)];
        var split = Split(leaves.Length);
        return old <= split
            ? [.. Consistency(leaves[..split], old, whole), Root(leaves[split..])]
            : [.. Consistency(leaves[split..], old - split, false), Root(leaves[..split])];
    }

    private static int Split(int count)
    {
        var split = 1;
        while (2 * split < count) split *= 2;
        return split;
    }
}
