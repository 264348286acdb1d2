// All free stake together. One row. Enters: moves of money into and out of stakes. Leaves: the total. Always holds: the
// total is the sum of all stake accounts. The measure of quorums is VoteTotals.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of all stake.</summary>
public static class StakeTotals
{
    /// <summary>The key of the one row.</summary>
    public const string Key = "all";

    // Events

    /// <summary>Routes moves of money to the total.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("stake-total", Evolve)
        .Also<Moved>(OfStake);

    // State

    /// <summary>The total of all free stake.</summary>
    /// <param name="Id">The key of the one row: all.</param>
    /// <param name="Total">The amount of free stake.</param>
    /// <param name="ChangedAt">The time of the last change.</param>
    public sealed record State(string Id, UInt128 Total, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, Moved e) when IsStake(e.To) => new State(Key, e.Amount, at.Time),
        (null, _) => null,
        (_, Moved e) when IsStake(e.To) =>
            state.Total + e.Amount >= state.Total
                ? state with { Total = state.Total + e.Amount, ChangedAt = at.Time } : null,
        (_, Moved e) when e.Amount <= state.Total => state with { Total = state.Total - e.Amount, ChangedAt = at.Time },
        _ => null,
    };

    private static bool IsStake(Word account) => Accounts.KindOf(account) == Accounts.Kind.Stake;

    // A move from one stake to another changes no total.
    private static bool OfStake(Moved e, out string key)
    {
        key = Key;
        return IsStake(e.From) != IsStake(e.To);
    }
}
