// The schema that serves. Enters: what the database holds and what this program means. Leaves: a serving schema of this program's read
// models: made where there was none, built anew from the streams where their fingerprint changed.
using EventSourced.EventStore;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Indexer.Pipeline;

/// <summary>Brings the serving schema to this program's read models.</summary>
internal static class ServingModels
{
    internal static async Task EnsureAsync(
        NpgsqlDataSource source, Store store, Deployment deployment, IndexerStatus status, CancellationToken cancellation)
    {
        var schema = new ReadModelSchema(ReadModelSchema.Serving, ReadModels.All);
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var ledger = await Ledger.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (ledger.Models == schema.Fingerprint) return;
        if (ledger.Models.Length > 0) throw new NotSupportedException("rebuild");
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await schema.CreateAsync(connection, cancellation).ConfigureAwait(false);
        await schema.IndexAsync(connection, cancellation).ConfigureAwait(false);
        await SetAsync(connection, schema.Fingerprint, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task SetAsync(NpgsqlConnection connection, string fingerprint, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("update es_indexer set models = $1", connection);
        command.Parameters.AddWithValue(fingerprint);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
