// Events as a table: the content of the streams, with the block of each event. Enters: stored events in order, or the
// bytes of a segment. Leaves: bytes, or events with their blocks. Always holds: a segment ends with the end of a block;
// the identity of an event follows from its place and is not stored again.
using System.Text;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Commit;
using EventSourced.MartenBulk;
using EventSourced.Tables;

namespace EventSourced.Indexer.Segments;

/// <summary>An event of a segment.</summary>
internal readonly record struct ArchivedEvent(
    long Sequence, string Stream, long Version, ChainEvent Happened, At At, Word BlockHash)
{
    internal Guid Id => EventIdentity.Of(At, BlockHash);
}

/// <summary>Writes and reads segments of events.</summary>
internal sealed class EventSegment
{
    private readonly Cells _sequence = Cells.Of("sequence", typeof(long));
    private readonly Cells _stream = Cells.Of("stream", typeof(string));
    private readonly Cells _version = Cells.Of("version", typeof(long));
    private readonly Cells _type = Cells.Of("type", typeof(string));
    private readonly Cells _data = Cells.Of("data", typeof(string));
    private readonly Cells _block = Cells.Of("block", typeof(long));
    private readonly Cells _hash = Cells.Of("block_hash", typeof(string));
    private readonly Cells _time = Cells.Of("time", typeof(long));
    private readonly Cells _log = Cells.Of("log_index", typeof(long));
    private readonly Cells _ordinal = Cells.Of("ordinal", typeof(long));
    private readonly Cells _derived = Cells.Of("derived", typeof(bool));

    /// <summary>The number of events that wait to be written.</summary>
    internal int Count { get; private set; }

    private Cells[] Columns =>
        [_sequence, _stream, _version, _type, _data, _block, _hash, _time, _log, _ordinal, _derived];

    internal void Add(in RawEvent raw, in BlockRow block)
    {
        var at = EventIdentity.PlaceOf(raw.Id, block.Time);
        _sequence.Add(raw.Sequence);
        _stream.Add(raw.StreamKey);
        _version.Add(raw.Version);
        _type.Add(Encoding.UTF8.GetString(raw.TypeUtf8));
        _data.Add(Encoding.UTF8.GetString(raw.Json));
        _block.Add((long)block.Number);
        _hash.Add($"{block.Hash}");
        _time.Add(block.Time.Seconds);
        _log.Add((long)at.LogIndex);
        _ordinal.Add((long)at.Ordinal);
        _derived.Add(typeof(DerivedEvent).IsAssignableFrom(raw.Type?.ClrType));
        Count++;
    }

    internal Task<byte[]> WriteAsync(CancellationToken cancellation)
    {
        Count = 0;
        return SegmentFile.WriteAsync(Columns, cancellation);
    }

    /// <summary>The events of a file.</summary>
    /// <exception cref="PlaceFaultException">The file holds no events.</exception>
    internal async Task<List<ArchivedEvent>> ReadAsync(byte[] file, string where, CancellationToken cancellation)
    {
        var rows = await SegmentFile.ReadAsync(file, Columns, where, cancellation).ConfigureAwait(false);
        var events = new List<ArchivedEvent>(rows);
        for (var row = 0; row < rows; row++)
        {
            try
            {
                events.Add(Read(row));
            }
            catch (Exception fault) when (
                fault is FormatException or System.Text.Json.JsonException or OverflowException
                    or UnknownEventTypeException or ArgumentException)
            {
                throw new PlaceFaultException("an event of the catalog", fault.Message, $"{where}, row {row}");
            }
        }

        return events;
    }

    private ArchivedEvent Read(int row)
    {
        var (type, data) = ((string)_type.At(row), (string)_data.At(row));
        var happened = (ChainEvent)EconomyStore.Types.Read(type, Encoding.UTF8.GetBytes(data));
        if (happened is DerivedEvent != (bool)_derived.At(row))
            throw new FormatException($"expected derived {happened is DerivedEvent} of {type}, found the contrary");
        var at = new At(
            checked((ulong)(long)_block.At(row)), new Instant(checked((ulong)(long)_time.At(row))),
            checked((uint)(long)_log.At(row)), checked((uint)(long)_ordinal.At(row)));
        return new ArchivedEvent(
            (long)_sequence.At(row), (string)_stream.At(row), (long)_version.At(row), happened, at,
            Word.Parse((string)_hash.At(row)));
    }
}
