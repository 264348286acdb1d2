// One run of the bench: its database, its schemas, its meter, and the table it fills. The sides take turns, round by
// round, so that all see the same noise; what is reported is the median round.
using System.Globalization;
using EventSourced.MartenBulk;
using EventSourced.Reporting;
using JasperFx;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace EventSourced.Bench.Store;

internal sealed class Bench(NpgsqlDataSource source, Meter meter, Report report, int rounds, LedgerData data)
{
    internal NpgsqlDataSource Source { get; } = source;

    internal Report Report { get; } = report;

    internal LedgerData Data { get; } = data;

    /// <summary>A schema of event tables, for bulk work.</summary>
    internal BulkStore Bulk(string schema) => new(Source, Ledger.Types, schema);

    /// <summary>The same schema, for Marten.</summary>
    internal DocumentStore Marten(string schema) => DocumentStore.For(options =>
    {
        options.Connection(Source);
        options.DatabaseSchemaName = schema;
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.AddEventTypes([typeof(AccountOpened), typeof(AmountMoved)]);
        options.UseSystemTextJsonForSerialization(configure: json =>
        {
            json.Converters.Add(new Amount());
            json.TypeInfoResolver = LedgerJson.Default;
        });
    });

    /// <summary>An empty schema with all tables, for either side: Marten makes them.</summary>
    internal async Task ClearAsync(string schema)
    {
        await RunAsync($"drop schema if exists {schema} cascade");
        await using var store = Marten(schema);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
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
        for (var round = 0; round <= rounds; round++)
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

    private void Row(string name, Cost cost) => Report.Row(
        name,
        cost.PerSecond.ToString("N0", CultureInfo.InvariantCulture),
        cost.Client.ToString("0.00", CultureInfo.InvariantCulture),
        cost.Server.ToString("0.00", CultureInfo.InvariantCulture),
        cost.Total.ToString("0.00", CultureInfo.InvariantCulture));

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
