// The serving schema. Enters: the content of the database and the read models of this program. Leaves: a serving schema
// of this program's read models: made if there was none, built anew from the streams if their fingerprint changed.
// Always holds: while it is built, the old one serves; both change places in one transaction, and tables that no read
// model declares any more go with the old one.
using EventSourced.MartenBulk;
using EventSourced.Indexer.Prove;
using EventSourced.Indexer.Segments;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer;

/// <summary>Brings the serving schema to this program's read models.</summary>
internal static class ServingModels
{
    internal static async Task EnsureAsync(
        NpgsqlDataSource source, BulkStore store, long epoch, IndexerStatus status, TrustedArchive? archive,
        CancellationToken cancellation)
    {
        var schema = new ReadModelSchema(ReadModelSchema.Serving, ReadModels.All);
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (progress.Models == schema.Fingerprint) return;
        if (progress.Models.Length == 0)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            // The lock's own connection may break while this one lives, and then another leader could make the tables
            // at the same moment.
            await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
            await schema.CreateAsync(connection, cancellation).ConfigureAwait(false);
            await ProgressTable.RecordModelsAsync(connection, schema.Fingerprint, cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return;
        }

        status.Phase = IndexerPhase.Rebuilding;
        await RebuildAsync(source, store, progress, status, archive, cancellation).ConfigureAwait(false);
        await SwitchAsync(connection, epoch, schema.Fingerprint, cancellation).ConfigureAwait(false);
        status.RebuildShare = null;
    }

    private static async Task RebuildAsync(
        NpgsqlDataSource source, BulkStore store, Progress progress, IndexerStatus status,
        TrustedArchive? archive, CancellationToken cancellation)
    {
        var options = new ReplayOptions
        {
            Schema = TableNames.NextSchema,
            Serves = true,
            Archive = archive,
            Progress = (_, events) => status.RebuildShare = (double)events / Math.Max(1, progress.LastSequence),
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
        await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        await ServingSchemas.SwitchAsync(connection, cancellation).ConfigureAwait(false);
        await LogTable.ForgetRootsAsync(connection, cancellation).ConfigureAwait(false);
        await ProgressTable.RecordModelsAsync(connection, fingerprint, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }
}
