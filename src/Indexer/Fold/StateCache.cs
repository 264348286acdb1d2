// The things of one table in memory, bounded. Enters: keys that events move, rows that were read. Leaves: slots; the
// keys that must be read first. Always holds: a state in memory is the newest. Some things are never evicted: those
// that the current batch or the batch being written has touched, those not yet written or hashed, and those in
// quarantine.
namespace EventSourced.Indexer.Fold;

/// <summary>Slots by key.</summary>
internal sealed class StateCache<TKey, TState>
    where TKey : notnull, IEquatable<TKey>
    where TState : class
{
    // An eviction goes down to three quarters of the bound, so that not every batch evicts.
    private const int KeptQuarters = 3;

    private readonly Dictionary<TKey, Slot<TKey, TState>> _slots = [];
    private readonly HashSet<TKey> _wanted = [];

    internal int Count => _slots.Count;

    /// <summary>Every slot in memory.</summary>
    internal IEnumerable<Slot<TKey, TState>> Slots => _slots.Values;

    /// <summary>The keys that were asked for and are not in memory.</summary>
    internal IReadOnlyCollection<TKey> Wanted => _wanted;

    /// <summary>Whether every row of the table is in memory, so that a missing thing does not exist.</summary>
    internal bool IsComplete { get; set; } = true;

    /// <summary>Whether a thing can be moved now; otherwise the cache asks for it.</summary>
    internal bool IsReady(TKey key)
    {
        if (IsComplete || _slots.ContainsKey(key)) return true;
        _wanted.Add(key);
        return false;
    }

    internal bool TryGet(TKey key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Slot<TKey, TState>? slot) =>
        _slots.TryGetValue(key, out slot);

    /// <summary>The slot of a ready key; it is empty if the thing does not exist yet.</summary>
    internal Slot<TKey, TState> Take(TKey key, long batch)
    {
        if (!_slots.TryGetValue(key, out var slot))
        {
            slot = new Slot<TKey, TState>(key);
            _slots.Add(key, slot);
        }

        slot.UsedIn = batch;
        return slot;
    }

    internal void Put(Slot<TKey, TState> slot) => _slots[slot.Key] = slot;

    internal void Want(IEnumerable<TKey> keys) => _wanted.UnionWith(keys);

    /// <summary>Notes that everything asked for is in memory now.</summary>
    internal void EndLoading() => _wanted.Clear();

    internal void Remove(TKey key) => _slots.Remove(key);

    internal void RemoveQuarantined()
    {
        foreach (var doubtful in _slots.Values.Where(slot => slot.IsQuarantined).ToList()) _slots.Remove(doubtful.Key);
    }

    /// <summary>Evicts things that only older batches used, if there are more than a bound.</summary>
    internal void Evict(int most, long usedBefore)
    {
        if (_slots.Count <= most) return;
        var surplus = _slots.Count - most * KeptQuarters / 4;
        List<TKey> evicted = [];
        foreach (var slot in _slots.Values)
        {
            if (evicted.Count == surplus) break;
            if (slot.UsedIn < usedBefore && !slot.IsDirty && !slot.IsUnhashed && !slot.IsQuarantined) evicted
                .Add(slot.Key);
        }

        foreach (var key in evicted) _slots.Remove(key);
        if (evicted.Count > 0) IsComplete = false;
    }
}
