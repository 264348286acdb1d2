// The horizon: history up to this block was archived and then dropped from this database. Enters: a block and the last
// event up to it. Leaves: the same; none when nothing was dropped. Always holds: the horizon moves in the transaction
// that drops, and never back.
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>The end of the dropped history.</summary>
/// <param name="Block">The block: rows are known as of this block and later; null: nothing was dropped.</param>
/// <param name="Sequence">The last event that was dropped; 0: none.</param>
public readonly record struct Horizon(ulong? Block, long Sequence);

/// <summary>Reads and moves the horizon.</summary>
public static class HorizonTable
{
    /// <summary>The key of the advisory lock for archiving and dropping.</summary>
    public const long ArchiveLock = SharedTables.LeaderLock + 2;

    internal const string Ddl =
        $"""
        create table if not exists {TableNames.Horizon} (
            one boolean not null default true constraint es_horizon_key primary key check (one),
            block bigint, sequence bigint not null default 0
        );
        insert into {TableNames.Horizon} default values on conflict do nothing;
        """;

    /// <summary>Reads the horizon.</summary>
    public static async Task<Horizon> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select block, sequence from {TableNames.Horizon}", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false)) return default;
        ulong? block = await reader.IsDBNullAsync(0, cancellation).ConfigureAwait(false)
            ? null : (ulong)reader.GetInt64(0);
        return new Horizon(block, reader.GetInt64(1));
    }

    /// <summary>Takes the lock for archiving and dropping, until the connection ends.</summary>
    public static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection);
        command.Parameters.AddWithValue(ArchiveLock);
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>Releases the lock.</summary>
    public static async Task UnlockAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_unlock($1)", connection);
        command.Parameters.AddWithValue(ArchiveLock);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Drops events up to a position, and blocks and superseded rows up to a block, and moves the horizon, all in the
    /// caller's transaction. Returns the number of dropped events and rows.
    /// </summary>
    public static async Task<(long Events, long Rows)> DropAsync(
        NpgsqlConnection connection, ulong block, long sequence, CancellationToken cancellation)
    {
        // The registrations of contracts are few, and every start reads them: they stay. The last block stays, too,
        // because positions of later blocks are counted from its last event.
        var events = await RunAsync(
            $"""
            delete from {TableNames.Events}
             where seq_id <= $1 and stream_id not like '{Domain.Governance.Contracts.Fold.Name}-%'
            """, sequence).ConfigureAwait(false);
        await RunAsync(
            $"""
            delete from {TableNames.Blocks}
             where number < (select max(number) from {TableNames.Blocks} where last_sequence <= $1)
            """, sequence).ConfigureAwait(false);
        var rows = 0L;
        foreach (var model in ReadModels.All)
            rows += await RunAsync(
                $"""
                delete from {TableNames.HistoryOf(TableNames.ServingSchema, model.Table)}
                 where {ReadModelSchema.AnySpan} and valid_to <= $1
                """, (long)block).ConfigureAwait(false);
        // Only whole bundles, and tiles that no later leaf will widen.
        await RunAsync(
            $"delete from {TableNames.LogTiles} where level <= 0 and width = 256 and (index + 1) * 256 <= $1",
            sequence).ConfigureAwait(false);
        await RunAsync(
            $"update {TableNames.Horizon} set block = greatest(block, {(long)block}), sequence = greatest(sequence, $1)",
            sequence).ConfigureAwait(false);
        return (events, rows);

        async Task<long> RunAsync(string statement, long value)
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            command.Parameters.AddWithValue(value);
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }
}
