// A place and time in the chain. Derived events stand behind the log that they follow from, by ordinal; a passed
// deadline stands before the first log of its block. Always holds: order is the order of the chain.
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Folding;

/// <summary>A place in the order of the chain.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="Time">The block's time.</param>
/// <param name="LogIndex">The log's place in the block; a passed deadline has the place of the block's first
/// log.</param>
/// <param name="Ordinal">0 for the log itself; derived events count on.</param>
public readonly record struct At(ulong Block, Instant Time, uint LogIndex = 0, uint Ordinal = 0)
{
    /// <summary>For messages: block and log.</summary>
    public override string ToString() => $"block {Block}, log {LogIndex}{(Ordinal == 0 ? "" : $", derived {Ordinal}")}";
}
