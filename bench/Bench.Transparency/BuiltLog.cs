// A log in memory whose tiles are read as a store would serve them. Enters: entries. Leaves: tiles exactly as wide as
// asked for.
using EventSourced.Transparency;

namespace EventSourced.Bench.Transparency;

internal sealed class BuiltLog
{
    private readonly Dictionary<TilePath, ReadOnlyMemory<byte>> _tiles = [];

    private BuiltLog(CompactRange edge) => Edge = edge;

    public CompactRange Edge { get; }

    public static BuiltLog Of(byte[][] entries)
    {
        var batch = new TreeBatch(CompactRange.Empty, entries.Length);
        foreach (var entry in entries) batch.Add(entry);
        var log = new BuiltLog(batch.Edge());
        foreach (var growth in batch.Tiles()) log._tiles.Add(growth.Tile, growth.Added);
        return log;
    }

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(TilePath tile, CancellationToken cancellation) =>
        ValueTask.FromResult(_tiles[tile]);
}
