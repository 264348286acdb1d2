// Events of the past are committed beside their rows, and before them. Whoever ends in between leaves events that no
// row knows of.
using EventSourced.Testing;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class AheadTests(EconomyChain economy) : IClassFixture<EconomyChain>
{
    private static readonly IndexerOptions Small = IndexedDatabase.Options with { BatchEvents = 200 };

    private const string Ahead =
        "select coalesce((select max(seq_id) from mt_events), 0) - last_sequence from es_indexer";

    [Fact]
    public async Task Events_that_were_committed_without_their_rows_are_discarded_by_the_next_leader()
    {
        await using var expected = await IndexedDatabase.OfAsync(economy.Chain, Small);
        await using var database = await IndexedDatabase.CreateAsync();
        await EndBetweenEventsAndRowsAsync(database);
        Assert.InRange(await database.CountAsync(Ahead), 200, long.MaxValue);

        await database.IndexAsync(economy.Chain, Small);
        Assert.Equal(0, await database.CountAsync(Ahead));
        Assert.Equal(0, await database.CountAsync("select count(*) from es_orphaned_events"));
        IndexedDatabase.AssertEqual(await expected.DumpAsync(), await database.DumpAsync());
    }

    // The rows' transaction waits for a lock of the test, the events' does not; then the indexer ends.
    private async Task EndBetweenEventsAndRowsAsync(IndexedDatabase database)
    {
        var indexer = database.Indexer(economy.Chain, Small);
        using var stop = new CancellationTokenSource();
        var running = indexer.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => indexer.Status.Batches > 0, () => indexer.Status, running);
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var hold = new Npgsql.NpgsqlCommand("lock table es_block in share mode", connection, transaction);
        await hold.ExecuteNonQueryAsync();
        await Eventually.TrueAsync(
            async () => await database.CountAsync(Ahead) > 0, () => indexer.Status, running);
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await transaction.RollbackAsync();
    }
}
