// The channel on which the indexer wakes its followers. Enters: the block and the last event that were committed.
// Leaves: a notification within the same transaction. Always holds: the message is a hint alone; a follower that misses
// one finds everything in the tables.
using Npgsql;

namespace EventSourced.Tables;

/// <summary>Notifications of committed batches.</summary>
public static class BatchChannel
{
    /// <summary>The channel's name. Clients know it; never rename.</summary>
    public const string Name = "es_batch";

    /// <summary>Listens on a connection.</summary>
    public static async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"listen {Name}", connection);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Adds a notification to a batch. It goes out when the caller's transaction commits.</summary>
    public static void Notify(NpgsqlBatch batch, ulong block, long lastSequence)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.Add($"select pg_notify('{Name}', $1)", $"{block} {lastSequence}");
    }
}
