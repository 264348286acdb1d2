// Bulk append: 200,000 events over 40,000 new streams, 10,000 events a transaction. Floor: BinaryImport of rows whose
// JSON is already there, the way Npgsql's documentation shows it. Ours serializes as well.
using EventSourced.EventStore;
using EventSourced.Reporting;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Bench.Store;

internal static class BulkBench
{
    internal const int EventsPerTransaction = 10_000;

    private static readonly DateTime Time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    internal static async Task RunAsync(Bench bench)
    {
        await using var store = bench.Store("bench_bulk");
        var costs = await bench.CompareAsync(
            ("bulk: floor, BinaryImport", () => bench.ClearAsync("bench_floor"), () => FloorAsync(bench, "bench_floor"),
                () => CheckAsync(bench, "bench_floor")),
            ("bulk: ours", () => bench.ClearAsync("bench_bulk"),
                () => OursAsync(bench, store, new BulkOptions { SoleWriter = true }), () => CheckAsync(
                    bench, "bench_bulk")),
            ("bulk: ours, key not checked", () => bench.ClearAsync("bench_bulk"),
                () => OursAsync(bench, store, new BulkOptions { SoleWriter = true, CheckForeignKey = false }),
                    () => CheckAsync(bench, "bench_bulk")),
            ("bulk: ours, rows made and not sent", null, () => MakeAsync(bench, store), null));
        var (floor, ours) = (costs[0], costs[1]);
        bench.Report.Target("bulk append, events per second of the floor's BinaryImport",
            100 * ours.PerSecond / floor.PerSecond, "%", 95, Better.Higher);
        bench.Report.Target("bulk append, CPU (client and server) of the floor's", 100 * ours.Total / floor.Total, "%",
            105, Better.Lower);
        bench.Report.Target(
            "bulk append, our own CPU an event, to make the rows", costs[3].Client, "us", 0.6, Better.Lower);
        bench.Report.Target("bulk append, our whole process's CPU an event, the kernel's sending included", ours.Client,
            "us", 0.6, Better.Lower);
    }

    internal static async Task<long> OursAsync(Bench bench, EventStore.Store store, BulkOptions options)
    {
        var data = bench.Data;
        await using var connection = await bench.Source.OpenConnectionAsync();
        for (var start = 0; start < data.Count; start += EventsPerTransaction)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            using var bulk = store.Advanced.BulkAppend(transaction, options);
            Fill(bulk, data, start);
            await bulk.FlushAsync();
            await transaction.CommitAsync();
        }

        return data.Count;
    }

    private static async Task<long> MakeAsync(Bench bench, EventStore.Store store)
    {
        await using var connection = await bench.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        for (var start = 0; start < bench.Data.Count; start += EventsPerTransaction)
        {
            using var bulk = store.Advanced.BulkAppend(transaction);
            Fill(bulk, bench.Data, start);
        }

        return bench.Data.Count;
    }

    private static void Fill(BulkAppend bulk, LedgerData data, int start)
    {
        BulkStream? stream = null;
        for (var index = start; index < start + EventsPerTransaction; index++)
        {
            if (index % LedgerData.EventsPerStream == 0)
                stream = BulkAppend.StartStream<Account>(data.Keys[index / LedgerData.EventsPerStream]);
            bulk.Append(stream!, data.Events[index], new Guid(index, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), Time);
        }
    }

    private static async Task<long> FloorAsync(Bench bench, string schema)
    {
        var data = bench.Data;
        await using var connection = await bench.Source.OpenConnectionAsync();
        for (var start = 0; start < data.Count; start += EventsPerTransaction)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await FloorStreamsAsync(connection, schema, data, start);
            await FloorEventsAsync(connection, schema, data, start);
            await using var set = new NpgsqlCommand(
                $"select setval('{schema}.mt_events_sequence', {start + EventsPerTransaction})", connection);
            await set.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }

        return data.Count;
    }

    private static async Task FloorStreamsAsync(NpgsqlConnection connection, string schema, LedgerData data, int start)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            $"copy {schema}.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived) from stdin (format binary)");
        for (var stream = start / LedgerData.EventsPerStream; stream < (start + EventsPerTransaction) / LedgerData.EventsPerStream; stream++)
        {
            await import.StartRowAsync();
            await import.WriteAsync(data.Keys[stream], NpgsqlDbType.Varchar);
            await import.WriteAsync("account", NpgsqlDbType.Varchar);
            await import.WriteAsync((long)LedgerData.EventsPerStream, NpgsqlDbType.Bigint);
            await import.WriteAsync(Time, NpgsqlDbType.TimestampTz);
            await import.WriteAsync(Time, NpgsqlDbType.TimestampTz);
            await import.WriteAsync("*DEFAULT*", NpgsqlDbType.Varchar);
            await import.WriteAsync(false, NpgsqlDbType.Boolean);
        }

        await import.CompleteAsync();
    }

    private static async Task FloorEventsAsync(NpgsqlConnection connection, string schema, LedgerData data, int start)
    {
        await using var import = await connection.BeginBinaryImportAsync(
            $"copy {schema}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived) from stdin (format binary)");
        for (var index = start; index < start + EventsPerTransaction; index++)
        {
            var opened = index % LedgerData.EventsPerStream == 0;
            await import.StartRowAsync();
            await import.WriteAsync(index + 1L, NpgsqlDbType.Bigint);
            await import.WriteAsync(new Guid(index, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16), NpgsqlDbType.Uuid);
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
                select count(*) from {schema}.mt_streams s where s.version = 5 and 5 =
                    (select count(distinct e.version) from {schema}.mt_events e where e.stream_id = s.id and e.version between 1 and 5)
                """),
            $"{schema}: whole streams");
    }
}
