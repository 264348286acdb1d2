// ./es bench live [TASKS]: the host as its users run it, a process of its own, on a chain with at least so many tasks.
// From an empty database to ready; from a start on a database that is there to ready; and, live, from the order to mine
// a block to the row that a reader sees.
using System.Diagnostics;
using System.Globalization;
using EventSourced.BenchLive;
using EventSourced.Hosting;
using EventSourced.Reporting;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

// A task comes with about thirty events: money, stake and reputation move with it, and every other story is told
// beside.
const int EventsPerTask = 33;
const int Restarts = 7;
var mined = new MinedBlocks(Transfers: 40, Blocks: 200, WarmUp: 20, Pace: TimeSpan.Zero);
var tasks = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
var report = new Report("live").Columns("what", "p50", "p95", "unit");
var cancellation = CancellationToken.None;

await using var chain = await WorldChain.FreshAsync(cancellation);
using (var world = await World.SettleAsync(
    chain, new WorldOptions(1, (long)tasks * EventsPerTask), tasks > 1_000 ? Population.Large : Population.Small,
    cancellation))
    await world.LiveAsync((long)tasks * EventsPerTask, null, cancellation);
await using var database = await TestDatabase.CreateAsync();
await using var source = NpgsqlDataSource.Create(database.ConnectionString);

await using (var host = ServedHost.Start(chain, database.ConnectionString))
{
    var caughtUp = await host.ReadyAsync(cancellation);
    await using var counting = source.CreateCommand(
        "select (select count(*) from model.task), (select count(*) from mt_events)");
    await using var counts = await counting.ExecuteReaderAsync(cancellation);
    await counts.ReadAsync(cancellation);
    if (counts.GetInt64(0) < tasks) throw new InvalidOperationException(
        $"expected at least {tasks} tasks, found {counts.GetInt64(0)}");
    report.Row(
        $"empty database to ready: {counts.GetInt64(0):N0} tasks, {counts.GetInt64(1):N0} events",
        $"{caughtUp.TotalSeconds:0.0}", "", "s");
    report.Target($"{tasks:N0} tasks from an empty database to ready", caughtUp.TotalSeconds, "s", 60, Better.Lower);
    await host.StopAsync(cancellation);
}

List<double> restarts = [];
for (var round = 0; round < Restarts; round++)
{
    await using var host = ServedHost.Start(chain, database.ConnectionString);
    restarts.Add((await host.ReadyAsync(cancellation)).TotalSeconds);
    await host.StopAsync(cancellation);
}

report.Row("start of the process to ready, synced", $"{Report.Median(restarts):0.00}",
    $"{Report.Percentile(restarts, 0.95):0.00}", "s");
report.Target("restart of a synced instance to ready, median", Report.Median(restarts), "s", 2, Better.Lower);

await using (var host = ServedHost.Start(chain, database.ConnectionString))
{
    await host.ReadyAsync(cancellation);
    var seen = await new BlockToRow(chain, source, mined).MeasureAsync(cancellation);
    report.Row(
        $"order to mine a block of {mined.Transfers} transfers, to the row that a reader sees",
        $"{Report.Percentile(seen, 0.5):0.0}", $"{Report.Percentile(seen, 0.95):0.0}", "ms");
    report.Target("mined block to row visible, p95", Report.Percentile(seen, 0.95), "ms", 50, Better.Lower);
    await host.StopAsync(cancellation);
}

return report.Print();
