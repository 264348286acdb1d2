// A database that the indexer wrote, read by Marten. Enters: a chain on which every story was told. Always holds:
// Marten finds its own schema, reads the events that we read, folds the states that stand in the rows, and runs
// projections of its own.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Market;
using EventSourced.Indexer;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Testing;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;

namespace EventSourced.Marten.Tests;

public sealed class IndexedTests(IndexedEconomy economy) : IClassFixture<IndexedEconomy>
{
    [Fact]
    public Task Marten_finds_nothing_to_change_in_a_database_that_the_indexer_wrote() =>
        SchemaTests.AssertNothingToChangeAsync(economy.Database.Source);

    [Fact]
    public async Task Marten_reads_the_events_that_a_scan_reads()
    {
        var scanned = new List<(long, string, long, Guid, DateTimeOffset, object)>();
        await EconomyStore.Open(economy.Database.Source).ScanAsync(
            new ScanOptions(),
            (in RawEvent raw) =>
                scanned.Add((raw.Sequence, raw.StreamKey, raw.Version, raw.Id, raw.Timestamp, raw.Data)));
        await using var store = Economy.Open(economy.Database.Source);
        await using var session = store.QuerySession();
        var all = await session.Events.QueryAllRawEvents().OrderBy(one => one.Sequence).ToListAsync();
        Assert.NotEmpty(scanned);
        Assert.Equal(
            scanned, all.Select(one => (one.Sequence, one.StreamKey!, one.Version, one.Id, one.Timestamp, one.Data)));
        Assert.Equal(
            scanned.Where(one => one.Item2 == "task-1").Select(one => one.Item6),
            (await session.Events.FetchStreamAsync("task-1")).Select(one => one.Data));
    }

    [Fact]
    public async Task Live_aggregation_gives_the_states_of_the_rows()
    {
        await using var store = Economy.Open(economy.Database.Source);
        var compared = new Dictionary<string, int>();
        foreach (var model in ReadModels.All.Where(model => model.HasVersion))
            compared[model.Table] = await model.Accept(new Comparing(economy.Database, store));
        Assert.Equal(
            ReadModels.All.Where(model => model.HasVersion).Select(model => model.Fold.Name).Order(),
            AgentEconomy.Folds().Select(fold => fold.Name).Order());
        Assert.True(compared["task"] > 3, $"expected tasks to compare, found {compared["task"]}");
        Assert.True(compared.Values.Sum() > 100, $"expected many things to compare, found {compared.Values.Sum()}");
    }

    [Fact]
    public async Task A_task_at_an_earlier_version_is_what_it_was_then()
    {
        await using var store = Economy.Open(economy.Database.Source);
        await using var session = store.QuerySession();
        var first = await session.Events.AggregateStreamAsync<Folded<Tasks.State>>("task-1", version: 1);
        Assert.Equal(Tasks.Status.Created, first!.State!.Status);
        Assert.False(first.IsQuarantined);
    }

    [Fact]
    public async Task Martens_daemon_runs_a_projection_over_the_indexed_events()
    {
        await using var store = Economy.Open(
            economy.Database.Source,
            options => options.Projections.Add(new TasksOfClients(), ProjectionLifecycle.Async));
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleData(Eventually.Limit);

        await using var session = store.QuerySession();
        var counted = await session.Query<TasksOfClient>().ToListAsync();
        var rows = await economy.Database.TextAsync(
            "select '0x' || encode(client, 'hex') || ' ' || count(*) from model.task group by client");
        Assert.Equal(
            rows.Split('\n').Order(StringComparer.Ordinal),
            counted.Select(one => $"(\"{one.Id} {one.Tasks}\")").Order(StringComparer.Ordinal));
    }

    // Reads a few rows of a model and folds their streams by Marten.
    private sealed class Comparing(IndexedDatabase database, DocumentStore store) : IReadModelVisitor<Task<int>>
    {
        private const int Most = 12;

        public async Task<int> Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class
        {
            var columns = string.Join(", ", model.Columns.Select(column => column.Name));
            List<TState> states = [];
            await using (var rows = database.Source.CreateCommand(
                $"select {columns} from model.{model.Table} order by stream_version desc limit {Most}"))
            await using (var reader = await rows.ExecuteReaderAsync())
                while (await reader.ReadAsync()) states.Add(RowCodec<TState>.Shared.Read(reader));
            await using var session = store.QuerySession();
            foreach (var state in states)
            {
                var stream = $"{model.Fold.Name}-{model.KeyOf(state)}";
                var folded = await session.Events.AggregateStreamAsync<Folded<TState>>(stream);
                // A thing that only other streams have moved has no stream yet.
                if (folded is null) continue;
                Assert.False(folded.IsQuarantined, $"{stream}: expected no event that is impossible, found one");
                Assert.True(state.Equals(folded.State), $"{stream}: expected {state}, found {folded.State}");
            }

            return states.Count;
        }
    }
}

/// <summary>A chain that was indexed once, for the tests that only read.</summary>
public sealed class IndexedEconomy : IAsyncLifetime
{
    private readonly EconomyChain _economy = new();

    internal IndexedDatabase Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _economy.InitializeAsync();
        Database = await IndexedDatabase.OfAsync(_economy.Chain);
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        await _economy.DisposeAsync();
    }
}

/// <summary>How many tasks a client has created.</summary>
public sealed record TasksOfClient(string Id, int Tasks);

/// <summary>Counts the tasks of clients, as an auditor's program may.</summary>
public sealed class TasksOfClients : MultiStreamProjection<TasksOfClient, string>
{
    public TasksOfClients() => Identity<TaskCreated>(created => created.Client.ToString());

    public override TasksOfClient Evolve(TasksOfClient? snapshot, string id, IEvent e) =>
        new(id, (snapshot?.Tasks ?? 0) + 1);
}
