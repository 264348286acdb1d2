// One save: appends, inline snapshots and archivings, all or nothing. Without inline snapshots it is one round trip,
// which PostgreSQL runs as one transaction; with them the streams are locked and their states loaded first.
using Npgsql;

namespace EventSourced.EventStore.Writing;

/// <summary>Writes what a session collected.</summary>
internal sealed class UnitOfWork(Store store, List<StreamAction> streams, IReadOnlyList<string> archived)
{
    private const int Attempts = 3;

    private readonly InlineSnapshots _inline = new(store, streams);

    /// <summary>Writes in a transaction of its own.</summary>
    internal async Task CommitAsync(NpgsqlConnection connection, CancellationToken token)
    {
        if (_inline.IsEmpty)
        {
            await WriteAsync(connection, token).ConfigureAwait(false);
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            await using var transaction = await connection.BeginTransactionAsync(token).ConfigureAwait(false);
            try
            {
                await WriteAsync(connection, token).ConfigureAwait(false);
                await transaction.CommitAsync(token).ConfigureAwait(false);
                return;
            }
            catch (ConcurrencyException refusal) when (attempt < Attempts && TakesAnyVersion(refusal.Stream))
            {
                // Somebody started the stream between our look and our append: what the caller asked for still holds.
                await transaction.RollbackAsync(token).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Writes on a connection whose transaction somebody else commits.</summary>
    internal async Task WriteAsync(NpgsqlConnection connection, CancellationToken token)
    {
        streams.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        foreach (var stream in streams) stream.Assumed = stream.Expected;
        var snapshots = _inline.IsEmpty ? [] : await _inline.PrepareAsync(connection, streams, token).ConfigureAwait(false);
        await using var batch = new NpgsqlBatch(connection);
        var before = streams.Count == 0 ? 0 : store.Appender.AddTo(batch, streams, locked: !_inline.IsEmpty);
        foreach (var command in snapshots) batch.BatchCommands.Add(command);
        foreach (var key in archived) batch.BatchCommands.Add(Archive(key));
        await batch.PrepareAsync(token).ConfigureAwait(false);
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(token).ConfigureAwait(false);
            for (var result = 0; result < before; result++) await reader.NextResultAsync(token).ConfigureAwait(false);
            await Appender.ReadAllAsync(reader, streams, token).ConfigureAwait(false);
            while (await reader.NextResultAsync(token).ConfigureAwait(false))
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
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        return command;
    }
}
