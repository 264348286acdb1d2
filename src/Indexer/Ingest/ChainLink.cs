// One block as a link of the chain. Enters: a header from a node. Leaves: only number, hash, parent and time.
using EventSourced.Domain.Values;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Tables;

namespace EventSourced.Indexer.Ingest;

/// <summary>A block, linked to its parent by hash.</summary>
public readonly record struct ChainLink(ulong Number, Hash32 Hash, Hash32 ParentHash, ulong Timestamp)
{
    /// <summary>Takes a header's link.</summary>
    public static ChainLink Of(BlockHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return new ChainLink(header.Number, header.Hash, header.ParentHash, header.Timestamp);
    }

    /// <summary>Takes a stored block's link.</summary>
    public static ChainLink Of(BlockLink stored) =>
        new(stored.Number, new Hash32(stored.Hash.ToArray()), new Hash32(stored.ParentHash.ToArray()),
            stored.Timestamp);

    /// <summary>The link as it is stored.</summary>
    public BlockLink Stored => new(Number, new Word(Hash.Bytes), new Word(ParentHash.Bytes), Timestamp);

    /// <summary>The number and the head of the hash, for messages.</summary>
    public override string ToString() => $"block {Number} ({Hash.ToString()[..10]})";
}
