// One chain, indexed from nothing to its tip. The figures check themselves: every log of the chain is an event of the
// database.
using System.Diagnostics;
using EventSourced.Indexer;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Reporting;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

namespace EventSourced.BenchPipeline;

internal static class Indexing
{
    /// <summary>A chain of our own with so many events.</summary>
    public static async Task<WorldChain> FillAsync(long events, bool spread, CancellationToken cancellation)
    {
        var chain = await WorldChain.FreshAsync(cancellation);
        using var world = await World.World.SettleAsync(
            chain, new WorldOptions(1, events, spread), events > 10_000 ? Population.Large : Population.Small,
            cancellation);
        await world.LiveAsync(events, null, cancellation);
        return chain;
    }

    /// <summary>Indexes a chain several times, each into a database of its own.</summary>
    public static async Task RunAsync(Report report, WorldChain chain, string form, CancellationToken cancellation)
    {
        var deployment = Deployment.Load(chain.Deployment);
        using var floors = await Floors.OfAsync(chain, deployment, cancellation);
        var rounds = new List<Round>();
        List<Floor> logs = [], copies = [];
        for (var round = 0; round <= Rounds; round++)
        {
            await using var database = await TestDatabase.CreateAsync();
            await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Max Auto Prepare=200");
            rounds.Add(await IndexAsync(chain, deployment, source, cancellation));
            logs.Add(await floors.LogsAsync(rounds[0].Events, cancellation));
            copies.Add(await Floors.CopyAsync(source, rounds[0].Events, cancellation));
        }

        // The first round compiles the program while it runs: its speed is shown, and not judged. Its memory is: a
        // process indexes a chain once, and later rounds still hold the pools of those before.
        var peak = rounds[0].PeakMegabytes;
        Show(report, $"indexed, {form}, first round in a new process", [rounds[0]]);
        rounds.RemoveAt(0);
        Show(report, $"indexed, {form}, median of {Rounds}", rounds);
        ShowFloor(report, "floor: eth_getLogs, bytes thrown away", logs);
        ShowFloor(report, "floor: the event rows by COPY into a bare table", copies);
        report.Target($"events per second, {form}", Report.Median(rounds.Select(one => one.PerSecond)), "1/s",
            form == "spread" ? 70_000 : 100_000, Better.Higher);
        report.Target(
            $"our CPU per event, {form}", Report.Median(rounds.Select(one => one.Cpu.Ours)), "us", 6, Better.Lower);
        report.Target($"PostgreSQL's CPU per event, {form}", Report.Median(rounds.Select(one => one.Cpu.Postgres)),
            "us", 12, Better.Lower);
        report.Target($"peak working set, {form}", peak, "MB", 500, Better.Lower);
    }

    private const int Rounds = 3;

    private sealed record Round(long Events, double PerSecond, Cpu Cpu, double PeakMegabytes);

    private static void Show(Report report, string what, IReadOnlyList<Round> rounds) => report.Row(
        what, $"{rounds[0].Events:N0}", $"{Report.Median(rounds.Select(one => one.PerSecond)):N0}",
        $"{Report.Median(rounds.Select(one => one.Cpu.Ours)):0.00}",
        $"{Report.Median(rounds.Select(one => one.Cpu.Postgres)):0.00}",
            $"{Report.Median(rounds.Select(one => one.Cpu.Anvil)):0.00}", $"{rounds.Max(one => one.PeakMegabytes):N0}");

    private static void ShowFloor(Report report, string what, IReadOnlyList<Floor> rounds) => report.Row(
        what, "", $"{Report.Median(rounds.Select(one => one.PerSecond)):N0}",
        $"{Report.Median(rounds.Select(one => one.Cpu.Ours)):0.00}",
            $"{Report.Median(rounds.Select(one => one.Cpu.Postgres)):0.00}",
                $"{Report.Median(rounds.Select(one => one.Cpu.Anvil)):0.00}");

    private static async Task<Round> IndexAsync(
        WorldChain chain, Deployment deployment, NpgsqlDataSource source, CancellationToken cancellation)
    {
        var indexer = new ChainIndexer(
            deployment, chain.Client, source,
            new IndexerOptions
            {
                Ingestion = new IngestionOptions
                {
                    FinalityDepth = 0,
                    VerifyBlockHashes = false,
                    Omissions = OmissionCheck.Trust,
                },
            });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var tip = await chain.Client.GetBlockNumberAsync(cancellation);
        PeakMemory.Forget();
        var before = Cpu.Now();
        var watch = Stopwatch.StartNew();
        var running = indexer.RunAsync(stop.Token);
        while (!running.IsCompleted && (indexer.Status.Tip?.Number ?? 0) < tip) await Task.Delay(5, cancellation);
        if (running.IsFaulted) await running;
        watch.Stop();
        var cpu = Cpu.Now() - before;
        var peak = PeakMemory.Megabytes;
        var events = indexer.Status.Events;
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CheckAsync(source, indexer, events, cancellation);
        return new Round(
            events, events / watch.Elapsed.TotalSeconds, cpu.Per(events), peak);
    }

    // A wrong answer fast is worth nothing: every event is stored, nothing is quarantined, every credit is accounted
    // for.
    private static async Task CheckAsync(
        NpgsqlDataSource source, ChainIndexer indexer, long events, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select (select count(*) from mt_events), (select count(*) from model.violation),
                   (select sum(balance) from model.account) = (select balance from model.credit_holder h join model.contract c on c.location = h.holder
                                                                where c.name = 'vault')
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        if (reader.GetInt64(0) != events || reader.GetInt64(1) != 0 || !reader.GetBoolean(2))
            throw new InvalidOperationException(
                $"expected {events} events, no violation and equal sums, found {reader.GetInt64(0)}, {reader.GetInt64(1)}, {reader.GetValue(2)}");
    }
}
