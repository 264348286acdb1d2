// Appends leaves to a tree. Enters: the stored edge of the tree, then the leaves in order. Leaves: the edge after them,
// and the growth of each touched tile. Always holds: no old leaf and no old tile is read; a leaf costs its own hash, on
// average one more for the nodes that it completes, and 32 bytes of its tile. The nodes over a full tile of leaves are
// hashed level by level, many at once.
using System.Runtime.InteropServices;

namespace EventSourced.Transparency;

/// <summary>One batch of leaves on their way into a tree.</summary>
public sealed class TreeBatch
{
    // A tree below 2^63 leaves has nodes of height 0, 8, .., 56 in its tiles.
    private const int Levels = 8;
    private const int NodeBytes = 1 + 2 * MerkleHash.ByteCount;

    private static readonly int[] NodeEnds =
        [.. Enumerable.Range(1, TilePath.FullWidth / 2).Select(node => node * NodeBytes)];

    private readonly MerkleHash[] _peaks = new MerkleHash[63];
    private readonly HashColumn[] _levels = new HashColumn[Levels];
    private readonly long _sizeBefore;

    // The number of leaves whose nodes are made.
    private long _closed;

    /// <summary>Begins a batch at an edge.</summary>
    /// <param name="edge">The tree before the batch.</param>
    /// <param name="expected">
    /// The expected number of leaves, so that memory is allocated once; the real number may differ.
    /// </param>
    public TreeBatch(CompactRange edge, int expected = 0)
    {
        ArgumentNullException.ThrowIfNull(edge);
        ArgumentOutOfRangeException.ThrowIfNegative(expected);
        _sizeBefore = _closed = Size = edge.Size;
        var peak = 0;
        for (var height = 62; height >= 0; height--)
        {
            if ((edge.Size >> height & 1) == 1) _peaks[height] = edge.Peaks[peak++];
        }

        for (var level = 0; level < Levels; level++) _levels[level] = new HashColumn(level == 0 ? expected : 0);
    }

    /// <summary>The number of leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>Appends an entry and returns the hash of its leaf.</summary>
    public MerkleHash Add(ReadOnlySpan<byte> entry)
    {
        EntryBundle.RefuseLongEntry(entry.Length, Size);
        var leaf = MerkleHash.OfLeaf(entry);
        AddLeaf(leaf);
        return leaf;
    }

    /// <summary>Appends a leaf by its hash.</summary>
    public void AddLeaf(in MerkleHash leaf)
    {
        if (Size == long.MaxValue)
            throw new InvalidOperationException("expected a tree below 2^63 - 1 leaves, found a full one");
        _levels[0].Add(leaf);
        Size++;
        if (Size % TilePath.FullWidth == 0) Close();
    }

    /// <summary>Appends entries whose leaves are hashed together.</summary>
    public void AddAll(LeafTexts entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (ref readonly var leaf in entries.Hash()) AddLeaf(leaf);
    }

    // Makes the nodes over the leaves that were added since the last call.
    private void Close()
    {
        var leaves = MemoryMarshal.Cast<byte, MerkleHash>(
            _levels[0].Slice((int)(_closed - _sizeBefore), (int)(Size - _sizeBefore)).Span);
        if (leaves.Length == TilePath.FullWidth && _closed % TilePath.FullWidth == 0)
            Carry(Top(leaves), TilePath.Height);
        else
            foreach (ref readonly var leaf in leaves) Carry(leaf, 0);
    }

    // Appends a perfect subtree of a height. Each trailing one bit of the size stands for a subtree that merges with
    // the new node into a larger one.
    private void Carry(MerkleHash node, int height)
    {
        var grown = 1L << height;
        if (height > 0) _levels[height / TilePath.Height].Add(node);
        while ((_closed >> height & 1) == 1)
        {
            node = MerkleHash.OfNode(_peaks[height], node);
            height++;
            if (height % TilePath.Height == 0) _levels[height / TilePath.Height].Add(node);
        }

        _peaks[height] = node;
        _closed += grown;
    }

    // Makes the node over a full tile of leaves: the nodes of a level are hashed at once.
    private MerkleHash Top(ReadOnlySpan<MerkleHash> leaves)
    {
        Span<byte> texts = stackalloc byte[TilePath.FullWidth / 2 * NodeBytes];
        Span<MerkleHash> nodes = stackalloc MerkleHash[TilePath.FullWidth / 2];
        scoped var below = leaves;
        while (below.Length > 1)
        {
            var count = below.Length / 2;
            for (var node = 0; node < count; node++)
            {
                var text = texts.Slice(node * NodeBytes, NodeBytes);
                text[0] = MerkleHash.NodeDomain;
                MemoryMarshal.AsBytes(below.Slice(2 * node, 2)).CopyTo(text[1..]);
            }

            // Every text was copied, so the nodes may overwrite the level below them.
            ManyHashes.Hash(texts[..(count * NodeBytes)], NodeEnds.AsSpan(0, count), nodes);
            below = nodes[..count];
        }

        return below[0];
    }

    /// <summary>The edge of the tree with all leaves that were added so far.</summary>
    public CompactRange Edge()
    {
        Close();
        var peaks = new List<MerkleHash>();
        for (var height = 62; height >= 0; height--)
        {
            if ((Size >> height & 1) == 1) peaks.Add(_peaks[height]);
        }

        return new CompactRange(Size, [.. peaks]);
    }

    /// <summary>The growth of each tile of hashes, level by level. The batch owns the bytes.</summary>
    public IEnumerable<TileGrowth> Tiles()
    {
        Close();
        for (var level = 0; level < Levels; level++)
        {
            var first = TilePath.HashesOf(level, _sizeBefore);
            var end = TilePath.HashesOf(level, Size);
            for (var at = first; at < end;)
            {
                var index = at / TilePath.FullWidth;
                var stop = Math.Min(end, (index + 1) * TilePath.FullWidth);
                var tile = TilePath.OfHashes(level, index, (int)(stop - index * TilePath.FullWidth));
                yield return new TileGrowth(
                    tile, (int)(at % TilePath.FullWidth), _levels[level].Slice((int)(at - first), (int)(stop - first)));
                at = stop;
            }
        }
    }

    // Hashes one after the other in memory that grows by doubling.
    private struct HashColumn(int expected)
    {
        private const int FirstBytes = 16 * MerkleHash.ByteCount;
        private byte[] _bytes = new byte[checked(expected * MerkleHash.ByteCount)];
        private int _length;

        public void Add(in MerkleHash hash)
        {
            if (_length == _bytes.Length)
                Array.Resize(ref _bytes, (int)Math.Clamp(2L * _length, FirstBytes, Array.MaxLength));
            hash.Bytes.CopyTo(_bytes.AsSpan(_length));
            _length += MerkleHash.ByteCount;
        }

        public readonly ReadOnlyMemory<byte> Slice(int from, int to) =>
            _bytes.AsMemory(from * MerkleHash.ByteCount, (to - from) * MerkleHash.ByteCount);
    }
}
