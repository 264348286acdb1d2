// One chain, indexed from nothing to its tip. The figures check themselves: every log of the chain is an event of the database.
using System.Diagnostics;
using EventSourced.Indexer;
using EventSourced.Indexer.Ingestion;
using EventSourced.Reporting;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

namespace EventSourced.BenchPipeline;

internal static class Indexing
{
    public static async Task RunAsync(Report report, long events, bool spread, CancellationToken cancellation)
    {
        var form = spread ? "spread" : "harness";
        await using var chain = await Chain.FreshAsync(cancellation);
        var options = new WorldOptions(1, events, spread);
        using (var world = await World.World.SettleAsync(chain, options, events > 10_000 ? Population.Large : Population.Small, cancellation))
            await world.LiveAsync(events, null, cancellation);
        var deployment = Deployment.Load(chain.Deployment);
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Max Auto Prepare=200");
        var indexer = new ChainIndexer(
            deployment, chain.Client, source,
            new IndexerOptions { Ingestion = new IngestionOptions { FinalityDepth = 0, VerifyBlockHashes = false } });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tip = await chain.Client.GetBlockNumberAsync(cancellation);
        var before = Cpu.Now();
        var watch = Stopwatch.StartNew();
        var running = indexer.RunAsync(stop.Token);
        while (!running.IsCompleted && (indexer.Status.Tip?.Number ?? 0) < tip)
        {
            if (indexer.Status.Fault is { } fault) Console.Error.WriteLine(fault);
            await Task.Delay(20, cancellation);
        }

        if (running.IsFaulted) await running;
        watch.Stop();
        var cpu = Cpu.Now() - before;
        var made = indexer.Status.Events;
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var process = Process.GetCurrentProcess();
        report.Row(
            $"indexed, {form}", $"{made:N0}", $"{made / watch.Elapsed.TotalSeconds:N0}", $"{cpu.Ours / made:0.00}", $"{cpu.Postgres / made:0.00}",
            $"{cpu.Anvil / made:0.00}", $"{process.PeakWorkingSet64 / 1e6:N0}");
        report.Target($"events per second, {form}", made / watch.Elapsed.TotalSeconds, "1/s", spread ? 60_000 : 80_000, Better.Higher);
        report.Target($"our CPU per event, {form}", cpu.Ours / made, "us", 6, Better.Lower);
        report.Target($"PostgreSQL's CPU per event, {form}", cpu.Postgres / made, "us", 12, Better.Lower);
        report.Target($"peak working set, {form}", process.PeakWorkingSet64 / 1e6, "MB", 500, Better.Lower);
        Console.Error.WriteLine($"{form}: {made:N0} events, violations {indexer.Status.Violations}, tip {indexer.Status.Tip}");
    }
}
