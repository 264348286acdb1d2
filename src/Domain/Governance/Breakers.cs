// The circuit breaker of one scope (zero: of everything): its latest trip, and how many there were. Each trip has a
// row of its own in `breaker-trip`, because it goes on moving the deadlines that fell into it. Always holds: the
// answer of the breaker's `tripOf`; trips of a scope do not overlap, and it has worked between two of them for as
// long as it stood still.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one scope of the breaker.</summary>
public static class Breakers
{
    // Events

    /// <summary>A trip's time is over: openings, and timeouts, go on.</summary>
    /// <param name="Scope">The scope.</param>
    /// <param name="Phase">What is over: see <see cref="Overdue"/>.</param>
    /// <param name="Due">When it was.</param>
    public sealed record BreakerPhasePassed(Word Scope, byte Phase, Instant Due) : DerivedEvent;

    /// <summary>A trip as it stands now: made, or cut short by the council.</summary>
    /// <param name="Scope">The scope.</param>
    /// <param name="Number">Which trip of the scope, from 1.</param>
    /// <param name="Level">1: no openings; 2: no timeouts either.</param>
    /// <param name="By">The guardian.</param>
    /// <param name="Reason">Its reason.</param>
    /// <param name="Begins">When it began.</param>
    /// <param name="Until">When it ends.</param>
    /// <param name="GraceEnd">Where the deadlines move that fall into it, at level 2.</param>
    public sealed record BreakerTripSet(
        Word Scope, ulong Number, byte Level, Address By, Word Reason, Instant Begins, Instant Until, Instant GraceEnd)
        : DerivedEvent;

    /// <summary>How the breaker's events reach a scope.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("breaker", Evolve)
        .On<BreakerTripped>(e => e.Scope)
        .On<BreakerReset>(e => e.Scope)
        .On<BreakerPhasePassed>(e => e.Scope)
        .Derives<BreakerTripped>((breaker, _) => [TripSet(breaker)])
        .Derives<BreakerReset>((breaker, _) => [TripSet(breaker)])
        .Deadlines(NextDeadline, (breaker, due) => new BreakerPhasePassed(breaker.Scope, due.Kind, due.Due));

    // State

    /// <summary>How much a trip stops; the numbers are the breaker's. Stored; never renumber.</summary>
    public enum Level : byte
    {
        /// <summary>Nothing new is opened.</summary>
        Openings = 1,

        /// <summary>Nothing new is opened, and no deadline passes.</summary>
        Timeouts,
    }

    /// <summary>What of the latest trip is over. Stored; never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>Nothing: it holds.</summary>
        None,

        /// <summary>The trip; its grace still moves deadlines.</summary>
        Trip,

        /// <summary>Its grace, too.</summary>
        Grace,
    }

    /// <summary>A scope of the breaker.</summary>
    /// <param name="Scope">The scope; zero: everything.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Level">The latest trip's level: 1 no openings, 2 no timeouts either.</param>
    /// <param name="TrippedAt">When it began.</param>
    /// <param name="Until">When it ends or ended.</param>
    /// <param name="GraceEnd">Where the deadlines move that fall into it, at level 2.</param>
    /// <param name="TrippedBy">The guardian.</param>
    /// <param name="Reason">Its reason.</param>
    /// <param name="Trips">How many trips there were.</param>
    /// <param name="IsReset">Whether the council cut the latest one short.</param>
    /// <param name="Overdue">What of it is over.</param>
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

    // Its grace has ended, and it has worked for as long as it stood still.
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

    /// <summary>
    /// Says what the breaker would answer to a command at a moment, as far as the scope alone decides it.
    /// </summary>
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
