// One save: appends, inline snapshots and archivings, all or nothing. Where every version is known it is one round
// trip,
// which PostgreSQL runs as one transaction. Streams of any version are looked up first; should another writer come in
// between, the save is done again under locks. Inline snapshots always take the locks.
using Npgsql;

namespace EventSourced.EventStore.Writing;

/// <summary>Writes what a session collected.</summary>
internal sealed class UnitOfWork(Store store, List<StreamAction> streams, IReadOnlyList<string> archived)
{
    private readonly InlineSnapshots _inline = new(store, streams);

    /// <summary>Writes in a transaction of its own.</summary>
    internal async Task CommitAsync(NpgsqlConnection connection, CancellationToken token)
    {
        if (_inline.IsEmpty)
        {
            try
            {
                await store.Versions.AssumeAsync(connection, streams, token);
                await AppendAsync(connection, [], token);
                return;
            }
            catch (ConcurrencyException refusal) when (TakesAnyVersion(refusal.Stream))
            {
                // Another writer came between our look and our append: what the caller asked for still holds.
            }
        }

        await using var transaction = await connection.BeginTransactionAsync(token);
        await WriteLockedAsync(connection, token);
        await transaction.CommitAsync(token);
    }

    /// <summary>Writes in the caller's transaction.</summary>
    internal async Task WriteAsync(NpgsqlConnection connection, CancellationToken token)
    {
        if (!_inline.IsEmpty || streams.Exists(stream => stream.Expected.IsAny))
        {
            await WriteLockedAsync(connection, token);
            return;
        }

        await store.Versions.AssumeAsync(connection, streams, token);
        await AppendAsync(connection, [], token);
    }

    private async Task WriteLockedAsync(NpgsqlConnection connection, CancellationToken token)
    {
        Appender.Sort(streams);
        await store.Versions.LockAsync(connection, streams, token);
        var snapshots = await _inline.FoldAsync(connection, token);
        await AppendAsync(connection, snapshots, token);
    }

    private async Task AppendAsync(
        NpgsqlConnection connection, List<NpgsqlBatchCommand> snapshots, CancellationToken token)
    {
        Appender.Sort(streams);
        await using var batch = new NpgsqlBatch(connection);
        if (streams.Count > 0) batch.BatchCommands.Add(store.Appender.Command(streams));
        foreach (var command in snapshots) batch.BatchCommands.Add(command);
        foreach (var key in archived) batch.BatchCommands.Add(Archive(key));
        await batch.PrepareAsync(token);
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(token);
            if (streams.Count > 0) await Appender.ReadAsync(reader, streams, token);
            while (await reader.NextResultAsync(token))
            {
                // The results behind the append say nothing but whether they failed.
            }
        }
        catch (PostgresException error) when (Refusals.From(error) is { } refusal)
        {
            throw refusal;
        }
    }

    private bool TakesAnyVersion(string key) => streams.Exists(stream => stream.Key == key && stream.Expected.IsAny);

    private NpgsqlBatchCommand Archive(string key)
    {
        var command = new NpgsqlBatchCommand($"select {store.Schema}.mt_archive_stream($1)");
        command.Parameters.AddTyped(key);
        return command;
    }
}
