// How the indexer is, for whoever asks: health checks, metrics, progress bars. Written by the indexer alone, read by
// anybody.
using EventSourced.Indexer.Ingest;

namespace EventSourced.Indexer;

/// <summary>What an indexer does.</summary>
public enum IndexerPhase
{
    /// <summary>Another one leads; this one waits to take over.</summary>
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

    /// <summary>It met a fault that passes, and tries again.</summary>
    Retrying,

    /// <summary>It met something that an operator must look at; nothing is written any more.</summary>
    Stopped,
}

/// <summary>The state of an indexer.</summary>
public sealed class IndexerStatus
{
    // In a box: a reader on another thread must not see half of one block and half of the next.
    private volatile object? _tip;
    private volatile object? _finalized;

    /// <summary>What it does.</summary>
    public IndexerPhase Phase { get; internal set; } = IndexerPhase.Starting;

    /// <summary>The fault that it met last, in words.</summary>
    public string? Fault { get; internal set; }

    /// <inheritdoc/>
    public override string ToString() => $"{Phase} at {Tip}, {Fault ?? "no fault"}";

    /// <summary>The newest block that is in the database.</summary>
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

    /// <summary>The newest block that the node has told of.</summary>
    public ulong ChainHead { get; internal set; }

    /// <summary>How many blocks the database is behind the node.</summary>
    public ulong Lag => Tip is { } tip && ChainHead > tip.Number ? ChainHead - tip.Number : 0;

    /// <summary>Events since the start, derived ones included.</summary>
    public long Events { get; internal set; }

    /// <summary>The last event's sequence.</summary>
    public long LastSequence { get; internal set; }

    /// <summary>Batches since the start.</summary>
    public long Batches { get; internal set; }

    /// <summary>How long the last batch took to write.</summary>
    public TimeSpan LastWrite { get; internal set; }

    /// <summary>Reorgs since the start.</summary>
    public long Reorgs { get; internal set; }

    /// <summary>Violations of integrity that are on record.</summary>
    public int Violations { get; internal set; }

    /// <summary>How much of the read models is rebuilt, from 0 to 1; null: nothing is.</summary>
    public double? RebuildShare { get; internal set; }

    /// <summary>Whether indexes are being made for grown tables: queries of many rows take longer.</summary>
    public bool IsIndexing { get; internal set; }

    /// <summary>Things in memory.</summary>
    public int Cached { get; internal set; }

    /// <summary>Whether what is served is the present: at the tip, nothing quarantined, nothing stopped.</summary>
    public bool IsReady => Phase == IndexerPhase.Live && Violations == 0 && Lag <= 1;
}
