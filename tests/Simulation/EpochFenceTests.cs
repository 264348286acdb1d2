// P4, epoch fencing, with a batch that is real. Enters: an indexer that leads and does not know that another leadership
// has begun. Leaves: nothing. Always holds: its next batch, full of events, leaves no row, no event, no checkpoint and
// no notification; the one after, under its own new epoch, leaves all of them.
using EventSourced.Indexer;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Tables;
using EventSourced.World;
using Npgsql;

namespace EventSourced.Simulation.Tests;

public sealed class EpochFenceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task P4_a_batch_of_a_deposed_leader_writes_not_one_row_event_or_notification()
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var chain = await WorldChain.FreshAsync(limit.Token, shared: true);
        using var world = await World.World.SettleAsync(chain, new WorldOptions(4), Population.Small, limit.Token);
        await using var database = await IndexedDatabase.CreateAsync();
        var indexer = database.Indexer(chain);
        using var stop = new CancellationTokenSource();
        var running = indexer.RunAsync(stop.Token);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        await using var listener = await ListenAsync(database, limit.Token);
        var heard = 0;
        listener.Notification += (_, _) => heard++;
        var (before, ledger, events) = (await database.DumpAsync(), await database.ProgressAsync(), world.Stage.Events);

        // Another leadership begins, as after a takeover of which the leader has not heard, and holds the lock as soon
        // as it is free.
        await using var successor = await database.Source.OpenConnectionAsync(limit.Token);
        await ProgressTable.BeginEpochAsync(successor, limit.Token);
        var locked = RunAsync(successor, $"select pg_advisory_lock({SharedTables.LeaderLock})", limit.Token);
        foreach (var story in Repertoire.EveryStory(world.Cast, new Random(4)).Take(20)) world.Stage.Add(story);
        await world.Stage.TickAsync(limit.Token);
        Assert.True(world.Stage.Events > events, "expected a block with events, found none");
        await locked;
        while (indexer.Status.Phase != IndexerPhase.Waiting) await Task.Delay(1, limit.Token);

        Assert.Contains("expected to lead in epoch", indexer.Status.Fault, StringComparison.Ordinal);
        IndexedDatabase.AssertEqual(before, await database.DumpAsync());
        Assert.Equal(ledger with { Epoch = ledger.Epoch + 1 }, await database.ProgressAsync());
        // What was notified before this answer is heard before it.
        await RunAsync(listener, "select 1", limit.Token);
        Assert.Equal(0, heard);

        await RunAsync(successor, $"select pg_advisory_unlock({SharedTables.LeaderLock})", limit.Token);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        await RunAsync(listener, "select 1", limit.Token);
        Assert.True(heard > 0, "expected notifications of the new leadership, found none");
        Assert.NotEqual(before["mt_events"], (await database.DumpAsync())["mt_events"]);
        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
    }

    private static async Task<NpgsqlConnection> ListenAsync(IndexedDatabase database, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(cancellation);
        await RunAsync(connection, "listen es_batch", cancellation);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
