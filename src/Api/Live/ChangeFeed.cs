// The one follower of the index in this process. Enters: notifications of batches, and the clock in case a
// notification is lost. Leaves: each step to every subscriber, as one shared object. Always holds: steps come in
// order and none comes twice; a subscriber's queue is bounded, and the feed cuts a subscriber with a full queue and
// gives the reason; the feed waits for a database that is away.
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EventSourced.Api.Streams;
using EventSourced.GraphQL.Errors;
using EventSourced.Projections;
using EventSourced.Tables;
using Npgsql;

namespace EventSourced.Api.Live;

/// <summary>A step that all subscribers share: a result made for one subscriber serves all.</summary>
internal sealed class FeedNews(
    FeedStep step, IReadOnlyList<StoredEvent> finalized, IReadOnlyList<FeedBlock> retractedBlocks)
{
    private static readonly IReadOnlySet<string> NoKeys = new HashSet<string>();

    private readonly ConcurrentDictionary<(string Kind, object Of), object> _shared = new();

    internal FeedStep Step { get; } = step;

    /// <summary>Events that became final with this step.</summary>
    internal IReadOnlyList<StoredEvent> Finalized { get; } = finalized;

    /// <summary>Blocks that subscribers were told of and that the index has left.</summary>
    internal IReadOnlyList<FeedBlock> RetractedBlocks { get; } = retractedBlocks;

    /// <summary>Makes a value once for all subscribers that ask for the same.</summary>
    internal T Shared<T>(string kind, object of, Func<T> make)
        where T : class => ((Lazy<T>)_shared.GetOrAdd((kind, of), _ => new Lazy<T>(make))).Value;

    /// <summary>The keys of the model's rows that the step's events change.</summary>
    internal IReadOnlySet<string> Moved(ReadModel model, ChangeSort sort) => Shared(
        "moved", sort, () => Keys(sort switch
        {
            ChangeSort.Retracted => Step.Retracted,
            ChangeSort.Appended => Step.Appended,
            _ => Finalized,
        })).TryGetValue(model, out var keys) ? keys : NoKeys;

    private static Dictionary<ReadModel, HashSet<string>> Keys(IReadOnlyList<StoredEvent> events)
    {
        var keys = new Dictionary<ReadModel, HashSet<string>>();
        foreach (var one in events)
        {
            foreach (var thing in EventRoutes.Moved(one.Happened, one.At))
            {
                if (!keys.TryGetValue(thing.Model, out var known)) keys.Add(thing.Model, known = []);
                known.Add(thing.Key);
            }
        }

        return keys;
    }
}

/// <summary>The three sorts of events in a step.</summary>
internal enum ChangeSort
{
    Retracted,
    Appended,
    Finalized,
}

/// <summary>Follows the index for all subscribers.</summary>
internal sealed class ChangeFeed : IAsyncDisposable
{
    /// <summary>How long a lost notification delays the next step at most.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Deeper blocks have long been final.
    private const int MostToldBlocks = 1_024;

    private readonly NpgsqlDataSource _database;
    private readonly Action<Exception> _onFault;
    private readonly int _mostQueued;
    private readonly Lock _lock = new();
    private readonly List<Subscriber> _subscribers = [];
    private readonly LinkedList<FeedBlock> _told = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FeedPosition _position;
    private long _finalSequence;
    private FeedBlock? _final;
    private Task _running = Task.CompletedTask;

    internal ChangeFeed(NpgsqlDataSource database, int mostQueued, Action<Exception> onFault)
    {
        (_database, _mostQueued, _onFault) = (database, mostQueued, onFault);
        Reader = new FeedReader(database);
    }

    /// <summary>Reads steps for a subscriber that comes back and has to catch up.</summary>
    internal FeedReader Reader { get; }

    /// <summary>The news that wait for a subscriber at most.</summary>
    internal int MostQueued => _mostQueued;

    /// <summary>The number of subscribers.</summary>
    internal int Subscribers
    {
        get
        {
            lock (_lock) return _subscribers.Count;
        }
    }

