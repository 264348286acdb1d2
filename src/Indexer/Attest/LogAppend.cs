// Final events -> the audit log, in the transaction of the batch that makes them final. Enters: the batch, and the
// final block after it. Leaves: the log's head, tiles and bundles in the database. Always holds: the log has each event
// once and at its place, because its size is the sequence of its last event; the log has no event that may still
// change.
using EventSourced.Domain.Events;
using EventSourced.Indexer.Fold;
using EventSourced.MartenBulk;
using EventSourced.Tables;
using EventSourced.Transparency;
using Npgsql;

namespace EventSourced.Indexer.Attest;

/// <summary>Appends the leaves of final events.</summary>
internal sealed class LogAppend(BulkStore store, NpgsqlConnection connection, long epoch)
{
    /// <summary>
    /// The most leaves that one transaction appends, apart from the rest of its last block. The next transaction
    /// appends the others.
    /// </summary>
    internal const int MostLeaves = 100_000;

    private const int MostBlocks = 50_000;
    private const int BytesOfLeaf = 512;

    // Only the leader moves the head, so it reads it once. A commit that fails ends the leadership, and this with it.
    private LogHead? _head;

    /// <summary>
    /// Appends the final events that the log lacks, in the caller's transaction. Answers whether there were any.
    /// </summary>
    internal async Task<bool> AppendAsync(Batch? batch, ulong final, CancellationToken cancellation)
    {
        var head = _head ??= await LogTable.HeadAsync(connection, cancellation).ConfigureAwait(false);
        var first = batch is { Events.Count: > 0 } ? batch.Blocks[^1].LastSequence - batch.Events.Count + 1
            : long.MaxValue;
        // While the past is read, the batch holds everything to append, and its blocks are at hand.
        var isAll = head.Size + 1 == first && batch!.Events.Count <= MostLeaves && batch.Blocks[^1].Number <= final;
        var blocks = isAll
            ? batch!.Blocks
            : await BlockTable.BetweenAsync(connection, head.LastBlock, final, MostBlocks, cancellation)
                .ConfigureAwait(false);
        var count = blocks.FindIndex(block => block.LastSequence - head.Size > MostLeaves);
        if (count >= 0) blocks = blocks[..Math.Max(1, count)];
        if (blocks.Count == 0) return false;
        var last = blocks[^1].LastSequence;
        var leaves = (int)(last - head.Size);
        using var log = new LogBatch(CompactRange.FromBytes(head.Edge), leaves, leaves * BytesOfLeaf);
        await WriteAsync(new LeafWriter(log, blocks), head.Size, first, last, batch, cancellation)
            .ConfigureAwait(false);
        if (log.Size != last)
            throw new InvalidOperationException(
                $"expected a log of {last} leaves up to block {blocks[^1].Number}, found {log.Size}");
        var next = new LogHead(log.Edge().ToBytes(), last, (long)blocks[^1].Number);
        await LogTable.AppendAsync(
            connection, head, next, TilesOf(log), cancellation)
            .ConfigureAwait(false);
        _head = next;
        return true;
    }

    /// <summary>
    /// Appends every final event that the log lacks, in transactions of its own. A database older than the log lacks
    /// all of them.
    /// </summary>
    internal async Task CatchUpAsync(ulong final, CancellationToken cancellation)
    {
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await ProgressTable.FenceAsync(connection, epoch, cancellation).ConfigureAwait(false);
            if (!await AppendAsync(null, final, cancellation).ConfigureAwait(false)) return;
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    // Reads earlier events from the streams, and the events of this transaction from the batch.
    private async Task WriteAsync(
        LeafWriter leaves, long size, long first, long last, Batch? batch, CancellationToken cancellation)
    {
        if (size + 1 < first)
        {
            var options = new ScanOptions { AfterSequence = size, UntilSequence = Math.Min(last, first - 1) };
            await store.ScanAsync(options, Add, cancellation).ConfigureAwait(false);
        }

        for (var sequence = Math.Max(size + 1, first); sequence <= last; sequence++)
            leaves.Add(batch!.Events[(int)(sequence - first)]);
        leaves.Flush();

        void Add(in RawEvent raw) => leaves.Add(
            raw.StreamKeyUtf8, raw.Version, (ChainEvent)raw.Data, raw.Id, (ulong)raw.Timestamp.ToUnixTimeSeconds());
    }

    /// <summary>The new tiles and bundles, in their stored form.</summary>
    internal static IEnumerable<LogTile> TilesOf(LogBatch log) =>
        log.Tiles().Concat(log.Bundles()).Select(growth => new LogTile(
            growth.Tile.Level, growth.Tile.Index, growth.Tile.Width, growth.WidthBefore, growth.Added));
}
