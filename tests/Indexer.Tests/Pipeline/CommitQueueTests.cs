// The queue of batches at a stop. A batch that a stop kept from beginning no longer waited for the one before it, so
// the connection was closed and lent to others while that one still wrote on it.
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Fold;
using EventSourced.Indexer.Ingest;
using EventSourced.Tables;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class CommitQueueTests(EconomyChain economy) : IClassFixture<EconomyChain>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_of_a_queue_waits_for_a_batch_that_is_being_written_even_after_a_stop(bool isPast)
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain);
        var connection = await database.Source.OpenConnectionAsync();
        var progress = await ProgressTable.ReadAsync(connection, CancellationToken.None);
        var commit = new BatchCommit(
            database.Source, EconomyStore.Open(database.Source), connection, progress.Epoch,
            new CommitOptions(ChecksForeignKey: false, AppendsToLog: false, Signing: null));
        var written = new List<long>();
        var queue = new CommitQueue(commit, (batch, _) => written.Add(batch.Number));
        await using var holding = await database.Source.OpenConnectionAsync();
        await using var hold = await holding.BeginTransactionAsync();
        await ProgressTable.FenceAsync(holding, progress.Epoch, CancellationToken.None);

        queue.Begin(Of(1), CancellationToken.None);
        await Eventually.TrueAsync(async () => await database.CountAsync(
            "select count(*) from pg_locks where not granted and pid <> pg_backend_pid()") > 0);
        queue.Begin(Of(2), new CancellationToken(canceled: true));
        var ending = queue.DisposeAsync();
        await hold.RollbackAsync();
        await ending;

        Assert.Equal([1], written);

        Batch Of(long number) =>
            new(number) { Tip = ChainLink.Of(progress.Tip!.Value), IsPast = isPast };
    }
}
