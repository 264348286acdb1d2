// One indexer leads. It holds a lock of PostgreSQL on a connection of its own: when the process or its connection dies,
// the lock is free at once. Beyond the lock there is the epoch: each new leader raises it, and a batch of an earlier
// epoch is refused. So a leader that was only slow cannot write over its successor.
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Commit;

/// <summary>Leadership, until disposed.</summary>
internal sealed class Leadership : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private Leadership(NpgsqlConnection connection, long epoch) => (_connection, Epoch) = (connection, epoch);

    /// <summary>The epoch that this leadership began.</summary>
    internal long Epoch { get; }

    /// <summary>Waits until this indexer leads.</summary>
    internal static async Task<Leadership> AcquireAsync(
        NpgsqlDataSource source, TimeSpan poll, Action waiting, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (!await TryAsync(connection, cancellation).ConfigureAwait(false))
            {
                waiting();
                await Task.Delay(poll, cancellation).ConfigureAwait(false);
            }

            return new Leadership(
                connection, await ProgressTable.BeginEpochAsync(connection, cancellation).ConfigureAwait(false));
        }
        catch
        {
            await new Leadership(connection, 0).DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The connection goes back to a pool, so it must not keep the lock.
        if (_connection.FullState.HasFlag(System.Data.ConnectionState.Open))
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", _connection);
            try
            {
                await command.ExecuteNonQueryAsync().ConfigureAwait(false);
            }
            catch (NpgsqlException)
            {
                // A broken connection has freed the lock already.
            }
        }

        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection);
        command.Parameters.AddWithValue(SharedTables.LeaderLock);
        return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}
