// The indexer: chain -> streams -> read models, for ever. Enters: a node, a database, a deployment. Leaves: every event
// in its stream and every row, up to the tip, in one transaction a batch. Always holds: one indexer leads; while one
// batch is written, the next is folded; a reorg takes everything back to the common block before anything new is
// written; a change below the finalized block stops the indexer.
using EventSourced.Ethereum.Rpc;
using EventSourced.MartenBulk;
using EventSourced.Indexer.Archive;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Segments;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer;

/// <summary>Indexes one deployment into one database.</summary>
public sealed class ChainIndexer(
    Deployment deployment,
    EthereumClient client,
    NpgsqlDataSource source,
    IndexerOptions options,
    HeadSource? heads = null)
{
    /// <summary>The status of the indexer.</summary>
    public IndexerStatus Status { get; } = new();

    /// <summary>Runs until cancelled. It survives transient faults and throws all others.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var pause = options.FirstPause;
        while (true)
        {
            try
            {
                await LeadAsync(() => pause = options.FirstPause, cancellation).ConfigureAwait(false);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested && IsTransient(fault))
            {
                (Status.Phase, Status.Fault) = (IndexerPhase.Retrying, fault.Message);
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
                pause = pause * 2 < options.MostPause ? pause * 2 : options.MostPause;
            }
            catch (Exception fault) when (cancellation.IsCancellationRequested && IsOfStop(fault))
            {
                throw new OperationCanceledException("stopped in the middle of its work", fault, cancellation);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                (Status.Phase, Status.Fault) = (IndexerPhase.Stopped, fault.Message);
                throw;
            }
        }
    }

    // Transient: a broken connection, a database that restarts, a node that does not answer, a leader that was too
    // slow. Npgsql 10.0.0 hands out a disposed connection if the network to the database breaks while encryption is
    // negotiated; the next connection is whole.
    private static bool IsTransient(Exception fault) => fault
        is NpgsqlException { IsTransient: true } or RpcException { IsTransient: true } or LeadershipLostException
            or IOException
        or ObjectDisposedException
        or PostgresException { SqlState: ['5', '7' or '3', ..] or ['0', '8', ..] or ['4', '0', ..] }
        or NpgsqlException { InnerException: IOException or TimeoutException };

    // Npgsql wraps a stop in the middle of a long write.
    private static bool IsOfStop(Exception fault) =>
        IsTransient(fault) || fault is NpgsqlException { InnerException: OperationCanceledException };

    private async Task LeadAsync(Action advanced, CancellationToken cancellation)
    {
        var store = EconomyStore.Open(source);
        var book = await Genesis.ReadAsync(deployment, client, options.Ingestion, cancellation).ConfigureAwait(false);
        await PrepareAsync(book.Identity, cancellation).ConfigureAwait(false);
        await using var leadership = await Leadership.AcquireAsync(
            source, options.LeadershipPoll, () =>
                Status.Phase = IndexerPhase.Waiting, cancellation).ConfigureAwait(false);
        Status.Phase = IndexerPhase.Starting;
        await DiscardAheadAsync(store, leadership.Epoch, cancellation).ConfigureAwait(false);
        await ServingModels.EnsureAsync(source, store, leadership.Epoch, Status, options.Archive, cancellation)
            .ConfigureAwait(false);
        await LoadAsync(book.Identity, store, leadership.Epoch, cancellation).ConfigureAwait(false);
        var run = await LeaderRun.StartAsync(
            source, store, leadership.Epoch, options, Status, ReadModelSchema.Serving,
            cancellation).ConfigureAwait(false);
        await using var running = run.ConfigureAwait(false);
        await run.ForgetForeignTailAsync(client, cancellation).ConfigureAwait(false);
        await LearnStoredAsync(book, run.Finalized, cancellation).ConfigureAwait(false);
        // A head that the node announced before a fault may lie on an abandoned branch.
        Status.ChainHead = run.Tip?.Number ?? 0;
        var decoding = new LogDecoder(book);
        var ingestion = new ChainIngestion(client, options.Ingestion with { Source = book }, heads);
        await foreach (var update in ingestion.RunAsync(run.Finalized, cancellation).ConfigureAwait(false))
        {
            await TakeAsync(run, decoding, update, cancellation).ConfigureAwait(false);
            advanced();
        }
    }

    // Only an empty database begins with the snapshot.
    private async Task LoadAsync(string identity, BulkStore store, long epoch, CancellationToken cancellation)
    {
        if (options.Checkpoint is not { } checkpoint) return;
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        if ((await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false)).Tip is not null) return;
        Status.Phase = IndexerPhase.Loading;
        using var place = FilePlace.Of(checkpoint.Place);
        var archive = await ArchiveReader.OpenAsync(place, checkpoint.Policy, cancellation).ConfigureAwait(false);
        await new SnapshotLoad(store, connection, epoch, archive)
            .RunAsync(identity, client, share => Status.RebuildShare = share, cancellation).ConfigureAwait(false);
        Status.RebuildShare = null;
    }

    // The chain is read again behind the checkpoint, so only registrations up to it come from the database.
    private async Task LearnStoredAsync(ContractBook book, ChainLink? checkpoint, CancellationToken cancellation)
    {
        if (checkpoint is not { } final) return;
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        foreach (var (block, happened) in
            await RegistrationEvents.BehindAsync(connection, book.GenesisBlock, cancellation).ConfigureAwait(false))
            if (block <= final.Number && ContractBook.Of(block, happened) is { } one) book.Learn(one);
    }

    // Discards events whose rows were never committed, because the previous leader ended in between. This comes before
    // everything that reads or loads events.
    private async Task DiscardAheadAsync(BulkStore store, long epoch, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (await store.DiscardTailAsync(transaction, progress.LastSequence, cancellation).ConfigureAwait(false))
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task PrepareAsync(string identity, CancellationToken cancellation)
    {
        await EconomyStore.EnsureAsync(source, cancellation).ConfigureAwait(false);
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await SharedTables.EnsureAsync(connection, identity, cancellation).ConfigureAwait(false);
        var found = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        if (found.Deployment != identity)
            throw new InvalidOperationException(
                $"expected a database of deployment {identity}, found one of {found.Deployment}; "
                + "index another deployment into another database");
    }

    private async Task TakeAsync(LeaderRun run, LogDecoder decoding, ChainUpdate update, CancellationToken cancellation)
    {
        switch (update)
        {
            case ChainUpdate.Past { Range: var range }:
                using (range) await FoldAsync(run, decoding, range, cancellation).ConfigureAwait(false);
                Status.Phase = IndexerPhase.CatchingUp;
                await run.WriteIfFullAsync(range.To, client, cancellation).ConfigureAwait(false);
                break;
            case ChainUpdate.Applied { Block: var block, Logs: var logs, IsFollowed: var isFollowed }:
                using (logs) await FoldAsync(run, decoding, logs, cancellation).ConfigureAwait(false);
                await run.WriteTipAsync(block, isFollowed, cancellation).ConfigureAwait(false);
                Status.Phase = isFollowed ? IndexerPhase.CatchingUp : IndexerPhase.Live;
                break;
            case ChainUpdate.Reverted { Ancestor: var ancestor, Head: var head }:
                // The known head falls only here: the abandoned branch may have been the longer one.
                Status.ChainHead = head;
                await run.CutAsync(ancestor, "reorg", cancellation).ConfigureAwait(false);
                Status.Reorgs++;
                break;
            case ChainUpdate.Finalized { Block: var block }:
                await run.FinalizeAsync(block, cancellation).ConfigureAwait(false);
                break;
            case ChainUpdate.Reached:
                await run.ReachAsync(cancellation).ConfigureAwait(false);
                Status.Phase = IndexerPhase.Live;
                break;
        }
    }

    private async Task FoldAsync(LeaderRun run, LogDecoder decoding, RangeLogs range, CancellationToken cancellation)
    {
        Status.ChainHead = Math.Max(Status.ChainHead, range.To);
        List<BlockEvents> blocks = [];
        foreach (var block in range.Blocks)
            if (decoding.Decode(range, block) is { Events.Count: > 0 } events) blocks.Add(events);
        await run.FoldAsync(blocks, range.To, cancellation).ConfigureAwait(false);
    }
}
