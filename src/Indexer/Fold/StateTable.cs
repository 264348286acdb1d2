// One fold's things: evolve -> row. Enters: events for keys, rows that were read, the keys that a cut took. Leaves:
// encoded rows in a batch's buffers; changes that the state root has not seen. Always holds: a superseded row of an
// earlier block goes to the history before the new one takes its place; a thing with an impossible event stands still
// from then on, while its stream goes on.
using System.Collections.Concurrent;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.MartenBulk;
using EventSourced.Projections;
using EventSourced.Tables;

namespace EventSourced.Indexer.Fold;

/// <summary>Receives a table with its types.</summary>
internal interface IStateTableVisitor<out TResult>
{
    TResult Visit<TKey, TState>(StateTable<TKey, TState> table)
        where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
        where TState : class;
}

/// <summary>A fold's things, for any key and state type.</summary>
internal abstract class StateTable(ReadModel model, string schema)
{
    internal ReadModel Model { get; } = model;

    internal string Schema { get; } = schema;

    /// <summary>Buffers of finished batches.</summary>
    internal ConcurrentStack<RowBuffers> Spare { get; } = [];

    /// <summary>Whether it wants keys that are not in memory.</summary>
    internal abstract bool HasWanted { get; }

    /// <summary>The earliest deadline, in seconds, or the end of time.</summary>
    internal abstract long NextDue { get; }

    /// <summary>The number of things in memory.</summary>
    internal abstract int Cached { get; }

    /// <summary>The states in memory, in no order, without the quarantined things.</summary>
    internal abstract IEnumerable<object> States { get; }

    /// <summary>Every read model's table in a schema.</summary>
    internal static List<StateTable> All(string schema, Quarantine quarantine) =>
        [.. ReadModels.All.Select(model => model.Accept(new Maker(schema, quarantine)))];

    /// <summary>Gives back the buffers of finished batches.</summary>
    internal void ReturnBuffers()
    {
        while (Spare.TryPop(out var spare)) spare.Dispose();
    }

    /// <summary>Writes every changed row into the batch.</summary>
    internal abstract void Flush(Batch batch);

    /// <summary>Evicts things that only older batches used, if there are more than a bound.</summary>
    internal abstract void Evict(int most, long usedBefore);

    /// <summary>Takes the first due deadline; null if its thing must be loaded first, or has moved on since.</summary>
    internal abstract DerivedEvent? TakeDue(long now, long batch, out bool isReady);

    /// <summary>Passes the table with its types.</summary>
    internal abstract TResult Accept<TResult>(IStateTableVisitor<TResult> visitor);

    private sealed class Maker(string schema, Quarantine quarantine) : IReadModelVisitor<StateTable>
    {
        public StateTable Visit<TKey, TState>(ReadModel<TKey, TState> model)
            where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
            where TState : class => new StateTable<TKey, TState>(model, schema, quarantine);
    }
}

