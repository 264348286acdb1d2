// events -> leaves, in the order of the chain. Enters: events as they are pending or stored, and their blocks. Leaves:
// entries of a log. Always holds: both ways of an event give the same bytes; the leaf of the event at sequence n is
// the log's entry n - 1.
using System.Buffers;
using EventSourced.Domain;
using EventSourced.Indexer.Fold;
using EventSourced.Tables;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Attest;

/// <summary>Writes the leaves of some blocks' events.</summary>
internal sealed class LeafWriter(LogBatch log, IReadOnlyList<BlockRow> blocks)
{
    private const int FirstBytes = 1024;

    // One stream's key may stand beside the next: it is copied, for what a scan gives lives shortly.
    private readonly ArrayBufferWriter<byte> _json = new(FirstBytes);
    private byte[] _stream = new byte[FirstBytes];
    private int _block;

    /// <summary>Adds the next event.</summary>
    internal void Add(in PendingEvent pending) =>
        Add(pending.Stream.KeyUtf8, pending.Version, pending.Happened, pending.Id, pending.Time);

    /// <summary>Adds the next event.</summary>
    internal void Add(ReadOnlySpan<byte> stream, long version, ChainEvent happened, Guid id, Instant time)
    {
        var at = EventIdentity.PlaceOf(id, time);
        while (_block < blocks.Count && blocks[_block].LastSequence <= log.Size) _block++;
        if (_block == blocks.Count || blocks[_block].Number != at.Block)
            throw new InvalidOperationException(
                $"leaf {log.Size}: expected an event of {(_block < blocks.Count ? $"block {blocks[_block].Number}" : "no block")}, found one of {at}");
        if (stream.Length > _stream.Length) _stream = new byte[2 * stream.Length];
        stream.CopyTo(_stream);
        _json.ResetWrittenCount();
        EventLeaf.Write(
            _json, happened, new LeafPlace(_stream.AsMemory(0, stream.Length), version, at, blocks[_block].Hash));
        log.Add(_json.WrittenSpan);
    }
}
