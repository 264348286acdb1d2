// ./es bench ingest [LOGS [IN_FLIGHT]]: what reading the chain costs. From memory: JSON of eth_getLogs into decoded
// events on one thread, beside the floor of Utf8JsonReader stepping over the same bytes. From a node: the same requests
// once with the bytes thrown away and once ingested. Live: from mining to the decoded record. Rounds are interleaved,
// medians printed.
using System.Globalization;
using EventSourced.BenchIngest;
using EventSourced.Reporting;

var logs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
var inFlight = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2;
var report = new Report("ingest").Columns("what", "per second", "us each", "bytes each");
FromMemory.Run(report);
Signatures.Run(report);
await FromNode.RunAsync(report, logs, inFlight);
return report.Print();
