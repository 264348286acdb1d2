// Session appends of 1,000 events: five each on 200 new streams, and one each spread over 40,000 streams, without
// and with
// an inline snapshot of every stream touched.
using System.Text.Json;
using EventSourced.EventStore;
using EventSourced.Reporting;
using Npgsql;

namespace EventSourced.Bench.Store;

internal static class SessionBench
{
    private const int EventsPerSession = 1000;
    private const int Sessions = 120;

    internal static async Task RunAsync(Bench bench)
    {
        await NewStreamsAsync(bench);
        await SpreadAsync(bench, SnapshotLifecycle.Live, "session x1", 22);
        await SpreadAsync(bench, SnapshotLifecycle.Inline, "session x1 with inline snapshot", 45);
    }

    private static async Task NewStreamsAsync(Bench bench)
    {
        await using var store = bench.Store("bench_session", SnapshotLifecycle.Live);
        var floor = new FloorArrays("bench_floor");
        var costs = await bench.CompareAsync(
            ("session x5, new streams: floor", () => bench.ClearAsync("bench_floor"), () => FloorNewAsync(bench, floor),
                () => CountAsync(bench, "bench_floor", 0)),
            ("session x5, new streams: ours", () => bench.ClearAsync("bench_session"), () => OursNewAsync(bench, store),
                () => CountAsync(bench, "bench_session", 0)));
        bench.Report.Target(
            "session x5, CPU of the floor's", 100 * costs[1].Total / costs[0].Total, "%", 120, Better.Lower);
    }

    private static async Task SpreadAsync(Bench bench, SnapshotLifecycle lifecycle, string name, double goal)
    {
        var inline = lifecycle == SnapshotLifecycle.Inline;
        await using var store = bench.Store("bench_session", lifecycle);
        var floor = new FloorArrays("bench_floor");
        var costs = await bench.CompareAsync(
            ($"{name}: floor", () => PrepareAsync(bench, "bench_floor"), () => FloorSpreadAsync(bench, floor, inline),
                () => CheckAsync(bench, "bench_floor", inline)),
            ($"{name}: ours", () => PrepareAsync(bench, "bench_session"), () => OursSpreadAsync(bench, store),
                () => CheckAsync(bench, "bench_session", inline)));
        bench.Report.Target($"{name}, CPU an event (client and server)", costs[1].Total, "us", goal, Better.Lower);
    }

    private static async Task<long> OursNewAsync(Bench bench, EventStore.Store store)
    {
        var data = bench.Data;
        for (var start = 0; start < Sessions * EventsPerSession; start += EventsPerSession)
        {
            await using var session = store.LightweightSession();
            for (var index = start; index < start + EventsPerSession; index += LedgerData.EventsPerStream)
            {
                session.Events.StartStream<Account>(
                    data.Keys[index / LedgerData.EventsPerStream], data.Events.AsSpan(
                        index, LedgerData.EventsPerStream));
            }

            await session.SaveChangesAsync();
        }

        return Sessions * EventsPerSession;
    }

    private static async Task<long> FloorNewAsync(Bench bench, FloorArrays floor)
    {
        var data = bench.Data;
        await using var connection = await bench.Source.OpenConnectionAsync();
        for (var start = 0; start < Sessions * EventsPerSession; start += EventsPerSession)
        {
            var events = Enumerable.Range(start, EventsPerSession).ToArray();
            string[] keys = [.. events.Where(index => index % LedgerData.EventsPerStream == 0).Select(
                index => data.Keys[index / LedgerData.EventsPerStream])];
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(floor.Start(keys, Array.ConvertAll(keys, _ => (long)LedgerData.EventsPerStream)));
            batch.BatchCommands.Add(floor.Events(
                Array.ConvertAll(events, index => data.Keys[index / LedgerData.EventsPerStream]),
                Array.ConvertAll(events, index => (index % LedgerData.EventsPerStream) + 1L),
                Array.ConvertAll(events, index => data.Json[index]),
                Array.ConvertAll(events, index => index % LedgerData.EventsPerStream == 0)));
            await batch.PrepareAsync();
            await batch.ExecuteNonQueryAsync();
        }

        return Sessions * EventsPerSession;
    }

