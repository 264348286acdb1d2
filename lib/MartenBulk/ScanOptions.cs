// Which events a scan gives, and how much of each: every column left out is work that the server does not do.
namespace EventSourced.MartenBulk;

/// <summary>The range and the columns of an ordered scan.</summary>
public sealed record ScanOptions
{
    /// <summary>The last position that the caller has seen; the scan starts behind it.</summary>
    public long AfterSequence { get; init; }

    /// <summary>The last position that the caller wants.</summary>
    public long UntilSequence { get; init; } = long.MaxValue;

    /// <summary>Only events of these CLR types and their subtypes; all if empty.</summary>
    public IReadOnlyCollection<Type> EventTypes { get; init; } = [];

    /// <summary>Whether archived events are given too.</summary>
    public bool Archived { get; init; } = true;

    /// <summary>Whether id and time are read.</summary>
    public bool Identity { get; init; } = true;
}
