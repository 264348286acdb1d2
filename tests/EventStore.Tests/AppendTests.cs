using EventSourced.Testing;

namespace EventSourced.EventStore.Tests;

public sealed class AppendTests(Database database) : IClassFixture<Database>
{
    private static readonly OrderPlaced Placed = new("ann", 1);
    private static readonly OrderShipped Shipped = new("owl");

    [Fact]
    public async Task A_started_stream_holds_its_events_in_order()
    {
        await using var store = await database.StoreAsync();
        await using var session = store.LightweightSession();
        session.Events.StartStream<Order>("order-1", Placed, new ItemAdded("tea", 2, 300), Shipped);
        await session.SaveChangesAsync();

        var events = await session.Events.FetchStreamAsync("order-1");

        Assert.Equal([Placed, new ItemAdded("tea", 2, 300), Shipped], events.Select(e => e.Data));
        Assert.Equal([1, 2, 3], events.Select(e => e.Version));
        Assert.Equal([1, 2, 3], events.Select(e => e.Sequence));
        Assert.Equal(["order_placed", "item_added", "order_shipped"], events.Select(e => e.EventTypeName));
        var state = await session.Events.FetchStreamStateAsync("order-1");
        Assert.Equal(
            ("order-1", 3L, "order", false), (state!.Key, state.Version, state.AggregateTypeName, state.IsArchived));
    }

    [Fact]
    public async Task Saved_events_know_their_version_and_sequence()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", Placed);
        await using var session = store.LightweightSession();
        var action = session.Events.Append("a", Shipped, Shipped);
        await session.SaveChangesAsync();

