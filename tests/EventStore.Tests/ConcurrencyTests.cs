using EventSourced.Testing;

namespace EventSourced.EventStore.Tests;

public sealed class ConcurrencyTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public async Task Of_two_writers_at_one_version_exactly_one_wins()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderPlaced("ann", 0));
        for (var version = 1; version <= 20; version++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 2).Select(writer => Task.Run(async () =>
            {
                await using var session = store.LightweightSession();
                session.Events.Append("a", ExpectedVersion.Of(version), new OrderPlaced("ann", writer));
                return await Record.ExceptionAsync(() => session.SaveChangesAsync());
            })));

            var refusal = Assert.IsType<ConcurrencyException>(Assert.Single(outcomes, outcome => outcome is not null));
            Assert.Equal((version, version + 1L), (refusal.Expected.Value, refusal.Found));
        }

        var events = await store.AllAsync();
        Assert.Equal(Enumerable.Range(1, 21).Select(n => (long)n), events.Select(e => e.Version));
        Assert.Equal(Enumerable.Range(1, 21).Select(n => (long)n), events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Of_many_that_start_one_stream_exactly_one_wins_and_no_number_is_lost()
    {
        await using var store = await database.StoreAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            await using var session = store.LightweightSession();
            session.Events.StartStream("a", new OrderPlaced("ann", 0));
            return await Record.ExceptionAsync(() => session.SaveChangesAsync());
        })));

        Assert.Equal(15, outcomes.OfType<ConcurrencyException>().Count());
        Assert.Single(await store.AllAsync());
        Assert.Equal(1L, await store.ScalarAsync<long>("select last_value from {s}.mt_events_sequence"));
    }

    [Theory]
    [InlineData(SnapshotLifecycle.Live)]
    [InlineData(SnapshotLifecycle.Inline)]
    public async Task A_hundred_parallel_appenders_lose_double_and_reorder_nothing(SnapshotLifecycle lifecycle) =>
        await Seed.RunAsync(async random =>
    {
        await using var store = await database.StoreAsync(
            lifecycle, options => options.Connection(database.ConnectionString + ";Maximum Pool Size=40"));
        await store.AppendAsync("hot", new OrderPlaced("ann", 1));
        var seeds = Enumerable.Range(0, 100).Select(_ => random.Next()).ToArray();

        await Task.WhenAll(seeds.Select((seed, writer) => Task.Run(async () =>
        {
            var own = new Random(seed);
            await using var session = store.LightweightSession();
            for (var round = 0; round < 4; round++)
            {
                session.Events.Append("hot", new ItemAdded("hot", 1, writer));
                if (round == 0) session.Events.StartStream($"own{writer}", new OrderPlaced("x", writer));
                // Shared streams in random order: whoever locks in call order would deadlock here.
                foreach (
                    var shared in Enumerable.Range(0, 6).OrderBy(_ => own.Next()).Take(3).Select(n => $"shared{n}"))
                    session.Events.Append(shared, new OrderCancelled());
                session.Events.Append($"own{writer}", new ItemAdded($"{round}", 1, round));
                await session.SaveChangesAsync();
            }
        })));

        var events = await store.AllAsync();
        Assert.Equal(1 + (100 * ((4 * 5) + 1)), events.Count);
        Assert.Equal(events.Count, events.Select(e => e.Id).Distinct().Count());
        Assert.All(events.GroupBy(e => e.StreamKey), stream =>
            Assert.Equal(Enumerable.Range(1, stream.Count()).Select(n => (long)n), stream.Select(e => e.Version)));
        Assert.All(events.Where(e => e.StreamKey.StartsWith("own", StringComparison.Ordinal)).GroupBy(
            e => e.StreamKey), stream =>
            Assert.Equal(
                ["0", "1", "2", "3"], stream.Select(e => e.Data).OfType<ItemAdded>().Select(item => item.Item)));
        Assert.Equal(400, events.Count(e => e.StreamKey == "hot" && e.Data is ItemAdded));
        await using var reading = store.LightweightSession();
        Assert.Equal(400, (await reading.Events.FetchLatestAsync<Order>("hot"))!.Items);
    });

    // The planner moved the streams of a small, analyzed table in the order of the table: two appends could deadlock.
    [Fact]
    public async Task An_append_holds_its_streams_in_the_order_of_their_keys_wherever_the_rows_lie()
    {
        await using var store = await database.StoreAsync();
        string[] others = [.. Enumerable.Range(0, 100).Select(n => $"c{n}")];
        foreach (var key in others.Prepend("b").Append("a"))
            await store.AppendAsync(key, new OrderPlaced("ann", 1));
        await store.RunAsync("analyze {s}.mt_streams");
        await using var other = await store.DataSource.OpenConnectionAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await HoldAsync("a");

        var append = AppendToSomeAsync();
        var waiting = $"select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%{store.Schema}.mt_streams%'";
        await Eventually.TrueAsync(async () => await store.ScalarAsync<long>(waiting) > 0);
        await HoldAsync("b");
        await transaction.RollbackAsync();
        await append;

        Assert.Equal(102 + 12, (await store.AllAsync()).Count);

        async Task AppendToSomeAsync()
        {
            await using var session = store.LightweightSession();
            foreach (var key in others.Take(10).Prepend("b").Append("a"))
                session.Events.Append(key, ExpectedVersion.Of(1), new OrderShipped("owl"));
            await session.SaveChangesAsync();
        }

        async Task HoldAsync(string key)
        {
            await using var command = other.CreateCommand();
            command.CommandText = $"select 1 from {store.Schema}.mt_streams where id = '{key}' for update nowait";
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task A_writer_reads_its_own_writes_at_once()
    {
        await using var store = await database.StoreAsync(SnapshotLifecycle.Inline);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var round = 1; round <= 10; round++)
            {
                await using var session = store.LightweightSession();
                session.Events.Append(
                    $"o{writer}", round == 1 ? new OrderPlaced("ann", 1) : new ItemAdded("tea", 1, 1));
                await session.SaveChangesAsync();
                Assert.Equal(round, (await session.Events.FetchStreamAsync($"o{writer}")).Count);
                Assert.Equal(round - 1, (await session.Events.FetchLatestAsync<Order>($"o{writer}"))!.Items);
            }
        })));
    }

    [Fact]
    public async Task A_loaded_aggregate_is_refused_when_another_writer_came_first()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderPlaced("ann", 1));
        await using var session = store.LightweightSession();
        var stream = await session.Events.FetchForWritingAsync<Order>("a");
        stream.AppendOne(new ItemAdded("tea", 1, 5));
        await store.AppendAsync("a", new OrderShipped("owl"));

        var refusal = await Assert.ThrowsAsync<ConcurrencyException>(() => session.SaveChangesAsync());

        Assert.Equal("stream a: expected version 1, found version 2", refusal.Message);
        Assert.Equal((1L, 2L, "ann"), (stream.StartingVersion, stream.CurrentVersion, stream.Aggregate!.Customer));
    }

    [Theory]
    [InlineData(SnapshotLifecycle.Live)]
    [InlineData(SnapshotLifecycle.Inline)]
    public async Task Sixteen_callers_commands_are_each_decided_on_the_latest_state(SnapshotLifecycle lifecycle)
    {
        await using var store = await database.StoreAsync(lifecycle);
        await store.AppendAsync("shared0", new OrderPlaced("ann", 1));
        await store.AppendAsync("shared1", new OrderPlaced("ann", 1));
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var round = 0; round < 12; round++)
            {
                // Only a command decided on the latest state keeps the items below the limit.
                await RetriedAsync(() => store.WriteToAggregateAsync<Order>($"shared{caller % 2}", stream =>
                {
                    if (stream.Aggregate!.Items < 50) stream.AppendOne(new ItemAdded("tea", 1, 1));
                }));
                await store.WriteToAggregateAsync<Order>($"own{caller}", stream =>
                    stream.AppendMany(stream.Aggregate is null ? new OrderPlaced("x", 1) : new ItemAdded("tea", 1, 1)));
            }
        })));

        var events = await store.AllAsync();
        Assert.Equal(50, events.Count(e => e.StreamKey == "shared0" && e.Data is ItemAdded));
        Assert.Equal(50, events.Count(e => e.StreamKey == "shared1" && e.Data is ItemAdded));
        Assert.All(
            Enumerable.Range(0, 16), caller => Assert.Equal(12, events.Count(e => e.StreamKey == $"own{caller}")));
        await using var session = store.LightweightSession();
        Assert.Equal(50, (await session.Events.FetchLatestAsync<Order>("shared1"))!.Items);

        static async Task RetriedAsync(Func<Task> command)
        {
            for (var attempt = 0; attempt < 50; attempt++)
            {
                try
                {
                    await command();
                    return;
                }
                catch (ConcurrencyException)
                {
                    // Eight callers on one stream may use up a command's attempts.
                }
            }

            Assert.Fail("expected a command to pass within 50 attempts");
        }
    }

    [Fact]
    public async Task A_command_that_cannot_be_written_does_not_harm_its_group()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("archived", new OrderPlaced("ann", 1));
        await store.RunAsync("select {s}.mt_archive_stream('archived')");

        var outcomes =
            await Task.WhenAll(Enumerable.Range(0, 24).Select(caller => Task.Run(() => Record.ExceptionAsync(() =>
            store.WriteToAggregateAsync<Order>(caller == 5 ? "archived" : $"o{caller}", stream =>
                stream.AppendOne(new OrderPlaced(caller % 6 == 0 ? "bad \0" : "good", caller)))))));

        Assert.All(outcomes.Select((outcome, caller) => (outcome, caller)), item =>
        {
            if (item.caller == 5) Assert.IsType<ArchivedStreamException>(item.outcome);
            else if (item.caller % 6 == 0) Assert.IsType<UnstorableTextException>(item.outcome);
            else Assert.Null(item.outcome);
        });
        Assert.Equal(1 + 19, (await store.AllAsync()).Count);
        Assert.Equal(0L, await store.WriteToAggregateAsync<Order>("none", _ => { }));
    }
}
