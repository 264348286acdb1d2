// A first sync writes without indexes, and sorts once at its end; behind it, a table is indexed when it has grown
// enough. Enters: by how much tables grew. Leaves: indexes. Always holds: indexes are made behind the fence of
// leadership, and while no batch is being written.
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Commit;

/// <summary>Indexes tables when they are worth it.</summary>
internal sealed class FirstLoad(NpgsqlDataSource source, BulkStore store, long epoch, string schema)
{
    private readonly ReadModelSchema _schema = new(schema, ReadModels.All);

    // What tables grew by since the last look at which of them are worth an index.
    private long _grown = ReadModelSchema.WorthIndexing;

    /// <summary>Whether some table may be worth an index by now.</summary>
    internal bool IsIndexingDue => _grown >= ReadModelSchema.WorthIndexing;

    internal void Grew(long bytes) => _grown += bytes;

    /// <summary>Leaves out the index over streams until the past is read.</summary>
    internal async Task BeginAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        await store.BeginFirstLoadAsync(transaction, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes the indexes of the tables that are worth them.</summary>
    internal async Task IndexAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        // The second connection works behind the same fence: this transaction holds it until it ends.
        await _schema.IndexGrownAsync(
            connection, source, () =>
                store.EndFirstLoadAsync(transaction, cancellation), cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        _grown = 0;
    }
}
