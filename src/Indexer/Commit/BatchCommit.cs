// A batch -> the database, in one transaction: events, blocks, rows, history, leaves of newly final events, and the
// progress. While the past is read, events have a transaction of their own, so that two backends share the work; they
// commit first. Enters: a full batch. Leaves: nothing in memory. Always holds: everything that the progress claims is
// committed with it or before it, and the next leader discards events beyond the progress; an indexer that no longer
// leads commits nothing; a checkpoint is signed behind the transaction that made its tiles.
using EventSourced.MartenBulk;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Fold;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Commit;

/// <summary>The optional parts of a commit.</summary>
/// <param name="ChecksForeignKey">Whether PostgreSQL checks that each event has its stream.</param>
/// <param name="AppendsToLog">Whether final events go into the audit log.</param>
/// <param name="Signing">The way in which the log is signed; null: it is not signed.</param>
internal sealed record CommitOptions(bool ChecksForeignKey, bool AppendsToLog, LogSigning? Signing);

/// <summary>Commits batches on one connection.</summary>
internal sealed class BatchCommit(
    NpgsqlDataSource source, BulkStore store, NpgsqlConnection connection, long epoch, CommitOptions options)
    : IAsyncDisposable
{
    private readonly LogAppend _log = new(store, connection, epoch);
    private readonly CheckpointSigner? _signer =
        options.Signing is { } signing ? new CheckpointSigner(connection, epoch, signing) : null;
    private readonly RowWriter _rows = new(connection);
    private readonly CopyBuffer _events = new();
    private NpgsqlConnection? _beside;

    /// <summary>Writes a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="events">The writing of its events, where they are written ahead of their rows.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task WriteAsync(Batch batch, Task? events, CancellationToken cancellation)
    {
        await CommitAsync(batch, events, cancellation).ConfigureAwait(false);
        if (_signer is not null && batch.Finalized is not null) await _signer.SignAsync(cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Commits the events of a batch of the past, after those of the batch before.</summary>
    // The append holds a lock, and the next leader waits for that lock before it discards. A check of the epoch behind
    // the lock therefore decides: an unchanged epoch means that this append commits before the discard; a late append
    // finds the epoch changed.
    internal async Task WriteEventsAheadAsync(Batch batch, CancellationToken cancellation)
    {
        if (batch.Events.Count == 0) return;
        _beside ??= await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await _beside.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await LazilyAsync(_beside, cancellation).ConfigureAwait(false);
        await WriteEventsAsync(batch, transaction, cancellation).ConfigureAwait(false);
        await ProgressTable.CheckAsync(_beside, epoch, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Appends and signs the events that became final since; a leadership begins with it.</summary>
    internal async Task CatchUpAsync(ulong final, CancellationToken cancellation)
    {
        if (!options.AppendsToLog) return;
        await _log.CatchUpAsync(final, cancellation).ConfigureAwait(false);
        if (_signer is not null) await _signer.SignAsync(cancellation).ConfigureAwait(false);
    }

    private async Task CommitAsync(Batch batch, Task? events, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        if (events is not null) await LazilyAsync(connection, cancellation).ConfigureAwait(false);
        else await WriteEventsAsync(batch, transaction, cancellation).ConfigureAwait(false);
        await WriteRowsAsync(batch, cancellation).ConfigureAwait(false);
        if (events is not null) await events.ConfigureAwait(false);
        await MoveAsync(batch, cancellation).ConfigureAwait(false);
        if (options.AppendsToLog && batch.Finalized is { } final)
            await _log.AppendAsync(batch, final.Number, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _events.Dispose();
        if (_beside is not null) await _beside.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteRowsAsync(Batch batch, CancellationToken cancellation)
    {
        await BlockTable.WriteAsync(connection, batch.Blocks, cancellation).ConfigureAwait(false);
        foreach (var (table, rows) in batch.Rows)
            await _rows.WriteAsync(table.Model, table.Schema, rows, false, cancellation).ConfigureAwait(false);
    }

    // A batch of the past does not wait for the disk. PostgreSQL keeps commits in their order, so a crash takes the
    // last ones back, and the indexer reads them from the chain again.
    private static async Task LazilyAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("set local synchronous_commit = off", connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task WriteEventsAsync(Batch batch, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (batch.Events.Count == 0) return;
        var bulkOptions = new BulkOptions
        {
            SoleWriter = true,
            CheckForeignKey = options.ChecksForeignKey,
            Rows = _events,
        };
        using var bulk = store.Append(transaction, bulkOptions);
        foreach (var pending in batch.Events)
            bulk.Append(
                pending.Stream, pending.Happened, pending.Id, DateTimeOffset.FromUnixTimeSeconds(pending.Time.Seconds));
        var last = await bulk.FlushAsync(cancellation).ConfigureAwait(false);
        if (last != batch.Blocks[^1].LastSequence)
            throw new InvalidOperationException(
                $"expected the last event at sequence {batch.Blocks[^1].LastSequence}, found it at {last}");
    }

    private async Task MoveAsync(Batch batch, CancellationToken cancellation)
    {
        await using var moves = new NpgsqlBatch(connection);
        if (batch.Tip is { } tip)
        {
            var last = batch.Blocks.Count > 0
                ? batch.Blocks[^1].LastSequence
                : await BlockTable.LastSequenceAsync(connection, tip.Number, cancellation).ConfigureAwait(false);
            ProgressTable.Move(moves, tip.Stored, last, batch.StateRoot);
            if (batch.StateRoot is { } root) LogTable.KeepRoot(moves, last, root);
            BatchChannel.Notify(moves, tip.Number, last);
        }

        if (batch.Finalized is { } final) ProgressTable.Finalize(moves, final.Stored);
        if (moves.BatchCommands.Count > 0) await moves.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
