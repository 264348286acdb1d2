// The scope of ingestion, and the bounds of its reading ahead. Every limit has its name here.
using EventSourced.Ethereum;

namespace EventSourced.Indexer.Ingest;

/// <summary>The scope of ingestion, and its limits.</summary>
public sealed record IngestionOptions
{
    /// <summary>The contracts whose logs are read; none means all.</summary>
    public IReadOnlyList<Address> Contracts { get; init; } = [];

    /// <summary>
    /// The source of contracts that change while the chain is read; null: they are <see cref="Contracts"/>.
    /// </summary>
    public IContractSource? Source { get; init; }

    /// <summary>
    /// The most ranges asked for at the same time. A reader that falls behind stops the next question.
    /// </summary>
    public int RangesInFlight { get; init; } = 3;

    /// <summary>
    /// The number of blocks under the newest one at which a block counts as final. It applies if the node does not know
    /// the tag "finalized" or <see cref="FinalityByTag"/> is off.
    /// </summary>
    public ulong FinalityDepth { get; init; } = 64;

    /// <summary>Whether the node's own tag "finalized" is believed, as on chains with proof of stake.</summary>
    public bool FinalityByTag { get; init; }

    /// <summary>Whether the hash of every block with logs is compared with its header.</summary>
    public bool VerifyBlockHashes { get; init; } = true;

    /// <summary>The search for logs that the node omitted in silence.</summary>
    public OmissionCheck Omissions { get; init; } = OmissionCheck.Bloom;

    /// <summary>
    /// The first topics of the events to read. With them a single missing kind of event in a block is noticed; without
    /// them only a contract whose logs are all missing.
    /// </summary>
    public IReadOnlyList<Hash32> Topics { get; init; } = [];

    /// <summary>The most questions for an answer that contradicts itself, before the fault is passed on.</summary>
    public int MaxContradictions { get; init; } = 5;

    /// <summary>The most blocks of a branch in search of its fork.</summary>
    public int MaxReorgDepth { get; init; } = 1024;

    /// <summary>The pause between two questions for the newest block, if the node offers no subscription.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The time without an announcement after which an announcing node is asked for its head all the same.
    /// </summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The number of equal answers in a row after which a shorter chain is believed. Fewer answers may come from a
    /// lagging node.
    /// </summary>
    public int ShorterChainPolls { get; init; } = 3;

    /// <summary>The clock of the quiet time and of the pauses between questions.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// The number of announcements in a row below our finalized block, by a node that no longer has that block, at
    /// which the chain counts as cut and the indexer stops. Fewer may come from a lagging node.
    /// </summary>
    public int BelowFinalityAnnouncements { get; init; } = 100;

    internal IContractSource Followed => Source ?? new FixedContracts(Contracts);
}
