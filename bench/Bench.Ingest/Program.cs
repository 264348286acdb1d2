// ./es bench ingest [EVENTS [IN_FLIGHT]]: what reading the chain costs, on a living economy that tools/World fills
// first (1,000,000 events take about two minutes). From a node: the whole chain into decoded records with the peak of
// memory; the same questions once with the answers thrown away and once ingested, rounds interleaved, medians. From
// memory: JSON into records on one thread. Beside ours: Nethereum's block processor over the same blocks. Live: from
// mining to the decoded record. ./es bench ingest signatures: what the curve costs, without a chain.
using System.Globalization;
using EventSourced.BenchIngest;
using EventSourced.Reporting;

var report = new Report("ingest").Columns("what", "per second", "us each", "bytes each");
if (args is ["signatures"])
{
    Signatures.Run(report);
    return report.Print();
}

var events = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
var inFlight = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 2;
await using var chain = await WorldChain.StartAsync(events);
var decoding = new Decoding(chain.Contracts);
using var node = new FromNode(chain, decoding, inFlight);
await node.WholeAsync(report);
await node.SlicesAsync(report);
FromMemory.Run(report, await node.RepliesAsync(), decoding);
Signatures.Run(report);
using (var second = new SecondReader(chain, decoding)) await second.RunAsync(report);
await Live.RunAsync(report, chain, decoding);
return report.Print();
