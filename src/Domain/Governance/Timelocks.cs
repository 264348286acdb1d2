// The timelock's least delay, in one row. Enters: its changes, the first one at deployment. Leaves: what
// `getMinDelay` answers. Always holds: at least a day, at most thirty.
namespace EventSourced.Domain;

/// <summary>The aggregate of the timelock itself.</summary>
public static class Timelocks
{
    /// <summary>The key of the one row.</summary>
    public const string Key = "all";

    // Events

    /// <summary>How the timelock's events reach it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("timelock", Evolve)
        .On<MinDelayChange>(_ => Key);

    // State

    /// <summary>The timelock.</summary>
    /// <param name="Id">The key of the one row: all.</param>
    /// <param name="MinDelay">How many seconds an operation waits at least.</param>
    /// <param name="ChangedAt">Since when.</param>
    public sealed record State(string Id, uint MinDelay, Instant ChangedAt);

    // Evolve

    private const ulong Shortest = 86_400;
    private const ulong Longest = 30 * 86_400;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => happened switch
    {
        MinDelayChange { NewDuration: >= Shortest and <= Longest } e when e.OldDuration == (state?.MinDelay ?? 0) =>
            new State(Key, (uint)e.NewDuration, at.Time),
        _ => null,
    };
}
