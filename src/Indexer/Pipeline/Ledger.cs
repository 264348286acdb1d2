// What the indexer knows of the chain, in tables of its own: the blocks that have events, and one row that says how far it is, under
// which epoch of leadership, and from which deployment. Always holds: the row moves in the same transaction as everything it speaks of.
using System.Text.Json;
using EventSourced.Domain;
using EventSourced.Ethereum;
using EventSourced.Indexer.Ingestion;
using Npgsql;

namespace EventSourced.Indexer.Pipeline;

/// <summary>How far an indexer is.</summary>
/// <param name="Deployment">The deployment that is indexed: chain and hash of the addresses.</param>
/// <param name="Models">The fingerprint of the read models that serve.</param>
/// <param name="Epoch">How often leadership changed.</param>
/// <param name="Tip">The newest block; null before the first.</param>
/// <param name="Finalized">The newest block that never changes; null before the first.</param>
/// <param name="LastSequence">The last event.</param>
/// <param name="StateRoot">The root over all states at the tip, where it was made.</param>
public sealed record LedgerState(
    string Deployment, string Models, long Epoch, ChainLink? Tip, ChainLink? Finalized, long LastSequence, Word? StateRoot);

/// <summary>Reads and writes how far the indexer is.</summary>
public static class Ledger
{
    /// <summary>The key of the advisory lock of leadership.</summary>
    public const long LeaderLock = 0x65735f6c_65616400;

    // Who makes the tables: a lock of its own, for the leader's is held by whoever leads.
    private const long DdlLock = LeaderLock + 1;

    private const string Ddl =
        """
        create table if not exists es_block (
            number bigint not null constraint es_block_key primary key,
            hash bytea not null,
            timestamp bigint not null,
            last_sequence bigint not null
        );
        create index if not exists es_block_hash on es_block (hash);
        create table if not exists es_indexer (
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
        create table if not exists es_reorg (
            reorg_id bigint generated always as identity constraint es_reorg_key primary key,
            happened_at timestamptz not null default now(),
            reason varchar not null,
            tip_number bigint not null, tip_hash bytea not null,
            ancestor_number bigint not null, ancestor_hash bytea not null, ancestor_timestamp bigint not null,
            last_sequence bigint not null
        );
        """;

    /// <summary>Makes the tables and the row where they are missing.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, string deployment, CancellationToken cancellation)
    {
        // "if not exists" alone does not help two indexers that begin at once: both find nothing, and the later one fails on the catalog.
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using var ddl = new NpgsqlCommand($"select pg_advisory_xact_lock({DdlLock}); {Ddl}", connection);
        await ddl.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await using var row = new NpgsqlCommand(
            "insert into es_indexer (deployment, models) values ($1, '') on conflict do nothing", connection);
        row.Parameters.AddWithValue(deployment);
        await row.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads the row.</summary>
    public static async Task<LedgerState> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select deployment, models, epoch, tip_number, tip_hash, tip_parent, tip_timestamp,
                   final_number, final_hash, final_parent, final_timestamp, last_sequence, state_root from es_indexer
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
            throw new InvalidOperationException("expected one row in es_indexer, found none");
        return new LedgerState(
            reader.GetString(0), reader.GetString(1), reader.GetInt64(2), Link(reader, 3), Link(reader, 7), reader.GetInt64(11),
            await reader.IsDBNullAsync(12, cancellation).ConfigureAwait(false) ? null : new Word(reader.GetFieldValue<byte[]>(12)));
    }

