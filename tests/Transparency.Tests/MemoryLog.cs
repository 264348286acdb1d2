// A log in memory, kept as a store would keep it: one growing value a tile, of which a narrower version is the
// beginning.
namespace EventSourced.Transparency.Tests;

internal sealed class MemoryLog
{
    private readonly Dictionary<TilePath, (int Width, byte[] Bytes)> _tiles = [];

    public CompactRange Edge { get; private set; } = CompactRange.Empty;

    public MerkleHash Root => Edge.Root();

    public static MemoryLog Of(int entries)
    {
        var log = new MemoryLog();
        log.Append(entries);
        return log;
    }

    public void Append(int entries)
    {
        using var batch = new LogBatch(Edge);
        for (var entry = 0; entry < entries; entry++) batch.Add(Definition.Entry(batch.Size));
        Commit(batch);
    }

    public void Commit(LogBatch batch)
    {
        foreach (var growth in batch.Tiles().Concat(batch.Bundles()))
        {
            var (width, bytes) = _tiles.GetValueOrDefault(growth.Tile.Full, (0, []));
            Assert.Equal(growth.WidthBefore, width);
            Assert.Equal(growth.WidthBefore == 0, growth.IsWhole);
            _tiles[growth.Tile.Full] = (growth.Tile.Width, [.. bytes, .. growth.Added.Span]);
        }

        // A stored edge is read again before the next batch.
        Edge = CompactRange.FromBytes(batch.Edge().ToBytes());
    }

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(TilePath tile, CancellationToken cancellation)
    {
        Assert.True(_tiles.ContainsKey(tile.Full), $"{tile} was asked for and was never written");
        var (width, bytes) = _tiles[tile.Full];
        Assert.True(tile.Width <= width, $"{tile} was asked for, {width} is there");
        ReadOnlyMemory<byte> served = tile.IsEntries
            ? EntryBundle.First(bytes, tile.Width).ToArray()
            : bytes.AsMemory(0, tile.Width * MerkleHash.ByteCount);
        return ValueTask.FromResult(served);
    }

    public IEnumerable<TilePath> Paths => _tiles.Select(pair => pair.Key.IsEntries
        ? TilePath.OfEntries(pair.Key.Index, pair.Value.Width)
        : TilePath.OfHashes(pair.Key.Level, pair.Key.Index, pair.Value.Width));

    public void Flip(TilePath tile, int at, byte mask = 1)
    {
        var (width, bytes) = _tiles[tile.Full];
        bytes = [.. bytes];
        bytes[at % bytes.Length] ^= mask;
        _tiles[tile.Full] = (width, bytes);
    }

    public TileProver Prover() => new(ReadAsync, Edge.Size, Root);
}
