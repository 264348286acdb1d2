// A first sync that is killed. Enters: ES_SYNC_KILLS (how often; few by default; ./es sim sync sets it), the seed.
// Leaves: a line for each kill, also in the file that ES_SIM_REPORT names. Always holds: whatever is killed by SIGKILL,
// host or PostgreSQL, the next start goes on without anybody's help, and every row is that of a sync that nobody
// disturbed.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;
using Xunit.Abstractions;

namespace EventSourced.Host.Tests;

public sealed class FirstSyncTests(FirstSyncTests.ToldChain told, ITestOutputHelper output)
    : IClassFixture<FirstSyncTests.ToldChain>
{
    private const string BatchEvents = "50";

    private static int Kills => int.TryParse(
        Environment.GetEnvironmentVariable("ES_SYNC_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 4;

    [Fact]
    public Task A_host_that_is_killed_in_its_first_sync_goes_on_to_the_same_rows() => Seed.RunAsync(async random =>
    {
        var (expected, took) = await UndisturbedAsync();
        Say($"{Kills} kills of the host, a sync takes {took.TotalSeconds:0.0} s; ES_SYNC_KILLS={Kills}");
        for (var kill = 0; kill < Kills;)
        {
            await using var database = await TestDatabase.CreateAsync();
            var isWhole = false;
            for (; kill < Kills && !isWhole; kill++)
            {
                var moment = took * random.NextDouble();
                await using var host = Start(database.ConnectionString);
                await Task.Delay(moment);
                isWhole = host.Output.Contains(" to Live, ", StringComparison.Ordinal);
                await host.KillAsync();
                Say($"kill {kill + 1} after {moment.TotalSeconds:0.00} s, events {await EventsAsync(database.ConnectionString)}");
            }

            await using (var last = Start(database.ConnectionString)) await SyncedAsync(last);
            Assert.Equal(expected, await RowsAsync(database.ConnectionString));
        }
    });

    [Fact]
    public Task A_PostgreSQL_that_is_killed_in_a_first_sync_leaves_the_same_rows_and_asks_for_nobody() =>
        Seed.RunAsync(async random =>
        {
            var (expected, took) = await UndisturbedAsync();
            var kills = Math.Max(1, Kills / 4);
            Say($"{kills} kills of PostgreSQL");
            await using var cluster = await PostgresServer.StartAsync();
            await using var host = Start(cluster.ConnectionString);
            for (var kill = 1; kill <= kills; kill++)
            {
                var moment = took * random.NextDouble() / kills;
                await Task.Delay(moment);
                await cluster.KillAndStartAsync();
                Say($"kill {kill} after {moment.TotalSeconds:0.00} s, events {await EventsAsync(cluster.ConnectionString)}");
            }

            await SyncedAsync(host);
            Assert.Equal(expected, await RowsAsync(cluster.ConnectionString));
        });

    private async Task<(SortedDictionary<string, string> Rows, TimeSpan Took)> UndisturbedAsync()
    {
        await using var database = await TestDatabase.CreateAsync();
        var clock = Stopwatch.StartNew();
        await using (var host = Start(database.ConnectionString)) await SyncedAsync(host);
        var took = clock.Elapsed;
        var (code, said) = await HostProcess.RunAsync(
            "replay", "--from", "chain", "--verify", "--database", database.ConnectionString, "--rpc",
            $"{told.Chain.Endpoint}", "--deployment", told.Chain.Deployment);
        Assert.True(code == 0, said);
        return (await RowsAsync(database.ConnectionString), took);
    }

    private HostProcess Start(string database) => HostProcess.Start(
        "serve", "--roles", "indexer", "--port", "0", "--database", database, "--rpc", $"{told.Chain.Endpoint}",
        "--deployment", told.Chain.Deployment, "--finality", "2", "--batch-events", BatchEvents);

    private static async Task SyncedAsync(HostProcess host) => await Economy.ReadyAsync(await host.Address);

    private static async Task<string> EventsAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        return await OneAsync(source, "select to_regclass('public.mt_events') is not null") == "True"
            ? await OneAsync(source, "select count(*) from public.mt_events")
            : "none yet";
    }

    /// <summary>Every table by a hash of its rows: of the read models with their past, of events and log.</summary>
    private static async Task<SortedDictionary<string, string>> RowsAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        var names = (await OneAsync(
            source, "select string_agg(tablename, ' ' order by tablename) from pg_tables where schemaname = 'model'"))
            .Split(' ');
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names) rows[name] = await HashAsync($"select * from model.{name}");
        rows["events"] = await HashAsync(
            "select seq_id, id, stream_id, version, data, type, timestamp from mt_events");
        rows["streams"] = await HashAsync("select id, version, timestamp from mt_streams");
        rows["blocks"] = await HashAsync("select * from es_block");
        rows["log"] = await HashAsync("select edge, size from es_log");
        rows["tiles"] = await HashAsync("select * from es_log_tile");
        rows["progress"] = await HashAsync("select tip_hash, final_hash, last_sequence, state_root from es_indexer");
        return rows;

        Task<string> HashAsync(string query) => OneAsync(
            source, $"select count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') from ({query}) t");
    }

    private static async Task<string> OneAsync(NpgsqlDataSource source, string query)
    {
        await using var command = source.CreateCommand(query);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!;
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("ES_SIM_REPORT") is { Length: > 0 } report)
            File.AppendAllText(report, line + "\n");
    }

    /// <summary>A chain on which every story was told, with what a sync of it reads.</summary>
    public sealed class ToldChain : IAsyncLifetime
    {
        public WorldChain Chain { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Chain = await WorldChain.FreshAsync(CancellationToken.None);
            using var world = await World.World.SettleAsync(
                Chain, new WorldOptions(1), Population.Small, CancellationToken.None);
            await world.LiveAsync(0, null, CancellationToken.None);
        }

        public async Task DisposeAsync() => await Chain.DisposeAsync();
    }
}
