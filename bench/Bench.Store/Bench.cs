// One run of the bench: its database, its schemas, its meter, and the table it fills. Rounds of floor and ours
// alternate,
// so that both see the same noise; what is reported is the median round.
using System.Globalization;
using EventSourced.EventStore;
using EventSourced.Reporting;
using Npgsql;

namespace EventSourced.Bench.Store;

internal sealed class Bench(NpgsqlDataSource source, Meter meter, Report report, int rounds, LedgerData data)
{
    internal NpgsqlDataSource Source { get; } = source;

    internal Report Report { get; } = report;

    internal LedgerData Data { get; } = data;

    internal int Rounds { get; } = rounds;

    internal EventStore.Store Store(string schema, SnapshotLifecycle lifecycle = SnapshotLifecycle.Async) =>
        EventStore.Store.For(options =>
    {
        options.DataSource = Source;
        options.DatabaseSchemaName = schema;
        options.StaleSequenceThreshold = TimeSpan.Zero;
        Ledger.AddTo(options.Events);
        options.Projections.Snapshot<Account, LedgerEvent>(lifecycle, Account.Evolve, LedgerJson.Default.Account);
        options.Projections.MultiStream<Customer, AmountMoved>(
            moved => Customer.Keys[moved.Customer], Customer.Evolve, LedgerJson.Default.Customer);
    });

    /// <summary>An empty schema with all tables, for either side.</summary>
    internal async Task ClearAsync(string schema)
    {
        await RunAsync($"drop schema if exists {schema} cascade");
        await using var store = Store(schema);
        await store.MigrateAsync();
    }

    internal async Task RunAsync(string statement)
    {
        await using var command = Source.CreateCommand(statement);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    internal async Task<T> ScalarAsync<T>(string statement)
    {
        await using var command = Source.CreateCommand(statement);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>
    /// Runs the sides in turn, round by round, and answers each one's median costs. The first round only warms up.
    /// </summary>
    internal async Task<Cost[]> CompareAsync(
        params (string Name, Func<Task>? Before, Func<Task<long>> Work, Func<Task>? Check)[] sides)
    {
        var costs = sides.Select(_ => new List<Cost>()).ToArray();
        for (var round = 0; round <= Rounds; round++)
        {
            for (var turn = 0; turn < sides.Length; turn++)
            {
                var index = (turn + round) % sides.Length;
                if (sides[index].Before is { } before) await before();
                await RunAsync("checkpoint");
                var cost = await meter.MeasureAsync(sides[index].Work);
                if (sides[index].Check is { } check) await check();
                if (round > 0) costs[index].Add(cost);
            }
        }

        var medians = costs.Select(Median).ToArray();
        for (var index = 0; index < sides.Length; index++) Row(sides[index].Name, medians[index]);
        return medians;
    }

    internal void Row(string name, Cost cost, string more = "") => Report.Row(
        name,
        cost.PerSecond.ToString("N0", CultureInfo.InvariantCulture),
        cost.Client.ToString("0.00", CultureInfo.InvariantCulture),
        cost.Server.ToString("0.00", CultureInfo.InvariantCulture),
        cost.Total.ToString("0.00", CultureInfo.InvariantCulture),
        more);

    internal static void Same<T>(T expected, T found, string where)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
            throw new InvalidOperationException($"{where}: expected {expected}, found {found}");
    }

    private static Cost Median(List<Cost> costs) => new(
        Reporting.Report.Median(costs.Select(cost => cost.Seconds)),
        Reporting.Report.Median(costs.Select(cost => cost.ClientMicroseconds)),
        Reporting.Report.Median(costs.Select(cost => cost.ServerMicroseconds)),
        costs[0].Items);
}
