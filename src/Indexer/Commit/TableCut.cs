// The tables taken back to a block, in the caller's transaction: rows of later blocks are removed, and the rows that
// they superseded hold again. Enters: tables whose every change is written. Leaves: memory and deadlines as of that
// block; the changes for the state root. Always holds: rows are read again only when every table is cut, and by then
// the quarantine is that of the block.
using EventSourced.Indexer.Fold;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Commit;

/// <summary>Cuts the tail of every table.</summary>
internal sealed class TableCut(NpgsqlConnection connection, ulong block, CancellationToken cancellation)
    : IStateTableVisitor<Task<Func<Task>>>
{
    private readonly RowLoading _loading = new(connection, 0, cancellation);

    internal async Task CutAsync(IReadOnlyList<StateTable> tables, Quarantine quarantine)
    {
        List<Func<Task>> restoring = [];
        foreach (var table in tables) restoring.Add(await table.Accept(this).ConfigureAwait(false));
        quarantine.Reset(
            await ServingSchemas.QuarantinedAsync(connection, tables[0].Schema, cancellation).ConfigureAwait(false));
        foreach (var restore in restoring) await restore().ConfigureAwait(false);
        await BlockTable.CutAsync(connection, block, cancellation).ConfigureAwait(false);
    }

    public async Task<Func<Task>> Visit<TKey, TState>(StateTable<TKey, TState> table)
        where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
        where TState : class
    {
        var (gone, back) = await table.Rows.CutAsync(connection, block, cancellation).ConfigureAwait(false);
        table.TakeBack(gone, back);
        return async () =>
        {
            if (table.HasWanted) await _loading.Visit(table).ConfigureAwait(false);
            table.Restore(back);
        };
    }
}
