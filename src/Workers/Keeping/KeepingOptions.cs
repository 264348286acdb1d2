// What the keepers do when, and how much. Every loop, batch and retry of them is bounded by a name that stands here.
namespace EventSourced.Workers.Keeping;

/// <summary>The bounds and the pace of the keepers.</summary>
public sealed record KeepingOptions
{
    /// <summary>Which keepers run.</summary>
    public IReadOnlyList<Keeper> Keepers { get; init; } = KeeperTable.All;

    /// <summary>How often the rows are looked at without a block.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two looks: blocks that come together are looked at together.</summary>
    public TimeSpan LeastPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Due things of one keeper that one look takes.</summary>
    public int LookBatch { get; init; } = 200;

    /// <summary>
    /// How long a message about a thing may take before another is sent: longer than all its tries together.
    /// </summary>
    public TimeSpan MessageLife { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The pause after a command that failed, and after the first refusal; each further one doubles it.
    /// </summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the pause is doubled at most.</summary>
    public int MostDoublings { get; init; } = 6;

    /// <summary>After how many failed commands a thing is a dead letter.</summary>
    public int MostTries { get; init; } = 6;

    /// <summary>How long a fault of database or node pauses the loop.</summary>
    public TimeSpan FaultPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a thing waits where no node answers.</summary>
    public TimeSpan NodePause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often what is due is counted for the figures.</summary>
    public TimeSpan CountEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Due things of one keeper that are counted at most.</summary>
    public int MostCounted { get; init; } = 10_000;

    /// <summary>How long a duty that is over is remembered.</summary>
    public TimeSpan KeepDuties { get; init; } = TimeSpan.FromDays(7);

    /// <summary>For how many seconds of the chain a keeper's command may be on its way.</summary>
    public ulong LifeSeconds { get; init; } = 3_600;
}
