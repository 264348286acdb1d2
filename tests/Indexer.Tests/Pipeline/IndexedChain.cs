// A small world and whoever indexes it. Enters: a chain. Leaves: a database that is indexed to the chain's tip, and its
// tables as text, by which two databases are compared row by row.
using System.Globalization;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

namespace EventSourced.Indexer.Tests.Pipeline;

/// <summary>A chain on which every story was told once, shared by the tests that only read it.</summary>
public sealed class EconomyChain : IAsyncLifetime
{
    public WorldChain Chain { get; private set; } = null!;

    public async Task InitializeAsync() => Chain = await TellAsync(1);

    public async Task DisposeAsync() => await Chain.DisposeAsync();

    /// <summary>Tells every story.</summary>
    public static async Task<WorldChain> TellAsync(int seed, bool keepsPast = false)
    {
        var chain = await WorldChain.FreshAsync(CancellationToken.None, keepsPast);
        using var world = await World.World.SettleAsync(
            chain, new WorldOptions(seed), Population.Small, CancellationToken.None);
        await world.LiveAsync(0, null, CancellationToken.None);
        return chain;
    }
}

/// <summary>A database and what indexes into it.</summary>
internal sealed class IndexedDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private IndexedDatabase(TestDatabase database)
    {
        _database = database;
        Source = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public NpgsqlDataSource Source { get; }

    public string ConnectionString => _database.ConnectionString;

    public static async Task<IndexedDatabase> CreateAsync() => new(await TestDatabase.CreateAsync());

    public static async Task<IndexedDatabase> OfAsync(WorldChain chain, IndexerOptions? options = null)
    {
        var made = await CreateAsync();
        await made.IndexAsync(chain, options);
        return made;
    }

    /// <summary>Everything is final a few blocks below the tip, so that the tail is written block by block.</summary>
    public static IndexerOptions Options { get; } = new()
    {
        Ingestion = new IngestionOptions { FinalityDepth = 70, PollInterval = TimeSpan.FromMilliseconds(5) },
        FirstPause = TimeSpan.FromMilliseconds(5),
        LeadershipPoll = TimeSpan.FromMilliseconds(50),
    };

    public ChainIndexer Indexer(WorldChain chain, IndexerOptions? options = null) =>
        new(Deployment.Load(chain.Deployment), chain.Client, Source, options ?? Options);

    /// <summary>Indexes to the chain's tip and until every index is made, and stops there.</summary>
    public async Task<IndexerStatus> IndexAsync(WorldChain chain, IndexerOptions? options = null)
    {
        var indexer = Indexer(chain, options);
        using var stop = new CancellationTokenSource();
        var running = indexer.RunAsync(stop.Token);
        await UntilTipAsync(indexer, running, chain);
        await Eventually.TrueAsync(() => !indexer.Status.IsIndexing, () => indexer.Status, running);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return indexer.Status;
    }

    /// <summary>Waits until a cancelled indexer has ended.</summary>
    public static async Task EndAsync(Task running) =>
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Waits until an indexer has the node's newest block.</summary>
    public static async Task UntilTipAsync(ChainIndexer indexer, Task running, WorldChain chain)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        while (true)
        {
            if (running.IsFaulted) await running;
            var newest = await chain.Client.GetHeaderAsync(Ethereum.Rpc.BlockTag.Latest, limit.Token);
            if (indexer.Status.Tip?.Hash == newest!.Hash) return;
            try
            {
                await Task.Delay(5, limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(
                    $"expected the tip {newest.Number}, found {indexer.Status}");
            }
        }
    }

    public async Task<Progress> ProgressAsync()
    {
        await using var connection = await Source.OpenConnectionAsync();
        return await ProgressTable.ReadAsync(connection, CancellationToken.None);
    }

    /// <summary>Every table as text: rows with their past, streams, events and blocks.</summary>
    public async Task<SortedDictionary<string, string>> DumpAsync(string schema = ReadModelSchema.Serving)
    {
        var dump = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var model in ReadModels.All)
        {
            dump[model.Table] = await TextAsync($"select * from {schema}.{model.Table} order by 1");
            dump[model.Table + "_history"] = await TextAsync(
                $"select * from {schema}.{model.Table}_history order by 1, valid_from");
        }

        dump["es_block"] = await TextAsync("select * from es_block order by 1");
        dump["mt_events"] = await TextAsync(
            "select seq_id, id, stream_id, version, data, type, timestamp from mt_events order by seq_id");
        dump["mt_streams"] = await TextAsync("select id, version, timestamp, created from mt_streams order by id");
        return dump;
    }

    public async Task<long> CountAsync(string query)
    {
        await using var command = Source.CreateCommand(query);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }

    public static void AssertEqual(SortedDictionary<string, string> expected, SortedDictionary<string, string> found)
    {
        Assert.Equal(expected.Keys, found.Keys);
        foreach (var (table, rows) in expected)
        {
            if (rows == found[table]) continue;
            var left = rows.Split('\n');
            var right = found[table].Split('\n');
            var at = Enumerable.Range(0, Math.Max(left.Length, right.Length))
                .First(i => i >= left.Length || i >= right.Length || left[i] != right[i]);
            Assert.Fail(
                $"{table}: expected {left.Length} rows, found {right.Length}; row {at}:\n"
                + $"expected {(at < left.Length ? left[at] : "none")}\nfound    {(at < right.Length ? right[at] : "none")}");
        }
    }

    /// <summary>Rows as text, a line each.</summary>
    public async Task<string> TextAsync(string query)
    {
        await using var command = Source.CreateCommand(
            $"select coalesce(string_agg(x::text, E'\\n'), '') from ({query}) x");
        command.CommandTimeout = 0;
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
