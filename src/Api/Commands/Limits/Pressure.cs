// Whether this process keeps up. Enters: a probe that takes the way of a request: the thread pool, a connection of the
// pool, one statement. Leaves: how late that is now. Always holds: a probe that does not come back is as late as its
// age; commands are refused when it is later than the named limit, and reads are not, so that whoever looks is answered
// longer than whoever adds work.
using EventSourced.Api.Commands.Checks;
using Npgsql;

namespace EventSourced.Api.Commands.Limits;

/// <summary>Measures lateness.</summary>
internal sealed class Pressure(Func<CancellationToken, Task> probe, TimeProvider time)
{
    /// <summary>The time from one probe to the next.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(2);

    private long _begun = time.GetTimestamp();
    private long _took;

    /// <summary>A probe of a pool of connections.</summary>
    public static Func<CancellationToken, Task> Of(NpgsqlDataSource pool) => async cancellation =>
    {
        var command = pool.CreateCommand("select 1");
        await using var disposing = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    };

    /// <summary>How late a request would be served now.</summary>
    public TimeSpan Lateness
    {
        get
        {
            var silent = time.GetElapsedTime(Volatile.Read(ref _begun)) - Every;
            var took = TimeSpan.FromTicks(Volatile.Read(ref _took));
            return silent > took ? silent : took;
        }
    }

    /// <summary>The refusal of a command while this process lags; null: it keeps up.</summary>
    public Problem? Refusal()
    {
        var (limit, late) = (LimitTable.Lateness, (long)Lateness.TotalMilliseconds);
        return late <= limit.Most
            ? null
            : new Problem(
                limit.Status, limit.Code, $"database and threads at most {limit.Most} {limit.Unit} late", $"{late}")
            {
                Limit = limit.Name,
                RetryAfter = ComeAgain,
            };
    }

    /// <summary>Probes until cancelled. A database that does not answer is late until it does.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var begun = time.GetTimestamp();
            try
            {
                // From the thread pool's queue on, as a request comes.
                await Task.Run(() => probe(cancellation), cancellation).ConfigureAwait(false);
                Volatile.Write(ref _took, time.GetElapsedTime(begun).Ticks);
                Volatile.Write(ref _begun, time.GetTimestamp());
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
            {
                // Whoever asks hears of the fault itself; what is measured here is the silence.
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Every, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
