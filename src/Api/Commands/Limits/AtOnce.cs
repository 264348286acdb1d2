// Requests at one time: of the process, of one network address, of one identity. Enters: keys. Leaves: a place, given
// back when disposed, or the limit that is reached. Always holds: a key with nobody inside takes no memory.
using System.Collections.Concurrent;

namespace EventSourced.Api.Commands.Limits;

/// <summary>Counts who is inside.</summary>
internal sealed class AtOnce(Limit limit)
{
    private readonly ConcurrentDictionary<string, int> _inside = new();

    /// <summary>The limit.</summary>
    public Limit Limit => limit;

    /// <summary>How many are inside of one key.</summary>
    public int Inside(string key) => _inside.GetValueOrDefault(key);

    /// <summary>Takes a place; null: there is none.</summary>
    public Place? Enter(string key)
    {
        if (_inside.AddOrUpdate(key, 1, (_, count) => count + 1) <= limit.Most) return new Place(this, key);
        Leave(key);
        return null;
    }

    private void Leave(string key)
    {
        while (_inside.TryGetValue(key, out var count))
        {
            if (count > 1
                ? _inside.TryUpdate(key, count - 1, count) : _inside.TryRemove(KeyValuePair.Create(key, count))) return;
        }
    }

    /// <summary>A place inside.</summary>
    internal sealed class Place(AtOnce room, string key) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) room.Leave(key);
        }
    }
}
