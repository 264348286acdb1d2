// Encoded rows -> their tables, on the connection of the caller's transaction. Enters: the rows of one table that a
// batch makes, changes and ends. Leaves: the rows in their tables. Always holds: a row of the history is written before
// the row that superseded it; existing rows are changed in place by way of a temporary table.
using EventSourced.MartenBulk;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>The encoded rows of one table.</summary>
public sealed class RowBuffers : IDisposable
{
    /// <summary>New rows, which the table does not have yet.</summary>
    public CopyBuffer Inserts { get; } = new();

    /// <summary>Existing rows in their new form.</summary>
    public CopyBuffer Updates { get; } = new();

    /// <summary>Superseded rows, with the blocks from and to which they held.</summary>
    public CopyBuffer History { get; } = new();

    /// <summary>Empties the buffers and keeps their memory.</summary>
    public void Clear()
    {
        Inserts.Clear();
        Updates.Clear();
        History.Clear();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Inserts.Dispose();
        Updates.Dispose();
        History.Dispose();
    }
}

/// <summary>Writes rows on one connection.</summary>
public sealed class RowWriter(NpgsqlConnection connection)
{
    private readonly HashSet<string> _staged = [];

    /// <summary>
    /// Writes the rows of one table. When the transaction goes on afterwards, the temporary table is emptied for it.
    /// </summary>
    public async Task WriteAsync(
        ReadModel model, string schema, RowBuffers rows, bool goesOn, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        var columns = ReadModelSchema.ColumnsOf(model);
        var name = TableNames.Of(schema, model.Table);
        if (!rows.History.IsEmpty)
            await CopyAsync(
                rows.History, $"{TableNames.HistoryOf(schema, model.Table)} ({columns}, valid_to)",
                cancellation).ConfigureAwait(false);
        if (!rows.Inserts.IsEmpty) await CopyAsync(
            rows.Inserts, $"{name} ({columns})", cancellation).ConfigureAwait(false);
        if (!rows.Updates.IsEmpty) await UpdateAsync(
            model, name, columns, rows.Updates, goesOn, cancellation).ConfigureAwait(false);
    }

    private async Task UpdateAsync(
        ReadModel model, string name, string columns, CopyBuffer updates, bool goesOn, CancellationToken cancellation)
    {
        var stage = $"pg_temp.es_{model.Table}";
        if (_staged.Add(name))
            await RunAsync(
                $"create temporary table if not exists es_{model.Table} (like {name}) on commit delete rows",
                cancellation)
                .ConfigureAwait(false);
        await CopyAsync(updates, $"{stage} ({columns})", cancellation).ConfigureAwait(false);
        var key = model.Columns[0].Name;
        var set = string.Join(", ", columns.Split(", ").Skip(1).Select(column => $"{column} = s.{column}"));
        await RunAsync(
            $"update {name} t set {set} from {stage} s where t.{key} = s.{key}", cancellation).ConfigureAwait(false);
        if (goesOn) await RunAsync($"truncate {stage}", cancellation).ConfigureAwait(false);
    }

    private Task CopyAsync(CopyBuffer rows, string target, CancellationToken cancellation) =>
        rows.SendAsync(connection, $"copy {target} from stdin (format binary)", cancellation);

    private async Task RunAsync(string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
