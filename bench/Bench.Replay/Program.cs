// ./es bench replay [EVENTS ...] [spread|harness]: all read models from the streams, into tables of their own, compared
// with the stored events on the way. Two chains, as in the pipeline's bench, in two sizes, to show whether the time
// grows with the events alone; beside it the floor: the same events drained by COPY and not read. The rows made are
// compared with the ones that serve, outside of the measured time.
using System.Globalization;
using EventSourced.Bench.Replay;
using EventSourced.Indexer;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Projections;
using EventSourced.Reporting;
using EventSourced.Tables;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

if (args is [ReplayRounds.Argument]) return await ReplayRounds.RunAsync();
long[] sizes =
    [.. args.Where(arg => char.IsAsciiDigit(arg[0])).Select(arg => long.Parse(arg, CultureInfo.InvariantCulture))];
if (sizes.Length == 0) sizes = [210_000, 1_000_000];
var report = new Report("replay").Columns("what", "events", "per second", "our us", "peak MB");
foreach (var spread in args.Contains("spread") ? [true] : args.Contains("harness") ? [false] : new[] { false, true })
{
    List<double> speeds = [];
    foreach (var events in sizes) speeds.Add(await RunAsync(spread, events));
    if (sizes.Length > 1)
        report.Target(
            $"linear, {(spread ? "spread" : "harness")}: events per second at {sizes[^1]:N0} by those at {sizes[0]:N0}",
            speeds[^1] / speeds[0], "ratio", 0.8, Better.Higher);
}

return report.Print();

async Task<double> RunAsync(bool spread, long events)
{
    var form = spread ? "spread" : "harness";
    await using var database = await TestDatabase.CreateAsync();
    await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Max Auto Prepare=200");
    var made = await IndexAsync(spread, events, source);
    var rounds = await ReplayRounds.InOwnProcessAsync(database.ConnectionString);
    foreach (var round in rounds)
        if (round.Events != made) throw new InvalidOperationException($"expected {made} events, found {round.Events}");
    var difference = await new RowComparison(source, "replay", ReadModelSchema.Serving,
        long.MaxValue >> 8).FirstAsync(ReadModels.All, CancellationToken.None);
    if (difference is not null) throw new InvalidOperationException($"{difference}");
    report.Row($"floor: events drained, {form}", $"{made:N0}",
        $"{made / Report.Median(rounds.Select(round => round.DrainSeconds)):N0}");
    // A process replays once: it is the first round whose memory counts, and the later ones, with everything compiled,
    // whose speed does.
    var (first, later) = (rounds[0], rounds[1..]);
    report.Row($"replayed, {form}, first round", $"{made:N0}", $"{made / first.Seconds:N0}",
        $"{first.CpuMicroseconds / made:0.00}", $"{first.PeakMegabytes:N0}");
    var perSecond = made / Report.Median(later.Select(round => round.Seconds));
    var ours = Report.Median(later.Select(round => round.CpuMicroseconds)) / made;
    report.Row($"replayed, {form}, median of {later.Length}", $"{made:N0}", $"{perSecond:N0}", $"{ours:0.00}",
        $"{later.Max(round => round.PeakMegabytes):N0}");
    report.Target($"replay, {form}, {made:N0} events", perSecond, "1/s", spread ? 130_000 : 300_000, Better.Higher);
    report.Target($"our CPU per event, {form}, {made:N0} events", ours, "us", 4, Better.Lower);
    report.Target($"peak working set, {form}, {made:N0} events", first.PeakMegabytes, "MB", 500, Better.Lower);
    return perSecond;
}

async Task<long> IndexAsync(bool spread, long events, NpgsqlDataSource source)
{
    await using var chain = await WorldChain.FreshAsync(CancellationToken.None);
    using (var world = await World.SettleAsync(
        chain, new WorldOptions(1, events, spread), events > 10_000 ? Population.Large : Population.Small,
        CancellationToken.None))
        await world.LiveAsync(events, null, CancellationToken.None);
    var tip = await chain.Client.GetBlockNumberAsync(CancellationToken.None);
    var indexer = new ChainIndexer(
        Deployment.Load(chain.Deployment), chain.Client, source,
        new IndexerOptions
        {
            Ingestion = new IngestionOptions
            {
                FinalityDepth = 0,
                VerifyBlockHashes = false,
                Omissions = OmissionCheck.Trust,
            },
        });
    using var stop = new CancellationTokenSource();
    var running = indexer.RunAsync(stop.Token);
    while (!running.IsCompleted && (indexer.Status.Tip?.Number ?? 0) < tip) await Task.Delay(20);
    if (running.IsFaulted) await running;
    await stop.CancelAsync();
    await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    return indexer.Status.Events;
}
