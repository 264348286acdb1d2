// The stored blocks behind the finalized one. After a start the node announces them again. Enters: stored blocks, then
// the node's. Leaves: the number of the node's blocks that the database already has. Always holds: a block that differs
// from the stored one is a transient fault: the indexer starts again, from the finalized block.
using EventSourced.Indexer.Decode;
using EventSourced.Tables;

namespace EventSourced.Indexer.Commit;

/// <summary>The stored blocks that the node will announce again.</summary>
internal sealed class StoredTail
{
    private readonly Queue<BlockRow> _stored = new();

    internal void Expect(IEnumerable<BlockRow> blocks)
    {
        foreach (var block in blocks) _stored.Enqueue(block);
    }

    /// <summary>The number of blocks at the beginning of a range that are stored already.</summary>
    internal int Match(IReadOnlyList<BlockEvents> blocks, ulong to)
    {
        var first = 0;
        for (; first < blocks.Count && _stored.TryPeek(out var stored); first++)
        {
            if (stored.Number != blocks[first].Number || stored.Hash != blocks[first].Hash)
                throw new TailChangedException(stored.Number, blocks[first].Number);
            _stored.Dequeue();
        }

        if (_stored.TryPeek(out var left) && left.Number <= to) throw new TailChangedException(left.Number, to);
        return first;
    }

    internal void Clear() => _stored.Clear();
}

/// <summary>The stored tail differs from the node's: the indexer starts again, from the finalized block.</summary>
public sealed class TailChangedException(ulong expected, ulong found)
    : IOException($"expected the stored block {expected} to stay, found block {found} in its place");
