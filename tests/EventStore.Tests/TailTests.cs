using Npgsql;

namespace EventSourced.EventStore.Tests;

public sealed class TailTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public async Task A_cut_tail_leaves_streams_as_they_were_and_keeps_the_orphans()
    {
        await using var store = await database.StoreAsync(
            SnapshotLifecycle.Inline, options => options.Events.MetadataConfig.CorrelationIdEnabled = true);
        await store.AppendAsync("stays", new OrderPlaced("ann", 1), new ItemAdded("tea", 1, 5));
        await store.AppendAsync("shrinks", new OrderPlaced("bob", 2));
        await using (var session = store.LightweightSession())
        {
            session.CorrelationId = "block 9";
            session.Events.Append("shrinks", new ItemAdded("tea", 2, 5), new OrderShipped("owl"));
            session.Events.StartStream("vanishes", new OrderPlaced("cyd", 3));
            await session.SaveChangesAsync();
        }

        await CutAsync(store, 3, true, async (cut, _) =>
        {
            Assert.Equal(new TailCut(3, 2), cut);
            await Task.CompletedTask;
        });

        await using var reading = store.LightweightSession();
        Assert.Equal(
            [("stays", 2), ("shrinks", 1)], (await store.AllAsync()).Where(e => e.Version == (e.StreamKey == "stays"
            ? 2
            : 1)).Select(e => (e.StreamKey, e.Version)));
        Assert.Equal([("shrinks", 1), ("stays", 2)], (await reading.Events.FetchStreamStatesAsync(["stays", "shrinks", "vanishes"])).Select(s => (s.Key, s.Version)));
        Assert.Equal(new Order("bob", 0, "0", false), await reading.Events.FetchLatestAsync<Order>("shrinks"));
        Assert.Equal(new Order("ann", 1, "5", false), await reading.Events.LoadDocumentAsync<Order>("stays"));
        Assert.Equal(
            "4 shrinks 2 item_added block 9 reorg|5 shrinks 3 order_shipped block 9 reorg|6 vanishes 1 order_placed block 9 reorg",
            await store.ScalarAsync<string>("select string_agg(concat_ws(' ', seq_id, stream_id, version, type, metadata ->> 'correlation_id', reason), '|' order by orphan_id) from {s}.es_orphaned_events"));

        await store.AppendAsync("vanishes", new OrderPlaced("dee", 4));
        await store.AppendAsync("shrinks", new ItemAdded("tea", 7, 1));
        Assert.Equal([4, 5], (await store.AllAsync()).Skip(3).Select(e => e.Sequence));
        Assert.Equal(7, (await reading.Events.LoadDocumentAsync<Order>("shrinks"))!.Items);
    }

    [Fact]
    public async Task Everything_may_be_cut_and_a_cut_may_be_undone()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderPlaced("ann", 1), new OrderShipped("owl"));
        await CutAsync(store, 0, true, (_, _) => Task.CompletedTask, commit: false);
        Assert.Equal(2, (await store.AllAsync()).Count);

        await CutAsync(store, 0, true, (cut, _) => Task.CompletedTask);
        Assert.Empty(await store.AllAsync());
        await store.AppendAsync("a", new OrderPlaced("ann", 1));
        Assert.Equal([1], (await store.AllAsync()).Select(e => e.Sequence));
        await CutAsync(store, 0, false, (cut, _) => Task.CompletedTask);
        await store.AppendAsync("a", new OrderPlaced("ann", 1));
        Assert.Equal([2], (await store.AllAsync()).Select(e => e.Sequence));
        await CutAsync(store, 2, true, (cut, _) =>
        {
            Assert.Equal(new TailCut(0, 0), cut);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task Subscriptions_see_what_takes_the_place_of_a_cut_tail()
    {
        await using var store = await database.StoreAsync();
        var seen = new List<string>();
        await using var subscription = store.Subscribe("follower", (page, _) =>
        {
            lock (seen) seen.AddRange(page.Events.Select(e => $"{e.Sequence}:{((OrderShipped)e.Data).Carrier}"));
            return Task.CompletedTask;
        }, options => options.PollInterval = options.Backoff = TimeSpan.FromMilliseconds(5));
        await store.AppendAsync("a", new OrderShipped("x"), new OrderShipped("y"), new OrderShipped("z"));
        await subscription.CatchUpAsync();

        await CutAsync(store, 1, true, async (_, transaction) =>
        {
            using var bulk = store.Advanced.BulkAppend(transaction, new BulkOptions { SoleWriter = true });
            var stream = BulkAppend.ContinueStream("a", 1);
            bulk.Append(stream, new OrderShipped("Y"), Guid.NewGuid(), DateTimeOffset.UnixEpoch);
            bulk.Append(stream, new OrderShipped("Z"), Guid.NewGuid(), DateTimeOffset.UnixEpoch);
            Assert.Equal(3, await bulk.FlushAsync());
        });
        for (var tries = 0; tries < 4000 && seen.Count < 5; tries++) await Task.Delay(5);

        Assert.Equal(["1:x", "2:y", "3:z", "2:Y", "3:Z"], seen);
    }

    private static async Task CutAsync(
        Store store, long after, bool rewind, Func<TailCut, NpgsqlTransaction, Task> also, bool commit = true)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var cut = await store.Advanced.TruncateTailAsync(transaction, after, "reorg", rewind);
        await also(cut, transaction);
        if (commit) await transaction.CommitAsync();
    }
}
