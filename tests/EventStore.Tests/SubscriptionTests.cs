using System.Collections.Concurrent;
using Npgsql;

namespace EventSourced.EventStore.Tests;

public sealed class SubscriptionTests(Database database) : IClassFixture<Database>
{
    [Fact]
    public async Task Every_event_comes_once_and_in_order_over_restarts()
    {
        await using var store = await database.StoreAsync();
        var seen = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            for (var number = 0; number < 7; number++)
                await store.AppendAsync($"o{number}", new OrderPlaced("ann", number));
            await using var subscription = store.Subscribe("reader", Collect(seen), Quick);
            await subscription.CatchUpAsync();
        }

        Assert.Equal(Enumerable.Range(1, 21).Select(n => (long)n), seen);
        Assert.Equal(21, await store.Advanced.ProgressAsync("reader"));
        Assert.Equal(21L, await store.ScalarAsync<long>(
            "select last_seq_id from {s}.mt_event_progression where name = 'reader:All'"));
    }

    [Fact]
    public async Task What_a_handler_writes_in_the_pages_transaction_happens_exactly_once()
    {
        await using var store = await database.StoreAsync();
        await store.RunAsync("create table {s}.copied (sequence bigint)");
        var calls = 0;
        await using var subscription = store.Subscribe("copier", async (page, token) =>
        {
            foreach (var next in page.Events)
            {
                await using var insert = new NpgsqlCommand(
                    $"insert into {store.Schema}.copied values ({next.Sequence})", page.Transaction.Connection);
                await insert.ExecuteNonQueryAsync(token);
                if (++calls % 7 == 0) throw new InvalidOperationException("a fault after some of the writes");
            }
        }, options => { Quick(options); options.Attempts = 50; });
        for (var number = 0; number < 20; number++) await store.AppendAsync("a", new OrderPlaced("ann", number));
        await subscription.CatchUpAsync();

        Assert.Equal((20L, 20L), (await store.ScalarAsync<long>("select count(*) from {s}.copied"), await store.ScalarAsync<long>("select count(distinct sequence) from {s}.copied")));
    }

    [Fact]
    public async Task An_event_that_cannot_be_handled_pauses_the_subscription_until_it_is_resumed()
    {
        await using var store = await database.StoreAsync();
        for (var number = 1; number <= 6; number++) await store.AppendAsync("a", new OrderPlaced("ann", number));
        var (seen, broken) = (new List<long>(), true);
        await using var subscription = store.Subscribe("strict", (page, _) =>
        {
            if (broken && page.Events.Any(e => e.Sequence == 4)) throw new InvalidOperationException("no fours");
            seen.AddRange(page.Events.Select(e => e.Sequence));
            return Task.CompletedTask;
        }, Quick);

        await UntilAsync(() => subscription.State == SubscriptionState.Paused);
        Assert.Equal(("no fours", 3L), (subscription.Failure!.Message, subscription.Position));
        broken = false;
        subscription.Resume();
        await subscription.CatchUpAsync();

        Assert.Equal([1, 2, 3, 4, 5, 6], seen);
        Assert.Empty(await store.Advanced.DeadLettersAsync());
    }

    [Fact]
    public async Task A_poisoned_event_becomes_a_dead_letter_and_its_neighbours_pass()
    {
        await using var store = await database.StoreAsync();
        for (var number = 1; number <= 9; number++) await store.AppendAsync("a", new OrderPlaced("ann", number));
        await store.RunAsync("update {s}.mt_events set type = 'unknown' where seq_id = 7");
        var seen = new List<long>();
        await using var subscription = store.Subscribe("lenient", (page, _) =>
        {
            if (page.Events.Any(e => e.Sequence is 2)) throw new InvalidOperationException("poison \0 \ud800");
            seen.AddRange(page.Events.Select(e => e.Sequence));
            return Task.CompletedTask;
        }, options => { Quick(options); options.WhenPoisoned = WhenPoisoned.DeadLetter; });
        await subscription.CatchUpAsync();

        Assert.Equal([1, 3, 4, 5, 6, 8, 9], seen);
        var letters = await store.Advanced.DeadLettersAsync("lenient");
        Assert.Equal([(2, "System.InvalidOperationException"), (7, typeof(UnknownEventTypeException).FullName!)],
            letters.Select(l => (l.EventSequence, l.ExceptionType)));
        Assert.True(await store.Advanced.DeleteDeadLetterAsync(letters[0].Id));
        Assert.False(await store.Advanced.DeleteDeadLetterAsync(letters[0].Id));
        Assert.Single(await store.Advanced.DeadLettersAsync());
    }

    [Fact]
    public async Task Only_the_wanted_types_come_and_the_position_passes_the_others()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderPlaced("ann", 1), new OrderShipped("owl"), new OrderPlaced("bob", 2),
            new OrderShipped("cat"));
        await store.AppendAsync("b", new OrderShipped("late"));
        await store.RunAsync("select {s}.mt_archive_stream('b')");
        var seen = new List<long>();
        await using var subscription = store.Subscribe(
            "filtered", Collect(seen), options => { Quick(options); options.EventTypes = [typeof(OrderShipped)]; });
        await subscription.CatchUpAsync();

        Assert.Equal([2, 4], seen);
        Assert.Equal(5, subscription.Position);
    }

    [Fact]
    public async Task A_subscription_begins_where_it_is_told()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderShipped("1"), new OrderShipped("2"), new OrderShipped("3"));
        var (present, after) = (new List<long>(), new List<long>());
        await using var fromPresent =
            store.Subscribe("present", Collect(present), options => { Quick(options); options.FromPresent = true; });
        await using var fromTwo =
            store.Subscribe("two", Collect(after), options => { Quick(options); options.AfterSequence = 2; });
        await fromPresent.WaitForAsync(3);
        await store.AppendAsync("a", new OrderShipped("4"));
        await fromPresent.CatchUpAsync();
        await fromTwo.CatchUpAsync();

        Assert.Equal([4], present);
        Assert.Equal([3, 4], after);
    }

    [Fact]
    public async Task A_paused_subscription_stands_still_and_goes_on_when_resumed()
    {
        await using var store = await database.StoreAsync();
        var seen = new List<long>();
        await using var subscription = store.Subscribe("pausing", Collect(seen), Quick);
        await store.AppendAsync("a", new OrderShipped("1"));
        await subscription.CatchUpAsync();
        subscription.Pause();
        await UntilAsync(() => subscription.State == SubscriptionState.Paused);
        await store.AppendAsync("a", new OrderShipped("2"));
        Assert.Equal(1, subscription.Position);

        subscription.Resume();
        await subscription.CatchUpAsync();

        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public async Task Of_two_processes_one_leads_and_the_other_takes_over()
    {
        await using var store = await database.StoreAsync();
        await using var other = Database.Orders(database.ConnectionString, store.Schema);
        var (first, second) = (new List<long>(), new List<long>());
        var leader = store.Subscribe("shared", Collect(first), Quick);
        await store.AppendAsync("a", new OrderShipped("1"));
        await leader.CatchUpAsync();
        await using var follower = other.Subscribe("shared", Collect(second), Quick);
        await store.AppendAsync("a", new OrderShipped("2"));
        await leader.CatchUpAsync();
        Assert.Equal(SubscriptionState.Waiting, follower.State);

        await leader.DisposeAsync();
        await store.AppendAsync("a", new OrderShipped("3"));
        await follower.CatchUpAsync();

        Assert.Equal([1, 2], first);
        Assert.Equal([3], second);
    }

    [Fact]
    public async Task No_event_of_a_slow_transaction_is_passed_over()
    {
        await using var store = await database.StoreAsync();
        var seen = new List<long>();
        await using var subscription = store.Subscribe("patient", Collect(seen), Quick);
        await using (var connection = await store.DataSource.OpenConnectionAsync())
        {
            await using var slow = await connection.BeginTransactionAsync();
            await using var session = store.LightweightSession(slow);
            session.Events.StartStream("slow", new OrderShipped("1"), new OrderShipped("2"));
            await session.SaveChangesAsync();
            await store.AppendAsync("quick", new OrderShipped("3"));
            Assert.Equal(0, await store.Advanced.HighWaterMarkAsync());
            await slow.CommitAsync();
        }

        await subscription.CatchUpAsync();
        Assert.Equal([1, 2, 3], seen);
        Assert.Equal(0L, await store.ScalarAsync<long>("select count(*) from {s}.mt_high_water_skips"));
    }

    [Fact]
    public async Task A_hole_that_a_rollback_left_is_passed_and_recorded()
    {
        await using var store = await database.StoreAsync();
        await using (var connection = await store.DataSource.OpenConnectionAsync())
        {
            await using var undone = await connection.BeginTransactionAsync();
            await using var session = store.LightweightSession(undone);
            session.Events.StartStream("undone", new OrderShipped("1"), new OrderShipped("2"));
            await session.SaveChangesAsync();
            await store.AppendAsync("kept", new OrderShipped("3"));
            await undone.RollbackAsync();
        }

        var seen = new List<long>();
        await using var subscription = store.Subscribe("over", Collect(seen), Quick);
        await subscription.CatchUpAsync();

        Assert.Equal([3], seen);
        Assert.Equal(1L, await store.ScalarAsync<long>(
            "select count(*) from {s}.mt_high_water_skips where starting_sequence = 0 and ending_sequence = 2"));
    }

    [Fact]
    public async Task Parallel_writers_events_all_come_exactly_once()
    {
        await using var store = await database.StoreAsync();
        var seen = new ConcurrentQueue<long>();
        await using var subscription = store.Subscribe("all", (page, _) =>
        {
            foreach (var next in page.Events) seen.Enqueue(next.Sequence);
            return Task.CompletedTask;
        }, Quick);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < 15; round++)
            {
                await using var connection = await store.DataSource.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await using var session = store.LightweightSession(transaction);
                session.Events.Append($"w{writer}", new OrderPlaced("x", round), new OrderPlaced("x", round));
                await session.SaveChangesAsync();
                if (round % 5 == 4) await transaction.RollbackAsync();
                else await transaction.CommitAsync();
            }
        })));
        await subscription.CatchUpAsync();

        var stored = (await store.AllAsync()).Select(e => e.Sequence).ToList();
        Assert.Equal(12 * 12 * 2, stored.Count);
        Assert.Equal(stored, seen);
    }

    private static EventPageHandler Collect(List<long> seen) => (page, _) =>
    {
        seen.AddRange(page.Events.Select(e => e.Sequence));
        return Task.CompletedTask;
    };

    private static void Quick(SubscriptionOptions options)
    {
        options.PollInterval = options.Backoff = TimeSpan.FromMilliseconds(5);
        options.BatchSize = 4;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; tries < 6000 && !condition(); tries++) await Task.Delay(5);
        Assert.True(condition());
    }
}
