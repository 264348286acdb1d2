using JasperFx.Events;
using Npgsql;

namespace EventSourced.MartenBulk.Tests;

public sealed class BulkAppendTests(Database database) : IClassFixture<Database>
{
    private static readonly DateTimeOffset Time = new(2025, 6, 7, 8, 9, 10, TimeSpan.Zero);
    private static readonly BulkOptions Sole = new() { SoleWriter = true };

    [Fact]
    public async Task A_first_load_leaves_out_the_index_by_stream_and_its_end_makes_it_again()
    {
        await using var store = await database.StoreAsync();
        var definition = await IndexAsync();
        await LoadAsync(store.Bulk.BeginFirstLoadAsync);
        Assert.Equal("none", await IndexAsync());
        Assert.Equal("{autovacuum_enabled=off}", await OptionsAsync());
        await store.AppendAsync("a", new OrderPlaced("ann", 1), new OrderShipped("owl"));
        await EndAsync();
        Assert.Equal(definition, await IndexAsync());
        Assert.Equal("none", await OptionsAsync());

        // Where there is an event already nothing begins, and what has not begun does not end.
        await LoadAsync(store.Bulk.BeginFirstLoadAsync);
        await EndAsync();
        Assert.Equal(definition, await IndexAsync());
        Assert.Equal("none", await OptionsAsync());
        await store.Marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();

        async Task EndAsync()
        {
            await using var connection = await store.Source.OpenConnectionAsync();
            await store.Bulk.EndFirstLoadAsync(connection);
        }

        async Task LoadAsync(Func<NpgsqlTransaction, CancellationToken, Task> step)
        {
            await using var connection = await store.Source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await step(transaction, CancellationToken.None);
            await transaction.CommitAsync();
        }

        Task<string> IndexAsync() => store.ScalarAsync<string>(
            """
            select coalesce((select indexdef from pg_indexes
             where schemaname = '{s}' and indexname = 'pk_mt_events_stream_and_version'), 'none')
            """);

        Task<string> OptionsAsync() => store.ScalarAsync<string>(
            """
            select coalesce((select min(reloptions::text) from pg_class
             where oid in ('{s}.mt_events'::regclass, '{s}.mt_streams'::regclass)), 'none')
            """);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Events_streams_and_the_callers_rows_commit_together(bool soleWriter, bool checkForeignKey)
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("old", new OrderPlaced("ann", 1));
        await store.RunAsync("create table {s}.other (n int)");

        var options = new BulkOptions { SoleWriter = soleWriter, CheckForeignKey = checkForeignKey };
        await store.InTransactionAsync(options, async (bulk, transaction) =>
        {
            var fresh = BulkAppend.StartStream("fresh");
            var old = BulkAppend.ContinueStream("old", 1);
            bulk.Append(fresh, new OrderPlaced("bob", 2), Id(1), Time);
            bulk.Append(old, new OrderShipped("owl"), Id(2), Time.AddSeconds(1));
            Assert.Equal(3, await bulk.FlushAsync());
            bulk.Append(fresh, new OrderShipped("cat"), Id(3), Time.AddSeconds(2));
            Assert.Equal((1, true), (bulk.PendingEvents, bulk.PendingBytes > 0));
            Assert.Equal(4, await bulk.FlushAsync());
            Assert.Equal(4, await bulk.FlushAsync());
            await using var insert =
                new NpgsqlCommand($"insert into {store.Schema}.other values (1)", transaction.Connection);
            await insert.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        });

        var events = await store.AllAsync();
        Assert.Equal(
            [("old", 1, 1), ("fresh", 1, 2), ("old", 2, 3), ("fresh", 2, 4)],
            events.Select(e => (e.StreamKey, e.Version, e.Sequence)));
        Assert.Equal([Id(1), Id(2), Id(3)], events.Skip(1).Select(e => e.Id));
        Assert.Equal([Time, Time.AddSeconds(1), Time.AddSeconds(2)], events.Skip(1).Select(e => e.Timestamp));
        await using var session = store.Marten.QuerySession();
        var state = await session.Events.FetchStreamStateAsync("fresh");
        Assert.Equal((2L, Time.AddSeconds(2), Time, false),
            (state!.Version, state.LastTimestamp, state.Created, state.IsArchived));
        await store.AppendAsync("fresh", new OrderCancelled());
        Assert.Equal(5, (await store.AllAsync())[^1].Sequence);
        Assert.Equal("origin", await store.ScalarAsync<string>("select current_setting('session_replication_role')"));
    }

