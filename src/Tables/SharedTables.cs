// The tables of the index beside the event store's and the read models': blocks, progress, reorgs. Enters: a
// connection. Leaves: the missing tables, created. Always holds: two indexers that start at once create them once.
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Creates the shared tables.</summary>
public static class SharedTables
{
    /// <summary>The key of the advisory lock of leadership.</summary>
    public const long LeaderLock = 0x65735f6c_65616400;

    // Serialises DDL between two indexers that start at once. Not the leader lock: the current leader holds that one
    // for its whole life.
    private const long DdlLock = LeaderLock + 1;

    private const string Ddl =
        $"""
        create table if not exists {TableNames.Blocks} (
            number bigint not null constraint es_block_key primary key,
            hash bytea not null,
            timestamp bigint not null,
            last_sequence bigint not null
        );
        create index if not exists es_block_hash on {TableNames.Blocks} (hash);
        create table if not exists {TableNames.Progress} (
            one boolean not null default true constraint es_indexer_key primary key check (one),
            deployment varchar not null,
            models varchar not null,
            epoch bigint not null default 0,
            tip_number bigint, tip_hash bytea, tip_parent bytea, tip_timestamp bigint,
            final_number bigint, final_hash bytea, final_parent bytea, final_timestamp bigint,
            last_sequence bigint not null default 0,
            state_root bytea,
            updated_at timestamptz not null default now()
        );
        create table if not exists {TableNames.Reorgs} (
            reorg_id bigint generated always as identity constraint es_reorg_key primary key,
            happened_at timestamptz not null default now(),
            reason varchar not null,
            tip_number bigint not null, tip_hash bytea not null,
            ancestor_number bigint not null, ancestor_hash bytea not null, ancestor_timestamp bigint not null,
            last_sequence bigint not null
        );
        create table if not exists {TableNames.StateRoots} (
            last_sequence bigint not null constraint es_state_root_key primary key,
            root bytea not null
        );
        {LogTable.Ddl}
        {HorizonTable.Ddl}
        """;

    /// <summary>Creates the missing tables and the row of progress.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, string deployment, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        // "if not exists" alone does not help two indexers that start at once: both find nothing, and the later one
        // fails on the catalog.
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var ddl = new NpgsqlCommand($"select pg_advisory_xact_lock({DdlLock}); {Ddl}", connection);
        await ddl.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await using var row = new NpgsqlCommand(
            $"insert into {TableNames.Progress} (deployment, models) values ($1, '') on conflict do nothing",
            connection);
        row.Parameters.AddWithValue(deployment);
        await row.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Whether a database has the tables of an index.</summary>
    public static async Task<bool> AreThereAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var command = database.CreateCommand(
            $"select to_regclass('{TableNames.Progress}') is not null and to_regclass('{TableNames.Reorgs}') is not null");
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
