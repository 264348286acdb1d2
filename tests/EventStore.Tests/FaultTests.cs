// Backends are killed between any two writes. Afterwards the streams must be exactly what was acknowledged: nothing
// lost,
// doubled or reordered, and whatever was not acknowledged is there whole or not at all.
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.EventStore.Tests;

public sealed class FaultTests(Database database) : IClassFixture<Database>
{
    private const int Rounds = 40;

    public static TheoryData<string> Tables => ["mt_streams", "mt_events", "es_snapshots"];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_backend_killed_between_two_writes_leaves_nothing_behind(string table)
    {
        await using var store = await database.StoreAsync(SnapshotLifecycle.Inline);
        await store.AppendAsync("a", new OrderPlaced("ann", 1));
        // The server kills itself in the middle of the statement, after the rows of this table were written.
        await store.RunAsync($$"""
            create function {s}.die() returns trigger language plpgsql as $$
                begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create trigger die after insert or update on {s}.{{table}} for each statement execute function {s}.die();
            """);
        await using (var session = store.LightweightSession())
        {
            session.Events.Append("a", new ItemAdded("tea", 1, 1));
            session.Events.StartStream("b", new OrderPlaced("bob", 2));
            var fault = await Assert.ThrowsAnyAsync<NpgsqlException>(() => session.SaveChangesAsync());
            Assert.True(fault.IsTransient);
            await store.RunAsync($"drop trigger die on {{s}}.{table}");
            Assert.Single(await store.AllAsync());

            await session.SaveChangesAsync();
        }

        Assert.Equal([("a", 1), ("a", 2), ("b", 1)], (await store.AllAsync()).Select(e => (e.StreamKey, e.Version)));
        await using var reading = store.LightweightSession();
        Assert.Equal(1, (await reading.Events.LoadDocumentAsync<Order>("a"))!.Items);
    }

    [Fact]
    public async Task A_subscription_survives_the_death_of_its_backend()
    {
        await using var store = await database.StoreAsync();
        var seen = new List<long>();
        await using var subscription = store.Subscribe("survivor", (page, _) =>
        {
            lock (seen) seen.AddRange(page.Events.Select(e => e.Sequence));
            return Task.CompletedTask;
        }, options => options.PollInterval = options.Backoff = TimeSpan.FromMilliseconds(5));
        for (var round = 1; round <= 5; round++)
        {
            await store.AppendAsync("a", new OrderShipped("x"));
            await subscription.CatchUpAsync();
            await KillAsync();
            store.DataSource.Clear();
        }

        await store.AppendAsync("a", new OrderShipped("x"));
        await subscription.CatchUpAsync();
        Assert.Equal([1, 2, 3, 4, 5, 6], seen.Distinct());
    }

    [Fact]
    public async Task Writers_under_random_kills_lose_double_and_reorder_nothing() =>
        await Seed.RunAsync(async random =>
    {
        await using var store = await database.StoreAsync(SnapshotLifecycle.Inline);
        await using var running = store.Advanced.RunProjection<CustomerOrders>(
            options => options.PollInterval = options.Backoff = TimeSpan.FromMilliseconds(5));
        using var done = new CancellationTokenSource();
        var killer = Task.Run(async () =>
        {
            var kills = 0;
            for (; !done.IsCancellationRequested && kills < 1000; kills++)
            {
                await Task.Delay(random.Next(20, 120));
                await KillAsync();
            }

            return kills;
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() => WriteAsync(store, $"w{writer}"))));
        await done.CancelAsync();
        Assert.True(await killer > 0);
        // Connections that died in the pool would say so only when they are used.
        store.DataSource.Clear();
        await running.CatchUpAsync();

        var events = await store.AllAsync();
        Assert.Equal(4 * 2 * Rounds, events.Count);
        await using var reading = store.LightweightSession();
        foreach (var writer in Enumerable.Range(0, 4).Select(writer => $"w{writer}"))
        {
            Assert.Equal(
                Enumerable.Range(0, Rounds).Select(number => (number + 1L, number)),
                events.Where(e => e.StreamKey == writer).Select(e => (e.Version, Number(e))));
            Assert.Equal(Rounds - 1, (await reading.Events.LoadDocumentAsync<Order>(writer))!.Items);
            Assert.Equal(Rounds + 1, (await reading.Events.LoadDocumentAsync<CustomerOrders>(writer))!.Placed);
        }
    });

    private static int Number(Event e) => e.Data is ItemAdded added ? (int)added.PriceWei : 0;

    // A writer that was told nothing looks for its event before it writes again.
    private static async Task WriteAsync(Store store, string stream)
    {
        for (var number = 0; number < Rounds; number++)
        {
            for (var attempt = 0; ; attempt++)
            {
                Assert.True(attempt < 500, $"{stream}: expected event {number} to be written within 500 attempts");
                try
                {
                    await using var session = store.LightweightSession();
                    if ((await session.Events.FetchStreamAsync(stream, fromVersion: number + 1)).Count > 0) break;
                    session.Events.Append(
                        stream,
                        ExpectedVersion.Of(number),
                        number == 0 ? new OrderPlaced(stream, 0) : new ItemAdded("tea", 1, number));
                    session.Events.StartStream($"{stream}-{number}", new OrderPlaced(stream, number));
                    await session.SaveChangesAsync();
                    break;
                }
                catch (NpgsqlException fault) when (fault.IsTransient)
                {
                    await Task.Delay(5);
                }
            }
        }
    }

    private async Task KillAsync()
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity
             where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'
             order by random() limit 2) as chosen
            """,
            connection);
        await command.ExecuteScalarAsync();
    }
}
