// Bulk append by binary COPY, inside the caller's transaction and beside whatever else it writes: streams first, then
// events, then the sequence. Enters: events in their final order, with id and time given by the caller. Always holds: a
// flush writes all that waits or fails the transaction; sequence numbers follow the order of the calls.
using System.Text.Json;
using Npgsql;

namespace EventSourced.MartenBulk;

/// <summary>Appends many events to many streams at the speed of COPY.</summary>
public sealed class BulkAppend : IDisposable
{
    private readonly BulkTarget _target;
    private readonly EventTypes _types;
    private readonly CopyBuffer _rows;
    private readonly bool _ownsRows;
    private readonly Utf8JsonWriter _json;
    private readonly List<int> _sequenceAt = [];
    private readonly List<BulkStream> _touched = [];
    private readonly Dictionary<EventType, (byte[] Alias, byte[] DotNet)> _wire = [];

    internal BulkAppend(BulkStore store, NpgsqlTransaction transaction, BulkOptions options)
    {
        _types = store.Types;
        _target = new BulkTarget(store, transaction, options);
        (_rows, _ownsRows) = (options.Rows ?? new CopyBuffer(), options.Rows is null);
        _json = new Utf8JsonWriter(_rows, StorableText.WriterOptions);
    }

    /// <summary>Events that wait for the next flush.</summary>
    public int PendingEvents => _sequenceAt.Count;

    /// <summary>Bytes that wait for the next flush; at most <see cref="Limits.BulkBytes"/>.</summary>
    public int PendingBytes => _rows.Length;

    /// <summary>A new stream; the flush is refused if it exists.</summary>
    public static BulkStream StartStream(string streamKey) => new(streamKey, 0);

    /// <summary>An existing stream; the flush is refused if it does not have this version.</summary>
    public static BulkStream ContinueStream(string streamKey, long version) =>
        version > 0
            ? new BulkStream(streamKey, version)
            : throw new ArgumentOutOfRangeException(
                nameof(version), version, "expected a version of 1 or more; StartStream makes new streams");

    /// <summary>Adds one event behind all others.</summary>
    public void Append(BulkStream stream, object data, Guid id, DateTimeOffset timestamp)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(data);
        var type = _types.Of(data.GetType());
        var start = _rows.Position;
        try
        {
            Write(stream, type, data, id, timestamp);
        }
        catch
        {
            _rows.Truncate(start);
            _json.Reset();
            throw;
        }

        _sequenceAt.Add(start + 6);
        if (!stream.IsTouched)
        {
            stream.IsTouched = true;
            stream.First = timestamp;
            _touched.Add(stream);
        }

        stream.Version++;
        stream.Last = timestamp;
    }

    /// <summary>Writes all that waits, and answers the sequence of the last event.</summary>
    /// <exception cref="ConcurrencyException">A stream is not as expected; the transaction must be
    /// rolled back.</exception>
    public async Task<long> FlushAsync(CancellationToken token = default)
    {
        if (_sequenceAt.Count == 0) return _target.LastSequence;
        await _target.WriteStreamsAsync(_touched, token);
        var numbers = await _target.DrawAsync(_sequenceAt.Count, token);
        for (var index = 0; index < _sequenceAt.Count; index++) _rows.Patch(_sequenceAt[index], numbers[index]);
        await _target.WriteEventsAsync(_rows, token);
        foreach (var stream in _touched)
        {
            stream.StoredVersion = stream.Version;
            stream.IsTouched = false;
        }

        _touched.Clear();
        _sequenceAt.Clear();
        return _target.LastSequence;
    }

    /// <summary>Forgets the events that were not flushed.</summary>
    public void Dispose()
    {
        _json.Dispose();
        if (_ownsRows) _rows.Dispose();
        else _rows.Clear();
    }

    // The columns in the order of BulkTarget.EventColumns; the sequence is patched in when it is drawn.
    private void Write(BulkStream stream, EventType type, object data, Guid id, DateTimeOffset timestamp)
    {
        var (alias, dotNet) = Wire(type);
        _rows.Row(BulkTarget.EventFields);
        _rows.Int64(0);
        _rows.Id(id);
        _rows.Utf8(stream.KeyUtf8);
        _rows.Int64(stream.Version + 1);
        var json = _rows.BeginJson();
        type.Write(_json, data);
        _json.Flush();
        _json.Reset();
        if (_rows.EndField(json) is > Limits.EventBytes and var length)
            throw new ArgumentException(
                $"stream {stream.Key}: expected an event of at most {Limits.EventBytes} bytes, found {length}");
        _rows.Raw(alias);
        _rows.Time(timestamp);
        _rows.Raw(dotNet);
        _rows.False();
    }

    // The parts that every event of a type repeats, once in wire form: its alias; tenant and CLR name.
    private (byte[] Alias, byte[] DotNet) Wire(EventType type)
    {
        if (_wire.TryGetValue(type, out var wire)) return wire;
        using var fields = new CopyBuffer();
        fields.Utf8(type.AliasUtf8);
        var alias = fields.Written();
        fields.Truncate(fields.Position - fields.Length);
        fields.Utf8("*DEFAULT*"u8);
        fields.Utf8(type.DotNetTypeNameUtf8);
        return _wire[type] = (alias, fields.Written());
    }
}
