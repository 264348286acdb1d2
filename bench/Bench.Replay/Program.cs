// ./es bench replay [EVENTS ...] [spread|harness]: all read models from the streams, into tables of their own, compared with the stored events on the
// way. Two chains, as in the pipeline's bench, in two sizes, to show whether the time grows with the events alone; beside it the floor:
// the same events drained by COPY and not read. The rows made are compared with the ones that serve, outside of the measured time.
using System.Diagnostics;
using System.Globalization;
using EventSourced.EventStore;
using EventSourced.Indexer;
using EventSourced.Indexer.Ingestion;
using EventSourced.Indexer.Pipeline;
using EventSourced.Indexer.Replay;
using EventSourced.Projections;
using EventSourced.Reporting;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

const int Rounds = 3;
long[] sizes = [.. args.Where(arg => char.IsAsciiDigit(arg[0])).Select(arg => long.Parse(arg, CultureInfo.InvariantCulture))];
if (sizes.Length == 0) sizes = [210_000, 1_000_000];
var report = new Report("replay").Columns("what", "events", "per second", "our us", "peak MB");
foreach (var spread in args.Contains("spread") ? [true] : args.Contains("harness") ? [false] : new[] { false, true })
{
    List<double> speeds = [];
    foreach (var events in sizes) speeds.Add(await RunAsync(spread, events));
    if (sizes.Length > 1)
        report.Target(
            $"linear, {(spread ? "spread" : "harness")}: events per second at {sizes[^1]:N0} by those at {sizes[0]:N0}", speeds[^1] / speeds[0], "ratio", 0.8, Better.Higher);
}

return report.Print();

async Task<double> RunAsync(bool spread, long events)
{
    var form = spread ? "spread" : "harness";
    await using var database = await TestDatabase.CreateAsync();
    await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Max Auto Prepare=200");
    var made = await IndexAsync(spread, events, source);
    await using var store = EventStreams.Open(source);
    List<(double PerSecond, double Cpu)> replays = [];
    List<double> floor = [];
    var peak = 0.0;
    for (var round = 0; round <= Rounds; round++)
    {
        var watch = Stopwatch.StartNew();
        await store.Advanced.ScanAsync(new ScanOptions(), static (in RawEvent _) => { });
        floor.Add(made / watch.Elapsed.TotalSeconds);
        PeakMemory.Forget();
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        watch.Restart();
        var replayed = await new Replayer(source, store, new ReplayOptions()).FromStreamsAsync(CancellationToken.None);
        var elapsed = watch.Elapsed;
        peak = Math.Max(peak, PeakMemory.Megabytes);
        process.Refresh();
        if (replayed.Events != made || replayed.Difference is not null)
            throw new InvalidOperationException($"expected {made} equal events, found {replayed.Events}; {replayed.Difference}");
        replays.Add((made / elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalMicroseconds / made));
    }

    var difference = await new RowComparison(source, "replay", ReadModelSchema.Serving, long.MaxValue >> 8).FirstAsync(ReadModels.All, CancellationToken.None);
    if (difference is not null) throw new InvalidOperationException($"{difference}");
    report.Row($"floor: events drained, {form}", $"{made:N0}", $"{Report.Median(floor):N0}");
    report.Row($"replayed, {form}, first round", $"{made:N0}", $"{replays[0].PerSecond:N0}", $"{replays[0].Cpu:0.00}");
    replays.RemoveAt(0);
    var perSecond = Report.Median(replays.Select(one => one.PerSecond));
    var ours = Report.Median(replays.Select(one => one.Cpu));
    report.Row($"replayed, {form}, median of {Rounds}", $"{made:N0}", $"{perSecond:N0}", $"{ours:0.00}", $"{peak:N0}");
    report.Target($"replay, {form}, {made:N0} events", perSecond, "1/s", spread ? 130_000 : 300_000, Better.Higher);
    report.Target($"our CPU per event, {form}, {made:N0} events", ours, "us", 4, Better.Lower);
    report.Target($"peak working set, {form}, {made:N0} events", peak, "MB", 500, Better.Lower);
    return perSecond;
}

async Task<long> IndexAsync(bool spread, long events, NpgsqlDataSource source)
{
    await using var chain = await Chain.FreshAsync(CancellationToken.None);
    using (var world = await World.SettleAsync(
        chain, new WorldOptions(1, events, spread), events > 10_000 ? Population.Large : Population.Small, CancellationToken.None))
        await world.LiveAsync(events, null, CancellationToken.None);
    var tip = await chain.Client.GetBlockNumberAsync(CancellationToken.None);
    var indexer = new ChainIndexer(
        Deployment.Load(chain.Deployment), chain.Client, source,
        new IndexerOptions
        {
            Ingestion = new IngestionOptions { FinalityDepth = 0, VerifyBlockHashes = false, Omissions = OmissionCheck.Trust },
        });
    using var stop = new CancellationTokenSource();
    var running = indexer.RunAsync(stop.Token);
    while (!running.IsCompleted && (indexer.Status.Tip?.Number ?? 0) < tip) await Task.Delay(20);
    if (running.IsFaulted) await running;
    await stop.CancelAsync();
    await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    return indexer.Status.Events;
}
