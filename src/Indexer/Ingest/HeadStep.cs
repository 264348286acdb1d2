// What a header means for the chain as we know it: one of six named cases, with all that the shell needs to act.
using System.Collections.Immutable;
using EventSourced.Ethereum;

namespace EventSourced.Indexer.Ingest;

/// <summary>What a header means.</summary>
public abstract record HeadStep
{
    private HeadStep()
    {
    }

    /// <summary>It is known already.</summary>
    public sealed record Duplicate : HeadStep;

    /// <summary>It follows the newest block.</summary>
    public sealed record Next(HeadChain Chain) : HeadStep;

    /// <summary>Blocks before it are missing: ask for these numbers, then judge again.</summary>
    public sealed record Gap(ulong From, ulong To) : HeadStep;

    /// <summary>
    /// It belongs to another branch: the dropped blocks (newest first) are no longer on the chain, the added ones are.
    /// </summary>
    public sealed record Reorg(
        ChainLink Ancestor, ImmutableArray<ChainLink> Dropped, ImmutableArray<ChainLink> Added, HeadChain Chain)
        : HeadStep;

    /// <summary>
    /// It belongs to another branch whose fork lies deeper: ask for this parent by hash, then judge again.
    /// </summary>
    public sealed record MissingParent(ulong Number, Hash32 Hash) : HeadStep;

    /// <summary>
    /// It contradicts the finalized block, or lies below it: unless the node only lags, this must stop the indexer.
    /// </summary>
    public sealed record BelowFinality(ChainLink Finalized, ChainLink Found) : HeadStep;
}
