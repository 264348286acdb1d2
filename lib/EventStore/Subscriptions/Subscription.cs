// Follows the events from a durable position, page by page. Always holds: one process at a time (an advisory lock), a
// page's events in order, the position moved in the transaction that the handler may write in. Enters: a handler. What
// fails is tried again; what keeps failing pauses the subscription or becomes a dead letter, never silence.
using EventSourced.EventStore.Reading;
using EventSourced.EventStore.Schema;
using EventSourced.EventStore.Subscriptions;
using Npgsql;

namespace EventSourced.EventStore;

/// <summary>What a subscription is doing.</summary>
public enum SubscriptionState
{
    /// <summary>Connecting, or waiting while another process leads.</summary>
    Waiting,

    /// <summary>Handling events as they come.</summary>
    Running,

    /// <summary>Standing still until it is resumed.</summary>
    Paused,

    /// <summary>Disposed.</summary>
    Stopped,
}

/// <summary>A running subscription; dispose it to stop.</summary>
public sealed class Subscription : IAsyncDisposable
{
    private static readonly TimeSpan LeadInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WaitInterval = TimeSpan.FromMilliseconds(5);

    private readonly Store _store;
    private readonly EventPageHandler _handler;
    private readonly SubscriptionOptions _options;
    private readonly Progression _progression;
    private readonly PageQuery _pages;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile bool _paused;
    private volatile Exception? _failure;
    private long _position;
    private long _ceiling;
    private long _carefulUntil;
    private int _state;
    private int _disposed;

    internal Subscription(Store store, string name, EventPageHandler handler, SubscriptionOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Attempts, 1);
        _store = store;
        _handler = handler;
        _options = options;
        Name = name;
        _progression = new Progression(store.Schema, name);
        _pages = new PageQuery(store, options.EventTypes);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>The name under which the position is stored.</summary>
    public string Name { get; }

    /// <summary>The last event that is done.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>What it is doing.</summary>
    public SubscriptionState State => (SubscriptionState)Volatile.Read(ref _state);

    /// <summary>Why it paused or had to begin anew; null while all is well.</summary>
    public Exception? Failure => _failure;

    /// <summary>Stands still after the page under way.</summary>
    public void Pause() => _paused = true;

    /// <summary>Goes on, beginning with whatever failed.</summary>
    public void Resume() => _paused = false;

    /// <summary>Waits until a position is done.</summary>
    public async Task WaitForAsync(long sequence, CancellationToken token = default)
    {
        while (Position < sequence)
        {
            if (_loop.IsCompleted)
                throw new InvalidOperationException(
                    $"subscription {Name}: expected position {sequence}, stopped at {Position}", _failure);
            await Task.Delay(WaitInterval, token);
        }
    }

    /// <summary>Waits until everything that is committed now is done, and answers the position.</summary>
    public async Task<long> CatchUpAsync(CancellationToken token = default)
    {
        await using var connection = await _store.DataSource.OpenConnectionAsync(token);
        var last = await _pages.LastAsync(connection, token);
        await WaitForAsync(last, token);
        return Position;
    }