    internal void Start() => _running = RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var subscriber in Snapshot()) subscriber.End(null);
        _stop.Dispose();
    }

    /// <summary>Begins to follow now. The result is null when the caller gives a position and the feed stands at
    /// another one.</summary>
    internal async Task<Subscriber?> FollowAsync(FeedPosition? at, CancellationToken cancellation)
    {
        await _begun.Task.WaitAsync(cancellation).ConfigureAwait(false);
        lock (_lock)
        {
            if (at is { } position && position != _position) return null;
            var subscriber = new Subscriber(this, _mostQueued);
            _subscribers.Add(subscriber);
            return subscriber;
        }
    }

    private async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var listener = await _database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
                await BatchChannel.ListenAsync(listener, cancellation).ConfigureAwait(false);
                await BeginAsync(cancellation).ConfigureAwait(false);
                while (true)
                {
                    while (await StepAsync(cancellation).ConfigureAwait(false))
                    {
                    }

                    await listener.WaitAsync(Poll, cancellation).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
            }
            catch (Exception fault) when (
                fault is NpgsqlException or InvalidOperationException or TimeoutException or IOException)
            {
                _onFault(fault);
                await Task.Delay(Pause, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // The first look decides the meaning of "now". After a fault the feed goes on from its last position.
    private async Task BeginAsync(CancellationToken cancellation)
    {
        if (_begun.Task.IsCompleted) return;
        var now = await Reader.NowAsync(cancellation).ConfigureAwait(false);
        (_position, _finalSequence, _final) = (now.After, now.FinalSequence, now.Final);
        if (now.Tip is { } tip) _told.AddLast(tip);
        _begun.SetResult();
    }

    // True when there is more to read at once.
    private async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var isFollowed = Subscribers > 0;
        var step = await Reader.NextAsync(_position, isFollowed, cancellation).ConfigureAwait(false);
        var finalized = isFollowed && step.FinalSequence > _finalSequence
            ? await Reader.BetweenAsync(_finalSequence, step.FinalSequence, cancellation).ConfigureAwait(false)
            : [];
        var left = LeftBlocks(step);
        var isNews = step.After != step.Before || finalized.Count > 0 || left.Count > 0 || IsNew(step.Tip)
            || step.Final != _final;
        var hasMoreFinal = finalized.Count == FeedReader.MostEvents;
        var news = new FeedNews(step, finalized, left);
        lock (_lock)
        {
            // A subscriber came while the step was read without its events: read it again, with them.
            if (!isFollowed && _subscribers.Count > 0) return true;
            _position = step.After;
            _finalSequence = hasMoreFinal ? finalized[^1].Position : Math.Max(step.FinalSequence, _finalSequence);
            _final = step.Final;
            if (isNews)
                foreach (var subscriber in _subscribers) subscriber.Tell(news, _mostQueued);
        }

        Remember(step);
        return step.HasMore || hasMoreFinal;
    }

    private bool IsNew(FeedBlock? tip) => tip is not null && _told.Last?.Value.View.Hash != tip.View.Hash;

    private List<FeedBlock> LeftBlocks(FeedStep step)
    {
        var left = new List<FeedBlock>();
        if (step.Ancestors.Count == 0) return left;
        var ancestor = step.Ancestors.Min();
        while (_told.Last is { } last && last.Value.Number > ancestor)
        {
            left.Add(last.Value);
            _told.RemoveLast();
        }

        return left;
    }

    private void Remember(FeedStep step)
    {
        if (!IsNew(step.Tip) || step.HasMore) return;
        _told.AddLast(step.Tip!);
        if (_told.Count > MostToldBlocks) _told.RemoveFirst();
    }

    private Subscriber[] Snapshot()
    {
        lock (_lock) return [.. _subscribers];
    }

    private void Forget(Subscriber subscriber)
    {
        lock (_lock) _subscribers.Remove(subscriber);
    }

    /// <summary>One subscriber.</summary>
    internal sealed class Subscriber : IDisposable
    {
        private readonly ChangeFeed _feed;
        private readonly Channel<FeedNews> _news;
        private CancellationTokenRegistration _leaving;

        internal Subscriber(ChangeFeed feed, int mostQueued)
        {
            _feed = feed;
            _news = Channel.CreateBounded<FeedNews>(
                new BoundedChannelOptions(mostQueued) { SingleReader = true, SingleWriter = true });
        }

        /// <summary>The news in their order, until the reader stops or is cut.</summary>
        internal IAsyncEnumerable<FeedNews> ReadAsync(CancellationToken cancellation)
        {
            // One registration serves all waits; a wait with the token would register anew each time.
            _leaving = cancellation.UnsafeRegister(_ => End(new OperationCanceledException(cancellation)), null);
            return _news.Reader.ReadAllAsync(CancellationToken.None);
        }

        public void Dispose()
        {
            _leaving.Dispose();
            _feed.Forget(this);
            _news.Writer.TryComplete();
        }

        internal void Tell(FeedNews news, int mostQueued)
        {
            if (!_news.Writer.TryWrite(news))
                End(LimitExceeded.Exception(LimitNames.Queue, mostQueued, mostQueued + 1));
        }

        internal void End(Exception? reason) => _news.Writer.TryComplete(reason);
    }
}
