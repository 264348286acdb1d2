// What a session does with events: start, append, fetch, fold, archive. Marten's words for Marten's deeds.
using System.Runtime.CompilerServices;
using EventSourced.EventStore.Json;
using EventSourced.EventStore.Projections;
using EventSourced.EventStore.Reading;
using Npgsql;

namespace EventSourced.EventStore;

/// <summary>Appends to streams and reads them.</summary>
public sealed class EventOperations
{
    private readonly Store _store;
    private readonly Session _session;

    internal EventOperations(Store store, Session session)
    {
        _store = store;
        _session = session;
    }

    /// <summary>Starts a stream of an aggregate; saving is refused if it exists.</summary>
    public StreamAction StartStream<TAggregate>(string streamKey, params ReadOnlySpan<object> events)
        where TAggregate : class => Start(streamKey, MartenNaming.Alias(typeof(TAggregate)), events);

    /// <summary>Starts a stream; saving is refused if it exists.</summary>
    public StreamAction StartStream(string streamKey, params ReadOnlySpan<object> events) =>
        Start(streamKey, null, events);

    /// <summary>Appends to a stream, which is started if it does not exist.</summary>
    public StreamAction Append(string streamKey, params ReadOnlySpan<object> events) =>
        Append(streamKey, ExpectedVersion.Any, events);

    /// <summary>
    /// Appends to a stream that must be exactly as expected before these events. With no events it only asserts that.
    /// </summary>
    public StreamAction Append(string streamKey, ExpectedVersion expected, params ReadOnlySpan<object> events) =>
        Add(_session.Stream(streamKey, expected, null), events);

    /// <summary>Wraps data so that its id, time and metadata can be set before it is appended.</summary>
    public Event BuildEvent(object data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return _store.Options.Events.Wrap(data);
    }

    /// <summary>Marks a stream and all its events as archived when the session is saved.</summary>
    public void ArchiveStream(string streamKey) => _session.Archive(streamKey);

    /// <summary>
    /// The events of a stream in order: all, or those up to a version or a time, or from a version on.
    /// </summary>
    public Task<IReadOnlyList<Event>> FetchStreamAsync(
        string streamKey,
        long version = 0,
        DateTimeOffset? timestamp = null,
        long fromVersion = 0,
        CancellationToken token = default) =>
        OnConnectionAsync(
            connection => _store.Queries.FetchAsync(
                connection, new StreamRange(streamKey, version, timestamp, fromVersion), token), token);

    /// <summary>What is known of a stream without reading its events; null if it does not exist.</summary>
    public Task<StreamState?> FetchStreamStateAsync(string streamKey, CancellationToken token = default) =>
        OnConnectionAsync(
            async connection => (await _store.Queries.StatesAsync(connection, [streamKey], token)).SingleOrDefault(),
            token);

    /// <summary>
    /// What is known of many streams, in the order of their keys; those that do not exist are left out.
    /// </summary>
    public Task<IReadOnlyList<StreamState>> FetchStreamStatesAsync(
        string[] streamKeys, CancellationToken token = default) =>
        OnConnectionAsync(connection => _store.Queries.StatesAsync(connection, streamKeys, token), token);

    /// <summary>Folds a stream's events, whole or up to a version or a time; null if nothing is left of it.</summary>
    public async Task<T?> AggregateStreamAsync<T>(
        string streamKey, long version = 0, DateTimeOffset? timestamp = null, CancellationToken token = default)
        where T : class
    {
        var aggregate = _store.Options.Projections.Of<T>();
        var events = await FetchStreamAsync(streamKey, version, timestamp, 0, token);
        return (T?)aggregate.Fold(null, events);
    }

    /// <summary>The latest state of an aggregate: its snapshot and whatever came after it.</summary>
    public async Task<T?> FetchLatestAsync<T>(string streamKey, CancellationToken token = default)
        where T : class =>
        (await LoadAsync<T>(streamKey, token)).Aggregate;

    /// <summary>
    /// The latest state of an aggregate, to append to; saving is refused if another writer came in between.
    /// </summary>
    public async Task<EventStream<T>> FetchForWritingAsync<T>(string streamKey, CancellationToken token = default)
        where T : class
    {
        var loaded = await LoadAsync<T>(streamKey, token);
        loaded.Attach(_session);
        return loaded;
    }

    /// <summary>
    /// The stored document of a projection, as of the last event that it has seen; null if there is none.
    /// </summary>
    public Task<T?> LoadDocumentAsync<T>(string id, CancellationToken token = default)
        where T : class
    {
        var projection = _store.Options.Projections.Of<T>();
        return OnConnectionAsync(
            async connection => (T?)await _store.Snapshots.LoadAsync(connection, projection, id, token), token);
    }

    /// <summary>All events of the store in their order, from a position on.</summary>
    /// <param name="afterSequence">The last position that the caller has seen.</param>
    /// <param name="untilSequence">The last position that the caller wants.</param>
    /// <param name="token">Ends the scan.</param>
    public async IAsyncEnumerable<Event> QueryAllRawEvents(
        long afterSequence = 0,
        long untilSequence = long.MaxValue,
        [EnumeratorCancellation] CancellationToken token = default)
    {
        await using var connection = await _store.DataSource.OpenConnectionAsync(token);
        var options = new ScanOptions { AfterSequence = afterSequence, UntilSequence = untilSequence, Metadata = true };
        await using var scan = await EventScan.StartAsync(connection, _store, options, token);
        while (await scan.ReadAsync(token)) yield return scan.Current.ToEvent();
    }

    private StreamAction Start(string streamKey, string? aggregateTypeName, ReadOnlySpan<object> events) =>
        events.IsEmpty
            ? throw new ArgumentException(
                $"stream {streamKey}: expected at least one event to start it with, found none")
            : Add(_session.Stream(streamKey, ExpectedVersion.NoStream, aggregateTypeName), events);

    private StreamAction Add(StreamAction stream, ReadOnlySpan<object> events)
    {
        foreach (var data in events) stream.Add(_store.Options.Events.Wrap(data));
        return stream;
    }

    private Task<EventStream<T>> LoadAsync<T>(string streamKey, CancellationToken token)
        where T : class
    {
        var aggregate = _store.Options.Projections.Of<T>();
        return OnConnectionAsync(
            async connection =>
            {
                var (state, version) = await _store.Queries.LoadAsync(connection, aggregate, streamKey, token);
                return new EventStream<T>(_store.Options.Events, streamKey, (T?)state, version);
            },
            token);
    }

    private async Task<T> OnConnectionAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken token)
    {
        if (_session.Outer is { } outer) return await read(outer.Connection!);
        await using var connection = await _store.DataSource.OpenConnectionAsync(token);
        return await read(connection);
    }
}