    [Fact]
    public async Task Rows_of_a_bulk_append_equal_those_of_Martens_session_column_by_column()
    {
        await using var bulkStore = await database.StoreAsync();
        await using var store = await database.StoreAsync();
        object[] data =
        [
            new OrderPlaced("ann\" \u0001 é \ud83d\ude00", 1),
            new ItemAdded("tea", 2, "115792089237316195423570985008687907853269984665640564039457584007913129639935"),
            new OrderCancelled(),
        ];
        await bulkStore.InTransactionAsync(Sole, async (bulk, transaction) =>
        {
            var stream = BulkAppend.StartStream("order-1");
            for (var index = 0; index < data.Length; index++) bulk.Append(stream, data[index], Id(index), Time);
            await bulk.FlushAsync();
            await transaction.CommitAsync();
        });
        await using var session = store.Marten.LightweightSession();
        var action = session.Events.StartStream("order-1", data);
        foreach (var (added, index) in action.Events.Select((added, index) => (added, index)))
            (added.Id, added.Timestamp) = (Id(index), Time);
        await session.SaveChangesAsync();

        // QuickWithServerTimestamps overwrites the time by the server's of the application; everything else is the
        // caller's.
        await store.RunAsync($"update {{s}}.mt_events set timestamp = '{Time:O}'");
        const string rows = "select string_agg(e::text, '|' order by seq_id) from {s}.mt_events e";
        Assert.Equal(await store.ScalarAsync<string>(rows), await bulkStore.ScalarAsync<string>(rows));
        const string streams = "select (id, type, version, tenant_id, is_archived)::text from {s}.mt_streams";
        Assert.Equal(await store.ScalarAsync<string>(streams), await bulkStore.ScalarAsync<string>(streams));
        await bulkStore.Marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task A_stream_that_is_not_as_expected_is_refused_by_name()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderPlaced("ann", 1), new OrderShipped("x"));
        await store.AppendAsync("b", new OrderPlaced("ann", 1));

        await RefusedAsync("stream a: expected no stream, found version 2", BulkAppend.StartStream("new"),
            BulkAppend.StartStream("a"));
        await RefusedAsync("stream a: expected version 1, found version 2", BulkAppend.ContinueStream("b", 1),
            BulkAppend.ContinueStream("a", 1));
        await RefusedAsync("stream none: expected version 3, found no stream", BulkAppend.ContinueStream("none", 3));
        await store.RunAsync("select {s}.mt_archive_stream('b')");
        await store.InTransactionAsync(Sole, async (bulk, _) =>
        {
            bulk.Append(BulkAppend.ContinueStream("b", 1), new OrderShipped("y"), Id(1), Time);
            await Assert.ThrowsAsync<ArchivedStreamException>(() => bulk.FlushAsync());
        });
        Assert.Equal(3, await store.ScalarAsync<long>("select count(*) from {s}.mt_events"));
        Assert.Throws<ArgumentOutOfRangeException>(() => BulkAppend.ContinueStream("a", 0));

        Task RefusedAsync(string message, params BulkStream[] streams) =>
            store.InTransactionAsync(Sole, async (bulk, _) =>
        {
            foreach (var stream in streams) bulk.Append(stream, new OrderShipped("y"), Id(1), Time);
            Assert.Equal(message, (await Assert.ThrowsAsync<ConcurrencyException>(() => bulk.FlushAsync())).Message);
        });
    }

    [Fact]
    public async Task A_sole_writer_leaves_no_gap_after_a_batch_that_failed()
    {
        await using var store = await database.StoreAsync();
        for (var round = 0; round < 4; round++)
        {
            await store.InTransactionAsync(Sole, async (bulk, transaction) =>
            {
                for (var index = 0; index < 3; index++)
                    bulk.Append(BulkAppend.StartStream($"s{round}-{index}"), new OrderShipped("x"), Id(index), Time);
                await bulk.FlushAsync();
                if (round % 2 == 0) await transaction.CommitAsync();
            });
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], (await store.AllAsync()).Select(e => e.Sequence));
    }

    [Fact]
    public async Task Shared_numbers_stay_unique_and_ordered_beside_Martens_writers()
    {
        await using var store = await database.StoreAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < 5; round++)
            {
                await store.InTransactionAsync(new BulkOptions(), async (bulk, transaction) =>
                {
                    var stream = BulkAppend.StartStream($"w{writer}-{round}");
                    for (var index = 0; index < 200; index++)
                        bulk.Append(stream, new OrderPlaced("x", index), Guid.NewGuid(), Time);
                    await bulk.FlushAsync();
                    await transaction.CommitAsync();
                });
                await store.AppendAsync($"single{writer}", new OrderShipped("x"));
            }
        })));

        var events = await store.AllAsync();
        Assert.Equal((4 * 5 * 200) + 20, events.Count);
        Assert.All(events.Where(e => e.Data is OrderPlaced).GroupBy(e => e.StreamKey), stream =>
            Assert.Equal(Enumerable.Range(0, 200), stream.Select(e => ((OrderPlaced)e.Data).Number)));
    }

    [Fact]
    public void An_alias_names_one_type_and_a_type_has_one_alias()
    {
        var placed = EventType.Of("order_placed", OrdersJson.Default.OrderPlaced);
        Assert.Throws<ArgumentException>(
            () => new EventTypes([placed, EventType.Of("order_placed", OrdersJson.Default.OrderShipped)]));
        Assert.Throws<ArgumentException>(
            () => new EventTypes([placed, EventType.Of("placed", OrdersJson.Default.OrderPlaced)]));
        Assert.Equal(placed, new EventTypes([placed]).Of(typeof(OrderPlaced)));
        Assert.Equal("EventSourced.MartenBulk.Tests.OrderPlaced, EventSourced.MartenBulk.Tests", placed.DotNetTypeName);
    }

    private static Guid Id(int number) => new(number, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
}
