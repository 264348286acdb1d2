// What storms brought to light, one test for each, small enough to be understood. Enters: a chain and one fault at one
// moment. Leaves: a database like one that never saw it.
using EventSourced.Indexer;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Simulation.Tests;

public sealed class RecoveryTests(IndexedWorld world) : IClassFixture<IndexedWorld>
{
    private const int MessagesOfTheStart = 6;

    [Fact]
    public async Task An_indexer_that_is_stopped_in_its_first_backfill_goes_on_where_it_was()
    {
        await using var database = await IndexedDatabase.CreateAsync();
        var small = IndexedDatabase.Options with { BatchEvents = 1 };
        var first = database.Indexer(world.Chain, small);
        using var stop = new CancellationTokenSource();
        var running = first.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => first.Status.Batches >= 3 || running.IsCompleted, () => first.Status.Batches);
        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
        Assert.Null(first.Status.Fault);
        await database.IndexAsync(world.Chain, small);
        IndexedDatabase.AssertEqual(await world.Database.DumpAsync(), await database.DumpAsync());
    }

    // A stop in the middle of a COPY was told as a fault: "The connection is already in state 'Copy'".
    [Fact]
    public Task A_stop_at_any_moment_of_a_backfill_is_no_fault() => Seed.RunAsync(async random =>
    {
        await using var database = await IndexedDatabase.CreateAsync();
        var small = IndexedDatabase.Options with { BatchEvents = 1 };
        for (var stops = 0; stops < 20; stops++)
        {
            var indexer = database.Indexer(world.Chain, small);
            using var stop = new CancellationTokenSource();
            var running = indexer.RunAsync(stop.Token);
            await Eventually.TrueAsync(() => indexer.Status.Batches > 0 || indexer.Status.Phase == IndexerPhase.Live,
                () => indexer.Status, running);
            await Task.Delay(random.Next(30));
            await stop.CancelAsync();
            await IndexedDatabase.EndAsync(running);
            Assert.Null(indexer.Status.Fault);
        }
    });

    [Theory]
    [InlineData(DatabaseFault.CutBefore)]
    [InlineData(DatabaseFault.CutAfter)]
    public async Task An_indexer_whose_connection_breaks_while_it_is_opened_starts_again(DatabaseFault fault)
    {
        await using var database = await IndexedDatabase.OfAsync(world.Chain);
        await using var way = new DatabaseProxy(database.ConnectionString);
        for (var breaks = 1; breaks <= MessagesOfTheStart; breaks++)
        {
            var left = breaks;
            way.Live(moment => moment != Moment.Connect && --left == 0 ? fault : DatabaseFault.None);
            await using var source = NpgsqlDataSource.Create(way.ConnectionString);
            var indexer = new ChainIndexer(
                Deployment.Load(world.Chain.Deployment), world.Chain.Client, source, IndexedDatabase.Options);
            using var stop = new CancellationTokenSource();
            var running = indexer.RunAsync(stop.Token);
            await IndexedDatabase.UntilTipAsync(indexer, running, world.Chain);
            await stop.CancelAsync();
            await IndexedDatabase.EndAsync(running);
        }
    }
}
