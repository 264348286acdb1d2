// A batch -> the database, in one transaction: events, blocks, rows, history and how far we are. Enters: a batch that is full. Leaves:
// nothing in memory. Always holds: all of it commits, or nothing does; who no longer leads commits nothing.
using EventSourced.MartenBulk;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Indexer.Pipeline;

/// <summary>Writes batches on one connection.</summary>
internal sealed class BatchWriter(BulkStore store, NpgsqlConnection connection, long epoch, bool checkForeignKey) : IAsyncDisposable
{
    private readonly HashSet<Table> _staged = [];
    private readonly CopyBuffer _events = new();

    /// <summary>The connection that writes.</summary>
    internal NpgsqlConnection Connection => connection;

    /// <summary>Writes a batch.</summary>
    internal async Task WriteAsync(Batch batch, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await Ledger.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        await WriteEventsAsync(batch, transaction, cancellation).ConfigureAwait(false);
        await WriteBlocksAsync(batch, cancellation).ConfigureAwait(false);
        foreach (var write in batch.Writes) await WriteRowsAsync(write, false, cancellation).ConfigureAwait(false);
        if (batch.Tip is { } tip)
        {
            var last = batch.Blocks.Count > 0 ? batch.Blocks[^1].LastSequence : (long?)null;
            last ??= await Ledger.LastSequenceAsync(connection, tip.Number, cancellation).ConfigureAwait(false);
            await Ledger.MoveAsync(connection, tip, last.Value, batch.StateRoot, cancellation).ConfigureAwait(false);
            await NotifyAsync(tip.Number, last.Value, cancellation).ConfigureAwait(false);
        }

        if (batch.Finalized is { } final) await Ledger.FinalizeAsync(connection, final, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes rows alone: a replay has its events already, and its transaction goes on.</summary>
    internal async Task WriteRowsAsync(TableWrite write, bool goesOn, CancellationToken cancellation)
    {
        var model = write.Table.Model;
        var columns = ReadModelSchema.ColumnsOf(model);
        if (!write.History.IsEmpty)
            await CopyAsync(write.History, $"{write.Table.Name}_history ({columns}, valid_to)", cancellation).ConfigureAwait(false);
        if (!write.Inserts.IsEmpty)
            await CopyAsync(write.Inserts, $"{write.Table.Name} ({columns})", cancellation).ConfigureAwait(false);
        if (write.Updates.IsEmpty) return;
        var stage = $"pg_temp.es_{model.Table}";
        if (_staged.Add(write.Table))
            await RunAsync(
                $"create temporary table if not exists es_{model.Table} (like {write.Table.Name}) on commit delete rows", cancellation)
                .ConfigureAwait(false);
        await CopyAsync(write.Updates, $"{stage} ({columns})", cancellation).ConfigureAwait(false);
        var key = model.Columns[0].Name;
        var set = string.Join(", ", columns.Split(", ").Skip(1).Select(column => $"{column} = s.{column}"));
        await RunAsync($"update {write.Table.Name} t set {set} from {stage} s where t.{key} = s.{key}", cancellation)
            .ConfigureAwait(false);
        if (goesOn) await RunAsync($"truncate {stage}", cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        _events.Dispose();
        return connection.DisposeAsync();
    }

    private async Task WriteEventsAsync(Batch batch, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (batch.Events.Count == 0) return;
        var options = new BulkOptions { SoleWriter = true, CheckForeignKey = checkForeignKey, Rows = _events };
        using var bulk = store.Append(transaction, options);
        foreach (var pending in batch.Events)
            bulk.Append(pending.Stream, pending.Happened, pending.Id, DateTimeOffset.FromUnixTimeSeconds(pending.Time.Seconds));
        var last = await bulk.FlushAsync(cancellation).ConfigureAwait(false);
        if (last != batch.Blocks[^1].LastSequence)
            throw new InvalidOperationException(
                $"expected the last event at sequence {batch.Blocks[^1].LastSequence}, found it at {last}");
    }

    private async Task WriteBlocksAsync(Batch batch, CancellationToken cancellation)
    {
        if (batch.Blocks.Count == 0) return;
        using var rows = new CopyBuffer();
        foreach (var block in batch.Blocks)
        {
            rows.Row(4);
            rows.Int64((long)block.Number);
            rows.Utf8(Ledger.BytesOf(block.Hash));
            rows.Int64(block.Time.Seconds);
            rows.Int64(block.LastSequence);
        }

        await CopyAsync(rows, "es_block (number, hash, timestamp, last_sequence)", cancellation).ConfigureAwait(false);
    }

    private async Task NotifyAsync(ulong block, long sequence, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select pg_notify('es_batch', $1)", connection);
        command.Parameters.AddWithValue($"{block} {sequence}");
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private Task CopyAsync(CopyBuffer rows, string target, CancellationToken cancellation) =>
        rows.SendAsync(connection, $"copy {target} from stdin (format binary)", cancellation);

    private async Task RunAsync(string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
