// A backend is killed between any two writes of a bulk append. Afterwards nothing of it is there, and the same append
// succeeds.
using Npgsql;

namespace EventSourced.MartenBulk.Tests;

public sealed class FaultTests(Database database) : IClassFixture<Database>
{
    public static TheoryData<string> Tables => ["mt_streams", "mt_events"];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task A_backend_killed_between_two_writes_leaves_nothing_behind(string table)
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderPlaced("ann", 1));
        // The server kills itself in the middle of the statement, after the rows of this table were written.
        await store.RunAsync($$"""
            create function {s}.die() returns trigger language plpgsql as $$
                begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create trigger die after insert or update on {s}.{{table}} for each statement execute function {s}.die();
            """);
        var fault = await Assert.ThrowsAnyAsync<NpgsqlException>(() => AppendAsync(store));
        Assert.True(fault.IsTransient);
        await store.RunAsync($"drop trigger die on {{s}}.{table}");
        Assert.Single(await store.AllAsync());

        await AppendAsync(store);

        Assert.Equal([("a", 1), ("a", 2), ("b", 1)], (await store.AllAsync()).Select(e => (e.StreamKey, e.Version)));
    }

    private static Task AppendAsync(OrderStore store) =>
        store.InTransactionAsync(new BulkOptions { SoleWriter = true }, async (bulk, transaction) =>
    {
        var time = DateTimeOffset.UnixEpoch;
        bulk.Append(BulkAppend.ContinueStream("a", 1), new OrderShipped("owl"), Guid.NewGuid(), time);
        bulk.Append(BulkAppend.StartStream("b"), new OrderPlaced("bob", 2), Guid.NewGuid(), time);
        await bulk.FlushAsync();
        await transaction.CommitAsync();
    });
}
