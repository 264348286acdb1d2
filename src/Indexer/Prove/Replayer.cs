// Replay: the whole fold again, from the beginning, into tables of its own. Enters: facts from the streams or from a
// node. Leaves: a schema of rows, the state root, and the first stored event that differs from the fold's. Always
// holds: derived events are made anew and compared with the stored ones, never believed. A failed replay leaves nothing
// behind: its rows are one transaction, and if they cannot be indexed they are dropped.
using System.Data;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Integrity;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Segments;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Prove;

/// <summary>Rebuilds everything.</summary>
public sealed class Replayer(NpgsqlDataSource source, BulkStore store, ReplayOptions options)
{
    private readonly ReadModelSchema _schema = new(options.Schema, ReadModels.All);

    /// <summary>Replays the stored chain events.</summary>
    public Task<Replayed> FromStreamsAsync(CancellationToken cancellation) => RunAsync(null, cancellation);

    /// <summary>
    /// Replays the logs of a node, and compares every event with the stored ones. The backfill must read from the same
    /// book.
    /// </summary>
    public Task<Replayed> FromChainAsync(Backfill backfill, ContractBook book, CancellationToken cancellation) =>
        RunAsync((backfill, book), cancellation);

    private async Task<Replayed> RunAsync((Backfill Backfill, ContractBook Book)? chain, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        try
        {
            // Two replays into the same schema take turns. The lock belongs to the connection, and a pool keeps
            // connections open.
            await RunAsync(connection, $"select pg_advisory_lock({Lock})", cancellation).ConfigureAwait(false);
            var replayed = await FoldAsync(connection, chain, cancellation).ConfigureAwait(false);
            if (options.Serves) await IndexAsync(connection, cancellation).ConfigureAwait(false);
            return replayed;
        }
        finally
        {
            await CleanUpAsync(connection, $"select pg_advisory_unlock({Lock})").ConfigureAwait(false);
        }
    }

    private string Lock => $"hashtextextended('{options.Schema}', 0)";

    private string Drop => $"drop schema if exists {options.Schema} cascade";

    private async Task<Replayed> FoldAsync(
        NpgsqlConnection connection, (Backfill Backfill, ContractBook Book)? chain, CancellationToken cancellation)
    {
        var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        var to = options.ToBlock ?? progress.Tip?.Number ?? 0;
        var blocks = await BlockTable.FromAsync(connection, 0, cancellation).ConfigureAwait(false);
        var horizon = await HorizonTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
        var last = Math.Max(horizon.Sequence, blocks.LastOrDefault(block => block.Number <= to).LastSequence);
        using var place = horizon.Sequence > 0 ? FilePlace.Of(ArchiveOf(horizon).Place) : null;
        await using var dropped = place is null
            ? null : DroppedAsync(place, horizon, cancellation).GetAsyncEnumerator(cancellation);
        var stored = new StoredEvents(store, last, dropped, horizon.Sequence);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        var facts = chain is { } node
            ? FromChainAsync(node.Backfill, node.Book, to, cancellation)
            : FromBlocksAsync(blocks.Where(block => block.Number <= to), to, stored, cancellation);
        // The first events are folded while the tables are made.
        var run = new ReplayRun(connection, options, CreateAsync(connection, cancellation));
        var difference = await run.FoldAsync(facts, chain is null ? null : stored, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return new Replayed(to, run.Events, run.StateRoot, difference);
    }

    private TrustedArchive ArchiveOf(Horizon horizon) => options.Archive ?? throw new InvalidOperationException(
        $"expected an archive of the events up to {horizon.Sequence}, which were dropped from this database, found none named; where: --archive");

    private async IAsyncEnumerable<List<ArchivedEvent>> DroppedAsync(
        FilePlace place, Horizon horizon,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var archive = await ArchiveReader.OpenAsync(place, ArchiveOf(horizon).Policy, cancellation)
            .ConfigureAwait(false);
        await foreach (var (_, events) in archive.SegmentsAsync(0, horizon.Sequence, cancellation)
            .ConfigureAwait(false)) yield return events;
    }

    private async Task CreateAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await RunAsync(connection, Drop, cancellation).ConfigureAwait(false);
        await _schema.CreateAsync(connection, cancellation).ConfigureAwait(false);
    }

    private async Task IndexAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await _schema.IndexGrownAsync(connection, source, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await CleanUpAsync(connection, Drop).ConfigureAwait(false);
            throw;
        }
    }

    // A broken connection holds no lock any more, and can run no statement.
    private static Task CleanUpAsync(NpgsqlConnection connection, string statement) =>
        connection.State == ConnectionState.Open
            ? RunAsync(connection, statement, CancellationToken.None) : Task.CompletedTask;

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        // Another replay may hold the lock for its whole run, so there is no timeout.
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<ReplayedBlock> FromBlocksAsync(
        IEnumerable<BlockRow> blocks, ulong to, StoredEvents stored,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        // One pair of lists serves all blocks: the caller is done with a block before the next one is made.
        List<StoredEvent> all = [];
        List<PlacedEvent> facts = [];
        var archived = 0L;
        while (await stored.PeekAsync(cancellation).ConfigureAwait(false) is { BlockHash: { } hash } first)
        {
            // Archived events name their blocks themselves.
            var number = EventIdentity.PlaceOf(first.Id, first.Time).Block;
            if (number > to) yield break;
            all.Clear();
            while (await stored.PeekAsync(cancellation).ConfigureAwait(false) is { BlockHash: not null } next
                && EventIdentity.PlaceOf(next.Id, next.Time).Block == number)
            {
                stored.Take();
                all.Add(next);
            }

            archived = all[^1].Sequence;
            AddFacts(facts, all);
            yield return new ReplayedBlock(new BlockEvents(number, hash, first.Time, facts), all);
        }

        foreach (var block in blocks)
        {
            if (block.LastSequence <= archived) continue;
            all.Clear();
            while (await stored.PeekAsync(cancellation).ConfigureAwait(false) is { } next
                && next.Sequence <= block.LastSequence)
            {
                stored.Take();
                all.Add(next);
            }

            AddFacts(facts, all);
            yield return new ReplayedBlock(new BlockEvents(block.Number, block.Hash, block.Time, facts), all);
        }
    }

    private static void AddFacts(List<PlacedEvent> facts, List<StoredEvent> all)
    {
        facts.Clear();
        foreach (var one in all)
        {
            var place = EventIdentity.PlaceOf(one.Id, one.Time);
            // A log that no catalog knows is a violation by itself; every other derived event follows from its log.
            var isFact = one.Happened is not DerivedEvent
                || (place.Ordinal == 0 && one.Happened is Violations.IntegrityViolated);
            if (isFact) facts.Add(new PlacedEvent(one.Happened, place.LogIndex));
        }
    }

    private static async IAsyncEnumerable<ReplayedBlock> FromChainAsync(
        Backfill backfill, ContractBook book, ulong to,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var decoding = new LogDecoder(book);
        await foreach (var range in backfill.ReadAsync(0, to, cancellation).ConfigureAwait(false))
        {
            using (range)
            {
                foreach (var block in range.Blocks)
                    if (decoding.Decode(
                        range, block) is { Events.Count: > 0 } events) yield return new ReplayedBlock(events, null);
            }
        }
    }
}

/// <summary>A block's facts, with all its stored events if they are known already.</summary>
internal readonly record struct ReplayedBlock(BlockEvents Facts, List<StoredEvent>? Stored);
