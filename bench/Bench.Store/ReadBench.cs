// Reads: the ordered scan with typed deserialization and a fold, the rebuilds of documents, and the fetch of one
// stream.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EventSourced.EventStore;
using EventSourced.Reporting;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Bench.Store;

internal static class ReadBench
{
    private const string Schema = "bench_read";
    private const int Fetches = 4000;

    internal static async Task RunAsync(Bench bench)
    {
        await using var store = bench.Store(Schema);
        await bench.ClearAsync(Schema);
        await BulkBench.OursAsync(bench, store, new BulkOptions { SoleWriter = true, CheckForeignKey = false });
        await bench.RunAsync($"vacuum analyze {Schema}.mt_streams, {Schema}.mt_events");
        await ScanAsync(bench, store);
        await RebuildAsync(bench, store);
        await FetchAsync(bench, store);
    }

    private static async Task ScanAsync(Bench bench, EventStore.Store store)
    {
        var costs = await bench.CompareAsync(
            ("scan: floor, the same COPY drained unread", null, () => DrainAsync(bench), null),
            ("scan: ours, deserialized and folded", null, () => FoldAsync(bench, store), null),
            ("scan: ours, as Event objects", null, () => ObjectsAsync(bench, store), null));
        bench.Report.Target("scan with typed deserialization and fold, events per second", costs[1].PerSecond, "1/s",
            1_000_000, Better.Higher);
        bench.Report.Target("scan with fold, speed of the drained COPY", 100 * costs[1].PerSecond / costs[0].PerSecond,
            "%", 70, Better.Higher);
    }

    private static async Task<long> DrainAsync(Bench bench)
    {
        await using var connection = await bench.Source.OpenConnectionAsync();
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"copy (select seq_id, stream_id, version, type, data from {Schema}.mt_events where seq_id > 0 order by seq_id) to stdout (format binary)");
        var buffer = new byte[256 * 1024];
        while (await copy.ReadAsync(buffer, CancellationToken.None) > 0)
        {
            // Only the bytes are taken.
        }

