// The rows that subscribers ask for. Enters: a subscriber that comes, with the one row that it follows or none, and
// a subscriber that leaves. Leaves: the changed rows of a step that some subscriber asks for, so that the API reads
// no others. Always holds: there are as many wishes as subscribers hold.
using EventSourced.Projections;

namespace EventSourced.Api.Live;

/// <summary>The rows of a step that a subscription asks for, and their fields. Equal wishes share one
/// answer.</summary>
internal sealed record RowWish(ReadModel Model, ChangeSort Sort, RowQuery? Query, bool HasFilter);

/// <summary>The wishes of all subscribers.</summary>
internal sealed class RowWishes
{
    // A wish for every row has no key.
    private readonly Dictionary<(RowWish Wish, string? Key), int> _subscribers = [];
    private readonly Lock _lock = new();

    /// <summary>How many different wishes there are.</summary>
    internal int Count
    {
        get
        {
            lock (_lock) return _subscribers.Count;
        }
    }

    /// <summary>Holds wishes for the row of a key, or for every row, until it is disposed of.</summary>
    internal IDisposable Hold(RowWish[] wishes, string? key)
    {
        Add(wishes, key, 1);
        return new Held(this, wishes, key);
    }

    /// <summary>The keys that some subscriber asks for, always in the same order.</summary>
    internal string[] Among(IReadOnlySet<string> keys, RowWish wish)
    {
        lock (_lock)
        {
            var asked = _subscribers.ContainsKey((wish, null))
                ? keys
                : keys.Where(key => _subscribers.ContainsKey((wish, key)));
            return [.. asked.Order(StringComparer.Ordinal)];
        }
    }

    private void Add(RowWish[] wishes, string? key, int more)
    {
        lock (_lock)
        {
            foreach (var wish in wishes)
            {
                var count = _subscribers.GetValueOrDefault((wish, key)) + more;
                if (count == 0) _subscribers.Remove((wish, key));
                else _subscribers[(wish, key)] = count;
            }
        }
    }

    private sealed class Held(RowWishes wishes, RowWish[] held, string? key) : IDisposable
    {
        public void Dispose() => wishes.Add(held, key, -1);
    }
}
