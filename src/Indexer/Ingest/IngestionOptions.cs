// What ingestion reads and how far it may run ahead. Every limit has its name here.
using EventSourced.Ethereum;

namespace EventSourced.Indexer.Ingest;

/// <summary>What to ingest, and the limits.</summary>
public sealed record IngestionOptions
{
    /// <summary>The contracts whose logs are read; none means all.</summary>
    public IReadOnlyList<Address> Contracts { get; init; } = [];

    /// <summary>
    /// Where the contracts come from that change while they are read; null: they are <see cref="Contracts"/>.
    /// </summary>
    public IContractSource? Source { get; init; }

    /// <summary>
    /// How many ranges are asked for at the same time; a reader that falls behind stops the next question.
    /// </summary>
    public int RangesInFlight { get; init; } = 3;

    /// <summary>
    /// How many blocks under the newest one count as final where the node does not know the tag "finalized" or
    /// <see cref="FinalityByTag"/> is off.
    /// </summary>
    public ulong FinalityDepth { get; init; } = 64;

    /// <summary>Whether the node's own tag "finalized" is believed, as on chains with proof of stake.</summary>
    public bool FinalityByTag { get; init; }

    /// <summary>Whether the hash of every block with logs is compared with its header.</summary>
    public bool VerifyBlockHashes { get; init; } = true;

    /// <summary>How logs are looked for that the node left out in silence.</summary>
    public OmissionCheck Omissions { get; init; } = OmissionCheck.Bloom;

    /// <summary>
    /// The first topics of the events that are read; with them one missing kind of event in a block is noticed, without
    /// them only a contract whose logs are missing altogether.
    /// </summary>
    public IReadOnlyList<Hash32> Topics { get; init; } = [];

    /// <summary>How often a contradictory answer is asked for again before the fault is passed on.</summary>
    public int MaxContradictions { get; init; } = 5;

    /// <summary>How many blocks a branch may reach down in search of its fork.</summary>
    public int MaxReorgDepth { get; init; } = 1024;

    /// <summary>The pause between two questions for the newest block, where the node offers no subscription.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// After how long without an announcement a node that announces its blocks is asked for its head all the same.
    /// </summary>
    public TimeSpan QuietTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// After how many equal answers in a row a chain that got shorter is believed, and not taken for a node that lags.
    /// </summary>
    public int ShorterChainPolls { get; init; } = 3;

    /// <summary>The clock of the quiet time and of the pauses between questions.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// After how many announcements in a row from below our finalized block, by a node that no longer has it, the chain
    /// counts as cut and the indexer stops; fewer are a node that lags.
    /// </summary>
    public int BelowFinalityAnnouncements { get; init; } = 100;

    internal IContractSource Followed => Source ?? new FixedContracts(Contracts);
}
