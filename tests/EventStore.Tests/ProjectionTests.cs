using EventSourced.EventStore.Projections;
using EventSourced.Testing;

namespace EventSourced.EventStore.Tests;

public sealed class ProjectionTests(Database database) : IClassFixture<Database>
{
    [Theory]
    [InlineData(SnapshotLifecycle.Inline)]
    [InlineData(SnapshotLifecycle.Async)]
    public async Task A_snapshot_and_the_rest_fold_to_what_all_events_fold_to(SnapshotLifecycle lifecycle) =>
        await Seed.RunAsync(async random =>
    {
        await using var store = await database.StoreAsync(lifecycle);
        await using var running =
            lifecycle == SnapshotLifecycle.Async ? store.Advanced.RunProjection<Order>(Quick) : null;
        for (var round = 0; round < 25; round++)
        {
            await using var session = store.LightweightSession();
            for (var orders = random.Next(1, 4); orders > 0; orders--)
            {
                var key = $"o{random.Next(6)}";
                var order = await session.Events.AggregateStreamAsync<Order>(key);
                if (session.PendingStreams.Any(pending => pending.Key == key)) continue;
                session.Events.Append(key, order is null
                    ? [new OrderPlaced("ann", round), new ItemAdded("tea", random.Next(1, 4), random.Next())]
                    : random.Next(5) == 0 ? [new OrderCancelled()] : [new ItemAdded(
                        "tea", random.Next(1, 9), random.Next())]);
            }

            await session.SaveChangesAsync();
            if (running is not null && round % 5 == 0) await running.CatchUpAsync();
            for (var key = 0; key < 6; key++)
            {
                Assert.Equal(
                    await session.Events.AggregateStreamAsync<Order>($"o{key}"),
                    await session.Events.FetchLatestAsync<Order>($"o{key}"));
            }
        }
    });

    [Fact]
    public async Task An_inline_snapshot_catches_up_with_events_that_another_program_wrote()
    {
        await using var plain = await database.StoreAsync();
        await using var store = Database.Orders(database.ConnectionString, plain.Schema, SnapshotLifecycle.Inline);
        await store.AppendAsync("a", new OrderPlaced("ann", 1), new ItemAdded("tea", 1, 10));
        await plain.AppendAsync("a", new ItemAdded("tea", 2, 10), new ItemAdded("tea", 3, 10));
        await using var session = store.LightweightSession();
        Assert.Equal(6, (await session.Events.FetchLatestAsync<Order>("a"))!.Items);

        await store.AppendAsync("a", new ItemAdded("tea", 4, 10));

        Assert.Equal(new Order("ann", 10, "100", false), await session.Events.LoadDocumentAsync<Order>("a"));
        Assert.Equal(5L, await store.ScalarAsync<long>("select version from {s}.es_snapshots where id = 'a'"));
        Assert.Equal(
            "2", (await session.Events.AggregateStreamAsync<Order>("a", version: 2))!.TotalWei.Length.ToString());
    }

    [Fact]
    public async Task A_snapshot_of_another_revision_is_not_read()
    {
        await using var store = await database.StoreAsync(SnapshotLifecycle.Inline);
        await store.AppendAsync("a", new OrderPlaced("ann", 1), new ItemAdded("tea", 1, 10));
        await store.RunAsync("update {s}.es_snapshots set revision = 0, data = '{\"Customer\":\"wrong\",\"Items\":99,\"TotalWei\":\"0\",\"IsShipped\":false}'");
        await using var session = store.LightweightSession();

        Assert.Equal(new Order("ann", 1, "10", false), await session.Events.FetchLatestAsync<Order>("a"));
        await store.AppendAsync("a", new OrderShipped("owl"));
        Assert.Equal(new Order("ann", 1, "10", true), await session.Events.LoadDocumentAsync<Order>("a"));
    }

    [Fact]
    public async Task A_fetched_aggregate_is_saved_with_its_snapshot()
    {
        await using var store = await database.StoreAsync(SnapshotLifecycle.Inline);
        await using var session = store.LightweightSession();
        var stream = await session.Events.FetchForWritingAsync<Order>("a");
        Assert.Null(stream.Aggregate);
        stream.AppendMany(new OrderPlaced("ann", 1), new ItemAdded("tea", 2, 21));
        await session.SaveChangesAsync();

        Assert.Equal(new Order("ann", 2, "42", false), await session.Events.LoadDocumentAsync<Order>("a"));
        Assert.Equal("order", (await session.Events.FetchStreamStateAsync("a"))!.AggregateTypeName);
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(7)]
    public async Task Rebuilt_documents_equal_those_kept_up_event_by_event(int documentsInMemory) =>
        await Seed.RunAsync(async random =>
    {
        await using var store = await database.StoreAsync(SnapshotLifecycle.Inline);
        await using var customers = store.Advanced.RunProjection<CustomerOrders>(Quick);
        for (var order = 0; order < 40; order++)
        {
            await store.AppendAsync(
                $"o{order}", new OrderPlaced($"customer {random.Next(9)}", order), new ItemAdded("tea", 1, order));
            if (order % 7 == 0) await store.AppendAsync($"o{order}", new OrderCancelled());
        }

        await customers.CatchUpAsync();
        await customers.DisposeAsync();
        const string rows = "select string_agg(n::text, '|' order by type, id) from {s}.es_snapshots n";
        var kept = await store.ScalarAsync<string>(rows);
        await store.RunAsync("update {s}.es_snapshots set data = '{}', version = 0");

        await new Rebuild(store, store.Options.Projections.Of<Order>(), documentsInMemory).RunAsync(default);
        var rebuilt = await new Rebuild(store, store.Options.Projections.Of<CustomerOrders>(),
            documentsInMemory).RunAsync(default);

        Assert.Equal(40, rebuilt.Events);
        Assert.Equal(kept, await store.ScalarAsync<string>(rows));
        Assert.Equal(rebuilt.Ceiling, await store.Advanced.ProgressAsync("customer_orders"));
    });

    [Fact]
    public async Task A_projection_may_see_what_surrounds_its_events()
    {
        await using var store = await database.StoreAsync(configure: options =>
            options.Projections.LiveStreamAggregation<string, Event>(
                (trail, next) => $"{trail} {next.Version}:{next.EventTypeName}"));
        await store.AppendAsync("a", new OrderPlaced("ann", 1), new OrderShipped("owl"));
        await using var session = store.LightweightSession();

        Assert.Equal(" 1:order_placed 2:order_shipped", await session.Events.AggregateStreamAsync<string>("a"));
    }

    [Fact]
    public async Task A_state_that_nobody_registered_is_refused_by_name()
    {
        await using var store = await database.StoreAsync();
        await using var session = store.LightweightSession();

        await Assert.ThrowsAsync<InvalidOperationException>(() => session.Events.FetchLatestAsync<Version>("a"));
        Assert.Throws<InvalidOperationException>(() => store.Advanced.RunProjection<Order>());
    }

    private static void Quick(SubscriptionOptions options)
    {
        options.PollInterval = TimeSpan.FromMilliseconds(5);
        options.BatchSize = 4;
    }
}
