// Stored rows -> memory. Enters: tables with their wanted keys. Leaves: the things of those keys. Always holds: a thing
// without a row does not exist yet; a quarantined row stood still while its stream went on, so its version comes from
// the stream.
using EventSourced.Indexer.Fold;
using Npgsql;

namespace EventSourced.Indexer.Commit;

/// <summary>Reads the wanted rows of tables.</summary>
internal sealed class RowLoading(NpgsqlConnection connection, long batch, CancellationToken cancellation)
    : IStateTableVisitor<Task>
{
    /// <summary>Reads the wanted rows of each of the tables.</summary>
    internal async Task LoadAsync(IEnumerable<StateTable> wanting)
    {
        foreach (var table in wanting) await table.Accept(this).ConfigureAwait(false);
    }

    public async Task Visit<TKey, TState>(StateTable<TKey, TState> table)
        where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
        where TState : class
    {
        await table.Rows.ReadAsync(
            connection, table.Wanted, row => table.Load(row, batch), cancellation).ConfigureAwait(false);
        foreach (var key in table.Wanted)
        {
            var slot = table.Loaded(key, batch);
            if (slot.IsQuarantined && table.Model.HasVersion)
                slot.Version = await table.Rows.StreamVersionAsync(connection, key, cancellation).ConfigureAwait(false);
        }

        table.EndLoading();
    }
}

/// <summary>Reads whether each table is empty, and its deadlines.</summary>
internal sealed class TableOpening(NpgsqlConnection connection, CancellationToken cancellation)
    : IStateTableVisitor<Task>
{
    public async Task Visit<TKey, TState>(StateTable<TKey, TState> table)
        where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
        where TState : class
    {
        var isEmpty = await table.Rows.IsEmptyAsync(connection, cancellation).ConfigureAwait(false);
        table.Begin(isEmpty);
        if (table.Model.HasDeadline && !isEmpty)
            await table.Rows.ReadDeadlinesAsync(connection, table.Await, cancellation).ConfigureAwait(false);
    }
}
