// Existing streams, what an indexer does: one event to each of 1,000 streams in a transaction of the caller's. Ours:
// COPY at known versions. Peer: a session of Marten's in the same transaction, and one in its own.
using EventSourced.MartenBulk;
using EventSourced.Reporting;
using Marten;
using Marten.Services;
using Npgsql;

namespace EventSourced.Bench.Store;

internal static class AppendBench
{
    private const int StreamsPerTransaction = 1000;
    private const string Bulk = "bench_bulk";
    private const string Peer = "bench_marten";

    internal static async Task RunAsync(Bench bench)
    {
        var bulk = bench.Bulk(Bulk);
        await using var marten = bench.Marten(Peer);
        var costs = await bench.CompareAsync(
            ("existing streams: COPY", () => FillAsync(bench, Bulk), () => CopyAsync(bench, bulk, true),
                () => CheckAsync(bench, Bulk)),
            ("existing streams: COPY, key not checked", () => FillAsync(bench, Bulk),
                () => CopyAsync(bench, bulk, false), () => CheckAsync(bench, Bulk)),
            ("existing streams: Marten, session in our transaction", () => FillAsync(bench, Peer),
                () => SessionAsync(bench, marten, ours: true), () => CheckAsync(bench, Peer)),
            ("existing streams: Marten, session", () => FillAsync(bench, Peer),
                () => SessionAsync(bench, marten, ours: false), () => CheckAsync(bench, Peer)));
        bench.Report.Target("append to existing streams, CPU of Marten's session in the same transaction",
            100 * costs[0].Total / costs[2].Total, "%", 100, Better.Lower);
    }

    // Every stream with its first five events.
    private static async Task FillAsync(Bench bench, string schema)
    {
        await bench.ClearAsync(schema);
        await NewStreamsBench.CopyAsync(
            bench, bench.Bulk(schema), new BulkOptions { SoleWriter = true, CheckForeignKey = false });
        await bench.RunAsync($"vacuum analyze {schema}.mt_streams, {schema}.mt_events");
    }

    private static async Task<long> CopyAsync(Bench bench, BulkStore store, bool checkForeignKey)
    {
        var options = new BulkOptions { SoleWriter = true, CheckForeignKey = checkForeignKey };
        await using var connection = await bench.Source.OpenConnectionAsync();
        foreach (var keys in bench.Data.Keys.Chunk(StreamsPerTransaction))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            using var append = store.Append(transaction, options);
            foreach (var key in keys)
                append.Append(
                    BulkAppend.ContinueStream(key, LedgerData.EventsPerStream), bench.Data.Next, Guid.NewGuid(),
                    DateTimeOffset.UtcNow);
            await append.FlushAsync();
            await transaction.CommitAsync();
        }

        return bench.Data.Keys.Length;
    }

    private static async Task<long> SessionAsync(Bench bench, DocumentStore store, bool ours)
    {
        await using var connection = await bench.Source.OpenConnectionAsync();
        foreach (var keys in bench.Data.Keys.Chunk(StreamsPerTransaction))
        {
            await using var transaction = ours ? await connection.BeginTransactionAsync() : null;
            await using var session = transaction is null
                ? store.LightweightSession()
                : store.LightweightSession(SessionOptions.ForTransaction(transaction));
            foreach (var key in keys) session.Events.Append(key, LedgerData.EventsPerStream + 1, bench.Data.Next);
            await session.SaveChangesAsync();
            if (transaction is not null) await transaction.CommitAsync();
        }

        return bench.Data.Keys.Length;
    }

    private static async Task CheckAsync(Bench bench, string schema) => Bench.Same(
        (long)bench.Data.Keys.Length,
        await bench.ScalarAsync<long>(
            $"""
            select count(*) from {schema}.mt_streams s join {schema}.mt_events e
                on e.stream_id = s.id and e.version = s.version
             where s.version = {LedgerData.EventsPerStream + 1}
            """),
        $"{schema}: streams that went on");
}
