// The reputation that finalized tasks have earned an agent in a domain: the part that the crowd gave, and the limit of
// a day. Always holds: the numbers are the ones that the contract's `crowdOf` and `earnedToday` answer; the crowd never
// shrinks.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one agent's earnings in one domain.</summary>
public static class Earnings
{
    // Events

    /// <summary>Routes weighed completions, which stand in their client's stream, to an agent's earnings.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("earning", Evolve)
        .Also<CompletionWeighed>(e => Reputations.KeyOf(e.AgentId, e.Domain));

    // State

    /// <summary>An agent's earned reputation in a domain.</summary>
    /// <param name="Key">The agent and the domain, joined.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Domain">The domain.</param>
    /// <param name="CrowdPpm">The number of full tasks that clients without a history gave the agent, in
    /// millionths.</param>
    /// <param name="EarnedOnDay">The reputation earned on the day of the last task, in micropoints.</param>
    /// <param name="Earned">The reputation earned by finalized tasks in all, undecayed, in micropoints.</param>
    /// <param name="Completions">The number of tasks that were weighed.</param>
    /// <param name="LastAt">The time of the last weighed task.</param>
    public sealed record State(
        string Key,
        ulong AgentId,
        Word Domain,
        UInt128 CrowdPpm,
        UInt128 EarnedOnDay,
        UInt128 Earned,
        ulong Completions,
        Instant LastAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, CompletionWeighed e) => Weigh(
            state ?? new State(Reputations.KeyOf(e.AgentId, e.Domain), e.AgentId, e.Domain, 0, 0, 0, 0, at.Time), e,
            at),
        _ => null,
    };

    private static State? Weigh(State earning, CompletionWeighed e, in At at)
    {
        var before = EarnedAt(earning, at.Time);
        if (e.Crowd < earning.CrowdPpm || e.Earned < before || e.Earned > Esteem.Daily) return null;
        return earning with
        {
            CrowdPpm = e.Crowd,
            EarnedOnDay = e.Earned,
            Earned = earning.Earned + e.Earned - before,
            Completions = earning.Completions + 1,
            LastAt = at.Time,
        };
    }

    // Earnings at any time

    /// <summary>
    /// The reputation that an agent has earned in a domain on the day of a moment, in micropoints; at most
    /// <see cref="Esteem.Daily"/>.
    /// </summary>
    /// <param name="earning">The earnings; null: none in the domain.</param>
    /// <param name="now">A moment not before the last task.</param>
    public static UInt128 EarnedAt(State? earning, Instant now) =>
        earning is not null && Esteem.DayOf(earning.LastAt) == Esteem.DayOf(now) ? earning.EarnedOnDay : 0;
}
