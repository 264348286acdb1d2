// The event tables, read in order, one chunk ahead. Enters: a range of sequences. Leaves: events with their identity. Always holds: at
// most two chunks are in memory.
using EventSourced.Domain;
using EventSourced.EventStore;

namespace EventSourced.Indexer.Replay;

/// <summary>A stored event.</summary>
internal readonly record struct StoredEvent(long Sequence, string Stream, Guid Id, Instant Time, ChainEvent Happened);

/// <summary>Reads the event tables in order.</summary>
internal sealed class StoredEvents(Store store, long last)
{
    /// <summary>How many events are read at once.</summary>
    internal const int Chunk = 20_000;

    private Task<List<StoredEvent>>? _ahead;
    private List<StoredEvent> _chunk = [];
    private int _at;
    private long _asked;

    /// <summary>The next event, or null at the end.</summary>
    internal async ValueTask<StoredEvent?> PeekAsync(CancellationToken cancellation)
    {
        while (_at == _chunk.Count)
        {
            if (_asked >= last && _ahead is null) return null;
            _ahead ??= ReadAsync(cancellation);
            _chunk = await _ahead.ConfigureAwait(false);
            _at = 0;
            _ahead = _asked < last ? ReadAsync(cancellation) : null;
        }

        return _chunk[_at];
    }

    /// <summary>Passes the event that was seen.</summary>
    internal void Take() => _at++;

    private Task<List<StoredEvent>> ReadAsync(CancellationToken cancellation)
    {
        var after = _asked;
        _asked = Math.Min(last, after + Chunk);
        var options = new ScanOptions { AfterSequence = after, UntilSequence = _asked };
        return Task.Run(
            async () =>
            {
                var events = new List<StoredEvent>(Chunk);
                await store.Advanced.ScanAsync(options, Add, cancellation).ConfigureAwait(false);
                return events;

                void Add(in RawEvent raw) => events.Add(new StoredEvent(
                    raw.Sequence, raw.StreamKey, raw.Id, (ulong)raw.Timestamp.ToUnixTimeSeconds(), (ChainEvent)raw.Data));
            },
            cancellation);
    }
}
