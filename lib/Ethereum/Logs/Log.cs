// One log of the chain, held inline. Enters: a node's answer. Leaves: fields by name; the data is a view of the batch
// or of the reply that it came in.
using System.Runtime.InteropServices;

namespace EventSourced.Ethereum.Logs;

/// <summary>A log of a contract, with its position in the chain.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Log
{
    /// <summary>The most topics of a log.</summary>
    public const int MaxTopics = 4;

    /// <summary>The contract that emitted it.</summary>
    public Address Address { get; internal set; }

    /// <summary>Its place in the block.</summary>
    public uint LogIndex { get; internal set; }

    /// <summary>Its transaction's place in the block.</summary>
    public uint TransactionIndex { get; internal set; }

    /// <summary>The block's number.</summary>
    public ulong BlockNumber { get; internal set; }

    /// <summary>The block's time in seconds, where the node sends it with the log.</summary>
    public ulong? BlockTimestamp { get; internal set; }

    /// <summary>The block's hash.</summary>
    public Hash32 BlockHash { get; internal set; }

    /// <summary>The transaction's hash.</summary>
    public Hash32 TransactionHash { get; internal set; }

    /// <summary>The number of topics: 0 to 4.</summary>
    public int TopicCount { get; internal set; }

    /// <summary>Whether a subscription takes the log back because of a reorg.</summary>
    public bool Removed { get; internal set; }

    internal TopicArray TopicValues;
    internal int DataOffset;
    internal int DataLength;

    /// <summary>The topics; the first is usually the hash of the event's signature.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<Hash32> Topics => ((ReadOnlySpan<Hash32>)TopicValues)[..TopicCount];

    [System.Runtime.CompilerServices.InlineArray(MaxTopics)]
    internal struct TopicArray
    {
        private Hash32 _first;
    }
}

/// <summary>Takes logs one by one while a reply is read; <c>data</c> is valid only during the call.</summary>
public interface ILogVisitor
{
    /// <summary>Takes one log.</summary>
    void Visit(in Log log, ReadOnlySpan<byte> data);
}
