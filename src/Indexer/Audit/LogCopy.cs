// A served log: below an address, or in a downloaded folder. Enters: a place. Leaves: its checkpoint, tiles and
// bundles, none of them believed yet. Always holds: no answer is read beyond the limit of its kind. With a folder to
// keep them, tiles are asked for once, so that an interrupted audit can resume from there.
using EventSourced.Indexer.Segments;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Audit;

/// <summary>Reads a log that may lie.</summary>
public sealed class LogCopy : IDisposable
{
    private const string CheckpointFile = "checkpoint";
    private const string KeysFile = "keys";
    private const int MostTileBytes = TilePath.FullWidth * MerkleHash.ByteCount;
    private const int MostBundleBytes = TilePath.FullWidth * (TransparencyLimits.EntryBytes + sizeof(ushort));

    private readonly FilePlace _place;
    private readonly string? _kept;

    private LogCopy(FilePlace place, string? kept) => (_place, _kept) = (place, kept);

    /// <summary>The place, for people: the address without a possible password.</summary>
    public string Name => _place.Name;

    /// <summary>A log below an http(s) address, or in a folder.</summary>
    /// <param name="place">The address or the folder.</param>
    /// <param name="kept">The folder for tiles that came from an address; null: none are kept.</param>
    public static LogCopy Of(string place, string? kept = null)
    {
        var files = FilePlace.Of(place);
        return new LogCopy(files, files.Folder is null ? kept : null);
    }

    /// <summary>The checkpoint as it is served.</summary>
    public async Task<byte[]> CheckpointAsync(CancellationToken cancellation) =>
        await FreshAsync(CheckpointFile, TransparencyLimits.NoteBytes, cancellation).ConfigureAwait(false)
            ?? throw new PlaceFaultException("a checkpoint", "none", $"at {Name}{CheckpointFile}");

    /// <summary>The verifier keys that the log itself names.</summary>
    public async Task<IReadOnlyList<VerifierKey>> KeysAsync(CancellationToken cancellation)
    {
        var bytes = await FreshAsync(KeysFile, TransparencyLimits.NoteBytes, cancellation).ConfigureAwait(false);
        return bytes is null
            ? []
            : [.. System.Text.Encoding.UTF8.GetString(bytes).Split(
                '\n', StringSplitOptions.RemoveEmptyEntries).Select(VerifierKey.Parse)];
    }

    /// <summary>A tile or bundle exactly as wide as its path says.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> TileAsync(TilePath path, CancellationToken cancellation)
    {
        var most = path.IsEntries ? MostBundleBytes : MostTileBytes;
        var bytes = await StoredAsync(path, most, cancellation).ConfigureAwait(false);
        // Once the full tile exists, the log need not serve its narrower versions any more.
        if (bytes is null && path.IsPartial)
        {
            var full = await StoredAsync(path.Full, most, cancellation).ConfigureAwait(false);
            if (full is not null) return path.BeginningOf(full);
        }

        return bytes
            ?? throw new PlaceFaultException(
                "a tile of the size that the checkpoint states", "none", $"at {Name}{path}");
    }

    /// <inheritdoc/>
    public void Dispose() => _place.Dispose();

    private async Task<byte[]?> StoredAsync(TilePath path, int most, CancellationToken cancellation)
    {
        var name = path.ToString();
        return _kept is not null && File.Exists(Path.Combine(_kept, name))
            ? await File.ReadAllBytesAsync(Path.Combine(_kept, name), cancellation).ConfigureAwait(false)
            : await FreshAsync(name, most, cancellation).ConfigureAwait(false);
    }

    private async Task<byte[]?> FreshAsync(string name, int most, CancellationToken cancellation)
    {
        var bytes = await _place.ReadAsync(name, most, cancellation).ConfigureAwait(false);
        if (bytes is not null && _kept is not null)
            await FilePlace.WriteAsync(_kept, name, bytes, isDurable: false, cancellation).ConfigureAwait(false);
        return bytes;
    }
}
