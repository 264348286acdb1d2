// The status of the indexer, for health checks, metrics and progress bars. Only the indexer writes it; anybody may read
// it.
using EventSourced.Indexer.Ingest;

namespace EventSourced.Indexer;

/// <summary>The present work of an indexer.</summary>
public enum IndexerPhase
{
    /// <summary>Another indexer leads; this one waits to take over.</summary>
    Waiting,

    /// <summary>It opens the database.</summary>
    Starting,

    /// <summary>It loads a signed snapshot.</summary>
    Loading,

    /// <summary>It builds the read models anew from the streams.</summary>
    Rebuilding,

    /// <summary>It reads the past.</summary>
    CatchingUp,

    /// <summary>It follows the tip.</summary>
    Live,

    /// <summary>It met a transient fault, and tries again.</summary>
    Retrying,

    /// <summary>It met a fault that an operator must look at; nothing is written any more.</summary>
    Stopped,
}

/// <summary>The status of an indexer.</summary>
public sealed class IndexerStatus
{
    // Boxed: a reader on another thread must not see half of one block and half of the next.
    private volatile object? _tip;
    private volatile object? _finalized;

    /// <summary>Its present work.</summary>
    public IndexerPhase Phase { get; internal set; } = IndexerPhase.Starting;

    /// <summary>The last fault, in words.</summary>
    public string? Fault { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Phase} at {Tip}, {Fault ?? "no fault"}";

    /// <summary>The newest block in the database.</summary>
    public ChainLink? Tip
    {
        get => (ChainLink?)_tip;
        internal set => _tip = value;
    }

    /// <summary>The newest block that never changes.</summary>
    public ChainLink? Finalized
    {
        get => (ChainLink?)_finalized;
        internal set => _finalized = value;
    }

    /// <summary>The newest block that the node has announced.</summary>
    public ulong ChainHead { get; internal set; }

    /// <summary>The number of blocks by which the database is behind the node.</summary>
    public ulong Lag => Tip is { } tip && ChainHead > tip.Number ? ChainHead - tip.Number : 0;

    /// <summary>The number of events since the start, derived ones included.</summary>
    public long Events { get; internal set; }

    /// <summary>The last event's sequence.</summary>
    public long LastSequence { get; internal set; }

    /// <summary>The number of batches since the start.</summary>
    public long Batches { get; internal set; }

    /// <summary>The duration of writing the last batch.</summary>
    public TimeSpan LastWrite { get; internal set; }

    /// <summary>The number of reorgs since the start.</summary>
    public long Reorgs { get; internal set; }

    /// <summary>The number of recorded violations of integrity.</summary>
    public int Violations { get; internal set; }

    /// <summary>The share of the read models that is rebuilt, from 0 to 1; null: no rebuild runs.</summary>
    public double? RebuildShare { get; internal set; }

    /// <summary>Whether indexes are being made for grown tables: queries of many rows take longer.</summary>
    public bool IsIndexing { get; internal set; }

    /// <summary>The number of things in memory.</summary>
    public int Cached { get; internal set; }

    /// <summary>Whether the served data are the present: at the tip, nothing quarantined, nothing stopped.</summary>
    public bool IsReady => Phase == IndexerPhase.Live && Violations == 0 && Lag <= 1;
}
