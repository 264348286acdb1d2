// What one batch adds to one tile or bundle. A store keeps a tile as one growing value: it appends the added bytes to
// what it has, and serves any narrower version as the value's beginning.
namespace EventSourced.Transparency;

/// <summary>The bytes that a batch adds to a tile or a bundle.</summary>
/// <param name="Tile">The tile as wide as it is after the batch.</param>
/// <param name="WidthBefore">How wide it was before; 0 when the batch begins it.</param>
/// <param name="Added">The hashes or entries from there on.</param>
public readonly record struct TileGrowth(TilePath Tile, int WidthBefore, ReadOnlyMemory<byte> Added)
{
    /// <summary>Whether the batch holds the whole tile, so that nothing older is needed to write it.</summary>
    public bool IsWhole => WidthBefore == 0;
}
