// What the subscribers to rows ask for. Enters: a subscriber that comes, with the one row that it follows or none; and one that leaves.
// Leaves: which of a step's moved rows anybody asks for, so that no more of them is read. Always holds: as many wishes are kept as
// subscribers hold.
using EventSourced.Projections;

namespace EventSourced.Api.Live;

/// <summary>Which rows of a step a subscription asks for, and what of them: who wishes the same is given the same.</summary>
internal sealed record RowWish(ReadModel Model, ChangeSort Sort, RowQuery? Query, bool HasFilter);

/// <summary>The wishes of all subscribers.</summary>
internal sealed class RowWishes
{
    // Who wishes for every row has no key.
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

    /// <summary>Those of the keys that anybody asks for, in an order that is always the same.</summary>
    internal string[] Among(IReadOnlySet<string> keys, RowWish wish)
    {
        lock (_lock)
        {
            var asked = _subscribers.ContainsKey((wish, null)) ? keys : keys.Where(key => _subscribers.ContainsKey((wish, key)));
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