    /// <summary>Begins a new epoch of leadership, and answers it.</summary>
    public static async Task<long> BeginEpochAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("update es_indexer set epoch = epoch + 1 returning epoch", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>Locks the row for this transaction; a later leader's epoch is a fault.</summary>
    public static async Task FenceAsync(NpgsqlConnection connection, long epoch, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select epoch from es_indexer for update", connection);
        var found = (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        if (found != epoch) throw new LeadershipLostException(epoch, found);
    }

    /// <summary>Moves the tip.</summary>
    public static async Task MoveAsync(
        NpgsqlConnection connection, ChainLink tip, long lastSequence, Word? stateRoot, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            update es_indexer set tip_number = $1, tip_hash = $2, tip_parent = $3, tip_timestamp = $4, last_sequence = $5,
                                  state_root = $6, updated_at = now()
            """,
            connection);
        AddLink(command, tip);
        command.Parameters.AddWithValue(lastSequence);
        command.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea,
            Value = stateRoot is { } root ? BytesOf(root) : DBNull.Value,
        });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Records that the chain was left behind an ancestor, and wakes whoever follows: what was told of the blocks that were left has to be
    /// taken back. The events that were cut carry the same moment.
    /// </summary>
    public static async Task RecordReorgAsync(
        NpgsqlConnection connection, ChainLink left, ChainLink ancestor, long lastSequence, string reason, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            with reorg as (
                insert into es_reorg (reason, tip_number, tip_hash, ancestor_number, ancestor_hash, ancestor_timestamp, last_sequence)
                values ($1, $2, $3, $4, $5, $6, $7) returning ancestor_number, last_sequence
            )
            select pg_notify('es_batch', ancestor_number || ' ' || last_sequence) from reorg
            """,
            connection);
        command.Parameters.AddWithValue(reason);
        command.Parameters.AddWithValue((long)left.Number);
        command.Parameters.AddWithValue(left.Hash.Bytes.ToArray());
        command.Parameters.AddWithValue((long)ancestor.Number);
        command.Parameters.AddWithValue(ancestor.Hash.Bytes.ToArray());
        command.Parameters.AddWithValue((long)ancestor.Timestamp);
        command.Parameters.AddWithValue(lastSequence);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Moves what never changes any more.</summary>
    public static async Task FinalizeAsync(NpgsqlConnection connection, ChainLink finalized, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "update es_indexer set final_number = $1, final_hash = $2, final_parent = $3, final_timestamp = $4", connection);
        AddLink(command, finalized);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The stored blocks from a number on, in order.</summary>
    internal static async Task<List<BlockRow>> BlocksFromAsync(
        NpgsqlConnection connection, ulong number, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select number, hash, timestamp, last_sequence from es_block where number >= $1 order by number", connection);
        command.Parameters.AddWithValue((long)number);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var blocks = new List<BlockRow>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            blocks.Add(new BlockRow(
                (ulong)reader.GetInt64(0), new Word(reader.GetFieldValue<byte[]>(1)), (ulong)reader.GetInt64(2), reader.GetInt64(3)));
        return blocks;
    }

    /// <summary>The registrations of contracts behind the deployment's and up to a block, in order, as the streams have them.</summary>
    internal static async Task<List<Registration>> RegistrationsAsync(
        NpgsqlConnection connection, ulong behind, ulong upTo, CancellationToken cancellation)
    {
        // A row that still is as the deployment left it has no later registration: of almost all databases no stream is read at all.
        await using var command = new NpgsqlCommand(
            $"""
            select e.id, e.data::text from {ReadModelSchema.Serving}.contract c
              join mt_events e on e.stream_id = '{Contracts.Fold.Name}-0x' || encode(c.key, 'hex')
             where c.valid_from > $1 order by e.seq_id
            """,
            connection);
        command.Parameters.AddWithValue((long)behind);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var found = new List<Registration>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var block = EventIdentity.PlaceOf(reader.GetGuid(0), default).Block;
            var happened = JsonSerializer.Deserialize(reader.GetString(1), EventJson.Default.ContractRegistered)!;
            if (block > behind && block <= upTo && ContractBook.Of(block, happened) is { } one) found.Add(one);
        }

        return found;
    }

    /// <summary>The last event up to a block.</summary>
    public static async Task<long> LastSequenceAsync(NpgsqlConnection connection, ulong block, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce((select last_sequence from es_block where number <= $1 order by number desc limit 1), 0)", connection);
        command.Parameters.AddWithValue((long)block);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>The bytes of a word.</summary>
    internal static byte[] BytesOf(Word word)
    {
        var bytes = new byte[Word.Length];
        word.WriteTo(bytes);
        return bytes;
    }

    private static ChainLink? Link(NpgsqlDataReader reader, int column) => reader.IsDBNull(column)
        ? null
        : new ChainLink(
            (ulong)reader.GetInt64(column), new Hash32(reader.GetFieldValue<byte[]>(column + 1)),
            new Hash32(reader.GetFieldValue<byte[]>(column + 2)), (ulong)reader.GetInt64(column + 3));

    private static void AddLink(NpgsqlCommand command, ChainLink link)
    {
        command.Parameters.AddWithValue((long)link.Number);
        command.Parameters.AddWithValue(link.Hash.Bytes.ToArray());
        command.Parameters.AddWithValue(link.ParentHash.Bytes.ToArray());
        command.Parameters.AddWithValue((long)link.Timestamp);
    }
}

/// <summary>Another indexer leads now: this one must not write.</summary>
public sealed class LeadershipLostException(long expected, long found)
    : Exception($"expected to lead in epoch {expected}, found epoch {found}; nothing was written");
