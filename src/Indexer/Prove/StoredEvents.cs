// The event tables, read in order, one chunk ahead. Enters: a range of sequences. Leaves: events with their identity.
// Events that were dropped after archiving come from the archive, a segment at a time. Always holds: at most two chunks
// are in memory, in the same two lists from the first to the last; stream keys stay bytes.
using System.Text;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Segments;
using EventSourced.MartenBulk;

namespace EventSourced.Indexer.Prove;

/// <summary>A stored event. An event from an archive has its block's hash.</summary>
internal readonly record struct StoredEvent(
    long Sequence, ReadOnlyMemory<byte> Key, Guid Id, Instant Time, ChainEvent Happened, Word? BlockHash = null)
{
    /// <summary>Its stream, for people.</summary>
    internal string Stream => Encoding.UTF8.GetString(Key.Span);
}

/// <summary>Reads the event tables in order.</summary>
/// <param name="store">The event tables.</param>
/// <param name="last">The last event.</param>
/// <param name="dropped">The events that the database no longer holds, in order; null: it holds all.</param>
/// <param name="horizon">The last dropped event; 0: none was dropped.</param>
internal sealed class StoredEvents(
    BulkStore store, long last, IAsyncEnumerator<List<ArchivedEvent>>? dropped = null, long horizon = 0)
{
    /// <summary>The number of events that are read at once.</summary>
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

    /// <summary>Passes the peeked event.</summary>
    internal void Take() => _at++;

    private Task<List<StoredEvent>> ReadAsync(CancellationToken cancellation)
    {
        var after = _asked;
        if (dropped is not null && after < horizon) return DroppedAsync(dropped);
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

    // A segment is one chunk. It ends with its block, which may lie behind the horizon.
    private async Task<List<StoredEvent>> DroppedAsync(IAsyncEnumerator<List<ArchivedEvent>> segments)
    {
        if (!await segments.MoveNextAsync().ConfigureAwait(false)) throw new InvalidOperationException(
            $"expected events up to {horizon} in the archive, found the last one {_asked}");
        var events = _spare;
        events.Clear();
        foreach (var one in segments.Current.Where(one => one.Sequence <= last))
            events.Add(new StoredEvent(
                one.Sequence, Encoding.UTF8.GetBytes(one.Stream), one.Id, one.At.Time, one.Happened,
                one.BlockHash));
        _asked = Math.Min(last, segments.Current[^1].Sequence);
        return events;
    }

    // Many keys share an array, so the array lives as long as one of its keys is needed.
    private ReadOnlyMemory<byte> Kept(ReadOnlySpan<byte> key)
    {
        if (_keys.Length < key.Length) _keys = new byte[Math.Max(KeyBytesAtOnce, key.Length)];
        var kept = _keys[..key.Length];
        _keys = _keys[key.Length..];
        key.CopyTo(kept.Span);
        return kept;
    }
}
