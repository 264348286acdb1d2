// The updates from ingestion to the pipeline, in the order of the chain.
using System.Collections.Immutable;

namespace EventSourced.Indexer.Ingest;

/// <summary>One step of the chain as the indexer follows it.</summary>
public abstract record ChainUpdate
{
    private ChainUpdate()
    {
    }

    /// <summary>Finalized blocks with their logs; the reader disposes them.</summary>
    public sealed record Past(RangeLogs Range) : ChainUpdate;

    /// <summary>A new newest block with its logs, not final yet; the reader disposes it.</summary>
    public sealed record Applied(ChainLink Block, RangeLogs Logs) : ChainUpdate
    {
        /// <summary>Whether a block on top of it is already known, and comes next.</summary>
        public bool IsFollowed { get; init; }
    }

    /// <summary>
    /// Blocks that are no longer on the chain, newest first; the ancestor is the newest that stays. The head is the
    /// newest block of the branch that takes their place, or the ancestor where none does.
    /// </summary>
    public sealed record Reverted(ChainLink Ancestor, ImmutableArray<ChainLink> Dropped, ulong Head) : ChainUpdate;

    /// <summary>Everything up to this block never changes any more.</summary>
    public sealed record Finalized(ChainLink Block) : ChainUpdate;

    /// <summary>The past ended with the node's newest block: there is no tail yet.</summary>
    public sealed record Reached(ChainLink Block) : ChainUpdate;
}

/// <summary>
/// The chain changed at or below the finalized block, where it never may. The indexer stops and touches nothing.
/// </summary>
public sealed class ReorgBelowFinalityException(ChainLink expected, string found)
    : Exception($"expected the finalized {expected} to stay, found {found}; nothing was changed")
{
    /// <summary>The block that was final.</summary>
    public ChainLink Expected { get; } = expected;
}
