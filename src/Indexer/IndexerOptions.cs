// The options of the indexer. Every bound has its name here.
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Segments;

namespace EventSourced.Indexer;

/// <summary>Options of the indexer.</summary>
public sealed record IndexerOptions
{
    /// <summary>The way in which the chain is read; the contracts come from the deployment.</summary>
    public IngestionOptions Ingestion { get; init; } = new();

    /// <summary>The number of events from which a batch is written, while the past is read.</summary>
    public int BatchEvents { get; init; } = 20_000;

    /// <summary>The most things in memory. An evicted thing is read again when an event moves it.</summary>
    public int CachedThings { get; init; } = 250_000;

    /// <summary>
    /// The number of events between two state roots, while the past is read. At the tip the root is made for every
    /// block.
    /// </summary>
    public int RootEvery { get; init; } = 500_000;

    /// <summary>
    /// Whether PostgreSQL checks that each event has its stream. The indexer knows it already, so it turns the check
    /// off if it has the right to.
    /// </summary>
    public bool CheckForeignKey { get; init; }

    /// <summary>Whether final events go into the audit log. A benchmark of the log's cost turns it off.</summary>
    public bool AppendsToLog { get; init; } = true;

    /// <summary>The way in which the audit log is signed; null: it grows, and nobody signs it.</summary>
    public LogSigning? LogSigning { get; init; }

    /// <summary>A signed snapshot with which an empty database begins; null: it begins with the chain.</summary>
    public TrustedArchive? Checkpoint { get; init; }

    /// <summary>The archive of the events dropped from the database; null: none is known.</summary>
    public TrustedArchive? Archive { get; init; }

    /// <summary>The interval at which a follower asks whether it may lead.</summary>
    public TimeSpan LeadershipPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a transient fault; it doubles to <see cref="MostPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause after a transient fault.</summary>
    public TimeSpan MostPause { get; init; } = TimeSpan.FromSeconds(5);
}
