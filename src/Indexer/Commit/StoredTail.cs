// The stored blocks behind the finalized one, which the node will tell of again after a start. Enters: stored blocks,
// then the node's. Leaves: how many of the node's blocks are in the database already. Always holds: a block that
// differs from the stored one is a fault that passes: the indexer starts again, from what is final.
using EventSourced.Indexer.Decode;
using EventSourced.Tables;

namespace EventSourced.Indexer.Commit;

/// <summary>Stored blocks that come again.</summary>
internal sealed class StoredTail
{
    private readonly Queue<BlockRow> _stored = new();

    internal void Expect(IEnumerable<BlockRow> blocks)
    {
        foreach (var block in blocks) _stored.Enqueue(block);
    }

    /// <summary>How many of the blocks of a range are stored already: the first ones.</summary>
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

/// <summary>The stored tail is not the node's: the indexer starts again, from what is final.</summary>
public sealed class TailChangedException(ulong expected, ulong found)
    : IOException($"expected the stored block {expected} to stay, found block {found} in its place");
