// The log made again from the chain, compared with the served one. Enters: leaves in order. Leaves: the tree over them
// and the first place where the served one differs: a leaf, a hash of a tile, the end. Always holds: every entry and
// every tile of the checkpoint's size is compared; the made tiles are kept (32 bytes a leaf), so that any earlier root
// and any proof can be made of them.
using System.Globalization;
using System.Text;
using EventSourced.Indexer.Prove;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Audit;

/// <summary>Compares a served log with the log that the chain gives.</summary>
/// <param name="served">The served log; null: there is none, and only the tree is made.</param>
/// <param name="size">The size that its checkpoint states.</param>
internal sealed class MadeLog(LogCopy? served, long size)
{
    private const int LongestShown = 400;

    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];
    private readonly List<byte[]> _bundle = new(TilePath.FullWidth);
    private readonly LeafTexts _texts = new();
    private CompactRange _edge = CompactRange.Empty;

    /// <summary>The first difference.</summary>
    internal Difference? First { get; private set; }

    /// <summary>The number of leaves that differ.</summary>
    internal long Differing { get; private set; }

    /// <summary>The number of compared tiles and bundles.</summary>
    internal long Compared { get; private set; }

    /// <summary>The number of leaves so far.</summary>
    internal long Size => _edge.Size + _bundle.Count;

    /// <summary>The root over everything up to the last closed bundle.</summary>
    internal MerkleHash Root => _edge.Root();

    /// <summary>Adds the next leaf.</summary>
    internal ValueTask AddAsync(ReadOnlySpan<byte> leaf, CancellationToken cancellation)
    {
        _bundle.Add(leaf.ToArray());
        return _bundle.Count == TilePath.FullWidth ? new ValueTask(CloseAsync(cancellation)) : ValueTask.CompletedTask;
    }

    /// <summary>Ends the log; a served entry beyond the last leaf is a difference too.</summary>
    internal async Task EndAsync(CancellationToken cancellation)
    {
        if (_bundle.Count > 0) await CloseAsync(cancellation).ConfigureAwait(false);
        if (served is null || _edge.Size >= size) return;
        var found = await EntriesAsync(_edge.Size / TilePath.FullWidth, cancellation).ConfigureAwait(false);
        var at = (int)(_edge.Size % TilePath.FullWidth);
        Note(Where(_edge.Size, null), "no leaf: the chain has no further event",
            at < found.Count ? Shown(found[at]) : $"{size} leaves by the checkpoint");
    }

    /// <summary>Makes proofs of the tree that the chain gives.</summary>
    internal TileProver Prover() => new(ReadAsync, _edge.Size, Root);

    private ValueTask<ReadOnlyMemory<byte>> ReadAsync(TilePath tile, CancellationToken cancellation) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>>(
            _tiles[(tile.Level, tile.Index)].AsMemory(0, tile.Width * MerkleHash.ByteCount));

    private async Task CloseAsync(CancellationToken cancellation)
    {
        var batch = new TreeBatch(_edge, _bundle.Count);
        foreach (var leaf in _bundle) _texts.Add(leaf);
        batch.AddAll(_texts);
        await CompareEntriesAsync(cancellation).ConfigureAwait(false);
        _edge = batch.Edge();
        _bundle.Clear();
        foreach (var growth in batch.Tiles())
        {
            var tile = growth.Tile;
            if (!_tiles.TryGetValue((tile.Level, tile.Index), out var made))
                _tiles.Add((tile.Level, tile.Index), made = new byte[TilePath.FullWidth * MerkleHash.ByteCount]);
            growth.Added.Span.CopyTo(made.AsSpan(growth.WidthBefore * MerkleHash.ByteCount));
            if (served is not null && _edge.Size <= size
                && tile == TilePath.Holding(tile.Level, tile.Index * TilePath.FullWidth, size))
                await CompareTileAsync(tile, made, cancellation).ConfigureAwait(false);
        }
    }

    private async Task CompareEntriesAsync(CancellationToken cancellation)
    {
        if (served is null) return;
        var first = _edge.Size;
        if (first >= size)
        {
            Note(Where(first, _bundle[0]), Shown(_bundle[0]), $"the end: {size} leaves by the checkpoint");
            Differing += _bundle.Count;
            return;
        }

        var found = await EntriesAsync(first / TilePath.FullWidth, cancellation).ConfigureAwait(false);
        for (var i = 0; i < _bundle.Count; i++)
        {
            if (i < found.Count && _bundle[i].AsSpan().SequenceEqual(found[i])) continue;
            Differing++;
            Note(Where(first + i, _bundle[i]), Shown(_bundle[i]),
                i < found.Count ? Shown(found[i]) : $"the end: {size} leaves by the checkpoint");
        }

        // Surplus entries: the comparison above alone would not notice them.
        var width = (int)Math.Min(TilePath.FullWidth, size - first);
        if (found.Count > width) Note(
            $"{TilePath.OfEntries(first / TilePath.FullWidth, width)}", $"{width} entries", $"{found.Count}");
    }

    private async Task<List<byte[]>> EntriesAsync(long index, CancellationToken cancellation)
    {
        var path = TilePath.OfEntries(index, (int)Math.Min(TilePath.FullWidth, size - index * TilePath.FullWidth));
        try
        {
            var bytes = await served!.TileAsync(path, cancellation).ConfigureAwait(false);
            Compared++;
            return Entries(path, bytes.Span);
        }
        catch (FormatException fault)
        {
            Note($"{path}", $"{path.Width} entries", fault.Message);
            return [];
        }
    }

    // Reads the entries as far as they go: a bundle with one entry too few then names the missing leaf, not only
    // itself.
    private static List<byte[]> Entries(TilePath path, ReadOnlySpan<byte> bundle)
    {
        var entries = new List<byte[]>(path.Width);
        try
        {
            foreach (var entry in EntryBundle.Read(bundle)) entries.Add(entry.ToArray());
        }
        catch (TransparencyFormatException)
        {
            // The entries behind the break are missing, and the comparison finds them missing.
        }

        return entries;
    }

    private async Task CompareTileAsync(TilePath tile, byte[] made, CancellationToken cancellation)
    {
        try
        {
            var found = await served!.TileAsync(tile, cancellation).ConfigureAwait(false);
            Compared++;
            var expected = made.AsSpan(0, tile.Width * MerkleHash.ByteCount);
            if (expected.SequenceEqual(found.Span)) return;
            var hash = expected.CommonPrefixLength(found.Span) / MerkleHash.ByteCount;
            var isHash = found.Length >= (hash + 1) * MerkleHash.ByteCount;
            Note(
                $"hash {hash} of {tile}",
                new MerkleHash(expected.Slice(hash * MerkleHash.ByteCount, MerkleHash.ByteCount)).ToString(),
                isHash
                    ? new MerkleHash(found.Span.Slice(hash * MerkleHash.ByteCount, MerkleHash.ByteCount)).ToString()
                    : $"{found.Length} bytes");
        }
        catch (FormatException fault)
        {
            Note($"{tile}", $"{tile.Width} hashes", fault.Message);
        }
    }

    private void Note(string where, string expected, string found) => First ??= new Difference(where, expected, found);

    private static string Where(long index, byte[]? made)
    {
        if (made is null) return string.Create(CultureInfo.InvariantCulture, $"leaf {index}");
        using var json = System.Text.Json.JsonDocument.Parse(made);
        var (leaf, block) = (json.RootElement, json.RootElement.GetProperty("block").GetProperty("number").GetString());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"leaf {index} (block {block}, log {leaf.GetProperty("logIndex")}, {leaf.GetProperty("stream").GetString()} version {leaf.GetProperty("version").GetString()})");
    }

    private static string Shown(byte[] entry)
    {
        var text = Encoding.UTF8.GetString(entry.AsSpan(0, Math.Min(entry.Length, LongestShown)));
        var plain = new string([.. text.Select(unit => char.IsControl(unit) ? '?' : unit)]);
        return entry.Length <= LongestShown ? plain : plain + "...";
    }
}
