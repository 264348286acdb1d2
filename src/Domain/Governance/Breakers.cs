// The circuit breaker of one scope (zero: of everything): its latest trip, and the number of its trips. Each trip has a
// row of its own in `breaker-trip`, because it goes on moving the deadlines that fell into it. Always holds: the answer
// of the breaker's `tripOf`; trips of a scope do not overlap, and between two trips it works for as long as it stood
// still.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one scope of the breaker.</summary>
public static class Breakers
{
    // Events

    /// <summary>A trip's time is over: openings, or timeouts, go on.</summary>
    /// <param name="Scope">The scope.</param>
    /// <param name="Phase">The part that is over: see <see cref="Overdue"/>.</param>
    /// <param name="Due">The moment at which it was over.</param>
    public sealed record BreakerPhasePassed(Word Scope, byte Phase, Instant Due) : DerivedEvent;

    /// <summary>A trip as it stands now: made, or cut short by the council.</summary>
    /// <param name="Scope">The scope.</param>
    /// <param name="Number">The number of the trip within its scope, from 1.</param>
    /// <param name="Level">The level: 1 stops openings, 2 stops timeouts as well.</param>
    /// <param name="By">The guardian that tripped the breaker.</param>
    /// <param name="Reason">The reason that was given.</param>
    /// <param name="Begins">The time at which the trip began.</param>
    /// <param name="Until">The time at which the trip ends.</param>
    /// <param name="GraceEnd">The moment to which a trip of level 2 moves the deadlines that fall into it.</param>
    public sealed record BreakerTripSet(
        Word Scope, ulong Number, byte Level, Address By, Word Reason, Instant Begins, Instant Until, Instant GraceEnd)
        : DerivedEvent;

    /// <summary>Routes the breaker's events to a scope.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("breaker", Evolve)
        .On<BreakerTripped>(e => e.Scope)
        .On<BreakerReset>(e => e.Scope)
        .On<BreakerPhasePassed>(e => e.Scope)
        .Derives<BreakerTripped>((breaker, _) => [TripSet(breaker)])
        .Derives<BreakerReset>((breaker, _) => [TripSet(breaker)])
        .Deadlines(NextDeadline, (breaker, due) => new BreakerPhasePassed(breaker.Scope, due.Kind, due.Due));

    // State

    /// <summary>The extent of a trip; the numbers are the breaker's. Stored; never renumber.</summary>
    public enum Level : byte
    {
        /// <summary>The trip stops openings.</summary>
        Openings = 1,

        /// <summary>The trip stops openings and deadlines.</summary>
        Timeouts,
    }

    /// <summary>The part of the latest trip that is over; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>The trip still holds.</summary>
        None,

        /// <summary>The trip is over; its grace still moves deadlines.</summary>
        Trip,

        /// <summary>The trip and its grace are over.</summary>
        Grace,
    }

    /// <summary>The circuit breaker's state for one scope.</summary>
    /// <param name="Scope">The scope; zero: everything.</param>
    /// <param name="Name">The scope's name.</param>
    /// <param name="Level">The latest trip's level: 1 stops openings, 2 stops timeouts as well.</param>
    /// <param name="TrippedAt">The time at which the latest trip began.</param>
    /// <param name="Until">The time at which the latest trip ends or ended.</param>
    /// <param name="GraceEnd">The moment to which a trip of level 2 moves the deadlines that fall into it.</param>
    /// <param name="TrippedBy">The guardian that tripped the breaker.</param>
    /// <param name="Reason">The reason that was given.</param>
    /// <param name="Trips">The number of trips.</param>
    /// <param name="IsReset">Whether the council cut the latest trip short.</param>
    /// <param name="Overdue">The part of the latest trip that is over.</param>
    public sealed record State(
        Word Scope,
        string Name,
        byte Level,
        Instant TrippedAt,
        Instant Until,
        Instant GraceEnd,
        Address TrippedBy,
        Word Reason,
        ulong Trips,
        bool IsReset,
        Overdue Overdue);

    // Evolve

    private const byte HighestLevel = 2;
    private const ulong Longest = 72 * 3_600;
    private const ulong Grace = 6 * 3_600;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, BreakerTripped { Level: >= 1 and <= HighestLevel } e)
            when RestedFrom(state) <= at.Time
                && e.Until > (ulong)at.Time.Seconds && e.Until <= at.Time.Plus(Longest) => new State(
                e.Scope, ShortNames.TextOf(e.Scope), e.Level, at.Time, e.Until, new Instant(e.Until).Plus(Grace), e.By,
                e.Reason, (state?.Trips ?? 0) + 1, false, Overdue.None),
        (null, _) => null,
        (_, BreakerReset e) when at.Time < state.Until && at.Time.Plus(Grace) == e.GraceEnd =>
            state with { Until = at.Time, GraceEnd = e.GraceEnd, IsReset = true, Overdue = Overdue.Trip },
        ({ Overdue: var last }, BreakerPhasePassed e) when e.Phase == (byte)last + 1 =>
            state with { Overdue = (Overdue)e.Phase },
        _ => null,
    };

    private static BreakerTripSet TripSet(State breaker) => new(
        breaker.Scope, breaker.Trips, breaker.Level, breaker.TrippedBy, breaker.Reason, breaker.TrippedAt,
        breaker.Until, breaker.GraceEnd);

    // The grace has ended, and the scope has worked for as long as it stood still.
    private static Instant RestedFrom(State? breaker) =>
        breaker is null ? default : breaker.GraceEnd.Plus((ulong)(breaker.Until.Seconds - breaker.TrippedAt.Seconds));

    private static Deadline? NextDeadline(State breaker) => breaker.Overdue switch
    {
        Overdue.None => new Deadline(breaker.Until, (byte)Overdue.Trip),
        Overdue.Trip => new Deadline(breaker.GraceEnd, (byte)Overdue.Grace),
        _ => null,
    };

    // Commands

    /// <summary>A guardian trips a scope.</summary>
    public sealed record Trip(Address By, Word Scope, byte Level, ulong Duration, bool IsGuardian) : Command(By);

    /// <summary>The council ends a trip.</summary>
    public sealed record Reset(Address By, Word Scope, bool IsCouncil) : Command(By);

    // Decide

    /// <summary>Predicts the breaker's answer to a command at a moment, as far as the scope alone decides it.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (_, Trip { IsGuardian: false } c) => Decision.Refuse("OnlyGuardian", "a guardian", $"{c.By}"),
        (_, Trip { Level: 0 or > HighestLevel } c) => Decision.Refuse("UnknownLevel", "1 or 2", $"{c.Level}"),
        (_, Trip { Duration: 0 or > Longest } c) =>
            Decision.Refuse("TooLong", $"1 to {Longest} seconds", $"{c.Duration}"),
        (_, Trip) => now >= RestedFrom(state)
            ? Decision.Grant : Decision.Refuse("StillTripped", $"a time from {RestedFrom(state)}", $"{now}"),
        (_, Reset { IsCouncil: false } c) => Decision.Refuse("OnlyCouncil", "the council", $"{c.By}"),
        (_, Reset) => state is not null && now < state.Until
            ? Decision.Grant : Decision.Refuse("NotTripped", "a trip that holds", "none"),
        _ => throw new ArgumentException(
            $"expected a command to the breaker, found {command.GetType().Name}", nameof(command)),
    };
}
