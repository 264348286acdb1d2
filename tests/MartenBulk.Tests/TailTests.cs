using Npgsql;

namespace EventSourced.MartenBulk.Tests;

public sealed class TailTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public async Task A_cut_tail_leaves_streams_as_they_were_and_keeps_the_orphans()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("stays", new OrderPlaced("ann", 1), new ItemAdded("tea", 1, "5"));
        await store.AppendAsync("shrinks", new OrderPlaced("bob", 2));
        await store.AppendAsync("shrinks", new ItemAdded("tea", 2, "5"), new OrderShipped("owl"));
        await store.AppendAsync("vanishes", new OrderPlaced("cyd", 3));
        await CutAsync(store, 3, true, (cut, _) =>
        {
            Assert.Equal(new TailCut(3, 2), cut);
            return Task.CompletedTask;
        });

        await using var reading = store.Marten.QuerySession();
        Assert.Equal(1, (await reading.Events.FetchStreamStateAsync("shrinks"))!.Version);
        Assert.Equal(2, (await reading.Events.FetchStreamStateAsync("stays"))!.Version);
        Assert.Null(await reading.Events.FetchStreamStateAsync("vanishes"));
        var left = await reading.Events.FetchStreamAsync("shrinks");
        Assert.Equal([new OrderPlaced("bob", 2)], left.Select(e => e.Data));
        Assert.Equal(
            "4 shrinks 2 item_added reorg|5 shrinks 3 order_shipped reorg|6 vanishes 1 order_placed reorg",
            await store.ScalarAsync<string>(
                """
                select string_agg(concat_ws(' ', seq_id, stream_id, version, type, reason), '|' order by orphan_id)
                  from {s}.es_orphaned_events
                """));

        await store.AppendAsync("vanishes", new OrderPlaced("dee", 4));
        await store.AppendAsync("shrinks", new ItemAdded("tea", 7, "1"));
        Assert.Equal([4, 5], (await store.AllAsync()).Skip(3).Select(e => e.Sequence));
    }

    [Fact]
    public async Task Everything_may_be_cut_and_a_cut_may_be_undone()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderPlaced("ann", 1), new OrderShipped("owl"));
        await CutAsync(store, 0, true, (_, _) => Task.CompletedTask, commit: false);
        Assert.Equal(2, (await store.AllAsync()).Count);

        await CutAsync(store, 0, true, (_, _) => Task.CompletedTask);
        Assert.Empty(await store.AllAsync());
        await store.AppendAsync("a", new OrderPlaced("ann", 1));
        Assert.Equal([1], (await store.AllAsync()).Select(e => e.Sequence));
        await CutAsync(store, 0, false, (_, _) => Task.CompletedTask);
        await store.AppendAsync("a", new OrderPlaced("ann", 1));
        Assert.Equal([2], (await store.AllAsync()).Select(e => e.Sequence));
        await CutAsync(store, 2, true, (cut, _) =>
        {
            Assert.Equal(new TailCut(0, 0), cut);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task The_progress_of_a_daemon_goes_back_with_the_tail_and_what_takes_its_place_commits_with_it()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderShipped("x"), new OrderShipped("y"), new OrderShipped("z"));
        await store.RunAsync("select {s}.mt_mark_event_progression('Orders:All', 3)");
        await store.RunAsync("select {s}.mt_mark_event_progression('Old:All', 1)");

        await CutAsync(store, 1, true, async (_, transaction) =>
        {
            using var bulk = store.Bulk.Append(transaction, new BulkOptions { SoleWriter = true });
            var stream = BulkAppend.ContinueStream("a", 1);
            bulk.Append(stream, new OrderShipped("Y"), Guid.NewGuid(), DateTimeOffset.UnixEpoch);
            bulk.Append(stream, new OrderShipped("Z"), Guid.NewGuid(), DateTimeOffset.UnixEpoch);
            Assert.Equal(3, await bulk.FlushAsync());
        });

        Assert.Equal(
            "Old:All 1|Orders:All 1",
            await store.ScalarAsync<string>(
                "select string_agg(name || ' ' || last_seq_id, '|' order by name) from {s}.mt_event_progression"));
        Assert.Equal(["x", "Y", "Z"], (await store.AllAsync()).Select(e => ((OrderShipped)e.Data).Carrier));
    }

    private static async Task CutAsync(
        OrderStore store, long after, bool rewind, Func<TailCut, NpgsqlTransaction, Task> also, bool commit = true)
    {
        await using var connection = await store.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var cut = await store.Bulk.TruncateTailAsync(transaction, after, "reorg", rewind);
        await also(cut, transaction);
        if (commit) await transaction.CommitAsync();
    }
}
