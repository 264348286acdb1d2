// The event tables, read in order, one chunk ahead. Enters: a range of sequences. Leaves: events with their identity.
// Always holds: at most two chunks are in memory, in the same two lists from the first to the last; stream keys stay
// the bytes that they are.
using System.Text;
using EventSourced.Domain;
using EventSourced.MartenBulk;

namespace EventSourced.Indexer.Prove;

/// <summary>A stored event.</summary>
internal readonly record struct StoredEvent(
    long Sequence, ReadOnlyMemory<byte> Key, Guid Id, Instant Time, ChainEvent Happened)
{
    /// <summary>Its stream, for people.</summary>
    internal string Stream => Encoding.UTF8.GetString(Key.Span);
}

/// <summary>Reads the event tables in order.</summary>
internal sealed class StoredEvents(BulkStore store, long last)
{
    /// <summary>How many events are read at once.</summary>
    internal const int Chunk = 20_000;

    private const int KeyBytesAtOnce = 32 * 1024;

    private Task<List<StoredEvent>>? _ahead;
    private List<StoredEvent> _chunk = new(Chunk);
    private List<StoredEvent> _spare = new(Chunk);
    private Memory<byte> _keys;
    private int _at;
    private long _asked;

    /// <summary>The next event, or null at the end.</summary>
    internal async ValueTask<StoredEvent?> PeekAsync(CancellationToken cancellation)
    {
        while (_at == _chunk.Count)
        {
            if (_asked >= last && _ahead is null) return null;
            _ahead ??= ReadAsync(cancellation);
            (_spare, _chunk) = (_chunk, await _ahead.ConfigureAwait(false));
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
        var events = _spare;
        return Task.Run(
            async () =>
            {
                events.Clear();
                await store.ScanAsync(options, Add, cancellation).ConfigureAwait(false);
                return events;

                void Add(in RawEvent raw) => events.Add(new StoredEvent(
                    raw.Sequence, Kept(raw.StreamKeyUtf8), raw.Id, (ulong)raw.Timestamp.ToUnixTimeSeconds(),
                    (ChainEvent)raw.Data));
            },
            cancellation);
    }

    // Many keys share an array, which lives as long as one of them is needed.
    private ReadOnlyMemory<byte> Kept(ReadOnlySpan<byte> key)
    {
        if (_keys.Length < key.Length) _keys = new byte[Math.Max(KeyBytesAtOnce, key.Length)];
        var kept = _keys[..key.Length];
        _keys = _keys[key.Length..];
        key.CopyTo(kept.Span);
        return kept;
    }
}