        Assert.Equal(3, action.Version);
        Assert.Equal([(2, 2), (3, 3)], action.Events.Select(e => (e.Version, e.Sequence)));
    }

    [Fact]
    public async Task Starting_an_existing_stream_is_refused_with_what_was_found()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", Placed, Shipped);
        await using var session = store.LightweightSession();
        session.Events.StartStream("a", Placed);

        var refusal = await Assert.ThrowsAsync<ConcurrencyException>(() => session.SaveChangesAsync());

        Assert.Equal("stream a: expected no stream, found version 2", refusal.Message);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    public async Task A_stale_append_is_refused_and_says_expected_and_found(long expected, long found)
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", Placed, Shipped);
        await using var session = store.LightweightSession();
        session.Events.Append("a", ExpectedVersion.Of(expected), Shipped);

        var refusal = await Assert.ThrowsAsync<ConcurrencyException>(() => session.SaveChangesAsync());

        Assert.Equal(("a", ExpectedVersion.Of(expected), found), (refusal.Stream, refusal.Expected, refusal.Found));
        Assert.Equal($"stream a: expected version {expected}, found version {found}", refusal.Message);
    }

    [Fact]
    public async Task An_append_to_a_missing_stream_at_a_version_is_refused()
    {
        await using var store = await database.StoreAsync();
        await using var session = store.LightweightSession();
        session.Events.Append("missing", ExpectedVersion.Of(4), Shipped);

        var refusal = await Assert.ThrowsAsync<ConcurrencyException>(() => session.SaveChangesAsync());

        Assert.Equal("stream missing: expected version 4, found no stream", refusal.Message);
    }

    [Fact]
    public async Task A_refused_append_writes_nothing_and_draws_no_number()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", Placed);
        await store.AppendAsync("b", Placed);
        await using var session = store.LightweightSession();
        session.Events.Append("a", ExpectedVersion.Of(1), Shipped);
        session.Events.Append("b", ExpectedVersion.Of(7), Shipped);
        session.Events.StartStream("c", Placed);
        session.Events.Append("d", Placed);
        await Assert.ThrowsAsync<ConcurrencyException>(() => session.SaveChangesAsync());

        await store.AppendAsync("e", Placed);

        Assert.Equal([("a", 1), ("b", 2), ("e", 3)], (await store.AllAsync()).Select(e => (e.StreamKey, e.Sequence)));
        Assert.Equal(3L, await store.ScalarAsync<long>("select count(*) from {s}.mt_streams"));
        Assert.Equal(3L, await store.ScalarAsync<long>("select last_value from {s}.mt_events_sequence"));
    }

    [Fact]
    public async Task A_refused_session_may_be_saved_again_in_another_way()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", Placed);
        await using var session = store.LightweightSession();
        var action = session.Events.Append("a", ExpectedVersion.Of(2), Shipped);
        await Assert.ThrowsAsync<ConcurrencyException>(() => session.SaveChangesAsync());

        await store.AppendAsync("a", Shipped);
        await session.SaveChangesAsync();

        Assert.Equal(3, action.Version);
        Assert.Empty(session.PendingStreams);
    }

    [Fact]
    public async Task One_session_mixes_new_known_and_any_streams()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("known", Placed);
        await store.AppendAsync("any", Placed);
        await using var session = store.LightweightSession();
        session.Events.Append("known", ExpectedVersion.Of(1), Shipped);
        session.Events.Append("any", Shipped);
        session.Events.Append("fresh", Placed);
        session.Events.StartStream("started", Placed, Shipped);
        await session.SaveChangesAsync();

        var states = await session.Events.FetchStreamStatesAsync(["started", "known", "fresh", "any", "none"]);
        Assert.Equal([("any", 2), ("fresh", 1), ("known", 2), ("started", 2)], states.Select(s => (s.Key, s.Version)));
    }

    [Fact]
    public async Task An_expectation_without_events_is_only_asserted()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", Placed);
        await store.AppendAsync("b", Placed);
        var before = await store.ScalarAsync<DateTime>("select timestamp from {s}.mt_streams where id = 'b'");
        await using var session = store.LightweightSession();
        session.Events.Append("a", ExpectedVersion.Of(1), Shipped);
        session.Events.Append("b", ExpectedVersion.Of(1));
        await session.SaveChangesAsync();
        Assert.Equal(before, await store.ScalarAsync<DateTime>("select timestamp from {s}.mt_streams where id = 'b'"));

        session.Events.Append("a", ExpectedVersion.Of(2), Shipped);
        session.Events.Append("b", ExpectedVersion.Of(2));
        var refusal = await Assert.ThrowsAsync<ConcurrencyException>(() => session.SaveChangesAsync());
        Assert.Equal("b", refusal.Stream);

        await using var alone = store.LightweightSession();
        alone.Events.Append("b", ExpectedVersion.Of(9));
        await Assert.ThrowsAsync<ConcurrencyException>(() => alone.SaveChangesAsync());
    }

    [Fact]
    public async Task An_archived_stream_takes_no_more_events_and_keeps_what_it_has()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", Placed, Shipped);
        await using var session = store.LightweightSession();
        session.Events.ArchiveStream("a");
        await session.SaveChangesAsync();

        foreach (var expected in new[] { ExpectedVersion.Any, ExpectedVersion.Of(2) })
        {
            await using var late = store.LightweightSession();
            late.Events.Append("a", expected, Shipped);
            var refusal = await Assert.ThrowsAsync<ArchivedStreamException>(() => late.SaveChangesAsync());
            Assert.Equal("a", refusal.Stream);
        }

        Assert.True((await session.Events.FetchStreamStateAsync("a"))!.IsArchived);
        Assert.All(await session.Events.FetchStreamAsync("a"), e => Assert.True(e.IsArchived));
    }

    [Fact]
    public async Task A_session_in_the_callers_transaction_commits_with_it_or_not_at_all()
    {
        await using var store = await database.StoreAsync();
        await using var connection = await store.DataSource.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var session = store.LightweightSession(transaction);
            session.Events.Append("a", Placed);
            await session.SaveChangesAsync();
            Assert.Single(await session.Events.FetchStreamAsync("a"));
            await transaction.RollbackAsync();
        }

        Assert.Empty(await store.AllAsync());
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var session = store.LightweightSession(transaction);
            session.Events.Append("a", Placed);
            await session.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        Assert.Single(await store.AllAsync());
    }

    [Fact]
    public async Task Writers_may_set_id_time_and_metadata()
    {
        await using var store =
            await database.StoreAsync(configure: options => options.Events.MetadataConfig.EnableAll());
        await using var session = store.LightweightSession();
        session.CorrelationId = "request-1";
        session.CausationId = "command-2";
        session.LastModifiedBy = "ann";
        session.SetHeader("chain", "block 7 \"quoted\" ü");
        var id = Guid.Parse("01234567-89ab-4cde-8f01-23456789abcd");
        var built = session.Events.BuildEvent(Placed);
        built.Id = id;
        built.Timestamp = new DateTimeOffset(2020, 2, 3, 4, 5, 6, TimeSpan.FromHours(2));
        session.Events.Append("a", built, Shipped);
        await session.SaveChangesAsync();

        foreach (var found in new[] { await session.Events.FetchStreamAsync("a"), await store.AllAsync() })
        {
            Assert.Equal(id, found[0].Id);
            Assert.Equal(built.Timestamp.UtcDateTime, found[0].Timestamp.UtcDateTime);
            Assert.All(found, e => Assert.Equal(("request-1", "command-2", "ann"), (
                e.Metadata!.CorrelationId, e.Metadata.CausationId, e.Metadata.UserName)));
            Assert.Equal("block 7 \"quoted\" ü", found[1].Metadata!.Headers!["chain"].GetString());
            Assert.Equal(4, found[1].Id.Version);
        }
    }

    [Fact]
    public async Task Reads_stop_at_a_version_or_a_time()
    {
        var clock = new SteppingClock();
        await using var store = await database.StoreAsync(configure: options => options.TimeProvider = clock);
        for (var number = 1; number <= 4; number++) await store.AppendAsync("a", new OrderPlaced("ann", number));
        await using var session = store.LightweightSession();

        static IEnumerable<int> Numbers(IReadOnlyList<Event> events) =>
            events.Select(e => ((OrderPlaced)e.Data).Number);
        Assert.Equal([1, 2], Numbers(await session.Events.FetchStreamAsync("a", version: 2)));
        Assert.Equal(
            [1, 2, 3], Numbers(await session.Events.FetchStreamAsync("a", timestamp: clock.Start.AddSeconds(3))));
        Assert.Equal([3, 4], Numbers(await session.Events.FetchStreamAsync("a", fromVersion: 3)));
        Assert.Equal([2, 3], Numbers(await session.Events.FetchStreamAsync("a", version: 3, fromVersion: 2)));
        Assert.Empty(await session.Events.FetchStreamAsync("b"));
        Assert.Null(await session.Events.FetchStreamStateAsync("b"));
    }

    [Fact]
    public async Task Random_sessions_leave_exactly_what_a_model_in_memory_holds() =>
        await Seed.RunAsync(async random =>
    {
        await using var store = await database.StoreAsync();
        var model = new Dictionary<string, List<int>>();
        for (var round = 0; round < 60; round++)
        {
            await using var session = store.LightweightSession();
            var pending = new Dictionary<string, List<int>>();
            var stale = false;
            for (var streams = random.Next(1, 5); streams > 0; streams--)
            {
                var key = $"s{random.Next(8)}";
                if (pending.ContainsKey(key)) continue;
                var numbers = Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1000)).ToList();
                var version = model.TryGetValue(key, out var known) ? known.Count : 0;
                var expected = random.Next(4) switch
                {
                    0 => ExpectedVersion.Any,
                    1 when random.Next(3) == 0 => ExpectedVersion.Of(version + random.Next(1, 3)),
                    _ => ExpectedVersion.Of(version),
                };
                stale |= !expected.IsAny && expected.Value != version;
                pending[key] = numbers;
                session.Events.Append(key, expected, [.. numbers.Select(number => new OrderPlaced("x", number))]);
            }

            if (stale)
            {
                await Assert.ThrowsAsync<ConcurrencyException>(() => session.SaveChangesAsync());
                continue;
            }

            await session.SaveChangesAsync();
            foreach (var (key, numbers) in pending)
                (model.TryGetValue(key, out var list) ? list : model[key] = []).AddRange(numbers);
        }

        var all = await store.AllAsync();
        Assert.Equal(Enumerable.Range(1, all.Count).Select(n => (long)n), all.Select(e => e.Sequence));
        foreach (var (key, numbers) in model)
        {
            var stored = all.Where(e => e.StreamKey == key).ToList();
            Assert.Equal(numbers, stored.Select(e => ((OrderPlaced)e.Data).Number));
            Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), stored.Select(e => e.Version));
        }
    });

    private sealed class SteppingClock : TimeProvider
    {
        private int _seconds;

        public DateTimeOffset Start { get; } = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Start.AddSeconds(++_seconds);
    }
}
