// A first sync writes without indexes, and sorts once at its end, when its rows are already served. After it, a table
// gets its indexes once it has grown enough. Enters: the growth of the tables. Leaves: indexes. Always holds: batches
// are written while indexes are made; an indexer that no longer leads begins none; the next leader makes an unfinished
// index again.
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Commit;

/// <summary>Indexes tables that are worth it, while batches are written.</summary>
/// <param name="source">The database.</param>
/// <param name="store">The event tables.</param>
/// <param name="epoch">The epoch of leadership.</param>
/// <param name="schema">The schema of the rows.</param>
/// <param name="indexing">Told when the making of indexes begins, and when they are complete.</param>
internal sealed class FirstLoad(
    NpgsqlDataSource source, BulkStore store, long epoch, string schema, Action<bool> indexing) : IAsyncDisposable
{
    private readonly ReadModelSchema _schema = new(schema, ReadModels.All);
    private readonly CancellationTokenSource _end = new();
    private Task _indexing = Task.CompletedTask;

    // The growth of all tables since the last search for tables that are worth an index.
    private long _grown = ReadModelSchema.WorthIndexing;

    internal void Grew(long bytes) => _grown += bytes;

    /// <summary>Leaves out the index over streams until the past is read.</summary>
    internal async Task BeginAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        await store.BeginFirstLoadAsync(transaction, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Begins to index the tables that may be worth it by now. If that fails, the next call throws the fault.
    /// </summary>
    internal async ValueTask IndexAsync()
    {
        if (!_indexing.IsCompleted) return;
        await _indexing.ConfigureAwait(false);
        if (_grown < ReadModelSchema.WorthIndexing) return;
        _grown = 0;
        indexing(true);
        _indexing = Task.Run(() => MakeAsync(_end.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _indexing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task MakeAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await ProgressTable.CheckAsync(connection, epoch, cancellation).ConfigureAwait(false);
        await store.EndFirstLoadAsync(connection, cancellation).ConfigureAwait(false);
        await _schema.IndexBehindAsync(
            connection, asked => ProgressTable.CheckAsync(asked, epoch, cancellation), cancellation)
            .ConfigureAwait(false);
        indexing(false);
    }
}
