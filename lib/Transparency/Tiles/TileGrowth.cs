// The growth of one tile or bundle by one batch. A store keeps a tile as one growing value: it appends the added bytes
// to the stored ones, and serves a narrower version as a prefix of the value.
namespace EventSourced.Transparency;

/// <summary>The bytes that a batch adds to a tile or a bundle.</summary>
/// <param name="Tile">The tile at its width after the batch.</param>
/// <param name="WidthBefore">The width before the batch; 0: the batch begins the tile.</param>
/// <param name="Added">The hashes or entries from that width on.</param>
public readonly record struct TileGrowth(TilePath Tile, int WidthBefore, ReadOnlyMemory<byte> Added)
{
    /// <summary>Whether the batch holds the whole tile, so that nothing older is needed to write it.</summary>
    public bool IsWhole => WidthBefore == 0;
}
