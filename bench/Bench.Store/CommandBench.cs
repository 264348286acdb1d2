// Single commands: load an account, decide, append one event, commit; one caller and sixteen. Floor: the same by hand,
// one transaction a command, a connection for each caller.
using System.Diagnostics;
using System.Globalization;
using EventSourced.EventStore;
using EventSourced.Reporting;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Bench.Store;

internal static class CommandBench
{
    private const int Alone = 1000;
    private const int Together = 8000;
    private const int Callers = 16;

    internal static async Task RunAsync(Bench bench)
    {
        await using var store = bench.Store("bench_command", SnapshotLifecycle.Live);
        foreach (var schema in (string[])["bench_command", "bench_floor"])
        {
            await bench.ClearAsync(schema);
            await using var filler = bench.Store(schema);
            await BulkBench.OursAsync(bench, filler, new BulkOptions { CheckForeignKey = false });
            await bench.RunAsync($"vacuum analyze {schema}.mt_streams, {schema}.mt_events");
        }

        var (floorTimes, ourTimes) = (new List<double>(), new List<double>());
        await bench.CompareAsync(
            ("commands, 1 caller: floor", floorTimes.ClearAsync, () => CallAsync(
                1, Alone, (caller, number) => FloorAsync(bench, caller, number), floorTimes), null),
            ("commands, 1 caller: ours", ourTimes.ClearAsync, () => CallAsync(
                1, Alone, (caller, number) => OursAsync(bench, store, caller, number), ourTimes), null));
        Line(bench, "commands, 1 caller: floor", floorTimes);
        Line(bench, "commands, 1 caller: ours", ourTimes);
        bench.Report.Target("command with 1 caller, p50", Report.Median(ourTimes), "us", 600, Better.Lower);
        bench.Report.Target("command with 1 caller, p50 of the floor's",
            100 * Report.Median(ourTimes) / Report.Median(floorTimes), "%", 113, Better.Lower);

        var before = await TotalAsync(bench, "bench_command");
        var costs = await bench.CompareAsync(
            ("commands, 16 callers: floor", null, () => CallAsync(
                Callers, Together, (caller, number) => FloorAsync(bench, caller, number), []), null),
            ("commands, 16 callers: ours", null, () => CallAsync(
                Callers, Together, (caller, number) => OursAsync(bench, store, caller, number), []), null));
        Bench.Same(before + ((bench.Rounds + 1L) * Together), await TotalAsync(bench, "bench_command"),
            "commands: events written");
        Bench.Same(
            await TotalAsync(bench, "bench_command"),
            (long)await bench.ScalarAsync<decimal>("select sum(version) from bench_command.mt_streams"),
            "commands: versions");
        bench.Report.Target("commands with 16 callers, per second", costs[1].PerSecond, "1/s", 4000, Better.Higher);
        bench.Report.Target("commands with 16 callers, of the floor's", 100 * costs[1].PerSecond / costs[0].PerSecond,
            "%", 137, Better.Higher);
    }

    private static Task<long> TotalAsync(Bench bench, string schema) =>
        bench.ScalarAsync<long>($"select count(*) from {schema}.mt_events");

    private static async Task<long> CallAsync(
        int callers, int commands, Func<int, int, Task> command, List<double> times)
    {
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var number = 0; number < commands / callers; number++)
            {
                var started = Stopwatch.GetTimestamp();
                await command(caller, number);
                if (callers == 1) times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }
        })));
        return commands;
    }

    private static async Task OursAsync(Bench bench, EventStore.Store store, int caller, int number)
    {
        var place = Place(bench, caller, number);
        var moved = bench.Data.Events[(place * LedgerData.EventsPerStream) + 1];
        var version = await store.WriteToAggregateAsync<Account>(bench.Data.Keys[place], stream =>
        {
            if (stream.Aggregate!.Moves < 1)
                throw new InvalidOperationException($"{stream.Key}: expected an account that has moved");
            stream.AppendOne(moved);
        });
        Bench.Same(true, version > LedgerData.EventsPerStream, "command: version");
    }

    private static async Task FloorAsync(Bench bench, int caller, int number)
    {
        var place = Place(bench, caller, number);
        var key = bench.Data.Keys[place];
        await using var connection = await bench.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var (version, account) = (0L, (Account?)null);
        await using (var load = new NpgsqlCommand(
            "select version, type, data from bench_floor.mt_events where stream_id = $1 order by version", connection))
        {
            load.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
            await load.PrepareAsync();
            await using var reader = await load.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                version = reader.GetInt64(0);
                var json = reader.GetFieldValue<byte[]>(2);
                account = Account.Evolve(
                    account, reader.GetString(1) == "amount_moved" ? Ledger.ReadMoved(json) : Ledger.ReadOpened(json));
            }
        }

        if (account!.Moves < 1) throw new InvalidOperationException($"{key}: expected an account that has moved");
        await using var batch = new NpgsqlBatch(connection, transaction);
        var move = new NpgsqlBatchCommand(
            "update bench_floor.mt_streams set version = $2, timestamp = now() where id = $1 and version = $2 - 1");
        move.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        move.Parameters.Add(new NpgsqlParameter<long> { TypedValue = version + 1 });
        batch.BatchCommands.Add(move);
        var insert = new NpgsqlBatchCommand(
            """
            insert into bench_floor.mt_events
                (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
            values (nextval('bench_floor.mt_events_sequence'), $1, $2, $3, $4, 'amount_moved', now(), '*DEFAULT*',
                    'EventSourced.Bench.Store.AmountMoved', false)
            """);
        insert.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.NewGuid() });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = version + 1 });
        insert.Parameters.Add(new NpgsqlParameter<byte[]>
        {
            NpgsqlDbType = NpgsqlDbType.Jsonb,
            TypedValue = bench.Data.Json[(place * LedgerData.EventsPerStream) + 1],
        });
        batch.BatchCommands.Add(insert);
        await batch.PrepareAsync();
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    // Callers never meet on a stream here: what is measured is the commit, not the conflict.
    private static int Place(Bench bench, int caller, int number) =>
        ((number * 7919 % (bench.Data.Keys.Length / Callers)) * Callers) + caller;

    private static void Line(Bench bench, string name, List<double> microseconds) => bench.Report.Row(
        name, "", "", "", "",
        string.Create(CultureInfo.InvariantCulture, $"p50 {Report.Median(microseconds):0} us, p95 {Report.Percentile(microseconds, 0.95):0} us"));

    private static Task ClearAsync(this List<double> times)
    {
        times.Clear();
        return Task.CompletedTask;
    }
}
