// One leadership's work on the database, top-down: fold blocks, hand full batches over to be committed, make the state
// root, cut. Enters: blocks and the chain's updates about them. Leaves: events, rows and progress. Always holds: at
// most two batches are being written while the next one is folded; a cut waits until everything is written and hashed.
using EventSourced.Ethereum.Rpc;
using EventSourced.MartenBulk;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Fold;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer;

/// <summary>The state of one leadership.</summary>
internal sealed class LeaderRun : IAsyncDisposable
{
    /// <summary>The most blocks of the tail that wait for the blocks behind them, to be written together.</summary>
    internal const int MostWaitingBlocks = 64;

    private readonly NpgsqlDataSource _source;
    private readonly BulkStore _store;
    private readonly IndexerOptions _options;
    private readonly IndexerStatus _status;
    private readonly long _epoch;
    private readonly Quarantine _quarantine = new();
    private readonly IReadOnlyList<StateTable> _tables;
    private readonly BatchCommit _commit;
    private readonly CommitQueue _commits;
    private readonly RootKeeper _root;
    private readonly FirstLoad _firstLoad;
    private readonly StoredTail _stored = new();
    private ChainFold _fold;
    private long _rootAt;
    private bool _lacksRoot;
    private int _waiting;

    // The first batches are small, so that the database soon has work.
    private long _firstBatch = 2_000;

    private LeaderRun(
        NpgsqlDataSource source, BulkStore store, long epoch, IndexerOptions options, IndexerStatus status,
        string schema, NpgsqlConnection connection, Progress progress)
    {
        (_source, _store, _epoch, _options, _status) = (source, store, epoch, options, status);
        _tables = StateTable.All(schema, _quarantine);
        _commits = new CommitQueue(_commit = Committing(source, store, connection, epoch, options), Written);
        _root = new RootKeeper(_tables);
        _firstLoad = new FirstLoad(source, store, epoch, schema, busy => status.IsIndexing = busy);
        _fold = new ChainFold(_tables, _quarantine, LoadAsync, progress.LastSequence);
        (Tip, Finalized) = (Of(progress.Tip), Of(progress.Finalized));
        _lacksRoot = progress is { Tip: not null, StateRoot: null };

        static ChainLink? Of(BlockLink? stored) => stored is { } link ? ChainLink.Of(link) : null;
    }

    /// <summary>The newest block in the database.</summary>
    internal ChainLink? Tip { get; private set; }

    /// <summary>The newest block that never changes.</summary>
    internal ChainLink? Finalized { get; private set; }

