// The fold of one replay. Enters: blocks. Leaves: rows in the replay's schema. Superseded rows are written as they
// come. Current rows are kept until the end, or until there are too many, so that most rows are written once.
using EventSourced.Domain.Values;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Fold;
using EventSourced.Indexer.Hashing;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Prove;

/// <summary>One run of a replay.</summary>
internal sealed class ReplayRun
{
    // Measuring the memory asks every table, so it is done only at intervals, which are shorter for a small memory.
    private const int MostBetweenLooks = 1_000;
    private const int LooksInMemory = 100;

    private readonly NpgsqlConnection _connection;
    private readonly RowWriter _writer;
    private readonly ReplayOptions _options;
    private readonly IReadOnlyList<StateTable> _tables;
    private readonly ChainFold _fold;
    private readonly StateRoot _root = new();
    private readonly StateHasher _hasher;
    private readonly int _betweenLooks;
    private Task _writing;
    private long _lookedAt;

    /// <summary>A run whose tables are being made.</summary>
    internal ReplayRun(NpgsqlConnection connection, ReplayOptions options, Task prepared)
    {
        (_connection, _options, _writing) = (connection, options, prepared);
        _writer = new RowWriter(connection);
        _betweenLooks = Math.Clamp(options.CachedThings / LooksInMemory, 1, MostBetweenLooks);
        var quarantine = new Quarantine();
        _tables = StateTable.All(options.Schema, quarantine);
        _fold = new ChainFold(_tables, quarantine, LoadAsync, 0);
        _hasher = new StateHasher(_root);
    }

    internal long Events => _fold.LastSequence;

    internal Word StateRoot { get; private set; }

    /// <summary>Folds every block, and answers the first event that differs from the stored one.</summary>
    internal async Task<Difference?> FoldAsync(
        IAsyncEnumerable<ReplayedBlock> blocks, StoredEvents? stored, CancellationToken cancellation)
    {
        try
        {
            var difference = await FoldBlocksAsync(blocks, stored, cancellation).ConfigureAwait(false);
            await WriteAsync(true, cancellation).ConfigureAwait(false);
            StateRoot = _root.Compute();
            await _writing.ConfigureAwait(false);
            return difference;
        }
        finally
        {
            // The transaction can only end on an idle connection.
            await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var table in _tables) table.ReturnBuffers();
        }
    }

    private async Task<Difference?> FoldBlocksAsync(
        IAsyncEnumerable<ReplayedBlock> blocks, StoredEvents? stored, CancellationToken cancellation)
    {
        var difference = default(Difference);
        await foreach (var (facts, known) in blocks.WithCancellation(cancellation).ConfigureAwait(false))
        {
            var first = _fold.Batch.Events.Count;
            await _fold.FoldAsync(
                facts.Number, facts.Hash, facts.Time, facts.Events, cancellation).ConfigureAwait(false);
            if (difference is null)
            {
                var made = _fold.Batch.Events.Count - first;
                var found = known ?? await TakeAsync(stored!, made, cancellation).ConfigureAwait(false);
                difference = Compare(facts.Number, _fold.Batch.Events, first, found);
            }

            _fold.Batch.Events.Clear();
            _fold.Batch.Blocks.Clear();
            await WriteWhatIsTooMuchAsync(cancellation).ConfigureAwait(false);
            _options.Progress?.Invoke(facts.Number, _fold.LastSequence);
        }

        return difference;
    }

    private Task WriteWhatIsTooMuchAsync(CancellationToken cancellation)
    {
        if (_fold.LastSequence - _lookedAt < _betweenLooks) return Task.CompletedTask;
        _lookedAt = _fold.LastSequence;
        if (_tables.Sum(table => table.Cached) > _options.CachedThings) return WriteAsync(true, cancellation);
        return _fold.Batch.AddedBytes > _options.LastingBytes ? WriteAsync(false, cancellation) : Task.CompletedTask;
    }

    private async Task WriteAsync(bool withRows, CancellationToken cancellation)
    {
        await _writing.ConfigureAwait(false);
        var batch = _fold.Take(withRows);
        _writing = Task.Run(
            async () =>
            {
                using (batch)
                {
                    foreach (var (table, rows) in batch.Rows)
                        await _writer.WriteAsync(
                            table.Model, table.Schema, rows, true, cancellation).ConfigureAwait(false);
                }
            },
            cancellation);
        if (!withRows) return;
        // While the batch is written, its states are hashed, because an unhashed state is never evicted.
        _hasher.ShowChanges(_tables);
        _fold.Evict(_options.CachedThings / 2);
    }

    // Only the writer's own transaction sees the rows that were written and evicted.
    private async Task LoadAsync(IEnumerable<StateTable> wanting, long batch, CancellationToken cancellation)
    {
        await _writing.ConfigureAwait(false);
        await new RowLoading(_connection, batch, cancellation).LoadAsync(wanting).ConfigureAwait(false);
    }

    private static async Task<List<StoredEvent>> TakeAsync(
        StoredEvents stored, int count, CancellationToken cancellation)
    {
        List<StoredEvent> taken = [];
        while (taken.Count < count && await stored.PeekAsync(cancellation).ConfigureAwait(false) is { } next)
        {
            stored.Take();
            taken.Add(next);
        }

        return taken;
    }

    private static Difference? Compare(ulong block, List<PendingEvent> made, int first, List<StoredEvent> found)
    {
        for (var i = 0; i < Math.Max(made.Count - first, found.Count); i++)
        {
            var expected = first + i < made.Count ? made[first + i] : default;
            var stored = i < found.Count ? found[i] : default;
            if (expected.Id == stored.Id && Equals(expected.Happened, stored.Happened)
                && expected.Stream is { } stream && stream.KeyUtf8.SequenceEqual(stored.Key.Span)) continue;
            return new Difference(
                $"block {block}, event {i + 1}, sequence {stored.Sequence}",
                expected.Stream is null ? "no event" : $"{expected.Stream.Key}: {expected.Happened} ({expected.Id})",
                stored.Happened is null ? "none" : $"{stored.Stream}: {stored.Happened} ({stored.Id})");
        }

        return null;
    }
}
