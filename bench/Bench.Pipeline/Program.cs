// ./es bench pipeline [EVENTS]: from a node's logs to rows, whole. Two chains: the harness form (a life in one block)
// and the spread form (each act in a block of its own). Beside each, in the same run, the raw floors: the same getLogs
// with the bytes thrown away, the same event rows by COPY and nothing else.
using System.Diagnostics;
using System.Globalization;
using EventSourced.BenchPipeline;
using EventSourced.Reporting;

var events = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
var report = new Report(
    "pipeline").Columns("what", "events", "per second", "our us", "PostgreSQL us", "anvil us", "peak MB");
foreach (var spread in args.Contains("spread") ? [true] : args.Contains("harness") ? [false] : new[] { false, true })
    await Indexing.RunAsync(report, events, spread, CancellationToken.None);
return report.Print();
