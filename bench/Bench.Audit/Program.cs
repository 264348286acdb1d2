// ./es bench audit [EVENTS]: what the audit log costs and what an audit takes. One chain; the pipeline with the log
// and without it, rounds interleaved, and then the log of the last round is audited: from the chain, with receipts,
// from its own entries.
using System.Globalization;
using EventSourced.BenchAudit;
using EventSourced.Reporting;

var events = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
var report = new Report("audit").Columns("what", "count", "per second", "our us", "PostgreSQL us", "peak MB");
await Auditing.RunAsync(report, events, CancellationToken.None);
return report.Print();
