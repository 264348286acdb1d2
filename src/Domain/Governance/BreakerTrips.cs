// One trip of the breaker, kept for ever, because a deadline that it moved stays moved. Enters: the events of its
// scope. Always holds: a trip is cut short at most once, and never made longer.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one trip.</summary>
public static class BreakerTrips
{
    // Events

    /// <summary>Turns a scope's trips into rows.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("breaker-trip", Evolve)
        .On<Breakers.BreakerTripSet>(KeyOf);

    // State

    /// <summary>A trip of the circuit breaker.</summary>
    /// <param name="Key">The scope and the trip's number, joined.</param>
    /// <param name="Scope">The scope; zero: everything.</param>
    /// <param name="Number">The number of the trip within its scope, from 1.</param>
    /// <param name="Level">The trip's level: 1 stops openings, 2 stops timeouts as well.</param>
    /// <param name="By">The guardian that tripped the breaker.</param>
    /// <param name="Reason">The reason that was given.</param>
    /// <param name="Begins">The time at which the trip began.</param>
    /// <param name="Until">The time at which the trip ends or ended.</param>
    /// <param name="GraceEnd">The moment to which a trip of level 2 moves the deadlines that fall into it.</param>
    /// <param name="IsReset">Whether the council cut the trip short.</param>
    public sealed record State(
        string Key,
        Word Scope,
        ulong Number,
        byte Level,
        Address By,
        Word Reason,
        Instant Begins,
        Instant Until,
        Instant GraceEnd,
        bool IsReset);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, Breakers.BreakerTripSet e) =>
            new State(KeyOf(e), e.Scope, e.Number, e.Level, e.By, e.Reason, e.Begins, e.Until, e.GraceEnd, false),
        ({ IsReset: false }, Breakers.BreakerTripSet e) when e.Until < state.Until =>
            state with { Until = e.Until, GraceEnd = e.GraceEnd, IsReset = true },
        _ => null,
    };

    private static string KeyOf(Breakers.BreakerTripSet e) => $"{e.Scope}-{e.Number}";
}