        return bench.Data.Count;
    }

    private static async Task<long> FoldAsync(Bench bench, EventStore.Store store)
    {
        var (sum, moves) = (UInt128.Zero, 0L);
        var balances = new UInt128[bench.Data.Keys.Length];
        var count =
            await store.Advanced.ScanAsync(new ScanOptions { Identity = false, Archived = false }, (in RawEvent raw) =>
        {
            if (raw.Data is not AmountMoved moved) return;
            balances[moved.Account] += moved.Amount;
            sum += moved.Amount;
            moves++;
        });
        Bench.Same(bench.Data.Sum, sum, "scan: sum of amounts");
        Bench.Same(bench.Data.Moves, moves, "scan: moves");
        return count;
    }

    private static async Task<long> ObjectsAsync(Bench bench, EventStore.Store store)
    {
        var (sum, count) = (UInt128.Zero, 0L);
        await using var session = store.LightweightSession();
        await foreach (var next in session.Events.QueryAllRawEvents())
        {
            if (next.Data is AmountMoved moved) sum += moved.Amount;
            count++;
        }

        Bench.Same(bench.Data.Sum, sum, "objects: sum of amounts");
        return count;
    }

    private static async Task RebuildAsync(Bench bench, EventStore.Store store)
    {
        var costs = await bench.CompareAsync(
            ("rebuild by stream: floor", () => bench.RunAsync($"truncate {Schema}.es_snapshots"),
                () => FloorAsync(bench), () => CheckAsync(bench, "Balance")),
            ("rebuild by stream: ours", () => bench.RunAsync($"truncate {Schema}.es_snapshots"),
                async () => (await store.Advanced.RebuildAsync<Account>()).Events, () => CheckAsync(bench, "Balance")),
            ("rebuild over streams: ours", () => bench.RunAsync($"truncate {Schema}.es_snapshots"),
                async () =>
                    (await store.Advanced.RebuildAsync<Customer>()).Events * 5 / 4, () => CheckAsync(bench, "Sum")));
        bench.Report.Target(
            "rebuild of single-stream documents, events per second", costs[1].PerSecond, "1/s", 120_000, Better.Higher);
        bench.Report.Target(
            "rebuild of multi-stream documents, events per second", costs[2].PerSecond, "1/s", 200_000, Better.Higher);
    }

    // The plain way: a reader, a dictionary, BinaryImport.
    private static async Task<long> FloorAsync(Bench bench)
    {
        await using var connection = await bench.Source.OpenConnectionAsync();
        var accounts = new Dictionary<string, Account>();
        await using (var command = new NpgsqlCommand(
            $"select stream_id, type, data from {Schema}.mt_events order by seq_id", connection))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var key = reader.GetString(0);
                var json = reader.GetFieldValue<byte[]>(2);
                LedgerEvent next =
                    reader.GetString(1) == "amount_moved" ? Ledger.ReadMoved(json) : Ledger.ReadOpened(json);
                accounts[key] = Account.Evolve(accounts.GetValueOrDefault(key), next);
            }
        }

        await using var import = await connection.BeginBinaryImportAsync(
            $"copy {Schema}.es_snapshots (type, id, version, revision, data) from stdin (format binary)");
        foreach (var (key, account) in accounts)
        {
            await import.StartRowAsync();
            await import.WriteAsync("account", NpgsqlDbType.Varchar);
            await import.WriteAsync(key, NpgsqlDbType.Varchar);
            await import.WriteAsync(account.Moves + 1, NpgsqlDbType.Bigint);
            await import.WriteAsync(1, NpgsqlDbType.Integer);
            await import.WriteAsync(
                JsonSerializer.SerializeToUtf8Bytes(account, LedgerJson.Default.Account), NpgsqlDbType.Jsonb);
        }

        await import.CompleteAsync();
        return bench.Data.Count;
    }

    private static async Task CheckAsync(Bench bench, string field)
    {
        Bench.Same((decimal)bench.Data.Sum, await bench.ScalarAsync<decimal>($"select sum((data ->> '{field}')::numeric) from {Schema}.es_snapshots"), $"rebuild: {field}");
        Bench.Same(bench.Data.Moves, (long)await bench.ScalarAsync<decimal>($"select sum((data ->> 'Moves')::bigint) from {Schema}.es_snapshots"), "rebuild: moves");
    }

    private static async Task FetchAsync(Bench bench, EventStore.Store store)
    {
        await using var connection = await bench.Source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"select seq_id, version, type, data from {Schema}.mt_events where stream_id = $1 order by version", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = "" });
        await command.PrepareAsync();
        var (floor, ours) = (new List<double>(), new List<double>());
        for (var number = 0; number < Fetches; number++)
        {
            var key = bench.Data.Keys[number * 7919 % bench.Data.Keys.Length];
            var started = Stopwatch.GetTimestamp();
            var bytes = await FloorFetchAsync(command, key);
            var middle = Stopwatch.GetTimestamp();
            await using var session = store.LightweightSession();
            var events = await session.Events.FetchStreamAsync(key);
            var ended = Stopwatch.GetTimestamp();
            Bench.Same(LedgerData.EventsPerStream, events.Count, $"fetch of {key}");
            Bench.Same(true, bytes > 0, $"floor fetch of {key}");
            if (number < Fetches / 4) continue;
            floor.Add(Stopwatch.GetElapsedTime(started, middle).TotalMicroseconds);
            ours.Add(Stopwatch.GetElapsedTime(middle, ended).TotalMicroseconds);
        }

        Line(bench, "fetch 5 events: floor", floor);
        Line(bench, "fetch 5 events: ours", ours);
        bench.Report.Target("fetch of a 5-event stream, p50", Report.Median(ours), "us", 75, Better.Lower);
        bench.Report.Target("fetch of a 5-event stream, p50 of the floor's",
            100 * Report.Median(ours) / Report.Median(floor), "%", 139, Better.Lower);
    }

    private static void Line(Bench bench, string name, List<double> microseconds) => bench.Report.Row(
        name, "", "", "", "",
        string.Create(CultureInfo.InvariantCulture, $"p50 {Report.Median(microseconds):0} us, p95 {Report.Percentile(microseconds, 0.95):0} us"));

    private static async Task<int> FloorFetchAsync(NpgsqlCommand command, string key)
    {
        ((NpgsqlParameter<string>)command.Parameters[0]).TypedValue = key;
        await using var reader = await command.ExecuteReaderAsync();
        var bytes = 0;
        while (await reader.ReadAsync()) bytes += reader.GetFieldValue<byte[]>(3).Length;
        return bytes;
    }
}
