// events -> leaves, in the order of the chain. Enters: pending or stored events, and their blocks. Leaves: entries of a
// log. Always holds: a pending event and the same stored event give the same bytes; the leaf of the event at sequence n
// is the log's entry n - 1.
using System.Buffers;
using System.Runtime.InteropServices;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Fold;
using EventSourced.Tables;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Attest;

/// <summary>Writes the leaves of the events of some blocks.</summary>
internal sealed class LeafWriter(LogBatch log, IReadOnlyList<BlockRow> blocks)
{
    // Starting a hash of the runtime costs more than computing it, so leaves are hashed together, eight at a time.
    private const int HashedAtOnce = 512;
    private const int FirstBytes = 256 * 1024;
    private const byte LeafDomain = 0;

    private readonly ArrayBufferWriter<byte> _texts = new(FirstBytes);
    private readonly List<int> _ends = new(HashedAtOnce);
    private readonly MerkleHash[] _hashes = new MerkleHash[HashedAtOnce];

    // The key of a stream is copied, because the memory of a scan is short-lived.
    private byte[] _stream = new byte[256];
    private int _block;

    private long Next => log.Size + _ends.Count;

    /// <summary>Adds the next event.</summary>
    internal void Add(in PendingEvent pending) =>
        Add(pending.Stream.KeyUtf8, pending.Version, pending.Happened, pending.Id, pending.Time);

    /// <summary>Adds the next event.</summary>
    internal void Add(ReadOnlySpan<byte> stream, long version, ChainEvent happened, Guid id, Instant time)
    {
        var at = EventIdentity.PlaceOf(id, time);
        while (_block < blocks.Count && blocks[_block].LastSequence <= Next) _block++;
        if (_block == blocks.Count || blocks[_block].Number != at.Block)
            throw new InvalidOperationException(
                $"leaf {Next}: expected an event of {(_block < blocks.Count ? $"block {blocks[_block].Number}" : "no block")}, found one of {at}");
        if (stream.Length > _stream.Length) _stream = new byte[2 * stream.Length];
        stream.CopyTo(_stream);
        _texts.GetSpan(1)[0] = LeafDomain;
        _texts.Advance(1);
        var key = _stream.AsMemory(0, stream.Length);
        EventLeaf.Write(_texts, happened, new LeafPlace(key, version, at, blocks[_block].Hash));
        _ends.Add(_texts.WrittenCount);
        if (_ends.Count == HashedAtOnce) Flush();
    }

    /// <summary>Hands over the waiting leaves; this is the last call of a batch.</summary>
    internal void Flush()
    {
        var texts = _texts.WrittenSpan;
        var ends = CollectionsMarshal.AsSpan(_ends);
        var hashes = _hashes.AsSpan(0, ends.Length);
        ManyHashes.Hash(texts, ends, hashes);
        var from = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            log.Add(texts[(from + 1)..ends[i]], hashes[i]);
            from = ends[i];
        }

        _texts.ResetWrittenCount();
        _ends.Clear();
    }
}
