// The progress of the index, in one row: the epoch of leadership, the deployment, and the last block and event. Always
// holds: the row moves in the same transaction as everything that it describes; a leader whose epoch is over moves
// nothing.
using EventSourced.Domain.Values;
using Npgsql;

namespace EventSourced.Tables;

/// <summary>A block, linked to its parent by hash.</summary>
public readonly record struct BlockLink(ulong Number, Word Hash, Word ParentHash, ulong Timestamp);

/// <summary>The progress of an index.</summary>
/// <param name="Deployment">The deployment that is indexed: chain and hash of the addresses.</param>
/// <param name="Models">The fingerprint of the read models that serve.</param>
/// <param name="Epoch">The number of changes of leadership.</param>
/// <param name="Tip">The newest block; null before the first.</param>
/// <param name="Finalized">The newest final block, which never changes; null before the first.</param>
/// <param name="LastSequence">The sequence of the last event.</param>
/// <param name="StateRoot">The root over all states at the tip, if it was computed.</param>
public sealed record Progress(
    string Deployment, string Models, long Epoch, BlockLink? Tip, BlockLink? Finalized, long LastSequence,
    Word? StateRoot);

/// <summary>Reads and moves the row of progress.</summary>
public static class ProgressTable
{
    /// <summary>Reads the row.</summary>
    public static async Task<Progress> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select deployment, models, epoch, tip_number, tip_hash, tip_parent, tip_timestamp,
                   final_number, final_hash, final_parent, final_timestamp, last_sequence, state_root from {TableNames.Progress}
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
            throw new InvalidOperationException($"expected one row in {TableNames.Progress}, found none");
        return new Progress(
            reader.GetString(0), reader.GetString(1), reader.GetInt64(2), Link(reader, 3), Link(reader, 7),
            reader.GetInt64(11),
            await reader.IsDBNullAsync(12, cancellation).ConfigureAwait(false) ? null : WordAt(reader, 12));
    }

    /// <summary>The fingerprint of the read models that serve; empty when none do.</summary>
    public static async Task<string> ModelsAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var command = database.CreateCommand($"select models from {TableNames.Progress}");
        return await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) as string ?? "";
    }

    /// <summary>Begins a new epoch of leadership and returns its number.</summary>
    public static async Task<long> BeginEpochAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"update {TableNames.Progress} set epoch = epoch + 1 returning epoch", connection);
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>Locks the row for this transaction. An epoch of a later leader is a fault.</summary>
    public static async Task FenceAsync(NpgsqlConnection connection, long epoch, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select epoch from {TableNames.Progress} for update", connection);
        var found = (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        if (found != epoch) throw new LeadershipLostException(epoch, found);
    }

    /// <summary>
    /// Refuses the epoch of a later leader. It locks nothing: it is for a transaction beside the one with the lock.
    /// </summary>
    public static async Task CheckAsync(NpgsqlConnection connection, long epoch, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select epoch from {TableNames.Progress}", connection);
        var found = (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        if (found != epoch) throw new LeadershipLostException(epoch, found);
    }

    /// <summary>Adds the move of the tip to a batch.</summary>
    public static void Move(NpgsqlBatch batch, BlockLink tip, long lastSequence, Word? stateRoot)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Add(
            $"""
            update {TableNames.Progress}
               set tip_number = $1, tip_hash = $2, tip_parent = $3, tip_timestamp = $4, last_sequence = $5, state_root = $6, updated_at = now()
            """,
            (long)tip.Number, tip.Hash.ToArray(), tip.ParentHash.ToArray(), (long)tip.Timestamp, lastSequence,
            stateRoot is { } root ? root.ToArray() : DBNull.Value);
    }

    /// <summary>Adds the move of the final block to a batch.</summary>
    public static void Finalize(NpgsqlBatch batch, BlockLink finalized)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Add(
            $"""
            update {TableNames.Progress}
               set final_number = $1, final_hash = $2, final_parent = $3, final_timestamp = $4
            """,
            (long)finalized.Number, finalized.Hash.ToArray(), finalized.ParentHash.ToArray(),
            (long)finalized.Timestamp);
    }

    /// <summary>Records which read models serve.</summary>
    public static async Task RecordModelsAsync(
        NpgsqlConnection connection, string fingerprint, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"update {TableNames.Progress} set models = $1", connection);
        command.Parameters.AddWithValue(fingerprint);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static BlockLink? Link(NpgsqlDataReader reader, int column) => reader.IsDBNull(column)
        ? null
        : new BlockLink(
            (ulong)reader.GetInt64(column), WordAt(reader, column + 1), WordAt(reader, column + 2),
            (ulong)reader.GetInt64(column + 3));

    private static Word WordAt(NpgsqlDataReader reader, int column) => new(reader.GetFieldValue<byte[]>(column));
}

/// <summary>Another indexer leads now: this one must not write.</summary>
public sealed class LeadershipLostException(long expected, long found)
    : Exception($"expected to lead in epoch {expected}, found epoch {found}; nothing was written");
