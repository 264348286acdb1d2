namespace EventSourced.MartenBulk.Tests;

public sealed class ScanTests(Database database) : IClassFixture<Database>
{
    private const int Million = 1_000_000;
    private const long Bound = 96L * 1024 * 1024;

    [Fact]
    public async Task A_million_events_are_scanned_in_order_with_bounded_memory()
    {
        await using var store = await database.StoreAsync();
        await store.RunAsync($$"""
            set session_replication_role = replica;
            insert into {s}.mt_streams (id, type, version)
            select 'order-' || n, 'order', 10 from generate_series(0, 99999) n;
            insert into {s}.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select n, '00000000-0000-4000-8000-000000000000', 'order-' || (n - 1) / 10, (n - 1) % 10 + 1,
                   jsonb_build_object('Customer', 'ann', 'Number', n), 'order_placed', '2026-01-01'
              from generate_series(1, {{Million}}) n;
            set session_replication_role = origin
            """);
        var (last, sum, highest) = (0L, 0L, 0L);
        GC.Collect();
        var before = GC.GetTotalMemory(true);

        var count = await store.Bulk.ScanAsync(new ScanOptions(), (in RawEvent raw) =>
        {
            if (raw.Sequence != last + 1)
                throw new InvalidOperationException($"expected sequence {last + 1}, found {raw.Sequence}");
            last = raw.Sequence;
            sum += ((OrderPlaced)raw.Data).Number;
            if (last % 50_000 == 0) highest = Math.Max(highest, GC.GetTotalMemory(true) - before);
        });

        Assert.Equal((Million, Million, Million * (Million + 1L) / 2), (count, last, sum));
        Assert.True(highest < Bound, $"expected less than {Bound} bytes held during the scan, found {highest}");
    }

    [Fact]
    public async Task A_scan_gives_the_range_types_and_columns_that_are_asked_for()
    {
        await using var store = await database.StoreAsync();
        for (var number = 1; number <= 6; number++)
            await store.AppendAsync($"o{number}", new OrderPlaced("ann", number), new OrderShipped("owl"));
        await store.RunAsync("select {s}.mt_archive_stream('o4')");
        var found = new List<string>();

        var count = await store.Bulk.ScanAsync(
            new ScanOptions
            {
                AfterSequence = 2,
                UntilSequence = 10,
                EventTypes = [typeof(OrderPlaced)],
                Archived = false,
                Identity = false,
            },
            (in RawEvent raw) => found.Add(
                $"{raw.Sequence} {raw.StreamKey} {raw.Version} {((OrderPlaced)raw.Data).Number} {raw.Type!.Alias}"));

        Assert.Equal(["3 o2 1 2 order_placed", "5 o3 1 3 order_placed", "9 o5 1 5 order_placed"], found);
        Assert.Equal(3, count);
        Assert.Equal(12, await store.Bulk.ScanAsync(
            new ScanOptions { EventTypes = [typeof(OrderEvent)] }, (in RawEvent raw) => _ = raw.Id));
        Assert.Equal(0, await store.Bulk.ScanAsync(
            new ScanOptions { EventTypes = [typeof(Version)] }, (in RawEvent _) => Assert.Fail("none fit")));
    }

    [Fact]
    public async Task A_scan_that_is_left_early_harms_nobody()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", [.. Enumerable.Range(0, 2000).Select(number => new OrderPlaced("ann", number))]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Bulk.ScanAsync(
            new ScanOptions(), (in RawEvent _) => throw new InvalidOperationException()));
        Assert.Equal(2000, await store.Bulk.ScanAsync(new ScanOptions(), (in RawEvent raw) => _ = raw.Data));
    }
}
