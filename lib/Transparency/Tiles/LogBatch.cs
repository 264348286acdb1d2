// Appends entries to a log: the tree with its tiles, and the bundles in which the entries are served. Enters: the
// stored edge, then the entries. Leaves: the edge after them, the growth of each tile, and the growth of each bundle.
// The caller writes all of it in the transaction that writes the entries' own rows, or discards the batch and begins
// again from the old edge. Always holds: what Bundles answered is read before the batch is disposed.
using System.Buffers;

namespace EventSourced.Transparency;

/// <summary>One batch of entries on their way into a log.</summary>
public sealed class LogBatch : IDisposable
{
    private const int LongestKept = 1 << 26;

    // The shared pool would keep an array of each size for each thread.
    private static readonly ArrayPool<byte> Kept = ArrayPool<byte>.Create(LongestKept, 2);

    private readonly TreeBatch _tree;
    private readonly long _sizeBefore;

    // The starts of the bundles that begin within this batch.
    private readonly List<int> _starts = [];
    private byte[] _bundles;
    private int _length;

    /// <summary>Begins a batch at an edge.</summary>
    /// <param name="edge">The log before the batch.</param>
    /// <param name="expected">
    /// The expected number of entries, so that memory is allocated once; the real number may differ.
    /// </param>
    /// <param name="expectedBytes">The expected number of their bytes.</param>
    public LogBatch(CompactRange edge, int expected = 0, int expectedBytes = 0)
    {
        _tree = new TreeBatch(edge, expected);
        _sizeBefore = _tree.Size;
        _bundles = Kept.Rent(expectedBytes + expected * EntryBundle.LengthBytes);
    }

    /// <summary>The number of entries so far, which is the index of the next one.</summary>
    public long Size => _tree.Size;

    /// <summary>Appends an entry and returns the hash of its leaf.</summary>
    public MerkleHash Add(ReadOnlySpan<byte> entry)
    {
        EntryBundle.RefuseLongEntry(entry.Length, _tree.Size);
        var leaf = MerkleHash.OfLeaf(entry);
        Add(entry, leaf);
        return leaf;
    }

    /// <summary>Appends an entry whose leaf the caller has hashed: hashing many at once costs less.</summary>
    public void Add(ReadOnlySpan<byte> entry, in MerkleHash leaf)
    {
        var index = _tree.Size;
        EntryBundle.RefuseLongEntry(entry.Length, index);
        _tree.AddLeaf(leaf);
        var needed = checked(_length + EntryBundle.LengthOf(entry));
        if (needed > _bundles.Length) Grow(needed);
        if (index == _sizeBefore || index % TilePath.FullWidth == 0) _starts.Add(_length);
        _length += EntryBundle.Write(entry, _bundles.AsSpan(_length));
    }

    /// <summary>The edge of the log with all entries that were added so far.</summary>
    public CompactRange Edge() => _tree.Edge();

    /// <summary>The growth of each tile of hashes, level by level.</summary>
    public IEnumerable<TileGrowth> Tiles() => _tree.Tiles();

    /// <summary>The growth of each bundle of entries.</summary>
    public IEnumerable<TileGrowth> Bundles()
    {
        for (var bundle = 0; bundle < _starts.Count; bundle++)
        {
            var index = _sizeBefore / TilePath.FullWidth + bundle;
            var from = Math.Max(_sizeBefore, index * TilePath.FullWidth);
            var to = Math.Min(Size, (index + 1) * TilePath.FullWidth);
            var end = bundle + 1 < _starts.Count ? _starts[bundle + 1] : _length;
            yield return new TileGrowth(
                TilePath.OfEntries(index, (int)(to - index * TilePath.FullWidth)),
                (int)(from - index * TilePath.FullWidth),
                _bundles.AsMemory(_starts[bundle], end - _starts[bundle]));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        var bundles = Interlocked.Exchange(ref _bundles, []);
        if (bundles.Length > 0) Kept.Return(bundles);
    }

    private void Grow(int needed)
    {
        var larger = Kept.Rent((int)Math.Clamp(2L * _bundles.Length, needed, Array.MaxLength));
        _bundles.AsSpan(0, _length).CopyTo(larger);
        if (_bundles.Length > 0) Kept.Return(_bundles);
        _bundles = larger;
    }
}
