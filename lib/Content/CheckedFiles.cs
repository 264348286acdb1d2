// Files whose hash was checked a moment ago, so that a reader of ranges does not pay for the whole file each time.
// Enters: a file's length and time of writing. Leaves: whether this very state was checked. Always holds: a file that
// was written since is checked again, and so is every file after a while; at most so many are remembered.
using System.Collections.Concurrent;

namespace EventSourced.Content;

internal sealed class CheckedFiles(int most, TimeSpan life, TimeProvider time)
{
    private readonly ConcurrentDictionary<Cid, (State State, long At)> _checked = new();

    public bool Knows(Cid cid, State state) =>
        _checked.TryGetValue(cid, out var known) && known.State == state && time.GetElapsedTime(known.At) < life;

    public void Add(Cid cid, State state)
    {
        // To begin anew is cheap: the files are read once more.
        if (_checked.Count >= most) _checked.Clear();
        _checked[cid] = (state, time.GetTimestamp());
    }

    internal readonly record struct State(long Length, DateTime WrittenAt);
}
