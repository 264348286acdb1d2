// New streams: 5 events each, 10,000 events a transaction. Floor: BinaryImport of rows whose JSON is there already, the
// way Npgsql's documentation shows it. Peer: Marten's BulkInsertEventsAsync, which opens a transaction of its own.
using EventSourced.MartenBulk;
using EventSourced.Reporting;
using JasperFx.Events;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Bench.Store;

internal static class NewStreamsBench
{
    internal const int EventsPerTransaction = 10_000;

    private const string Floor = "bench_floor";
    private const string Bulk = "bench_bulk";
    private const string Peer = "bench_marten";

    private static readonly DateTime Time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    internal static async Task RunAsync(Bench bench)
    {
        var bulk = bench.Bulk(Bulk);
        await using var marten = bench.Marten(Peer);
        var costs = await bench.CompareAsync(
            ("new streams: floor, BinaryImport", () => bench.ClearAsync(Floor), () => FloorAsync(bench),
                () => CheckAsync(bench, Floor)),
            ("new streams: COPY", () => bench.ClearAsync(Bulk),
                () => CopyAsync(bench, bulk, new BulkOptions { SoleWriter = true }), () => CheckAsync(bench, Bulk)),
            ("new streams: COPY, key not checked", () => bench.ClearAsync(Bulk),
                () => CopyAsync(bench, bulk, new BulkOptions { SoleWriter = true, CheckForeignKey = false }),
                () => CheckAsync(bench, Bulk)),
            ("new streams: Marten, BulkInsertEventsAsync", () => bench.ClearAsync(Peer),
                () => InsertAsync(bench, marten), () => CheckAsync(bench, Peer)));
        var (floor, ours, peer) = (costs[0], costs[1], costs[3]);
        bench.Report.Target("bulk append, events per second of the floor's BinaryImport",
            100 * ours.PerSecond / floor.PerSecond, "%", 95, Better.Higher);
        bench.Report.Target("bulk append, CPU (client and server) of the floor's", 100 * ours.Total / floor.Total, "%",
            105, Better.Lower);
        bench.Report.Target("bulk append, CPU (client and server) of Marten's bulk insert",
            100 * ours.Total / peer.Total, "%", 100, Better.Lower);
    }

    internal static async Task<long> CopyAsync(Bench bench, BulkStore store, BulkOptions options)
    {
        var data = bench.Data;
        await using var connection = await bench.Source.OpenConnectionAsync();
        for (var start = 0; start < data.Count; start += EventsPerTransaction)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            using var append = store.Append(transaction, options);
            BulkStream? stream = null;
            for (var index = start; index < Math.Min(data.Count, start + EventsPerTransaction); index++)
            {
                if (index % LedgerData.EventsPerStream == 0)
                    stream = BulkAppend.StartStream(data.Keys[index / LedgerData.EventsPerStream]);
                append.Append(stream!, data.Events[index], IdOf(index), Time);
            }

            await append.FlushAsync();
            await transaction.CommitAsync();
        }

        return data.Count;
    }

    private static async Task<long> InsertAsync(Bench bench, DocumentStore store)
    {
        var data = bench.Data;
        var streams = data.Events.Cast<object>().Chunk(LedgerData.EventsPerStream)
            .Select((events, index) => StreamAction.Start(store.Events, data.Keys[index], events)).ToArray();
        foreach (var some in streams.Chunk(EventsPerTransaction / LedgerData.EventsPerStream))
            await store.BulkInsertEventsAsync(some, EventsPerTransaction);
        return data.Count;
    }

    private static Guid IdOf(int index) => new(index, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);

    private static async Task<long> FloorAsync(Bench bench)
    {
        var data = bench.Data;
        await using var connection = await bench.Source.OpenConnectionAsync();
        for (var start = 0; start < data.Count; start += EventsPerTransaction)
        {
            var end = Math.Min(data.Count, start + EventsPerTransaction);
            await using var transaction = await connection.BeginTransactionAsync();
            await FloorStreamsAsync(connection, data, start, end);
            await FloorEventsAsync(connection, data, start, end);
            await using var set =
                new NpgsqlCommand($"select setval('{Floor}.mt_events_sequence', {end})", connection);
            await set.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }

        return data.Count;
    }

    private static async Task FloorStreamsAsync(NpgsqlConnection connection, LedgerData data, int start, int end)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            $"""
            copy {Floor}.mt_streams (id, version, timestamp, created, tenant_id, is_archived) from stdin (format binary)
            """);
        for (var stream = start / LedgerData.EventsPerStream; stream < end / LedgerData.EventsPerStream; stream++)
        {
            await import.StartRowAsync();
            await import.WriteAsync(data.Keys[stream], NpgsqlDbType.Varchar);
            await import.WriteAsync((long)LedgerData.EventsPerStream, NpgsqlDbType.Bigint);
            await import.WriteAsync(Time, NpgsqlDbType.TimestampTz);
            await import.WriteAsync(Time, NpgsqlDbType.TimestampTz);
            await import.WriteAsync("*DEFAULT*", NpgsqlDbType.Varchar);
            await import.WriteAsync(false, NpgsqlDbType.Boolean);
        }

        await import.CompleteAsync();
    }

    private static async Task FloorEventsAsync(NpgsqlConnection connection, LedgerData data, int start, int end)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            $"""
            copy {Floor}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
                is_archived) from stdin (format binary)
            """);
        for (var index = start; index < end; index++)
        {
            var opened = index % LedgerData.EventsPerStream == 0;
            await import.StartRowAsync();
            await import.WriteAsync(index + 1L, NpgsqlDbType.Bigint);
            await import.WriteAsync(IdOf(index), NpgsqlDbType.Uuid);
            await import.WriteAsync(data.Keys[index / LedgerData.EventsPerStream], NpgsqlDbType.Varchar);
            await import.WriteAsync((index % LedgerData.EventsPerStream) + 1L, NpgsqlDbType.Bigint);
            await import.WriteAsync(data.Json[index], NpgsqlDbType.Jsonb);
            await import.WriteAsync(opened ? "account_opened" : "amount_moved", NpgsqlDbType.Varchar);
            await import.WriteAsync(Time, NpgsqlDbType.TimestampTz);
            await import.WriteAsync("*DEFAULT*", NpgsqlDbType.Varchar);
            await import.WriteAsync(
                opened
                    ? "EventSourced.Bench.Store.AccountOpened, EventSourced.Bench.Store"
                    : "EventSourced.Bench.Store.AmountMoved, EventSourced.Bench.Store",
                NpgsqlDbType.Varchar);
            await import.WriteAsync(false, NpgsqlDbType.Boolean);
        }

        await import.CompleteAsync();
    }

    // The server itself adds up what was stored, and finds every stream whole.
    private static async Task CheckAsync(Bench bench, string schema)
    {
        Bench.Same(
            (decimal)bench.Data.Sum,
            await bench.ScalarAsync<decimal>($"select sum((data ->> 'Amount')::numeric) from {schema}.mt_events"),
            $"{schema}: sum of amounts");
        Bench.Same(
            (long)bench.Data.Keys.Length,
            await bench.ScalarAsync<long>($"""
                select count(*) from {schema}.mt_streams s where s.version = {LedgerData.EventsPerStream}
                   and {LedgerData.EventsPerStream} = (select count(distinct e.version) from {schema}.mt_events e
                        where e.stream_id = s.id and e.version between 1 and {LedgerData.EventsPerStream})
                """),
            $"{schema}: whole streams");
    }
}
