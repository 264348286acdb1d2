// The fold of the chain without a database: everything stays in memory, nothing is written. Enters: blocks in order.
// Leaves: their events, with the derived ones, and the root over all states. Always holds: it is the fold of the
// indexer, and its outcome depends on the chain alone.
using EventSourced.Domain.Values;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Fold;
using EventSourced.Indexer.Hashing;
using EventSourced.Indexer.Prove;
using EventSourced.Tables;

namespace EventSourced.Indexer.Audit;

/// <summary>Folds without a database.</summary>
internal sealed class DryFold : IDisposable
{
    // The fold encodes superseded rows, and an audit needs none of them.
    private const int EventsBetweenForgetting = 20_000;

    private readonly IReadOnlyList<StateTable> _tables;
    private readonly ChainFold _fold;
    private readonly StateRoot _root = new();
    private readonly StateHasher _hasher;
    private long _forgottenAt;

    internal DryFold()
    {
        var quarantine = new Quarantine();
        _tables = StateTable.All(ReadModelSchema.Serving, quarantine);
        // A thing that is not in memory does not exist: nothing is evicted, so nothing is ever asked for.
        _fold = new ChainFold(
            _tables, quarantine, (_, _, _) =>
                throw new InvalidOperationException("expected every thing in memory, found one that is not"), 0);
        _hasher = new StateHasher(_root);
    }

    internal long Events => _fold.LastSequence;

    /// <summary>The events of one block; valid until the next call.</summary>
    internal async ValueTask<IReadOnlyList<PendingEvent>> FoldAsync(BlockEvents block, CancellationToken cancellation)
    {
        _fold.Batch.Events.Clear();
        _fold.Batch.Blocks.Clear();
        if (Events - _forgottenAt > EventsBetweenForgetting)
        {
            _forgottenAt = Events;
            _fold.Take(false).Dispose();
        }

        await _fold.FoldAsync(block.Number, block.Hash, block.Time, block.Events, cancellation).ConfigureAwait(false);
        return _fold.Batch.Events;
    }

    /// <summary>The root over all states.</summary>
    internal Word StateRoot()
    {
        _hasher.ShowChanges(_tables);
        return _root.Compute();
    }

    /// <summary>The states of one kind, in no order, without the quarantined things.</summary>
    internal IEnumerable<TState> StatesOf<TState>()
        where TState : class =>
        _tables.Single(table => table.Model.Fold.StateType == typeof(TState)).States.Cast<TState>();

    public void Dispose()
    {
        _fold.Batch.Dispose();
        foreach (var table in _tables) table.ReturnBuffers();
    }
}