    private static async Task<long> OursSpreadAsync(Bench bench, EventStore.Store store)
    {
        for (var number = 0; number < Sessions; number++)
        {
            await using var session = store.LightweightSession();
            for (var index = 0; index < EventsPerSession; index++)
            {
                var at = Spread(bench, number, index);
                session.Events.Append(bench.Data.Keys[at], bench.Data.Events[(at * LedgerData.EventsPerStream) + 1]);
            }

            await session.SaveChangesAsync();
        }

        return Sessions * EventsPerSession;
    }

    private static async Task<long> FloorSpreadAsync(Bench bench, FloorArrays floor, bool inline)
    {
        var data = bench.Data;
        await using var connection = await bench.Source.OpenConnectionAsync();
        for (var number = 0; number < Sessions; number++)
        {
            var versions = Enumerable
                .Repeat(LedgerData.EventsPerStream + 1L + (number * EventsPerSession / data.Keys.Length),
                    EventsPerSession).ToArray();
            int[] places = [.. Enumerable.Range(0, EventsPerSession).Select(index => Spread(bench, number, index))];
            var keys = Array.ConvertAll(places, at => data.Keys[at]);
            await using var transaction = await connection.BeginTransactionAsync();
            var states = inline ? await LoadAsync(connection, floor, keys) : [];
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(floor.Move(keys, versions));
            batch.BatchCommands.Add(floor.Events(
                keys, versions, Array.ConvertAll(places, at => data.Json[(at * LedgerData.EventsPerStream) + 1]),
                    new bool[EventsPerSession]));
            if (inline)
            {
                batch.BatchCommands.Add(
                    floor.Store(keys, versions, Array.ConvertAll(places, at => JsonSerializer.SerializeToUtf8Bytes(
                    Account.Evolve(states[data.Keys[at]], data.Events[(at * LedgerData.EventsPerStream) + 1]),
                        LedgerJson.Default.Account))));
            }

            await batch.PrepareAsync();
            await batch.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }

        return Sessions * EventsPerSession;
    }

    private static async Task<Dictionary<string, Account>> LoadAsync(
        NpgsqlConnection connection, FloorArrays floor, string[] keys)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(floor.Load(keys));
        await batch.PrepareAsync();
        await using var reader = await batch.ExecuteReaderAsync();
        var states = new Dictionary<string, Account>(keys.Length);
        while (await reader.ReadAsync())
            states.Add(reader.GetString(0), JsonSerializer.Deserialize(
                reader.GetFieldValue<byte[]>(2), LedgerJson.Default.Account)!);
        return states;
    }

    // A walk that meets every stream once and never in the order it was stored.
    private static int Spread(Bench bench, int session, int index) =>
        (int)((((session * (long)EventsPerSession) + index) * 7919) % bench.Data.Keys.Length);

    private static async Task PrepareAsync(Bench bench, string schema)
    {
        await bench.ClearAsync(schema);
        await using var store = bench.Store(schema, SnapshotLifecycle.Inline);
        await BulkBench.OursAsync(bench, store, new BulkOptions { CheckForeignKey = false });
        await store.Advanced.RebuildAsync<Account>();
        await bench.RunAsync($"vacuum analyze {schema}.mt_streams, {schema}.mt_events, {schema}.es_snapshots");
    }

    private static async Task CheckAsync(Bench bench, string schema, bool inline)
    {
        await CountAsync(bench, schema, bench.Data.Count);
        var before = bench.Data.Moves;
        if (inline)
        {
            Bench.Same(
                before + (Sessions * EventsPerSession),
                (long)await bench.ScalarAsync<decimal>(
                    $"select sum((data ->> 'Moves')::bigint) from {schema}.es_snapshots"),
                $"{schema}: moves in the snapshots");
            Bench.Same(
                await bench.ScalarAsync<decimal>($"select sum((data ->> 'Amount')::numeric) from {schema}.mt_events"),
                await bench.ScalarAsync<decimal>(
                    $"select sum((data ->> 'Balance')::numeric) from {schema}.es_snapshots"),
                $"{schema}: balances in the snapshots");
        }
    }

    private static async Task CountAsync(Bench bench, string schema, long before)
    {
        Bench.Same(before + (Sessions * EventsPerSession), await bench.ScalarAsync<long>($"select count(*) from {schema}.mt_events"), $"{schema}: events");
        Bench.Same(
            before + (Sessions * EventsPerSession),
            (long)await bench.ScalarAsync<decimal>($"select sum(version) from {schema}.mt_streams"),
            $"{schema}: versions");
    }
}
