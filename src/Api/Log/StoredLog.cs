// The audit log as the database holds it. Enters: paths of tiles, sequences of events. Leaves: tiles, entries, proofs.
// Always holds: nothing beyond the log's stored size is given; a proof was verified against the published checkpoint
// before it leaves, so a tile that was tampered with gives a fault and no proof.
using EventSourced.Tables;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Api.Log;

/// <summary>Reads the log.</summary>
/// <param name="database">The index.</param>
/// <param name="archive">
/// The folder of the archive against which the index was pruned; null: full tiles that went are not served.
/// </param>
public sealed class StoredLog(NpgsqlDataSource database, string? archive = null)
{
    private const string LogFolder = "log";

    /// <summary>
    /// A tile or a bundle exactly as wide as its path says; null where the log does not have it so wide.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>?> TileAsync(TilePath path, CancellationToken cancellation)
    {
        // No tree of this program has a level that the column could not hold, but a stranger's path may.
        if (path.Level > TilePath.HighestLevel) return null;
        await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var stored = await LogTable.TileAsync(connection, path.Level, path.Index, cancellation).ConfigureAwait(false);
        // A bare null beside bytes would be taken for an empty array of them.
        return stored is { } tile ? path.Width <= tile.Width ? path.BeginningOf(tile.Bytes)
            : (ReadOnlyMemory<byte>?)null
            : await ArchivedAsync(path, cancellation).ConfigureAwait(false);
    }

    // What was pruned is full; its narrower versions are its beginning.
    private async Task<ReadOnlyMemory<byte>?> ArchivedAsync(TilePath path, CancellationToken cancellation)
    {
        if (archive is null) return null;
        var file = Path.Combine(archive, LogFolder, path.Full.ToString());
        return File.Exists(file)
            ? path.BeginningOf(await File.ReadAllBytesAsync(file, cancellation).ConfigureAwait(false))
            : (ReadOnlyMemory<byte>?)null;
    }

    /// <summary>The checkpoints.</summary>
    public async Task<LogCheckpoints> CheckpointsAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        return await LogTable.CheckpointsAsync(connection, cancellation).ConfigureAwait(false);
    }

    /// <summary>The entry of an event; null where the published log does not hold it.</summary>
    public async Task<ReadOnlyMemory<byte>?> EntryAsync(long sequence, CancellationToken cancellation)
    {
        var checkpoints = await CheckpointsAsync(cancellation).ConfigureAwait(false);
        var index = sequence - 1;
        if (index < 0 || index >= checkpoints.PublishedSize) return null;
        var bundle = TilePath.OfEntries(index / TilePath.FullWidth, (int)(index % TilePath.FullWidth) + 1);
        return await TileAsync(bundle, cancellation)
            .ConfigureAwait(false) is { } bytes ? Last(bytes) : (ReadOnlyMemory<byte>?)null;
    }

    /// <summary>The proof of an event under the published checkpoint; null where that does not cover it.</summary>
    public async Task<string?> ProofAsync(long sequence, CancellationToken cancellation)
    {
        var checkpoints = await CheckpointsAsync(cancellation).ConfigureAwait(false);
        if (checkpoints.Published is not { } text || sequence < 1 || sequence > checkpoints.PublishedSize) return null;
        var signed = SignedCheckpoint.Parse(System.Text.Encoding.UTF8.GetBytes(text));
        var prover = new TileProver(NeededAsync, signed.Checkpoint.Size, signed.Checkpoint.Root);
        var proof = await prover.IncludeAsync(sequence - 1, cancellation).ConfigureAwait(false);
        return new TlogProof(proof.Index, proof.Siblings, signed).ToString();
    }

    private async ValueTask<ReadOnlyMemory<byte>> NeededAsync(TilePath path, CancellationToken cancellation) =>
        await TileAsync(path, cancellation).ConfigureAwait(false)
        ?? throw new InvalidOperationException($"expected {path} in the log, found none so wide");

    private static ReadOnlyMemory<byte> Last(ReadOnlyMemory<byte> bundle)
    {
        var entries = EntryBundle.Read(bundle.Span);
        var length = 0;
        while (entries.MoveNext()) length = entries.Current.Length;
        return bundle[^length..];
    }
}
