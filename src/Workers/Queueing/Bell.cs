// The bell that the indexer rings: a batch is committed, so there may be work. Enters: notifications. Leaves: calls.
// Always holds: a missed notification loses nothing, since every loop also looks by the clock; one connection for each
// process.
using EventSourced.Tables;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Workers.Queueing;

/// <summary>Rings for committed batches.</summary>
/// <param name="source">The database.</param>
/// <param name="ring">Called for each batch, and after each new connection.</param>
/// <param name="log">The log of its events.</param>
/// <param name="time">The clock of its pauses.</param>
public sealed class Bell(NpgsqlDataSource source, Action ring, ILogger log, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Listens until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or IOException)
            {
                log.JobLookFailed(fault.Message);
                await Task.Delay(Pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var closing = connection.ConfigureAwait(false);
        connection.Notification += (_, _) => ring();
        await BatchChannel.ListenAsync(connection, cancellation).ConfigureAwait(false);
        ring();
        while (true) await connection.WaitAsync(cancellation).ConfigureAwait(false);
    }
}
