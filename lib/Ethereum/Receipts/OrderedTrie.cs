// The root of a list as a block's header states it: a Merkle Patricia trie from the RLP of each index to its item
// (Ethereum Yellow Paper, appendix D). Enters: the items in order, which may be a stranger's. Leaves: the root. Always
// holds: the keys are ours, at most nine nibbles long, so depth is bounded whatever the items are.

using EventSourced.Ethereum.RlpEncoding;

namespace EventSourced.Ethereum.Receipts;

/// <summary>Makes the root of an ordered list.</summary>
public static class OrderedTrie
{
    private const int Children = 16;
    private const byte OddPath = 0x10;
    private const byte LeafPath = 0x20;

    /// <summary>The root over items by their index.</summary>
    public static Hash32 Root(IReadOnlyList<byte[]> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (items.Count == 0) return Keccak256.Hash(Rlp.Text([]));
        var entries = items.Select((item, index) => (Path: Nibbles(Rlp.Number((ulong)index)), Item: item))
            .OrderBy(entry =>
                entry.Path, Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)))
            .ToArray();
        return Keccak256.Hash(Node(entries, 0));
    }

    // No key of ours is the beginning of another, so a branch never holds a value.
    private static byte[] Node(ReadOnlySpan<(byte[] Path, byte[] Item)> entries, int depth)
    {
        if (entries.Length == 1)
            return Rlp.List(Rlp.Text(Compact(entries[0].Path.AsSpan(depth), LeafPath)), Rlp.Text(entries[0].Item));
        var common = entries[0].Path.AsSpan(depth).CommonPrefixLength(entries[^1].Path.AsSpan(depth));
        if (common > 0)
            return Rlp.List(
                Rlp.Text(Compact(entries[0].Path.AsSpan(depth, common), 0)), Reference(Node(entries, depth + common)));
        var items = new byte[Children + 1][];
        for (var child = 0; child < Children; child++)
        {
            var count = 0;
            while (count < entries.Length && entries[count].Path[depth] == child) count++;
            items[child] = count == 0 ? Rlp.Text([]) : Reference(Node(entries[..count], depth + 1));
            entries = entries[count..];
        }

        items[Children] = Rlp.Text([]);
        return Rlp.List(items);
    }

    // A node of fewer than 32 bytes stands in its parent itself.
    private static byte[] Reference(byte[] node) =>
        node.Length < Hash32.ByteCount ? node : Rlp.Text(Keccak256.Hash(node).Bytes);

    private static byte[] Nibbles(byte[] key)
    {
        var nibbles = new byte[2 * key.Length];
        for (var i = 0; i < key.Length; i++) (nibbles[2 * i], nibbles[2 * i + 1]) = (
            (byte)(key[i] >> 4), (byte)(key[i] & 0xf));
        return nibbles;
    }

    private static byte[] Compact(ReadOnlySpan<byte> path, byte kind)
    {
        var isOdd = path.Length % 2 == 1;
        var compact = new byte[path.Length / 2 + 1];
        compact[0] = (byte)(kind | (isOdd ? OddPath | path[0] : 0));
        if (isOdd) path = path[1..];
        for (var i = 0; i < path.Length / 2; i++) compact[i + 1] = (byte)(path[2 * i] << 4 | path[2 * i + 1]);
        return compact;
    }
}
