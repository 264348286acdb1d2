// How the indexer runs. Every bound has its name here.
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Segments;

namespace EventSourced.Indexer;

/// <summary>Options of the indexer.</summary>
public sealed record IndexerOptions
{
    /// <summary>How the chain is read; the contracts come from the deployment.</summary>
    public IngestionOptions Ingestion { get; init; } = new();

    /// <summary>From how many events on a batch is written, while the past is read.</summary>
    public int BatchEvents { get; init; } = 20_000;

    /// <summary>How many things stay in memory; what is forgotten is read again when an event moves it.</summary>
    public int CachedThings { get; init; } = 250_000;

    /// <summary>
    /// After how many events the state root is made, while the past is read; at the tip it is made for every block.
    /// </summary>
    public int RootEvery { get; init; } = 500_000;

    /// <summary>
    /// Whether PostgreSQL checks that each event has its stream; the indexer knows, and asks it not to where it may.
    /// </summary>
    public bool CheckForeignKey { get; init; }

    /// <summary>
    /// Whether final events go into the audit log; a bench that measures what it costs leaves it out.
    /// </summary>
    public bool AppendsToLog { get; init; } = true;

    /// <summary>How the audit log is signed; null: it grows, and nobody signs it.</summary>
    public LogSigning? LogSigning { get; init; }

    /// <summary>
    /// A signed snapshot from which an empty database begins; null: it begins with the chain.
    /// </summary>
    public TrustedArchive? Checkpoint { get; init; }

    /// <summary>The archive of what was dropped from the database; null: none is known.</summary>
    public TrustedArchive? Archive { get; init; }

    /// <summary>How often a follower asks whether it may lead.</summary>
    public TimeSpan LeadershipPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a transient fault; it doubles to <see cref="MostPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause after a transient fault.</summary>
    public TimeSpan MostPause { get; init; } = TimeSpan.FromSeconds(5);
}
