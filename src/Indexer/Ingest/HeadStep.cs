// The meaning of a header for the known chain: one of six named cases, with everything that the shell needs to act.
using System.Collections.Immutable;
using EventSourced.Ethereum;

namespace EventSourced.Indexer.Ingest;

/// <summary>The meaning of a header.</summary>
public abstract record HeadStep
{
    private HeadStep()
    {
    }

    /// <summary>The header is known already.</summary>
    public sealed record Duplicate : HeadStep;

    /// <summary>The header follows the newest block.</summary>
    public sealed record Next(HeadChain Chain) : HeadStep;

    /// <summary>Blocks before the header are missing: ask for these numbers, then judge again.</summary>
    public sealed record Gap(ulong From, ulong To) : HeadStep;

    /// <summary>
    /// The header belongs to another branch: the dropped blocks (newest first) are no longer on the chain, the added
    /// ones are.
    /// </summary>
    public sealed record Reorg(
        ChainLink Ancestor, ImmutableArray<ChainLink> Dropped, ImmutableArray<ChainLink> Added, HeadChain Chain)
        : HeadStep;

    /// <summary>
    /// The header belongs to another branch whose fork lies deeper: ask for this parent by hash, then judge again.
    /// </summary>
    public sealed record MissingParent(ulong Number, Hash32 Hash) : HeadStep;

    /// <summary>
    /// The header contradicts the finalized block, or lies below it. Unless the node only lags, this must stop the
    /// indexer.
    /// </summary>
    public sealed record BelowFinality(ChainLink Finalized, ChainLink Found) : HeadStep;
}
