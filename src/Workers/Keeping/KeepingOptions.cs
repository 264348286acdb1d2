// The pace and the bounds of the keepers. Every loop, batch and retry of them is bounded by a name in this file.
namespace EventSourced.Workers.Keeping;

/// <summary>The bounds and the pace of the keepers.</summary>
public sealed record KeepingOptions
{
    /// <summary>The keepers that run.</summary>
    public IReadOnlyList<Keeper> Keepers { get; init; } = KeeperTable.All;

    /// <summary>The interval of looks at the rows without a new block.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The shortest time between two looks: blocks that come together share one look.</summary>
    public TimeSpan LeastPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The number of due things of one keeper that one look takes.</summary>
    public int LookBatch { get; init; } = 200;

    /// <summary>
    /// The time that a message about a thing may take before another is sent: longer than all its tries together.
    /// </summary>
    public TimeSpan MessageLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The pause after a failed command, and after the first refusal; each further one doubles it.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest number of doublings of the pause.</summary>
    public int MostDoublings { get; init; } = 6;

    /// <summary>The number of failed commands after which a thing is a dead letter.</summary>
    public int MostTries { get; init; } = 6;

    /// <summary>The pause of the loop after a fault of database or node.</summary>
    public TimeSpan FaultPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause of a thing while no node answers.</summary>
    public TimeSpan NodePause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The interval at which due things are counted for the figures.</summary>
    public TimeSpan CountEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest number of due things of one keeper that are counted.</summary>
    public int MostCounted { get; init; } = 10_000;

    /// <summary>The time that a finished duty is remembered.</summary>
    public TimeSpan KeepDuties { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The seconds of the chain that a keeper's command may be on its way.</summary>
    public ulong LifeSeconds { get; init; } = 3_600;
}