/// <summary>A fold's things.</summary>
internal sealed class StateTable<TKey, TState>(ReadModel<TKey, TState> model, string schema, Quarantine quarantine)
    : StateTable(model, schema)
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    private readonly StateCache<TKey, TState> _cache = new();
    private readonly DeadlineQueue<TKey> _deadlines = new();
    private readonly List<Slot<TKey, TState>> _dirty = [];

    internal Fold<TKey, TState> Fold => model.Fold;

    /// <summary>The table in the database.</summary>
    internal RowTable<TKey, TState> Rows { get; } = new(model, schema);

    /// <summary>Things whose state the state root has not seen yet.</summary>
    internal List<Slot<TKey, TState>> Unhashed { get; } = [];

    /// <summary>Things that the state root has to forget.</summary>
    internal List<TKey> Forgotten { get; } = [];

    /// <summary>The keys that were asked for and are not in memory.</summary>
    internal IReadOnlyCollection<TKey> Wanted => _cache.Wanted;

    /// <summary>
    /// Whether rows are written once and then left: each event makes a row of its own, and no root covers them.
    /// </summary>
    internal bool IsWrittenOnce { get; } = model.Fold.IsByPlace && !model.IsState && !model.HasVersion
        && !model.HasDeadline;

    internal override bool HasWanted => _cache.Wanted.Count > 0;

    internal override int Cached => _cache.Count;

    internal override IEnumerable<object> States =>
        _cache.Slots.Where(slot => slot is { State: not null, IsQuarantined: false }).Select(slot => slot.State!);

    internal override long NextDue => _deadlines.Next;

    internal override TResult Accept<TResult>(IStateTableVisitor<TResult> visitor) => visitor.Visit(this);

    /// <summary>The key of a row.</summary>
    internal TKey KeyOf(TState row) => model.KeyOf(row);

    /// <summary>Whether a thing can be moved now; otherwise the cache asks for it.</summary>
    internal bool IsReady(TKey key) => IsWrittenOnce || _cache.IsReady(key);

    /// <summary>The thing of a ready key.</summary>
    internal Slot<TKey, TState> Take(TKey key, long batch) => _cache.Take(key, batch);

    /// <summary>The stream of a thing, for one more event.</summary>
    internal BulkStream StreamOf(Slot<TKey, TState> slot)
    {
        slot.Stream ??= slot.Version == 0
            ? BulkAppend.StartStream($"{Fold.Name}-{slot.Key}")
            : BulkAppend.ContinueStream($"{Fold.Name}-{slot.Key}", slot.Version);
        return slot.Stream;
    }

    /// <summary>Writes the row that an event makes; false where the event must not happen.</summary>
    internal bool Record(ChainEvent happened, in At at, Batch batch)
    {
        if (Fold.Evolve(null, happened, at) is not { } row) return false;
        Rows.Write(batch.Of(this).Inserts, row, 0, 0, at.Block, null);
        return true;
    }

    /// <summary>Moves a thing by an event; false where the event must not happen in its state.</summary>
    internal bool Evolve(Slot<TKey, TState> slot, ChainEvent happened, in At at, bool isHome, Batch batch)
    {
        if (slot.IsQuarantined)
        {
            if (isHome) slot.Version++;
            return true;
        }

        var next = Fold.Evolve(slot.State, happened, at);
        // A first event is impossible too if it makes another thing than the one that its route names.
        if (next is null || (slot.State is null && !model.KeyOf(next).Equals(slot.Key)))
        {
            slot.IsQuarantined = true;
            if (isHome) slot.Version++;
            return false;
        }

        if (isHome || !ReferenceEquals(next, slot.State)) Change(slot, next, at.Block, isHome, batch);
        return true;
    }

    internal override DerivedEvent? TakeDue(long now, long batch, out bool isReady)
    {
        isReady = true;
        if (!_deadlines.TryPeek(out var key, out var due) || due > now) return null;
        isReady = IsReady(key);
        if (!isReady) return null;
        // Dequeue one entry per call, even a stale one: skipping ahead could fire this table's later deadline before an
        // earlier one of another.
        _deadlines.Dequeue();
        var slot = Take(key, batch);
        if (slot.State is null || slot.IsQuarantined || slot.QueuedDue != due) return null;
        slot.QueuedDue = 0;
        return Fold.NextDeadline!(slot.State) is { } deadline && deadline.Due.Seconds == due
            ? Fold.Passed!(slot.State, deadline)
            : null;
    }

    internal override void Flush(Batch batch)
    {
        if (_dirty.Count == 0) return;
        var buffers = batch.Of(this);
        foreach (var slot in _dirty)
        {
            Write(slot.IsStored ? buffers.Updates : buffers.Inserts, slot, null);
            slot.IsStored = true;
            slot.IsDirty = false;
        }

        _dirty.Clear();
    }

    internal override void Evict(int most, long usedBefore) => _cache.Evict(most, usedBefore);

    /// <summary>Begins the table. If it has no rows, a thing that is not in memory does not exist.</summary>
    internal void Begin(bool isEmpty) => _cache.IsComplete = isEmpty;

    /// <summary>Queues a stored deadline.</summary>
    internal void Await(TKey key, long due) => _deadlines.Add(key, due);

    /// <summary>Takes a stored row.</summary>
    internal void Load(StoredRow<TState> row, long batch)
    {
        var slot = new Slot<TKey, TState>(model.KeyOf(row.State))
        {
            State = row.State,
            Version = row.Version,
            StateVersion = row.Version,
            ValidFrom = row.ValidFrom,
            IsStored = true,
            UsedIn = batch,
        };
        // The deadline of this row was queued when the row was written, or at the start.
        if (model.HasDeadline) slot.QueuedDue = DueOf(row.State);
        slot.IsQuarantined = quarantine.Has(Fold.Name, slot.Key);
        _cache.Put(slot);
    }

    /// <summary>The thing of a wanted key: without a row it does not exist yet.</summary>
    internal Slot<TKey, TState> Loaded(TKey key, long batch)
    {
        if (_cache.TryGet(key, out var slot)) return slot;
        slot = _cache.Take(key, batch);
        slot.IsQuarantined = quarantine.Has(Fold.Name, key);
        return slot;
    }

    /// <summary>Notes that everything asked for is in memory now.</summary>
    internal void EndLoading() => _cache.EndLoading();

    /// <summary>Forgets the rows that a cut took, and asks for the rows that hold again.</summary>
    internal void TakeBack(List<TKey> gone, List<TKey> back)
    {
        // The cut may have removed the event that decided a quarantine.
        _cache.RemoveQuarantined();
        foreach (var lost in gone) _cache.Remove(lost);
        if (model.IsState) Forgotten.AddRange(gone);
        _cache.IsComplete = false;
        _cache.Want(back);
    }

    /// <summary>Queues the deadlines of rows that hold again, and shows the rows to the state root.</summary>
    internal void Restore(List<TKey> back)
    {
        foreach (var key in back)
        {
            var slot = Loaded(key, 0);
            if (slot.QueuedDue != 0) _deadlines.Add(slot.Key, slot.QueuedDue);
            MarkUnhashed(slot);
        }
    }

    private void Change(Slot<TKey, TState> slot, TState next, ulong block, bool isHome, Batch batch)
    {
        if (slot.State is not null && slot.ValidFrom != block) Write(batch.Of(this).History, slot, block);
        slot.State = next;
        slot.ValidFrom = block;
        if (isHome) slot.Version++;
        slot.StateVersion = slot.Version;
        if (!slot.IsDirty)
        {
            slot.IsDirty = true;
            _dirty.Add(slot);
        }

        MarkUnhashed(slot);
        Queue(slot);
    }

    private void MarkUnhashed(Slot<TKey, TState> slot)
    {
        if (!model.IsState || slot.IsUnhashed) return;
        slot.IsUnhashed = true;
        Unhashed.Add(slot);
    }

    private void Queue(Slot<TKey, TState> slot)
    {
        if (Fold.NextDeadline is null) return;
        var due = DueOf(slot.State!);
        if (due == slot.QueuedDue) return;
        slot.QueuedDue = due;
        if (due != 0) _deadlines.Add(slot.Key, due);
    }

    private long DueOf(TState state) => Fold.NextDeadline!(state) is { } deadline ? deadline.Due.Seconds : 0;

    private void Write(CopyBuffer rows, Slot<TKey, TState> slot, ulong? until) => Rows.Write(
        rows, slot.State!, slot.StateVersion, model.HasDeadline ? DueOf(slot.State!) : 0, slot.ValidFrom, until);
}
