// Makes proofs out of tiles. Enters: an untrusted reader of tiles, and the tree's size and root from a checkpoint.
// Leaves: hashes in the order of RFC 6962. Always holds: every proof is verified against the root before it leaves, so
// this prover finds a tampered tile before a receiver of the proof does.
using System.Numerics;
using System.Runtime.InteropServices;

namespace EventSourced.Transparency;

/// <summary>Proves from its tiles that an entry stands in a log, or that a log extends another.</summary>
/// <param name="readTile">Reads a tile at exactly the width that its path names.</param>
/// <param name="size">The size of the tree.</param>
/// <param name="root">The root of the tree.</param>
public sealed class TileProver(
    Func<TilePath, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> readTile, long size, MerkleHash root)
{
    /// <summary>The siblings of a leaf up to the root (RFC 6962, section 2.1.1), and the leaf's hash.</summary>
    public async Task<InclusionProof> IncludeAsync(long index, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var tiles = new Dictionary<TilePath, ReadOnlyMemory<byte>>();
        var leaf = await HashAsync(index, index + 1, tiles, cancellation).ConfigureAwait(false);
        var proof = new List<MerkleHash>();
        foreach (var (from, to) in Siblings(index))
            proof.Add(await HashAsync(from, to, tiles, cancellation).ConfigureAwait(false));
        return MerkleProof.Includes(leaf, index, size, root, CollectionsMarshal.AsSpan(proof))
            ? new InclusionProof(index, leaf, proof)
            : throw Disagreement($"leaf {index}");
    }

    /// <summary>The proof that this tree extends a smaller one (RFC 6962, section 2.1.2).</summary>
    public async Task<IReadOnlyList<MerkleHash>> ExtendAsync(long oldSize, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, size);
        if (oldSize == 0 || oldSize == size) return [];
        var tiles = new Dictionary<TilePath, ReadOnlyMemory<byte>>();
        var proof = new List<MerkleHash>();
        foreach (var (from, to) in Changes(oldSize))
            proof.Add(await HashAsync(from, to, tiles, cancellation).ConfigureAwait(false));
        var oldRoot = await HashAsync(0, oldSize, tiles, cancellation).ConfigureAwait(false);
        return MerkleProof.Extends(oldSize, oldRoot, size, root, CollectionsMarshal.AsSpan(proof))
            ? proof
            : throw Disagreement($"the edge of {oldSize} leaves");
    }

    /// <summary>The root of the tree's first leaves, computed from the tiles.</summary>
    public async Task<MerkleHash> RootAsync(long ofSize, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ofSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ofSize, size);
        if (ofSize == 0) return MerkleHash.EmptyRoot;
        return await HashAsync(0, ofSize, [], cancellation).ConfigureAwait(false);
    }

    // The ranges of leaves that the siblings span, from the leaf upward. The path is walked downward and then reversed.
    private Stack<(long From, long To)> Siblings(long index)
    {
        var siblings = new Stack<(long From, long To)>();
        var (from, to) = (0L, size);
        while (to - from > 1)
        {
            var middle = from + Split(to - from);
            if (index < middle)
            {
                siblings.Push((middle, to));
                to = middle;
            }
            else
            {
                siblings.Push((from, middle));
                from = middle;
            }
        }

        return siblings;
    }

    private Stack<(long From, long To)> Changes(long oldSize)
    {
        var changes = new Stack<(long From, long To)>();
        var (from, to) = (0L, size);
        while (to != oldSize)
        {
            var middle = from + Split(to - from);
            if (oldSize <= middle)
            {
                changes.Push((middle, to));
                to = middle;
            }
            else
            {
                changes.Push((from, middle));
                from = middle;
            }
        }

        // A subtree that begins at the first leaf is the old tree, so its root is known.
        if (from > 0) changes.Push((from, to));
        return changes;
    }

    private async ValueTask<MerkleHash> HashAsync(
        long from, long to, Dictionary<TilePath, ReadOnlyMemory<byte>> tiles, CancellationToken cancellation)
    {
        if (BitOperations.IsPow2(to - from))
            return await PerfectAsync(from, to, tiles, cancellation).ConfigureAwait(false);
        var middle = from + Split(to - from);
        var left = await PerfectAsync(from, middle, tiles, cancellation).ConfigureAwait(false);
        return MerkleHash.OfNode(left, await HashAsync(middle, to, tiles, cancellation).ConfigureAwait(false));
    }

    // A perfect subtree is one hash of a tile, or up to 128 neighbours of one tile hashed together.
    private async ValueTask<MerkleHash> PerfectAsync(
        long from, long to, Dictionary<TilePath, ReadOnlyMemory<byte>> tiles, CancellationToken cancellation)
    {
        var height = BitOperations.Log2((ulong)(to - from));
        var level = height / TilePath.Height;
        var first = from >> (level * TilePath.Height);
        var tile = TilePath.Holding(level, first, size);
        if (!tiles.TryGetValue(tile, out var bytes))
        {
            bytes = await readTile(tile, cancellation).ConfigureAwait(false);
            if (bytes.Length != tile.Width * MerkleHash.ByteCount)
                throw new TransparencyFormatException($"{tile.Width} hashes", $"{bytes.Length} bytes", $"in {tile}");
            tiles.Add(tile, bytes);
        }

        return Fold(bytes.Span, (int)(first % TilePath.FullWidth), 1 << (height % TilePath.Height));
    }

    private static MerkleHash Fold(ReadOnlySpan<byte> tile, int first, int count)
    {
        Span<MerkleHash> hashes = stackalloc MerkleHash[count];
        MemoryMarshal.Cast<byte, MerkleHash>(tile).Slice(first, count).CopyTo(hashes);
        for (; count > 1; count /= 2)
        {
            for (var pair = 0; pair < count / 2; pair++)
                hashes[pair] = MerkleHash.OfNode(hashes[2 * pair], hashes[2 * pair + 1]);
        }

        return hashes[0];
    }

    // The largest power of two below a number greater than one.
    private static long Split(long count) => 1L << BitOperations.Log2((ulong)(count - 1));

    private TransparencyFormatException Disagreement(string what) =>
        new($"tiles that lead to the root {root} of {size} leaves", "others", $"from {what} upward");
}
