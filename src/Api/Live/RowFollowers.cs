// Subscribers that ask for the same fields of rows, told together. Enters: the news of the feed, and subscribers that
// come and leave, each with the one row that it follows or none. Leaves: to each subscriber the changes of its rows, in
// order. Always holds: the rows of a step are read once for all of a group, and no row is read that none of them
// follows; a subscriber is told of every step since it came; its queue is bounded, and it is cut when that is full.
using System.Threading.Channels;
using EventSourced.GraphQL.Errors;
using EventSourced.Projections;

namespace EventSourced.Api.Live;

/// <summary>The rows of a step that a subscription asks for, and their fields.</summary>
internal sealed record RowWish(ReadModel Model, ChangeSort Sort, RowQuery? Query, bool HasFilter);

/// <summary>The wishes of a subscription, in the order in which a step is told; equal ones are of one group.</summary>
internal sealed record RowWishes(RowWish? Retracted, RowWish Arrived)
{
    internal ReadModel Model => Arrived.Model;

    internal IEnumerable<RowWish> InOrder => Retracted is null ? [Arrived] : [Retracted, Arrived];
}

/// <summary>Makes the changes of the rows with some keys, one for each; null where there is nothing to tell.</summary>
internal delegate Task<RowChange?[]> ReadChanges(FeedNews news, RowWish wish, IReadOnlyList<string> keys);

/// <summary>All groups.</summary>
internal sealed class RowFollowers(ChangeFeed feed, ReadChanges read)
{
    private readonly Dictionary<RowWishes, Group> _groups = [];
    private readonly Lock _lock = new();

    /// <summary>How many different wishes are held.</summary>
    internal int Groups
    {
        get
        {
            lock (_lock) return _groups.Count;
        }
    }

    /// <summary>Begins to follow the row of a key, or every row.</summary>
    internal async Task<Follower> FollowAsync(RowWishes wishes, string? key, CancellationToken cancellation)
    {
        var follower = Join(wishes, key);
        try
        {
            await follower.Group.Begun.WaitAsync(cancellation).ConfigureAwait(false);
            return follower;
        }
        catch
        {
            follower.Dispose();
            throw;
        }
    }

    private Follower Join(RowWishes wishes, string? key)
    {
        lock (_lock)
        {
            if (!_groups.TryGetValue(wishes, out var group)) _groups.Add(wishes, group = new Group(this, wishes));
            return group.Add(key);
        }
    }

    /// <summary>One subscriber.</summary>
    internal sealed class Follower : IDisposable
    {
        private readonly Channel<RowChange[]> _changes;

        internal Follower(Group group, string? key, int mostQueued)
        {
            (Group, Key) = (group, key);
            // Whoever tells also sends, as far as that goes at once: a thread more for each message would cost as much
            // as the message.
            _changes = Channel.CreateBounded<RowChange[]>(new BoundedChannelOptions(mostQueued)
            {
                SingleReader = true,
                SingleWriter = true,
                AllowSynchronousContinuations = true,
            });
        }

        internal Group Group { get; }

        internal string? Key { get; }

        /// <summary>The changes of each step, until the reader stops or is cut.</summary>
        internal ChannelReader<RowChange[]> Changes => _changes.Reader;

        public void Dispose()
        {
            Group.Remove(this);
            _changes.Writer.TryComplete();
        }

        internal void Tell(RowChange[] changes, int mostQueued)
        {
            if (!_changes.Writer.TryWrite(changes))
                End(LimitExceeded.Exception(LimitNames.Queue, mostQueued, mostQueued + 1));
        }

        internal void End(Exception? reason) => _changes.Writer.TryComplete(reason);
    }

    /// <summary>The subscribers with equal wishes.</summary>
    internal sealed class Group : IDisposable
    {
        private readonly RowFollowers _all;
        private readonly RowWishes _wishes;
        private readonly CancellationTokenSource _end = new();
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Who follows every row has no key.
        private readonly List<Follower> _ofEveryRow = [];
        private readonly Dictionary<string, List<Follower>> _ofOneRow = new(StringComparer.Ordinal);

