// One leadership's work on the database: folds blocks, hands full batches to the writer, cuts. Always holds: at most one batch is being
// written while the next one is folded; nothing is folded on top of a batch that failed.
using System.Data;
using System.Diagnostics;
using EventSourced.Domain;
using EventSourced.Ethereum.Rpc;
using EventSourced.MartenBulk;
using EventSourced.Indexer.Ingestion;
using EventSourced.Projections;
using Npgsql;

namespace EventSourced.Indexer.Pipeline;

/// <summary>The state of one leadership.</summary>
internal sealed class LeaderRun : IAsyncDisposable
{
    /// <summary>How many blocks of the tail wait at most for those behind them, to be written together.</summary>
    internal const int MostWaitingBlocks = 64;

    private readonly NpgsqlDataSource _source;
    private readonly BulkStore _store;
    private readonly IndexerOptions _options;
    private readonly IndexerStatus _status;
    private readonly long _epoch;
    private readonly HashSet<string> _quarantined = [];
    private readonly ReadModelSchema _schema;
    private readonly List<Table> _tables;
    private readonly BatchWriter _writer;
    private readonly Queue<BlockRow> _known = new();
    private ChainFold _fold;
    private Task _writing = Task.CompletedTask;
    private Task _hashing = Task.CompletedTask;
    private long _rootAt;
    private int _waiting;

    // The first batches are small, so that the database does not wait long for something to do.
    private long _firstBatch = 2_000;

    // What tables grew by since the last look at which of them are worth an index.
    private long _grown = ReadModelSchema.WorthIndexing;

    private LeaderRun(
        NpgsqlDataSource source, BulkStore store, long epoch, IndexerOptions options, IndexerStatus status, string schema,
        NpgsqlConnection connection, LedgerState ledger)
    {
        (_source, _store, _epoch, _options, _status) = (source, store, epoch, options, status);
        (_schema, _tables) = (new ReadModelSchema(schema, ReadModels.All), Tables(schema));
        _writer = new BatchWriter(store, connection, epoch, options.CheckForeignKey);
        _fold = new ChainFold(_tables, LoadAsync, ledger.LastSequence);
        (Tip, Finalized) = (ledger.Tip, ledger.Finalized);
    }

    /// <summary>The newest block in the database.</summary>
    internal ChainLink? Tip { get; private set; }

    /// <summary>The newest block that never changes.</summary>
    internal ChainLink? Finalized { get; private set; }

    /// <summary>Opens what the database holds.</summary>
    internal static async Task<LeaderRun> StartAsync(
        NpgsqlDataSource source, BulkStore store, long epoch, IndexerOptions options, IndexerStatus status, string schema,
        CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        var ledger = await Ledger.ReadAsync(connection, cancellation).ConfigureAwait(false);
        var run = new LeaderRun(source, store, epoch, options, status, schema, connection, ledger);
        await run.OpenAsync(connection, cancellation).ConfigureAwait(false);
        return run;
    }

    /// <summary>Every read model's table.</summary>
    internal static List<Table> Tables(string schema) => [.. ReadModels.All.Select(model => model.Accept(new TableMaker(schema)))];

