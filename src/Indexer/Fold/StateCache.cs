// The things of one table in memory, bounded. Enters: keys that events move, rows that were read. Leaves: slots; the
// keys that must be read first. Always holds: a state in memory is the newest; what the batch in hand or the one being
// written has touched, what is not written or not hashed yet, and what is quarantined is never evicted.
namespace EventSourced.Indexer.Fold;

/// <summary>Slots by key.</summary>
internal sealed class StateCache<TKey, TState>
    where TKey : notnull, IEquatable<TKey>
    where TState : class
{
    // Of what is too much, a quarter more goes at once, so that not every batch evicts.
    private const int KeptQuarters = 3;

    private readonly Dictionary<TKey, Slot<TKey, TState>> _slots = [];
    private readonly HashSet<TKey> _wanted = [];

    internal int Count => _slots.Count;

    /// <summary>Everything that is here.</summary>
    internal IEnumerable<Slot<TKey, TState>> Slots => _slots.Values;

    /// <summary>The keys that were asked for and are not here.</summary>
    internal IReadOnlyCollection<TKey> Wanted => _wanted;

    /// <summary>Whether every row of the table is here, so that what is not here does not exist.</summary>
    internal bool IsComplete { get; set; } = true;

    /// <summary>Whether a thing can be moved now; where not, it is asked for.</summary>
    internal bool IsReady(TKey key)
    {
        if (IsComplete || _slots.ContainsKey(key)) return true;
        _wanted.Add(key);
        return false;
    }

    internal bool TryGet(TKey key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Slot<TKey, TState>? slot) =>
        _slots.TryGetValue(key, out slot);

    /// <summary>The thing of a key that is ready: an empty slot where it does not exist yet.</summary>
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

    /// <summary>What was asked for is here now.</summary>
    internal void EndLoading() => _wanted.Clear();

    internal void Remove(TKey key) => _slots.Remove(key);

    internal void RemoveQuarantined()
    {
        foreach (var doubtful in _slots.Values.Where(slot => slot.IsQuarantined).ToList()) _slots.Remove(doubtful.Key);
    }

    /// <summary>Forgets what older batches used, where there is more than a bound.</summary>
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
