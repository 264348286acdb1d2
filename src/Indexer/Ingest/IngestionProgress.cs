// The progress of ingestion. Enters: finished ranges, with the time since the start. Leaves: the share, the logs a
// second over the last steps, the time left. Pure: the clock is the caller's.
namespace EventSourced.Indexer.Ingest;

/// <summary>The progress from one block to another, both included.</summary>
public sealed record IngestionProgress(ulong From, ulong To)
{
    /// <summary>The weight of the newest step in the figure of logs a second.</summary>
    private const double Newest = 0.2;

    /// <summary>The number of finished blocks.</summary>
    public ulong BlocksDone { get; private init; }

    /// <summary>The number of finished logs.</summary>
    public long LogsDone { get; private init; }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed { get; private init; }

    /// <summary>Logs a second, smoothed; 0 before the first step.</summary>
    public double LogsPerSecond { get; private init; }

    /// <summary>From 0 to 1.</summary>
    public double Share => To < From ? 1 : (double)BlocksDone / (To - From + 1);

    /// <summary>The time left at the speed so far, in blocks; null before the first step.</summary>
    public TimeSpan? Left => BlocksDone == 0 ? null : Elapsed * (1 / Share - 1);

    /// <summary>The progress after a range up to a block was finished, at a time since the start.</summary>
    public IngestionProgress After(ulong lastBlock, int logs, TimeSpan elapsed)
    {
        var seconds = (elapsed - Elapsed).TotalSeconds;
        var speed = seconds > 0 ? logs / seconds : LogsPerSecond;
        return this with
        {
            BlocksDone = Math.Min(lastBlock, To) - From + 1,
            LogsDone = LogsDone + logs,
            Elapsed = elapsed,
            LogsPerSecond = BlocksDone == 0 ? speed : LogsPerSecond + Newest * (speed - LogsPerSecond),
        };
    }

    /// <summary>For people: share, logs, logs a second, time left.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{100 * Share:0.0} %, {LogsDone:N0} logs, {LogsPerSecond:N0}/s, {Left ?? TimeSpan.Zero:hh\\:mm\\:ss} left");
}