    /// <summary>Stops after the page under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var token = _stop.Token;
        var wait = _options.Backoff;
        while (!token.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _store.DataSource.OpenConnectionAsync(token);
                await LeadAsync(connection, token);
                wait = _options.Backoff;
                try
                {
                    await FollowAsync(connection, token);
                }
                finally
                {
                    await ResignAsync(connection);
                }
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                break;
            }
            catch (ProgressionOutOfOrderException moved)
            {
                // A truncation or another process moved the position: begin where it stands now.
                _failure = moved;
            }
#pragma warning disable CA1031 // a subscription outlives every fault of its database
            catch (Exception fault)
            {
                _failure = fault;
                Volatile.Write(ref _state, (int)SubscriptionState.Waiting);
                await Task.Delay(wait, token).ContinueWith(_ => { }, TaskScheduler.Default);
                wait = Longer(wait);
            }
#pragma warning restore CA1031
        }

        Volatile.Write(ref _state, (int)SubscriptionState.Stopped);
    }

    private async Task LeadAsync(NpgsqlConnection connection, CancellationToken token)
    {
        Volatile.Write(ref _state, (int)SubscriptionState.Waiting);
        await using var command = new NpgsqlCommand(
            $"select pg_try_advisory_lock({AdvisoryLocks.Subscription(_store.Schema, Name)})", connection);
        while (!(bool)(await command.ExecuteScalarAsync(token))!)
            await Task.Delay(LeadInterval, token);
    }

    // A pooled connection keeps its locks until somebody else uses it. One that is lost has lost them too.
    private async Task ResignAsync(NpgsqlConnection connection)
    {
        if (connection.State != System.Data.ConnectionState.Open) return;
        try
        {
            await using var command = new NpgsqlCommand(
                $"select pg_advisory_unlock({AdvisoryLocks.Subscription(_store.Schema, Name)})", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException fault)
        {
            _failure ??= fault;
        }
    }

    private async Task FollowAsync(NpgsqlConnection connection, CancellationToken token)
    {
        var highWater = new HighWater(_store);
        await BeginAsync(connection, token);
        while (true)
        {
            token.ThrowIfCancellationRequested();
            if (_paused)
            {
                Volatile.Write(ref _state, (int)SubscriptionState.Paused);
                await Task.Delay(_options.PollInterval, token);
                continue;
            }

            Volatile.Write(ref _state, (int)SubscriptionState.Running);
            if (_position >= _ceiling) _ceiling = await highWater.AdvanceAsync(connection, _position, token);
            if (_position >= _ceiling)
            {
                await IdleAsync(connection, token);
                continue;
            }

            await AdvanceAsync(connection, token);
        }
    }

    private async Task BeginAsync(NpgsqlConnection connection, CancellationToken token)
    {
        var stored = await _progression.LoadAsync(connection, token);
        if (stored is null)
        {
            var first = _options.FromPresent ? await _pages.LastAsync(connection, token) : _options.AfterSequence;
            await _progression.MoveAsync(connection, null, first, token);
            stored = first;
        }

        _ceiling = stored.Value;
        Volatile.Write(ref _position, stored.Value);
    }

    private async Task IdleAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await Task.Delay(_options.PollInterval, token);
        // A truncation may have taken the position back while there was nothing to do.
        var stored = await _progression.LoadAsync(connection, token) ?? 0;
        if (stored == _position) return;
        _ceiling = stored;
        Volatile.Write(ref _position, stored);
    }

    private async Task AdvanceAsync(NpgsqlConnection connection, CancellationToken token)
    {
        var careful = _position < _carefulUntil;
        var wait = _options.Backoff;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var next = await StepAsync(connection, careful ? 1 : _options.BatchSize, token);
                Volatile.Write(ref _position, next);
                _failure = null;
                return;
            }
            catch (Exception failure) when (IsHandlers(failure, connection, token))
            {
                _failure = failure;
                if (attempt >= _options.Attempts)
                {
                    await GiveUpAsync(connection, careful, failure, token);
                    return;
                }
            }

            await Task.Delay(wait, token);
            wait = Longer(wait);
        }
    }

    // A page that keeps failing is handled event by event, so that one bad event is found and the good ones pass.
    private async Task GiveUpAsync(
        NpgsqlConnection connection, bool careful, Exception failure, CancellationToken token)
    {
        if (!careful && _options.BatchSize > 1)
        {
            _carefulUntil = _ceiling;
        }
        else if (_options.WhenPoisoned == WhenPoisoned.Pause)
        {
            _paused = true;
        }
        else
        {
            await PassOverAsync(connection, failure, token);
        }
    }

    private async Task<long> StepAsync(NpgsqlConnection connection, int limit, CancellationToken token)
    {
        await using var transaction = await connection.BeginTransactionAsync(token);
        var events = await _pages.ReadAsync(connection, _position, _ceiling, limit, token);
        var next = events.Count < limit ? _ceiling : events[^1].Sequence;
        if (events.Count > 0) await _handler(new EventPage(events, _position, next, transaction), token);
        await _progression.MoveAsync(connection, _position, next, token);
        await transaction.CommitAsync(token);
        return next;
    }

    private async Task PassOverAsync(NpgsqlConnection connection, Exception failure, CancellationToken token)
    {
        await using var transaction = await connection.BeginTransactionAsync(token);
        var poisoned = await _pages.NextAsync(connection, _position, _ceiling, token);
        await new DeadLetters(_store.Schema).AddAsync(
            connection,
            new DeadLetter(
                Guid.NewGuid(), Name, poisoned, failure.GetType().FullName!, failure.Message,
                    _store.Options.TimeProvider.GetUtcNow()),
            token);
        await _progression.MoveAsync(connection, _position, poisoned, token);
        await transaction.CommitAsync(token);
        Volatile.Write(ref _position, poisoned);
    }

    // A lost connection, a moved position and the end of the subscription say nothing about the event.
    private static bool IsHandlers(Exception failure, NpgsqlConnection connection, CancellationToken token) =>
        failure is not ProgressionOutOfOrderException
        && connection.State == System.Data.ConnectionState.Open
        && !(failure is OperationCanceledException && token.IsCancellationRequested);

    private TimeSpan Longer(TimeSpan wait) => wait * 2 < _options.MaxBackoff ? wait * 2 : _options.MaxBackoff;
}
