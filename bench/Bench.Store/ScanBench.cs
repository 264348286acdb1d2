// The ordered scan with typed data and a sum. Floor: the same COPY, drained unread. Peer: Marten's QueryAllRawEvents as
// a stream of events.
using EventSourced.MartenBulk;
using EventSourced.Reporting;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventSourced.Bench.Store;

internal static class ScanBench
{
    private const string Schema = "bench_read";

    internal static async Task RunAsync(Bench bench)
    {
        await bench.ClearAsync(Schema);
        var bulk = bench.Bulk(Schema);
        await using var marten = bench.Marten(Schema);
        await NewStreamsBench.CopyAsync(
            bench, bulk, new BulkOptions { SoleWriter = true, CheckForeignKey = false });
        await bench.RunAsync($"vacuum analyze {Schema}.mt_streams, {Schema}.mt_events");
        var costs = await bench.CompareAsync(
            ("scan: floor, the same COPY drained unread", null, () => DrainAsync(bench), null),
            ("scan: COPY, typed and summed", null, () => CopyAsync(bench, bulk), null),
            ("scan: Marten, QueryAllRawEvents, typed and summed", null, () => QueryAsync(bench, marten), null));
        bench.Report.Target("scan with typed deserialization and fold, events per second", costs[1].PerSecond, "1/s",
            1_000_000, Better.Higher);
        bench.Report.Target("scan with fold, speed of the drained COPY", 100 * costs[1].PerSecond / costs[0].PerSecond,
            "%", 70, Better.Higher);
        bench.Report.Target("scan, CPU (client and server) of Marten's query", 100 * costs[1].Total / costs[2].Total,
            "%", 100, Better.Lower);
    }

    private static async Task<long> DrainAsync(Bench bench)
    {
        await using var connection = await bench.Source.OpenConnectionAsync();
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"""
            copy (select seq_id, stream_id, version, type, data from {Schema}.mt_events
                where seq_id > 0 order by seq_id) to stdout (format binary)
            """);
        var buffer = new byte[256 * 1024];
        while (await copy.ReadAsync(buffer, CancellationToken.None) > 0)
        {
            // Only the bytes are taken.
        }

        return bench.Data.Count;
    }

    private static async Task<long> CopyAsync(Bench bench, BulkStore store)
    {
        var sum = UInt128.Zero;
        var count = await store.ScanAsync(new ScanOptions { Identity = false, Archived = false }, (in RawEvent raw) =>
        {
            if (raw.Data is AmountMoved moved) sum += moved.Amount;
        });
        Bench.Same(bench.Data.Sum, sum, "scan: sum of amounts");
        return count;
    }

    private static async Task<long> QueryAsync(Bench bench, DocumentStore store)
    {
        var (sum, count) = (UInt128.Zero, 0L);
        await using var session = store.QuerySession();
        await foreach (var next in session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToAsyncEnumerable())
        {
            if (next.Data is AmountMoved moved) sum += moved.Amount;
            count++;
        }

        Bench.Same(bench.Data.Sum, sum, "Marten's query: sum of amounts");
        return count;
    }
}
