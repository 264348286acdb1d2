// ./es bench store [--rounds N] [--only PART] [--streams N]: COPY beside Marten's own ways and a raw floor, in the same
// run.
using System.Globalization;
using EventSourced.Bench.Store;
using EventSourced.Reporting;
using Npgsql;

var cluster = Environment.GetEnvironmentVariable("ES_DATABASE")
    ?? $"Host=127.0.0.1;Port={Environment.GetEnvironmentVariable("ES_DB_PORT") ?? "15432"};Username=es;Database=es";
var rounds = Number("--rounds", 3);
var only = Text("--only");

await using var source =
    NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(cluster) { MaxPoolSize = 64 }.ConnectionString);
var report = new Report("store").Columns("", "items/s", "client us", "server us", "both us");
var data = new LedgerData(Number("--streams", 40_000), seed: 4827);
var bench = new Bench(source, await Meter.ForAsync(source), report, rounds, data);
Console.WriteLine(
    $"{data.Count:N0} events of {data.BytesPerEvent:0} bytes over {data.Keys.Length:N0} streams; "
    + $"{rounds} rounds, medians");

(string Name, Func<Bench, Task> Run)[] parts =
[
    ("new", NewStreamsBench.RunAsync),
    ("append", AppendBench.RunAsync),
    ("scan", ScanBench.RunAsync),
];
foreach (var (name, run) in parts)
{
    if (only is null || only.Split(',').Contains(name)) await run(bench);
}

return report.Print();

int Number(string flag, int otherwise) =>
    Text(flag) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

string? Text(string flag) => Array.IndexOf(args, flag) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
