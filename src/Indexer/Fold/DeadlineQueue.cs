// The deadlines of one table, the earliest first. Of equal deadlines the smaller key comes first, so that the order
// depends on the chain alone. Enters: keys with their next deadlines. Leaves: the first of them. Always holds: an entry
// may be stale; the caller compares it with its thing.
namespace EventSourced.Indexer.Fold;

/// <summary>Keys by their deadlines.</summary>
internal sealed class DeadlineQueue<TKey>
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
{
    private readonly PriorityQueue<TKey, (long Due, TKey Key)> _queue = new(Comparer<(long Due, TKey Key)>.Create(
        static (left, right) => left.Due != right.Due ? left.Due.CompareTo(right.Due) : Order(left.Key, right.Key)));

    /// <summary>The earliest deadline, in seconds, or the end of time.</summary>
    internal long Next => _queue.TryPeek(out _, out var next) ? next.Due : long.MaxValue;

    internal void Add(TKey key, long due) => _queue.Enqueue(key, (due, key));

    internal bool TryPeek(out TKey key, out long due)
    {
        var isThere = _queue.TryPeek(out key!, out var next);
        due = next.Due;
        return isThere;
    }

    internal void Dequeue() => _queue.Dequeue();

    // Text is ordered by its code units, never by a culture.
    private static int Order(TKey left, TKey right) => left is string text
        ? string.CompareOrdinal(text, (string)(object)right)
        : left.CompareTo(right);
}
