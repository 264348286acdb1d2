// What a finalized task is worth to its agent's reputation, whatever addresses paid for it: the contracts' library of
// the same name. Enters: prices, histories and counts. Leaves: micropoints, as the chain counts them. Always holds: an
// increment never brings a day beyond its end, and never exceeds what the task is worth undamped.
using System.Numerics;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The weighing of finalized tasks.</summary>
public static class Esteem
{
    private const ulong Micro = 1_000_000;
    private const ulong SecondsPerDay = 86_400;
    private const ulong ValueUnit = 1_000_000_000_000_000;
    private const ulong MostByValue = 10_000_000;
    private const ulong TenPoints = 10;

    /// <summary>What a client settles until it is a subject of its own: 1,000 credits, net.</summary>
    public static UInt128 History { get; } = (UInt128)1_000 * 1_000_000_000_000_000_000;

    /// <summary>The most that finalized tasks earn an agent on a day in a domain, in micropoints: 20 points.</summary>
    public const ulong Daily = 20_000_000;

    /// <summary>The day of a moment, as the contracts count days.</summary>
    public static ulong DayOf(Instant moment) => (ulong)moment.Seconds / SecondsPerDay;

    /// <summary>What a task is worth before damping, in micropoints, and how full it counts, in ppm.</summary>
    /// <param name="netPrice">What the agent was paid, in base units.</param>
    /// <param name="valueFull">The value at which a task counts fully: a parameter.</param>
    public static (UInt128 Points, UInt128 FullnessPpm) Worth(UInt128 netPrice, UInt128 valueFull)
    {
        var phi = (UInt128)BigInteger.Min((BigInteger)netPrice * Micro / valueFull, Micro);
        return (TenPoints * phi + UInt128.Min(netPrice / ValueUnit, MostByValue), phi);
    }

    /// <summary>How far a client is a subject of its own, in ppm, by what it settled on earlier days.</summary>
    public static UInt128 Weight(UInt128 history) => history < History ? history * Micro / History : Micro;

    /// <summary>What a task adds, in micropoints.</summary>
    /// <param name="points">What it is worth before damping.</param>
    /// <param name="weightPpm">How far the client is a subject of its own.</param>
    /// <param name="completions">The client's tasks with this agent, this one included.</param>
    /// <param name="crowdPpm">How many full tasks the crowd gave before, in millionths.</param>
    /// <param name="earnedToday">What the agent earned today in the domain.</param>
    public static UInt128 Increment(
        UInt128 points, UInt128 weightPpm, UInt128 completions, UInt128 crowdPpm, UInt128 earnedToday)
    {
        var damped = points * weightPpm / (Micro * completions) + points * (Micro - weightPpm) / (Micro + crowdPpm);
        return damped * (Daily - earnedToday) / Daily;
    }
}
