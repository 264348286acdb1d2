// The worth of a finalized task to its agent's reputation, whatever addresses paid for it. The contracts' library of
// the same name computes the same. Enters: prices, histories and counts. Leaves: micropoints, as the chain counts them.
// Always holds: an increment never passes the limit of a day, and never exceeds the task's worth before damping.
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

    /// <summary>The amount that makes a client a subject of its own: 1,000 credits settled, net.</summary>
    public static UInt128 History { get; } = (UInt128)1_000 * 1_000_000_000_000_000_000;

    /// <summary>
    /// The most reputation that finalized tasks earn an agent on a day in a domain: 20 points, in micropoints.
    /// </summary>
    public const ulong Daily = 20_000_000;

    /// <summary>The day of a moment, as the contracts count days.</summary>
    public static ulong DayOf(Instant moment) => (ulong)moment.Seconds / SecondsPerDay;

    /// <summary>
    /// The worth of a task before damping, in micropoints, and the part to which it counts as a full task, in ppm.
    /// </summary>
    /// <param name="netPrice">The amount that the agent was paid, in base units.</param>
    /// <param name="valueFull">The value at which a task counts fully: a parameter.</param>
    public static (UInt128 Points, UInt128 FullnessPpm) Worth(UInt128 netPrice, UInt128 valueFull)
    {
        var phi = (UInt128)BigInteger.Min((BigInteger)netPrice * Micro / valueFull, Micro);
        return (TenPoints * phi + UInt128.Min(netPrice / ValueUnit, MostByValue), phi);
    }

    /// <summary>
    /// The degree to which a client is a subject of its own, in ppm, by the money that it settled on earlier days.
    /// </summary>
    public static UInt128 Weight(UInt128 history) => history < History ? history * Micro / History : Micro;

    /// <summary>The reputation that a task adds, in micropoints.</summary>
    /// <param name="points">The task's worth before damping.</param>
    /// <param name="weightPpm">The degree to which the client is a subject of its own.</param>
    /// <param name="completions">The number of the client's tasks with this agent, this one included.</param>
    /// <param name="crowdPpm">The number of full tasks that the crowd gave before, in millionths.</param>
    /// <param name="earnedToday">The reputation that the agent earned today in the domain.</param>
    public static UInt128 Increment(
        UInt128 points, UInt128 weightPpm, UInt128 completions, UInt128 crowdPpm, UInt128 earnedToday)
    {
        var damped = points * weightPpm / (Micro * completions) + points * (Micro - weightPpm) / (Micro + crowdPpm);
        return damped * (Daily - earnedToday) / Daily;
    }
}