    /// <summary>Opens the leadership on the content of the database.</summary>
    internal static async Task<LeaderRun> StartAsync(
        NpgsqlDataSource source, BulkStore store, long epoch, IndexerOptions options, IndexerStatus status,
        string schema, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        IAsyncDisposable opened = connection;
        try
        {
            var progress = await ProgressTable.ReadAsync(connection, cancellation).ConfigureAwait(false);
            var run = new LeaderRun(source, store, epoch, options, status, schema, connection, progress);
            opened = run;
            await run.OpenAsync(connection, schema, cancellation).ConfigureAwait(false);
            return run;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes everything back to the finalized block, if the stored tail differs from the node's.</summary>
    internal async Task ForgetForeignTailAsync(EthereumClient client, CancellationToken cancellation)
    {
        if (Tip is not { } tip || Finalized is not { } final || tip == final) return;
        var below = await client.GetHeaderAsync(final.Number, cancellation).ConfigureAwait(false);
        // A lagging node does not have this block yet, which is no reorg.
        if (below is null) throw new IOException(
            $"expected the finalized {final} from the node, found no block of that number yet");
        if (below.Hash != final.Hash) throw new ReorgBelowFinalityException(final, $"{ChainLink.Of(below)}");
        var header = await client.GetHeaderAsync(tip.Number, cancellation).ConfigureAwait(false);
        if (header?.Hash == tip.Hash)
        {
            await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            _stored.Expect(
                await BlockTable.FromAsync(connection, final.Number + 1, cancellation).ConfigureAwait(false));
        }
        else
        {
            await CutAsync(final, "reorg while the indexer was down", cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Folds blocks in order. Blocks that the database already has are compared and skipped.</summary>
    internal async Task FoldAsync(IReadOnlyList<BlockEvents> blocks, ulong to, CancellationToken cancellation)
    {
        var first = _stored.Match(blocks, to);
        foreach (var block in blocks.Skip(first)) _fold.Expect(block.Number, block.Time, block.Events);
        await _fold.LoadAsync(cancellation).ConfigureAwait(false);
        foreach (var block in blocks.Skip(first))
            await _fold.FoldAsync(
                block.Number, block.Hash, block.Time, block.Events, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes the batch when it is large enough, with the last block that was read of the past. An indexer that starts
    /// again goes on there.
    /// </summary>
    internal async Task WriteIfFullAsync(ulong to, EthereumClient client, CancellationToken cancellation)
    {
        if (_fold.Batch.Events.Count < Math.Min(_firstBatch, _options.BatchEvents)) return;
        // If the node does not name this block now, it will name the last block of a later range.
        if (await client.GetHeaderAsync(to, cancellation).ConfigureAwait(false) is not { } header) return;
        _fold.Batch.Tip = _fold.Batch.Finalized = Finalized = _status.Finalized = ChainLink.Of(header);
        _fold.Batch.IsPast = true;
        _firstBatch = Math.Min(2L * _firstBatch, int.MaxValue);
        var withRoot = _root.IsIdle && _fold.LastSequence - _rootAt >= _options.RootEvery;
        await HandOverAsync(withRoot, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes the newest block. A followed block waits for the blocks behind it, up to the size of a batch.
    /// </summary>
    internal async Task WriteTipAsync(ChainLink block, bool isFollowed, CancellationToken cancellation)
    {
        await _firstLoad.IndexAsync().ConfigureAwait(false);
        if (Tip is { } tip && block.Number <= tip.Number) return;
        _fold.Batch.Tip = block;
        if (isFollowed && ++_waiting < MostWaitingBlocks && _fold.Batch.Events.Count < _options.BatchEvents) return;
        await WriteAllAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Records the finalized block. At the end of the past everything is written now, with the root that a full batch
    /// went without; at the tip the next block brings it along.
    /// </summary>
    internal async Task FinalizeAsync(ChainLink block, CancellationToken cancellation)
    {
        await _firstLoad.IndexAsync().ConfigureAwait(false);
        _fold.Batch.Finalized = block;
        (Finalized, _status.Finalized) = (block, block);
        if ((_fold.Batch.Tip ?? Tip) is { } tip
            && (tip.Number > block.Number || (tip.Number == block.Number && !_lacksRoot))) return;
        _fold.Batch.Tip = block;
        await HandOverAsync(true, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes what is left of the past, where no newer block is there to bring it along.</summary>
    internal async Task ReachAsync(CancellationToken cancellation)
    {
        await _firstLoad.IndexAsync().ConfigureAwait(false);
        await WriteAllAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes everything back to a block.</summary>
    internal async Task CutAsync(ChainLink ancestor, string reason, CancellationToken cancellation)
    {
        await WriteAllAsync(cancellation).ConfigureAwait(false);
        await _root.IdleAsync().ConfigureAwait(false);
        _root.Show();
        await using (var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await ProgressTable.FenceAsync(connection, _epoch, cancellation).ConfigureAwait(false);
            var last = await BlockTable.LastSequenceAsync(
                connection, ancestor.Number, cancellation).ConfigureAwait(false);
            await _store.TruncateTailAsync(transaction, last, reason, true, cancellation).ConfigureAwait(false);
            await new TableCut(
                connection, ancestor.Number, cancellation).CutAsync(_tables, _quarantine).ConfigureAwait(false);
            var root = _root.Compute();
            await LogTable.CutRootsAsync(connection, last, cancellation).ConfigureAwait(false);
            await using var moves = new NpgsqlBatch(connection);
            LogTable.KeepRoot(moves, last, root);
            ProgressTable.Move(moves, ancestor.Stored, last, root);
            await moves.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            if (Tip is { } left)
                await ReorgTable.RecordAsync(
                    connection, left.Stored, ancestor.Stored, last, reason, cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            _fold = _fold.After(last);
            _lacksRoot = false;
        }

        _stored.Clear();
        _status.Violations = _quarantine.Count;
        (Tip, _status.Tip) = (ancestor, ancestor);
    }

    public async ValueTask DisposeAsync()
    {
        await _firstLoad.DisposeAsync().ConfigureAwait(false);
        await _root.DisposeAsync().ConfigureAwait(false);
        await _commits.DisposeAsync().ConfigureAwait(false);
        _fold.Batch.Dispose();
        foreach (var table in _tables) table.ReturnBuffers();
    }

    private static BatchCommit Committing(
        NpgsqlDataSource source, BulkStore store, NpgsqlConnection connection, long epoch, IndexerOptions options) =>
        new(source, store, connection, epoch,
            new CommitOptions(options.CheckForeignKey, options.AppendsToLog, options.LogSigning));

    private async Task LoadAsync(IEnumerable<StateTable> wanting, long batch, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await new RowLoading(connection, batch, cancellation).LoadAsync(wanting).ConfigureAwait(false);
    }

    private async Task WriteAllAsync(CancellationToken cancellation)
    {
        if (!_fold.Batch.IsEmpty) await HandOverAsync(true, cancellation).ConfigureAwait(false);
        await _commits.IdleAsync().ConfigureAwait(false);
    }

    private async Task HandOverAsync(bool withRoot, CancellationToken cancellation)
    {
        await (_fold.Batch.IsPast ? _commits.RoomAsync() : _commits.IdleAsync()).ConfigureAwait(false);
        if (withRoot) await _root.IdleAsync().ConfigureAwait(false);
        _waiting = 0;
        var batch = _fold.Take(true);
        if (withRoot) (batch.StateRoot, _rootAt) = (_root.Compute(), _fold.LastSequence);
        _lacksRoot = !withRoot;
        batch.Tip ??= batch.Blocks is [.., var last]
            ? ChainLink.Of(new BlockLink(last.Number, last.Hash, default, (ulong)last.Time.Seconds))
            : null;
        if (batch.Tip is { } tip) Tip = tip;
        _firstLoad.Grew(batch.AddedBytes);
        _fold.Evict(_options.CachedThings);
        _status.Cached = _tables.Sum(table => table.Cached);
        _status.Violations = _quarantine.Count;
        _commits.Begin(batch, cancellation);
    }

    private void Written(Batch batch, TimeSpan took)
    {
        _status.LastWrite = took;
        _status.Batches++;
        _status.Events += batch.Events.Count;
        if (batch.Blocks is [.., var last]) _status.LastSequence = last.LastSequence;
        if (batch.Tip is { } tip) _status.Tip = tip;
    }

    private async Task OpenAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        _quarantine.Reset(
            await ServingSchemas.QuarantinedAsync(connection, schema, cancellation).ConfigureAwait(false));
        _status.Violations = _quarantine.Count;
        var opening = new TableOpening(connection, cancellation);
        foreach (var table in _tables) await table.Accept(opening).ConfigureAwait(false);
        (_status.Tip, _status.Finalized, _status.LastSequence) = (Tip, Finalized, _fold.LastSequence);
        if (Tip is null) await _firstLoad.BeginAsync(connection, cancellation).ConfigureAwait(false);
        else await _root.BeginAsync(_source, cancellation).ConfigureAwait(false);
        if (Finalized is { } final) await _commit.CatchUpAsync(final.Number, cancellation).ConfigureAwait(false);
    }
}
