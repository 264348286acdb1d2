// What a replay is asked for, and what it answers.
using EventSourced.Domain.Values;
using EventSourced.Indexer.Segments;

namespace EventSourced.Indexer.Prove;

/// <summary>Where the facts come from.</summary>
public enum ReplaySource
{
    /// <summary>The chain events of the event tables.</summary>
    Streams,

    /// <summary>The logs of a node.</summary>
    Chain,
}

/// <summary>How a replay runs.</summary>
public sealed record ReplayOptions
{
    /// <summary>Where the facts come from.</summary>
    public ReplaySource Source { get; init; } = ReplaySource.Streams;

    /// <summary>The last block; null: the newest in the database.</summary>
    public ulong? ToBlock { get; init; }

    /// <summary>The schema that the rows are built in.</summary>
    public string Schema { get; init; } = "replay";

    /// <summary>
    /// Whether the rows will serve: they survive a crash of PostgreSQL, and have their indexes. Rows that are only
    /// compared need neither.
    /// </summary>
    public bool Serves { get; init; }

    /// <summary>The archive of what was dropped from the database; null: none is known.</summary>
    public TrustedArchive? Archive { get; init; }

    /// <summary>How many changed rows wait in memory before they are written.</summary>
    public int CachedThings { get; init; } = 600_000;

    /// <summary>From how many bytes on rows are written that will not change again.</summary>
    public int LastingBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Told how far it is: the block, the events so far.</summary>
    public Action<ulong, long>? Progress { get; init; }
}

/// <summary>What a replay made.</summary>
/// <param name="ToBlock">The last block.</param>
/// <param name="Events">How many events were folded, derived ones included.</param>
/// <param name="StateRoot">The root over all states.</param>
/// <param name="Difference">The first stored event that the replay made otherwise; null: all are equal.</param>
public sealed record Replayed(ulong ToBlock, long Events, Word StateRoot, Difference? Difference);

/// <summary>A difference, for people: where it is, what was expected and found.</summary>
/// <param name="Where">Stream and version, or table, row and column, with the block.</param>
/// <param name="Expected">What the replay made.</param>
/// <param name="Found">What is stored.</param>
public sealed record Difference(string Where, string Expected, string Found)
{
    /// <summary>In one sentence.</summary>
    public override string ToString() => $"{Where}: expected {Expected}, found {Found}";
}
