// The state of the indexer as a document. Enters: its status. Leaves: JSON for /status and /readyz, with each reason
// for red in words. Always holds: ready means no reasons, and reasons mean not ready.
using System.Globalization;
using System.Text.Json.Serialization;
using EventSourced.Indexer;
using EventSourced.Indexer.Ingest;

namespace EventSourced.Host.Serving;

/// <summary>A block in a report.</summary>
public sealed record ReportedBlock(ulong Number, string Hash, ulong Timestamp)
{
    internal static ReportedBlock? Of(ChainLink? link) =>
        link is { } block ? new ReportedBlock(block.Number, block.Hash.ToString(), block.Timestamp) : null;
}

/// <summary>The indexer's status at one moment.</summary>
public sealed record IndexerReport
{
    /// <summary>Whether the served data is up to date.</summary>
    public required bool Ready { get; init; }

    /// <summary>The reasons why it is not ready; empty when it is.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>The phase of the indexer.</summary>
    public required string Phase { get; init; }

    /// <summary>The last fault that the indexer met.</summary>
    public required string? Fault { get; init; }

    /// <summary>The newest block in the database.</summary>
    public required ReportedBlock? Tip { get; init; }

    /// <summary>The newest block that never changes.</summary>
    public required ReportedBlock? Finalized { get; init; }

    /// <summary>The node's newest block.</summary>
    public required ulong ChainHead { get; init; }

    /// <summary>Blocks behind the node.</summary>
    public required ulong Lag { get; init; }

    /// <summary>Integrity violations on record.</summary>
    public required int Violations { get; init; }

    /// <summary>Events since the start.</summary>
    public required long Events { get; init; }

    /// <summary>The last event's sequence.</summary>
    public required long LastSequence { get; init; }

    /// <summary>Batches since the start.</summary>
    public required long Batches { get; init; }

    /// <summary>The time that the last batch took to write.</summary>
    public required double LastWriteSeconds { get; init; }

    /// <summary>Reorgs since the start.</summary>
    public required long Reorgs { get; init; }

    /// <summary>The number of things in memory.</summary>
    public required int CachedThings { get; init; }

    /// <summary>The rebuilt share of the read models, from 0 to 1; null: no rebuild is running.</summary>
    public required double? RebuildShare { get; init; }

    /// <summary>Whether indexes are being made while rows are served: queries of many rows take longer.</summary>
    public required bool Indexing { get; init; }

    /// <summary>The verifier keys of the audit log, where this process signs it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LogKeys { get; init; }

    /// <summary>The state of the workers, where this process has them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkersReport? Workers { get; init; }

    /// <summary>
    /// Takes the indexer's status and the node's own answer beside it. Each is read once, so that document and reasons
    /// agree.
    /// </summary>
    public static IndexerReport Of(IndexerStatus status, NodeHead head)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(head);
        var (phase, due, tip, violations) = (status.Phase, head.Due, status.Tip?.Number ?? 0, status.Violations);
        var lag = Math.Max(status.Lag, due > tip ? due - tip : 0);
        var isReady = status.IsReady;
        string[] reasons = [.. Why(phase, status.Fault, lag, violations, head.Silence)];
        if (reasons.Length == 0 && !isReady) reasons = ["the indexer was not ready a moment ago"];
        return new IndexerReport
        {
            Ready = reasons.Length == 0,
            Reasons = reasons,
            Phase = phase.ToString(),
            Fault = status.Fault,
            Tip = ReportedBlock.Of(status.Tip),
            Finalized = ReportedBlock.Of(status.Finalized),
            ChainHead = Math.Max(status.ChainHead, head.Newest),
            Lag = lag,
            Violations = violations,
            Events = status.Events,
            LastSequence = status.LastSequence,
            Batches = status.Batches,
            LastWriteSeconds = status.LastWrite.TotalSeconds,
            Reorgs = status.Reorgs,
            CachedThings = status.Cached,
            RebuildShare = status.RebuildShare,
            Indexing = status.IsIndexing,
        };
    }

    private static IEnumerable<string> Why(
        IndexerPhase phase, string? fault, ulong lag, int violations, TimeSpan? silence)
    {
        var reason = phase switch
        {
            IndexerPhase.Waiting => "another indexer leads; this one waits to take over",
            IndexerPhase.Starting => "the indexer opens the database",
            IndexerPhase.Loading => "a signed snapshot is loaded and verified",
            IndexerPhase.Rebuilding => "the read models are built anew from the streams",
            IndexerPhase.CatchingUp => "the indexer reads the past",
            IndexerPhase.Retrying => $"a fault that passes: {fault}",
            IndexerPhase.Stopped => $"stopped; an operator must look: {fault}",
            _ => null,
        };
        if (reason is not null) yield return reason;
        if (lag > 1) yield return string.Create(CultureInfo.InvariantCulture, $"{lag} blocks behind the node");
        if (violations > 0) yield return string.Create(
            CultureInfo.InvariantCulture, $"{violations} integrity violations on record");
        if (silence is { } silent)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"the node has not answered for {silent.TotalSeconds:0} s");
    }
}
