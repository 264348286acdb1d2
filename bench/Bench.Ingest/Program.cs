// ./es bench ingest: what reading the chain costs. From memory: JSON of eth_getLogs into decoded events, on one thread,
// beside the floor of Utf8JsonReader stepping over the same bytes; recovering signers. Rounds are interleaved, medians
// printed.
using EventSourced.BenchIngest;
using EventSourced.Reporting;

var report = new Report("ingest").Columns("what", "per second", "us each", "bytes each");
FromMemory.Run(report);
Signatures.Run(report);
return report.Print();
