// A unit of work: what is appended waits here until SaveChanges writes all of it in one transaction, or nothing. When
// saving is refused, everything still waits, so the caller may look, change its mind and save again.
using EventSourced.EventStore.Json;
using EventSourced.EventStore.Writing;
using Npgsql;

namespace EventSourced.EventStore;

/// <summary>Collects appends and saves them together.</summary>
public sealed class Session : IAsyncDisposable
{
    private readonly Store _store;
    private readonly NpgsqlTransaction? _outer;
    private readonly Dictionary<string, StreamAction> _streams = [];
    private readonly List<string> _archived = [];
    private Dictionary<string, System.Text.Json.JsonElement>? _headers;

    internal Session(Store store, NpgsqlTransaction? outer)
    {
        _store = store;
        _outer = outer;
        Events = new EventOperations(store, this);
    }

    /// <summary>Appends to streams and reads them.</summary>
    public EventOperations Events { get; }

    /// <summary>The streams that the next save writes.</summary>
    public IReadOnlyCollection<StreamAction> PendingStreams => _streams.Values;

    /// <summary>Written with every event of this session, if the column is enabled.</summary>
    public string? CorrelationId { get; set; }

    /// <summary>Written with every event of this session, if the column is enabled.</summary>
    public string? CausationId { get; set; }

    /// <summary>Written with every event of this session, if the column is enabled.</summary>
    public string? LastModifiedBy { get; set; }

    internal NpgsqlTransaction? Outer => _outer;

    /// <summary>Adds a header to every event of this session, if the column is enabled.</summary>
    public void SetHeader(string name, string value) => (_headers ??= [])[name] = HeadersJson.Text(value);

    /// <summary>Writes everything that waits, in one transaction.</summary>
    /// <exception cref="ConcurrencyException">A stream is not as expected; nothing was written.</exception>
    /// <exception cref="ArchivedStreamException">A stream takes no more events; nothing was written.</exception>
    public async Task SaveChangesAsync(CancellationToken token = default)
    {
        if (_streams.Count == 0 && _archived.Count == 0) return;
        var streams = _streams.Values.ToList();
        Stamp(streams);
        var unit = new UnitOfWork(_store, streams, _archived);
        if (_outer is not null)
        {
            await unit.WriteAsync(_outer.Connection!, token);
        }
        else
        {
            await using var connection = await _store.DataSource.OpenConnectionAsync(token);
            await unit.CommitAsync(connection, token);
        }

        _streams.Clear();
        _archived.Clear();
    }

    /// <summary>Forgets what was not saved.</summary>
    public ValueTask DisposeAsync()
    {
        _streams.Clear();
        _archived.Clear();
        return ValueTask.CompletedTask;
    }

    internal void Archive(string streamKey) => _archived.Add(streamKey);

    internal StreamAction Stream(string key, ExpectedVersion expected, string? aggregateTypeName)
    {
        if (!_streams.TryGetValue(key, out var stream))
        {
            _streams.Add(key, stream = new StreamAction(key, expected, aggregateTypeName));
            return stream;
        }

        if (stream.Expected.IsAny) stream.Expected = expected;
        else if (!expected.IsAny && expected != stream.Expected)
            throw new InvalidOperationException(
                $"stream {key}: expected {stream.Expected} earlier in this session, now {expected}");
        stream.AggregateTypeName ??= aggregateTypeName;
        return stream;
    }

    private void Stamp(List<StreamAction> streams)
    {
        var count = streams.Sum(stream => stream.Events.Count);
        if (count > Limits.EventsPerSession)
            throw new InvalidOperationException(
                $"expected at most {Limits.EventsPerSession} events in one session, found {count}; use a bulk append");
        var now = _store.Options.TimeProvider.GetUtcNow();
        var metadata = Metadata();
        foreach (var stream in streams)
        {
            foreach (var added in stream.Events)
            {
                if (added.Timestamp == default) added.Timestamp = now;
                added.Metadata ??= metadata;
            }
        }
    }

    private EventMetadata? Metadata() =>
        CorrelationId is null && CausationId is null && LastModifiedBy is null && _headers is null
            ? null
            : new EventMetadata
            {
                CorrelationId = CorrelationId,
                CausationId = CausationId,
                UserName = LastModifiedBy,
                Headers = _headers,
            };
}
