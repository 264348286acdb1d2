// The rounds of the bench, in a process of their own: the world that was played and indexed before would be counted for
// the replay's memory.
using System.Diagnostics;
using System.Text.Json;
using EventSourced.MartenBulk;
using EventSourced.Indexer;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Prove;
using EventSourced.Reporting;
using Npgsql;

namespace EventSourced.Bench.Replay;

/// <summary>What one round took.</summary>
internal sealed record ReplayRound(
    long Events, double DrainSeconds, double Seconds, double CpuMicroseconds, double PeakMegabytes);

internal static class ReplayRounds
{
    /// <summary>What a process is called with that replays; its database comes by the environment.</summary>
    internal const string Argument = "rounds";

    private const string Database = "ES_BENCH_DATABASE";
    private const int Rounds = 4;

    /// <summary>Starts the process, and answers what it measured.</summary>
    internal static async Task<ReplayRound[]> InOwnProcessAsync(string connection)
    {
        var start = new ProcessStartInfo(
            "dotnet", [typeof(ReplayRounds).Assembly.Location, Argument])
        { RedirectStandardOutput = true };
        start.Environment[Database] = connection;
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException("expected the rounds to start, found no process");
        var lines = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException(
            $"expected the rounds to end with 0, found {process.ExitCode}");
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(
            line => JsonSerializer.Deserialize<ReplayRound>(line)!)];
    }

    /// <summary>Replays several times, and prints a line for each.</summary>
    internal static async Task<int> RunAsync()
    {
        await using var source = NpgsqlDataSource.Create(
            Environment.GetEnvironmentVariable(Database) + ";Max Auto Prepare=200");
        var store = EconomyStore.Open(source);
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            await store.ScanAsync(new ScanOptions(), static (in RawEvent _) => { });
            var drained = watch.Elapsed;
            PeakMemory.Forget();
            using var process = Process.GetCurrentProcess();
            var cpu = process.TotalProcessorTime;
            watch.Restart();
            var replayed = await new Replayer(
                source, store, new ReplayOptions()).FromStreamsAsync(CancellationToken.None);
            var elapsed = watch.Elapsed;
            var peak = PeakMemory.Megabytes;
            process.Refresh();
            if (replayed.Difference is not null) throw new InvalidOperationException(
                $"expected equal events, found {replayed.Difference}");
            Console.WriteLine(JsonSerializer.Serialize(new ReplayRound(
                replayed.Events, drained.TotalSeconds, elapsed.TotalSeconds,
                (process.TotalProcessorTime - cpu).TotalMicroseconds, peak)));
        }

        return 0;
    }
}