        internal Group(RowFollowers all, RowWishes wishes)
        {
            (_all, _wishes) = (all, wishes);
            _ = Task.Run(RunAsync);
        }

        /// <summary>Ends when the group follows the feed.</summary>
        internal Task Begun => _begun.Task;

        public void Dispose() => _end.Dispose();

        /// <summary>Adds a subscriber, under the lock of all groups.</summary>
        internal Follower Add(string? key)
        {
            var follower = new Follower(this, key, _all.MostQueued);
            if (key is null)
            {
                _ofEveryRow.Add(follower);
                return follower;
            }

            if (!_ofOneRow.TryGetValue(key, out var followers)) _ofOneRow.Add(key, followers = []);
            followers.Add(follower);
            return follower;
        }

        internal void Remove(Follower follower)
        {
            lock (_all._lock)
            {
                if (follower.Key is null) _ofEveryRow.Remove(follower);
                else if (_ofOneRow.TryGetValue(follower.Key, out var followers) && followers.Remove(follower)
                    && followers.Count == 0)
                    _ofOneRow.Remove(follower.Key);
                // Under the lock: behind it the group may have ended by itself.
                if (_ofEveryRow.Count + _ofOneRow.Count == 0 && _all.Forget(_wishes, this)) _end.Cancel();
            }
        }

        private async Task RunAsync()
        {
            Exception? reason = null;
            try
            {
                using var feed = (await _all.Feed.FollowAsync(null, _end.Token).ConfigureAwait(false))!;
                _begun.TrySetResult();
                await foreach (var news in feed.ReadAsync(_end.Token).ConfigureAwait(false))
                    foreach (var wish in _wishes.InOrder)
                        await TellAsync(news, wish).ConfigureAwait(false);
            }
            catch (Exception fault)
            {
                reason = fault;
            }

            foreach (var follower in EndNow()) follower.End(reason);
            if (reason is not null) _begun.TrySetException(reason);
            _ = _begun.Task.Exception;
            Dispose();
        }

        private async Task TellAsync(FeedNews news, RowWish wish)
        {
            var keys = Followed(news.Moved(wish.Model, wish.Sort));
            if (keys.Length == 0) return;
            var changes = await _all.Read(news, wish, keys).ConfigureAwait(false);
            var told = changes.OfType<RowChange>().ToArray();
            if (told.Length == 0) return;
            foreach (var follower in OfEveryRow()) follower.Tell(told, _all.MostQueued);
            for (var i = 0; i < keys.Length; i++)
            {
                if (changes[i] is not { } change || OfRow(keys[i]) is not { Length: > 0 } followers) continue;
                RowChange[] one = [change];
                foreach (var follower in followers) follower.Tell(one, _all.MostQueued);
            }
        }

        // The rows that some subscriber follows, always in the same order.
        private string[] Followed(IReadOnlySet<string> moved)
        {
            if (moved.Count == 0) return [];
            lock (_all._lock)
            {
                var followed = _ofEveryRow.Count > 0 ? moved : moved.Where(_ofOneRow.ContainsKey);
                return [.. followed.Order(StringComparer.Ordinal)];
            }
        }

        // Copies: a subscriber may leave while it is told.
        private Follower[] OfEveryRow()
        {
            lock (_all._lock) return [.. _ofEveryRow];
        }

        private Follower[] OfRow(string key)
        {
            lock (_all._lock) return _ofOneRow.TryGetValue(key, out var followers) ? [.. followers] : [];
        }

        // From here on a new subscriber begins a new group.
        private Follower[] EndNow()
        {
            lock (_all._lock)
            {
                _all.Forget(_wishes, this);
                return [.. _ofEveryRow, .. _ofOneRow.Values.SelectMany(followers => followers)];
            }
        }
    }

    private ChangeFeed Feed => feed;

    private ReadChanges Read => read;

    private int MostQueued => feed.MostQueued;

    private bool Forget(RowWishes wishes, Group group) =>
        _groups.TryGetValue(wishes, out var known) && known == group && _groups.Remove(wishes);
}
