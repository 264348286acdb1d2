// Checks a whole log. Enters: an untrusted reader of its tiles and bundles, and the size and root of a checkpoint.
// Leaves: the first difference, or none. Always holds: every tile is rebuilt from the entries and compared, since a
// check of only the tiles on a proof's path would leave the others unchecked; memory does not grow with the log.
namespace EventSourced.Transparency;

/// <summary>Rebuilds a log from its entries.</summary>
public static class LogCheck
{
    /// <summary>The first difference between a log and its checkpoint, or null.</summary>
    /// <param name="read">Reads a tile or a bundle at exactly the width that its path names.</param>
    /// <param name="size">The size of the checkpoint.</param>
    /// <param name="root">The root of the checkpoint.</param>
    /// <param name="seen">Receives the number of checked entries after each bundle.</param>
    /// <param name="cancellation">Ends the check.</param>
    public static async Task<LogDifference?> RunAsync(
        Func<TilePath, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> read,
        long size,
        MerkleHash root,
        Action<long>? seen = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        var edge = CompactRange.Empty;
        var texts = new LeafTexts();
        // For each level above the leaves: the hashes of the tile that is not full yet.
        var open = new Dictionary<(int Level, long Index), byte[]>();
        while (edge.Size < size)
        {
            var path = TilePath.OfEntries(
                edge.Size / TilePath.FullWidth, (int)Math.Min(TilePath.FullWidth, size - edge.Size));
            var batch = new TreeBatch(edge, path.Width);
            AddEntries(batch, texts, path, (await read(path, cancellation).ConfigureAwait(false)).Span);
            edge = batch.Edge();
            foreach (var growth in batch.Tiles())
            {
                var tile = growth.Tile;
                byte[] whole = [.. open.GetValueOrDefault((tile.Level, tile.Index), []), .. growth.Added.Span];
                open[(tile.Level, tile.Index)] = whole;
                // A version narrower than the checkpoint's is its prefix, so it is compared when it reaches the full
                // width.
                if (tile != TilePath.Holding(tile.Level, tile.Index * TilePath.FullWidth, size)) continue;
                open.Remove((tile.Level, tile.Index));
                var served = await read(tile, cancellation).ConfigureAwait(false);
                if (Difference(tile, whole, served.Span) is { } difference) return difference;
            }

            seen?.Invoke(edge.Size);
        }

        return edge.Root() == root
            ? null
            : new LogDifference("the checkpoint's root", root.ToString(), edge.Root().ToString());
    }

    private static void AddEntries(TreeBatch batch, LeafTexts texts, TilePath path, ReadOnlySpan<byte> bundle)
    {
        EntryBundle.Check(path, bundle);
        foreach (var entry in EntryBundle.Read(bundle)) texts.Add(entry);
        batch.AddAll(texts);
    }

    private static LogDifference? Difference(TilePath tile, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found)
    {
        if (expected.SequenceEqual(found)) return null;
        if (expected.Length != found.Length)
            return new LogDifference($"{tile}", $"{expected.Length} bytes", $"{found.Length}");
        var hash = expected.CommonPrefixLength(found) / MerkleHash.ByteCount;
        return new LogDifference(
            $"hash {hash} of {tile}",
            new MerkleHash(expected.Slice(hash * MerkleHash.ByteCount, MerkleHash.ByteCount)).ToString(),
            new MerkleHash(found.Slice(hash * MerkleHash.ByteCount, MerkleHash.ByteCount)).ToString());
    }
}

/// <summary>A place where a log differs from the values that its entries and its checkpoint give.</summary>
/// <param name="Where">The tile and hash, or the checkpoint's root.</param>
/// <param name="Expected">The value that the entries give; for the root, the value that the checkpoint states.</param>
/// <param name="Found">The value that the log serves; for the root, the value that the entries give.</param>
public sealed record LogDifference(string Where, string Expected, string Found);
