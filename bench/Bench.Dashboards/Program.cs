// ./es bench dashboards [DASHBOARDS]: what open dashboards cost the indexer, and how soon a dashboard is there.
// Indexer and API are processes of their own over one database; a block a second is mined with 0 and with 1,000 open
// dashboards, in turn. Each dashboard holds the line of blocks and asks the first screen anew as the page does, in
// the page's own words.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EventSourced.BenchDashboards;
using EventSourced.Hosting;
using EventSourced.Reporting;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

const int Openings = 9;
const int Rounds = 2;
const string Browser = "tests/Dashboard.Tests/npm";
var mined = new MinedBlocks(Transfers: 10, Blocks: 60, WarmUp: 5, Pace: TimeSpan.FromSeconds(1));
var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000;
var report = new Report("dashboards").Columns("what", "without", $"with {count:N0}", "unit");
var cancellation = CancellationToken.None;

await using var chain = await WorldChain.FreshAsync(cancellation);
using (var world = await World.SettleAsync(chain, new WorldOptions(1), Population.Small, cancellation))
    await world.LiveAsync(0, null, cancellation);
await using var database = await TestDatabase.CreateAsync();
await using var source = NpgsqlDataSource.Create(database.ConnectionString);
await using var indexer = await RoleProcess.StartAsync("indexer", chain, database.ConnectionString, cancellation);
await using var api = await RoleProcess.StartAsync("api", chain, database.ConnectionString, cancellation);
var address = await api.Address;
var screen = await FirstScreenAsync(address);

List<double>[] latency = [[], []];
double[] processor = [0, 0];
double[] blocks = [0, 0];
var answers = 0L;
for (var round = 0; round < Rounds * 2; round++)
{
    var with = round % 2;
    var dashboards = with == 0 ? null : await OpenDashboards.OpenAsync(address, screen.Asked, count, cancellation);
    var before = indexer.ProcessorTime;
    var seen = await new BlockToRow(chain, source, mined).MeasureAsync(cancellation);
    latency[with].AddRange(seen);
    processor[with] += (indexer.ProcessorTime - before).TotalMilliseconds;
    blocks[with] += seen.Count;
    if (dashboards is null) continue;
    answers += dashboards.Answers;
    await dashboards.DisposeAsync();
}

Row("order to mine a block to the row that a reader sees, p50", "ms", with => Report.Percentile(latency[with], 0.5));
Row("the same, p95", "ms", with => Report.Percentile(latency[with], 0.95));
Row("processor time of the indexer, a block", "ms", with => processor[with] / blocks[with]);
report.Row("first screens answered", "", $"{answers:N0}", "");
report.Row("first contentful paint, median", $"{Report.Median(screen.Paints):0}", "", "ms");
report.Target(
    $"mined block to row visible with {count:N0} open dashboards, p95", Report.Percentile(latency[1], 0.95), "ms", 50,
    Better.Lower);
report.Target(
    "the same against no dashboard, p50", Report.Percentile(latency[1], 0.5) / Report.Percentile(latency[0], 0.5), "x",
    1.25, Better.Lower);
report.Target(
    "processor time of the indexer a block, against no dashboard", processor[1] / blocks[1] / (processor[0] / blocks[0]),
    "x", 1.25, Better.Lower);
report.Target("first contentful paint on loopback, median", Report.Median(screen.Paints), "ms", 500, Better.Lower);
report.Target("bytes of the first screen", screen.Sent / 1_000.0, "kB", 300, Better.Lower);
return report.Print();

void Row(string what, string unit, Func<int, double> value) =>
    report.Row(what, $"{value(0):0.0}", $"{value(1):0.0}", unit);

static async Task<FirstScreen> FirstScreenAsync(Uri address)
{
    var start = new ProcessStartInfo("node") { RedirectStandardOutput = true };
    start.ArgumentList.Add(Path.Combine(WorldChain.Root, "bench", "Bench.Dashboards", "firstscreen.mjs"));
    start.ArgumentList.Add(address.ToString().TrimEnd('/'));
    start.ArgumentList.Add(Openings.ToString(CultureInfo.InvariantCulture));
    start.ArgumentList.Add(Path.Combine(WorldChain.Root, Browser));
    using var node = Process.Start(start) ?? throw new InvalidOperationException("expected node to start, found none");
    var text = await node.StandardOutput.ReadToEndAsync();
    await node.WaitForExitAsync();
    return node.ExitCode == 0
        ? JsonSerializer.Deserialize<FirstScreen>(text, JsonSerializerOptions.Web)!
        : throw new InvalidOperationException($"expected the first screen in Chromium, found {text}");
}

// What Chromium saw: paints in milliseconds, bytes, and the bodies that the page sent to the API.
internal sealed record FirstScreen(List<double> Paints, long Sent, List<string> Asked);
