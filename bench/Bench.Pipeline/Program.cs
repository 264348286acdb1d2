// ./es bench pipeline [EVENTS]: from a node's logs to rows, whole. Two chains: the harness form (a life in one block)
// and the spread form (each act in a block of its own). Beside each, in the same run, the raw floors: the same getLogs
// with the bytes thrown away, the same event rows by COPY and nothing else. With --rpc URL --deployment FILE it reads a
// chain that is there already (./es world --events N [--spread] --keep), so that two binaries can read the same one.
using System.Diagnostics;
using System.Globalization;
using EventSourced.BenchPipeline;
using EventSourced.Reporting;
using EventSourced.World;

var events = args.Length > 0 && char.IsAsciiDigit(args[0][0])
    ? long.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
var report = new Report(
    "pipeline").Columns("what", "events", "per second", "our us", "PostgreSQL us", "anvil us", "peak MB");
var forms = args.Contains("spread") ? [true] : args.Contains("harness") ? [false] : new[] { false, true };
foreach (var spread in forms)
{
    await using var chain = After("--rpc") is { } endpoint
        ? WorldChain.At(new Uri(endpoint), After("--deployment")
            ?? throw new ArgumentException("expected --deployment FILE beside --rpc URL, found none"))
        : await Indexing.FillAsync(events, spread, CancellationToken.None);
    await Indexing.RunAsync(report, chain, spread ? "spread" : "harness", CancellationToken.None);
}

return report.Print();

string? After(string option) =>
    Array.IndexOf(args, option) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
