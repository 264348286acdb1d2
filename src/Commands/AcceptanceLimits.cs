// How much acceptance takes on. Every queue and batch of it is bounded by a name that stands here.
namespace EventSourced.Commands;

/// <summary>The bounds of acceptance.</summary>
public sealed record AcceptanceLimits
{
    /// <summary>
    /// The most commands that may wait for their transactions; above it a command is refused. Several processes may
    /// exceed it by the commands that they accept within <see cref="CountEvery"/>.
    /// </summary>
    public int Waiting { get; init; } = 50_000;

    /// <summary>Commands that one transaction writes.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>The most transactions at once; a second one begins only when a whole batch waits.</summary>
    public int Writers { get; init; } = 2;

    /// <summary>
    /// How long a transaction that follows soon on another one waits for more commands. A command that comes alone
    /// waits for none.
    /// </summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The time within which one command comes soon after another.</summary>
    public TimeSpan Soon { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Callers that may wait for their answers in this process.</summary>
    public int Callers { get; init; } = 5_000;

    /// <summary>How often the waiting commands are counted.</summary>
    public TimeSpan CountEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>When a refused caller should come again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);
}
