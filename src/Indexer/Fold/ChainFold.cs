// event -> state -> row: the fold of the whole chain, in chain order. Enters: the events of one block after the other.
// Leaves: a batch. A block's passed deadlines come before its first event; derived events come right behind their
// cause. Always holds: the outcome depends on the chain alone, not on the split of blocks into batches, the content of
// memory, or the time of the run.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Integrity;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Decode;
using EventSourced.MartenBulk;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Indexer.Fold;

/// <summary>
/// Reads the things that tables asked for, through a connection that sees every written and evicted row.
/// </summary>
internal delegate Task LoadRows(IEnumerable<StateTable> wanting, long batch, CancellationToken cancellation);

/// <summary>Folds the chain into batches.</summary>
internal sealed class ChainFold(
    IReadOnlyList<StateTable> tables, Quarantine quarantine, LoadRows load, long lastSequence)
{
    /// <summary>The most derived events of one log.</summary>
    internal const int MostFollowing = 65_536;

    private readonly Dictionary<Type, BoundRoute[]> _plans = BoundRoute.PlanOf(tables);
    private readonly StateTable[] _timed = [.. tables.Where(table => table.Model.HasDeadline)];
    private readonly Queue<DerivedEvent> _following = new();
    private Word _blockHash;
    private At _at;

    /// <summary>The batch that is being filled.</summary>
    internal Batch Batch { get; private set; } = new(1);

    /// <summary>The sequence of the last event.</summary>
    internal long LastSequence { get; private set; } = lastSequence;

    /// <summary>A fold that goes on behind another event, after a cut.</summary>
    internal ChainFold After(long sequence) => new(tables, quarantine, load, sequence);

    /// <summary>Folds one block's events.</summary>
    internal async ValueTask FoldAsync(
        ulong number, Word hash, Instant time, IReadOnlyList<PlacedEvent> events, CancellationToken cancellation)
    {
        _blockHash = hash;
        _at = new At(number, time, events.Count > 0 ? events[0].LogIndex : 0);
        await PassDeadlinesAsync(time, cancellation).ConfigureAwait(false);
        foreach (var placed in events)
        {
            // Deadlines have taken ordinals of the first log, so its derived events count on behind them.
            var ordinal = placed.LogIndex == _at.LogIndex ? _at.Ordinal : 0;
            _at = new At(number, time, placed.LogIndex, ordinal);
            await RunAsync(placed.Happened, _at with { Ordinal = 0 }, cancellation).ConfigureAwait(false);
            await FollowUpAsync(cancellation).ConfigureAwait(false);
        }

        Batch.Blocks.Add(new BlockRow(number, hash, time, LastSequence));
    }

    /// <summary>Asks for everything that a block's events will move, to load it at once.</summary>
    internal void Expect(ulong number, Instant time, IReadOnlyList<PlacedEvent> events)
    {
        foreach (var placed in events)
            foreach (var route in PlanOf(placed.Happened)) route.IsReady(
                placed.Happened, new At(number, time, placed.LogIndex));
    }

    /// <summary>Loads everything that tables asked for.</summary>
    internal async ValueTask LoadAsync(CancellationToken cancellation)
    {
        if (!tables.Any(table => table.HasWanted)) return;
        await load(tables.Where(table => table.HasWanted), Batch.Number, cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the batch. It has the superseded rows, and with rows also every changed one.</summary>
    internal Batch Take(bool withRows)
    {
        if (withRows)
            foreach (var table in tables) table.Flush(Batch);
        var taken = Batch;
        Batch = new Batch(taken.Number + 1);
        return taken;
    }

    /// <summary>
    /// Evicts things that neither this batch nor the two before it used, if there are more than a bound: the rows of
    /// those may not be in the database yet.
    /// </summary>
    internal void Evict(int most)
    {
        var cached = tables.Sum(table => table.Cached);
        if (cached <= most) return;
        foreach (var table in tables) table.Evict((int)((long)most * table.Cached / cached), Batch.Number - 2);
    }

    /// <summary>Puts an event into its stream.</summary>
    internal void Store(BulkStream stream, long version, ChainEvent happened, in At at)
    {
        Batch.Events.Add(new PendingEvent(stream, version, happened, EventIdentity.Of(at, _blockHash), at.Time));
        LastSequence++;
    }

    /// <summary>Adds a derived event of the event that is being run.</summary>
    internal void Follow(DerivedEvent derived)
    {
        if (_following.Count == MostFollowing)
            throw new InvalidOperationException(
                $"{_at}: expected at most {MostFollowing} events to follow, found more");
        _following.Enqueue(derived);
    }

    /// <summary>Records that an event must not have happened.</summary>
    internal void Violated(string subject, ChainEvent happened, string state)
    {
        quarantine.Add(subject);
        Follow(new Violations.IntegrityViolated(
            subject, happened.GetType().Name,
            $"expected no {happened.GetType().Name} in this state, found one; state: {state}"));
    }

    private async ValueTask PassDeadlinesAsync(Instant time, CancellationToken cancellation)
    {
        while (true)
        {
            var first = default(StateTable);
            foreach (var table in _timed)
                if (table.NextDue <= time.Seconds && (first is null || table.NextDue < first.NextDue)) first = table;
            if (first is null) return;
            var passed = first.TakeDue(time.Seconds, Batch.Number, out var isReady);
            if (!isReady) await LoadAsync(cancellation).ConfigureAwait(false);
            if (passed is null) continue;
            Follow(passed);
            await FollowUpAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask FollowUpAsync(CancellationToken cancellation)
    {
        while (_following.TryDequeue(out var derived))
        {
            _at = _at with { Ordinal = _at.Ordinal + 1 };
            await RunAsync(derived, _at, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask RunAsync(ChainEvent happened, At at, CancellationToken cancellation)
    {
        var routes = PlanOf(happened);
        if (!AreReady(routes, happened, at)) await LoadAsync(cancellation).ConfigureAwait(false);
        var before = LastSequence;
        foreach (var route in routes) route.Run(happened, at, this);
        if (LastSequence != before + 1)
            throw new InvalidOperationException(
                $"{at}: expected one home for {happened.GetType().Name}, found {LastSequence - before}");
    }

    private static bool AreReady(BoundRoute[] routes, ChainEvent happened, in At at)
    {
        var ready = true;
        foreach (var route in routes) ready &= route.IsReady(happened, at);
        return ready;
    }

    private BoundRoute[] PlanOf(ChainEvent happened) => _plans.TryGetValue(happened.GetType(), out var routes)
        ? routes
        : throw new InvalidOperationException($"expected a home for {happened.GetType().Name}, found none");
}
