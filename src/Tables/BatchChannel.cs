// The channel on which the indexer wakes whoever follows. Enters: the block and the last event that were committed.
// Leaves: a notification within the same transaction. Always holds: the message is a hint alone; who misses one finds
// everything in the tables.
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Notifications of committed batches.</summary>
public static class BatchChannel
{
    /// <summary>The channel. Stored in clients; never rename.</summary>
    public const string Name = "es_batch";

    /// <summary>Listens on a connection.</summary>
    public static async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"listen {Name}", connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Notifies, as soon as the caller's transaction commits.</summary>
    public static async Task NotifyAsync(
        NpgsqlConnection connection, ulong block, long lastSequence, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select pg_notify('{Name}', $1)", connection);
        command.Parameters.AddWithValue($"{block} {lastSequence}");
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
