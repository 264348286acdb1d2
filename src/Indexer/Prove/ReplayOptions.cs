// The options of a replay, and its answer.
using EventSourced.Domain.Values;
using EventSourced.Indexer.Segments;

namespace EventSourced.Indexer.Prove;

/// <summary>The source of the facts.</summary>
public enum ReplaySource
{
    /// <summary>The chain events of the event tables.</summary>
    Streams,

    /// <summary>The logs of a node.</summary>
    Chain,
}

/// <summary>The options of a replay.</summary>
public sealed record ReplayOptions
{
    /// <summary>The source of the facts.</summary>
    public ReplaySource Source { get; init; } = ReplaySource.Streams;

    /// <summary>The last block; null: the newest in the database.</summary>
    public ulong? ToBlock { get; init; }

    /// <summary>The schema in which the rows are built.</summary>
    public string Schema { get; init; } = "replay";

    /// <summary>
    /// Whether the rows will serve: they then have their indexes. Rows that are only compared need keys alone.
    /// </summary>
    public bool Serves { get; init; }

    /// <summary>The archive of the events dropped from the database; null: none is known.</summary>
    public TrustedArchive? Archive { get; init; }

    /// <summary>The number of changed rows that wait in memory before they are written.</summary>
    public int CachedThings { get; init; } = 600_000;

    /// <summary>The number of bytes at which rows that will not change again are written.</summary>
    public int LastingBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Receives the progress: the block, and the events so far.</summary>
    public Action<ulong, long>? Progress { get; init; }
}

/// <summary>The result of a replay.</summary>
/// <param name="ToBlock">The last block.</param>
/// <param name="Events">The number of folded events, derived ones included.</param>
/// <param name="StateRoot">The root over all states.</param>
/// <param name="Difference">The first stored event that differs from the replay's; null: all are equal.</param>
public sealed record Replayed(ulong ToBlock, long Events, Word StateRoot, Difference? Difference);

/// <summary>A difference, for people: where it is, what was expected and found.</summary>
/// <param name="Where">Stream and version, or table, row and column, with the block.</param>
/// <param name="Expected">The value in the replay.</param>
/// <param name="Found">The stored value.</param>
public sealed record Difference(string Where, string Expected, string Found)
{
    /// <summary>The difference in one sentence.</summary>
    public override string ToString() => $"{Where}: expected {Expected}, found {Found}";
}