    /// <summary>Where the stored tail is not the node's, takes everything back to what is final.</summary>
    internal async Task ForgetForeignTailAsync(EthereumClient client, CancellationToken cancellation)
    {
        if (Tip is not { } tip || Finalized is not { } final || tip == final) return;
        var below = await client.GetHeaderAsync(final.Number, cancellation).ConfigureAwait(false);
        // A node that lags has no such block yet: that is no reorg.
        if (below is null) throw new IOException($"expected the finalized {final} from the node, found no block of that number yet");
        if (below.Hash != final.Hash) throw new ReorgBelowFinalityException(final, $"{ChainLink.Of(below)}");
        var header = await client.GetHeaderAsync(tip.Number, cancellation).ConfigureAwait(false);
        if (header?.Hash == tip.Hash)
        {
            await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            foreach (var block in await Ledger.BlocksFromAsync(connection, final.Number + 1, cancellation).ConfigureAwait(false))
                _known.Enqueue(block);
        }
        else
        {
            await CutAsync(final, "reorg while the indexer was down", cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Folds blocks in order; those that are in the database already are compared and passed by.</summary>
    internal async Task FoldAsync(IReadOnlyList<BlockEvents> blocks, ulong to, CancellationToken cancellation)
    {
        var first = 0;
        for (; first < blocks.Count && _known.TryPeek(out var known); first++)
        {
            if (known.Number != blocks[first].Number || known.Hash != blocks[first].Hash)
                throw new TailChangedException(known.Number, blocks[first].Number);
            _known.Dequeue();
        }

        if (_known.TryPeek(out var left) && left.Number <= to) throw new TailChangedException(left.Number, to);
        foreach (var block in blocks.Skip(first)) _fold.Expect(block.Number, block.Time, block.Events);
        await _fold.LoadAsync(cancellation).ConfigureAwait(false);
        foreach (var block in blocks.Skip(first))
            await _fold.FoldAsync(block.Number, block.Hash, block.Time, block.Events, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Writes the batch when it is large enough, with the block that the past is read to: an indexer that starts again goes on there.
    /// </summary>
    internal async Task WriteIfFullAsync(ulong to, EthereumClient client, CancellationToken cancellation)
    {
        if (_fold.Batch.Events.Count < Math.Min(_firstBatch, _options.BatchEvents)) return;
        // A node that does not name the block now will name the next range's.
        if (await client.GetHeaderAsync(to, cancellation).ConfigureAwait(false) is not { } header) return;
        _fold.Batch.Tip = _fold.Batch.Finalized = Finalized = _status.Finalized = ChainLink.Of(header);
        _firstBatch = Math.Min(2L * _firstBatch, int.MaxValue);
        var withRoot = _hashing.IsCompleted && _fold.LastSequence - _rootAt >= _options.RootEvery;
        await HandOverAsync(withRoot, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes the newest block; one that is followed waits for those behind it, as far as a batch goes.</summary>
    internal async Task WriteTipAsync(ChainLink block, bool isFollowed, CancellationToken cancellation)
    {
        await IndexAsync(cancellation).ConfigureAwait(false);
        if (Tip is { } tip && block.Number <= tip.Number) return;
        _fold.Batch.Tip = block;
        if (isFollowed && ++_waiting < MostWaitingBlocks && _fold.Batch.Events.Count < _options.BatchEvents) return;
        await WriteAllAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>What is final from now on; at the end of the past everything is written, at the tip the next block tells.</summary>
    internal async Task FinalizeAsync(ChainLink block, CancellationToken cancellation)
    {
        await IndexAsync(cancellation).ConfigureAwait(false);
        _fold.Batch.Finalized = block;
        (Finalized, _status.Finalized) = (block, block);
        if ((_fold.Batch.Tip ?? Tip) is { } tip && tip.Number >= block.Number) return;
        _fold.Batch.Tip = block;
        await HandOverAsync(true, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes everything back to a block.</summary>
    internal async Task CutAsync(ChainLink ancestor, string reason, CancellationToken cancellation)
    {
        await WriteAllAsync(cancellation).ConfigureAwait(false);
        await _hashing.ConfigureAwait(false);
        foreach (var table in _tables) table.Hash(_fold.Root);
        await using (var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await Ledger.FenceAsync(connection, _epoch, cancellation).ConfigureAwait(false);
            var last = await Ledger.LastSequenceAsync(connection, ancestor.Number, cancellation).ConfigureAwait(false);
            await _store.TruncateTailAsync(transaction, last, reason, true, cancellation).ConfigureAwait(false);
            var root = _fold.Root;
            foreach (var table in _tables)
                await table.CutAsync(connection, ancestor.Number, root, cancellation).ConfigureAwait(false);
            await ReadQuarantinedAsync(connection, cancellation).ConfigureAwait(false);
            await using (var blocks = new NpgsqlCommand("delete from es_block where number > $1", connection))
            {
                blocks.Parameters.AddWithValue((long)ancestor.Number);
                await blocks.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            }

            await Ledger.MoveAsync(connection, ancestor, last, root.Compute(), cancellation).ConfigureAwait(false);
            if (Tip is { } left)
                await Ledger.RecordReorgAsync(connection, left, ancestor, last, reason, cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            _fold = _fold.After(last);
        }

        _known.Clear();
        (Tip, _status.Tip) = (ancestor, ancestor);
    }

    public async ValueTask DisposeAsync()
    {
        await _hashing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _writer.DisposeAsync().ConfigureAwait(false);
        _fold.Batch.Dispose();
        foreach (var table in _tables) table.ReturnBuffers();
    }

    private async Task LoadAsync(Func<NpgsqlConnection, Task> read, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await read(connection).ConfigureAwait(false);
    }

    // A first sync writes without indexes, and sorts once at its end; behind it, a table is indexed when it has grown enough.
    private async Task IndexAsync(CancellationToken cancellation)
    {
        if (_grown < ReadModelSchema.WorthIndexing) return;
        await _writing.ConfigureAwait(false);
        await using var connection = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await Ledger.FenceAsync(connection, _epoch, cancellation).ConfigureAwait(false);
        // The second connection works behind the same fence: this transaction holds it until it ends.
        await _schema.IndexGrownAsync(
            connection, _source, () => _store.EndFirstLoadAsync(transaction, cancellation), cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        _grown = 0;
    }

    private async Task WriteAllAsync(CancellationToken cancellation)
    {
        if (!_fold.Batch.IsEmpty) await HandOverAsync(true, cancellation).ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
    }

    private async Task HandOverAsync(bool withRoot, CancellationToken cancellation)
    {
        await _writing.ConfigureAwait(false);
        if (withRoot) await _hashing.ConfigureAwait(false);
        _waiting = 0;
        foreach (var violated in _fold.Quarantined) _quarantined.Add(violated);
        var batch = _fold.Take(true, withRoot);
        if (withRoot) _rootAt = _fold.LastSequence;
        batch.Tip ??= batch.Blocks is [.., var last]
            ? new ChainLink(last.Number, new Ethereum.Hash32(Ledger.BytesOf(last.Hash)), default, (ulong)last.Time.Seconds)
            : null;
        if (batch.Tip is { } tip) Tip = tip;
        _grown += batch.AddedBytes;
        _fold.Evict(_options.CachedThings);
        _status.Cached = _tables.Sum(table => table.Cached);
        _status.Violations = _quarantined.Count;
        _writing = Task.Run(() => WriteAsync(batch, cancellation), cancellation);
    }

    private async Task WriteAsync(Batch batch, CancellationToken cancellation)
    {
        using (batch)
        {
            var started = Stopwatch.GetTimestamp();
            await _writer.WriteAsync(batch, cancellation).ConfigureAwait(false);
            _status.LastWrite = Stopwatch.GetElapsedTime(started);
            _status.Batches++;
            _status.Events += batch.Events.Count;
            if (batch.Blocks is [.., var last]) _status.LastSequence = last.LastSequence;
            if (batch.Tip is { } tip) _status.Tip = tip;
        }
    }

    private async Task OpenAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await ReadQuarantinedAsync(connection, cancellation).ConfigureAwait(false);
        foreach (var table in _tables) await table.StartAsync(connection, _quarantined, cancellation).ConfigureAwait(false);
        (_status.Tip, _status.Finalized, _status.LastSequence) = (Tip, Finalized, _fold.LastSequence);
        if (Tip is null)
        {
            await BeginFirstLoadAsync(connection, cancellation).ConfigureAwait(false);
            return;
        }

        // Every row there is, in a snapshot of its own: only a root waits for it, and what is written meanwhile is shown to the root behind it.
        var reading = await _source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        try
        {
            var snapshot = await reading.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation).ConfigureAwait(false);
            await ReadQuarantinedAsync(reading, cancellation).ConfigureAwait(false);
            _hashing = Task.Run(() => HashAllAsync(reading, snapshot, cancellation), CancellationToken.None);
        }
        catch
        {
            await reading.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task BeginFirstLoadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await Ledger.FenceAsync(connection, _epoch, cancellation).ConfigureAwait(false);
        await _store.BeginFirstLoadAsync(transaction, cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task HashAllAsync(NpgsqlConnection connection, NpgsqlTransaction snapshot, CancellationToken cancellation)
    {
        await using (connection)
        await using (snapshot)
            foreach (var table in _tables) await table.HashAllAsync(connection, _fold.Root, cancellation).ConfigureAwait(false);
    }

    private async Task ReadQuarantinedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        _quarantined.Clear();
        await using var command = new NpgsqlCommand($"select subject from {_tables[0].Schema}.violation", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) _quarantined.Add(reader.GetString(0));
        _status.Violations = _quarantined.Count;
    }

    private sealed class TableMaker(string schema) : IReadModelVisitor<Table>
    {
        public Table Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class => new Table<TKey, TState>(model, schema);
    }
}

/// <summary>The stored tail is not the node's: the indexer starts again, from what is final.</summary>
public sealed class TailChangedException(ulong expected, ulong found)
    : IOException($"expected the stored block {expected} to stay, found block {found} in its place");
