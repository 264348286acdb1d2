// An agent's reward for an era, as it vests. Enters: the grant, and the money that was released. Leaves: one row for
// each pair of era and agent. Always holds: a reward is granted once, and never more is released than granted.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The rewards of agents.</summary>
public static class RewardGrants
{
    // Events

    /// <summary>Routes a reward's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("reward", Evolve)
        .Also<RewardGranted>(e => $"{e.Era}-{e.AgentId}")
        .Also<Moved>(OfRelease);

    // State

    /// <summary>An agent's reward for an era.</summary>
    /// <param name="Key">Era and agent: `2900-7`.</param>
    /// <param name="Era">The era.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Amount">The amount that was granted.</param>
    /// <param name="VestStart">The time at which vesting begins.</param>
    /// <param name="VestEnd">The time at which vesting ends.</param>
    /// <param name="Released">The amount that was paid out so far.</param>
    /// <param name="GrantedAt">The time at which the reward was claimed.</param>
    /// <param name="ReleasedAt">The time of the last payment; 0: nothing was paid.</param>
    public sealed record State(
        string Key,
        ulong Era,
        ulong AgentId,
        UInt128 Amount,
        Instant VestStart,
        Instant VestEnd,
        UInt128 Released,
        Instant GrantedAt,
        Instant ReleasedAt);

    // Evolve

    private const byte Reward = 36;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, RewardGranted e) => new State(
            $"{e.Era}-{e.AgentId}", e.Era, e.AgentId, e.Amount, e.VestStart, e.VestEnd, 0, at.Time, default),
        (null, _) => null,
        (_, Moved e) when state.Released + e.Amount <= state.Amount =>
            state with { Released = state.Released + e.Amount, ReleasedAt = at.Time },
        _ => null,
    };

    private static bool OfRelease(Moved e, out string key)
    {
        key = "";
        if (e.Reason != Reward) return false;
        var granted = Accounts.IdOf(e.From);
        // Agent 0 is the era's pool, from which grants come.
        if (Accounts.KindOf(e.From) != Accounts.Kind.Reward || granted.Low == 0) return false;
        key = $"{granted.High}-{granted.Low}";
        return true;
    }
}
