// The schema that serves. Enters: what the database holds and what this program means. Leaves: a serving schema of this program's read
// models: made where there was none, built anew from the streams where their fingerprint changed. Always holds: while it is built, the old
// one serves; both change places in one transaction, and what no read model declares any more is gone with the old one.
using EventSourced.MartenBulk;
using EventSourced.Indexer.Replay;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Indexer.Pipeline;

/// <summary>Brings the serving schema to this program's read models.</summary>
internal static class ServingModels
{
    private const string Next = "model_next";
    private const string Old = "model_old";

    internal static async Task EnsureAsync(
        NpgsqlDataSource source, BulkStore store, long epoch, IndexerStatus status, CancellationToken cancellation)
    {
        var schema = new ReadModelSchema(ReadModelSchema.Serving, ReadModels.All);
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var ledger = await Ledger.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (ledger.Models == schema.Fingerprint) return;
        if (ledger.Models.Length == 0)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            // The connection with the lock may be cut while this one lives: then another leader makes the tables at this moment.
            await Ledger.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
            await schema.CreateAsync(connection, cancellation).ConfigureAwait(false);
            await RecordAsync(connection, schema.Fingerprint, cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return;
        }

        status.Phase = IndexerPhase.Rebuilding;
        await RebuildAsync(source, store, ledger, status, cancellation).ConfigureAwait(false);
        await SwitchAsync(connection, epoch, schema.Fingerprint, cancellation).ConfigureAwait(false);
        status.RebuildShare = null;
    }

    private static async Task RebuildAsync(
        NpgsqlDataSource source, BulkStore store, LedgerState ledger, IndexerStatus status, CancellationToken cancellation)
    {
        var options = new ReplayOptions
        {
            Schema = Next,
            Progress = (_, events) => status.RebuildShare = (double)events / Math.Max(1, ledger.LastSequence),
        };
        var rebuilt = await new Replayer(source, store, options).FromStreamsAsync(cancellation).ConfigureAwait(false);
        if (rebuilt.Difference is { } difference)
            throw new InvalidOperationException(
                $"expected stored events that follow from the chain by this program's rules, found others: {difference}");
    }

    private static async Task SwitchAsync(
        NpgsqlConnection connection, long epoch, string fingerprint, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await Ledger.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        await using (var change = new NpgsqlCommand(
            $"""
            drop schema if exists {Old} cascade;
            alter schema {ReadModelSchema.Serving} rename to {Old};
            alter schema {Next} rename to {ReadModelSchema.Serving};
            drop schema {Old} cascade
            """,
            connection))
            await change.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await RecordAsync(connection, fingerprint, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task RecordAsync(NpgsqlConnection connection, string fingerprint, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("update es_indexer set models = $1", connection);
        command.Parameters.AddWithValue(fingerprint);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
