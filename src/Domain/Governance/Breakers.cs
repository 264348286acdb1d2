// The circuit breaker of one scope (zero: everything): a guardian trips it, time or the council ends it, and a grace
// follows in which deadlines wait. Enters: trips and resets. Leaves: the latest trip, which is what `tripOf` answers.
// Always holds: no trip begins before the grace of the last one has ended, none is longer than 72 hours, and an end
// never moves to later.
namespace EventSourced.Domain;

/// <summary>The aggregate of one scope of the breaker.</summary>
public static class Breakers
{
    // Events

    /// <summary>The trip of a scope ended by itself, or the grace behind it did.</summary>
    /// <param name="Scope">The scope.</param>
    /// <param name="Deadline">1: the trip, 2: the grace.</param>
    /// <param name="Due">When it was due.</param>
    public sealed record BreakerDeadlinePassed(Word Scope, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>How a scope's events reach it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("breaker", Evolve)
        .On<BreakerTripped>(e => e.Scope)
        .On<BreakerReset>(e => e.Scope)
        .On<BreakerDeadlinePassed>(e => e.Scope)
        .Deadlines(NextDeadline, (scope, due) => new BreakerDeadlinePassed(scope.Scope, due.Kind, due.Due));

    // State

    /// <summary>Where a scope stands. Stored; never renumber.</summary>
    public enum Phase : byte
    {
        /// <summary>Nothing is stopped.</summary>
        Closed,

        /// <summary>Tripped: the level says what is stopped.</summary>
        Tripped,

        /// <summary>The trip is over; deadlines that fell into it still wait.</summary>
        Grace,
    }

    /// <summary>The latest trip of a scope.</summary>
    /// <param name="Scope">The scope: a module's name in one word; zero: everything.</param>
    /// <param name="Name">The scope as text; empty where the word is none.</param>
    /// <param name="Phase">Where it stands.</param>
    /// <param name="Level">1: nothing new may open; 2: timeouts wait, too.</param>
    /// <param name="TrippedAt">When it was tripped.</param>
    /// <param name="Until">When the trip ends or ended.</param>
    /// <param name="GraceEnd">When its grace ends or ended; before that nobody can trip it again.</param>
    /// <param name="By">The guardian that tripped it.</param>
    /// <param name="Reason">Why, in the guardian's word.</param>
    /// <param name="ResetBy">Who ended it early; zero: nobody.</param>
    /// <param name="Trips">How often the scope was tripped.</param>
    public sealed record State(
        Word Scope,
        string Name,
        Phase Phase,
        byte Level,
        Instant TrippedAt,
        Instant Until,
        Instant GraceEnd,
        Address By,
        Word Reason,
        Address ResetBy,
        uint Trips);

    // Evolve

    private const byte TripEnds = 1;
    private const byte GraceEnds = 2;
    private const byte StopsOpenings = 1;
    private const byte StopsTimeouts = 2;
    private const ulong Longest = 72 * 3_600;
    private const ulong Grace = 6 * 3_600;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, BreakerTripped e) => Trip(state, e, at),
        ({ Phase: Phase.Tripped }, BreakerReset e) when at.Time < state.Until && at.Time.Plus(Grace) == e.GraceEnd =>
            state with { Phase = Phase.Grace, Until = at.Time, GraceEnd = e.GraceEnd, ResetBy = e.By },
        ({ Phase: Phase.Tripped }, BreakerDeadlinePassed { Deadline: TripEnds }) => state with { Phase = Phase.Grace },
        ({ Phase: Phase.Grace }, BreakerDeadlinePassed { Deadline: GraceEnds }) => state with { Phase = Phase.Closed },
        _ => null,
    };

    private static State? Trip(State? last, BreakerTripped e, in At at)
    {
        var ended = last is null || at.Time >= last.GraceEnd;
        var bounded = at.Time < e.Until && at.Time.Plus(Longest) >= e.Until;
        if (!ended || !bounded || e.Level is not (StopsOpenings or StopsTimeouts)) return null;
        return new State(
            e.Scope, ShortText.Of(e.Scope), Phase.Tripped, e.Level, at.Time, e.Until, new Instant(e.Until).Plus(Grace), e.By,
            e.Reason, default, (last?.Trips ?? 0) + 1);
    }

    private static Deadline? NextDeadline(State scope) => scope.Phase switch
    {
        Phase.Tripped => new Deadline(scope.Until, TripEnds),
        Phase.Grace => new Deadline(scope.GraceEnd, GraceEnds),
        _ => null,
    };

    /// <summary>The level in force at a moment, with the trip of everything counted in, and until when; 0: none.</summary>
    public static (byte Level, Instant Until) LevelAt(State? everything, State? scope, Instant now)
    {
        var (here, hereUntil) = LevelAt(scope, now);
        var (everywhere, everywhereUntil) = LevelAt(everything, now);
        return everywhere > here || (everywhere == here && everywhereUntil > hereUntil)
            ? (everywhere, everywhereUntil) : (here, hereUntil);
    }

    private static (byte Level, Instant Until) LevelAt(State? scope, Instant now) =>
        scope is not null && now < scope.Until ? (scope.Level, scope.Until) : default;

    /// <summary>A deadline as the trips of everything and of its scope have moved it.</summary>
    public static Instant Shifted(State? everything, State? scope, Instant deadline) =>
        Shifted(scope, Shifted(everything, deadline));

    private static Instant Shifted(State? scope, Instant deadline) =>
        scope is { Level: StopsTimeouts } && deadline >= scope.TrippedAt && deadline < scope.GraceEnd
            ? scope.GraceEnd : deadline;

    // Commands

    /// <summary>A guardian stops a scope.</summary>
    public sealed record TripScope(Address By, Word Scope, byte Level, ulong Duration, bool IsGuardian) : Command(By);

    /// <summary>The council ends a trip early.</summary>
    public sealed record Reset(Address By, Word Scope, Address Council) : Command(By);

    // Decide

    /// <summary>Says what the breaker would answer to a command at a moment.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => command switch
    {
        TripScope { IsGuardian: false } => Decision.Refuse("OnlyGuardian", "a guardian", $"{command.By}"),
        TripScope { Level: not (StopsOpenings or StopsTimeouts) } c =>
            Decision.Refuse("UnknownLevel", "level 1 or 2", $"{c.Level}"),
        TripScope { Duration: 0 or > Longest } c =>
            Decision.Refuse("TooLong", $"1 to {Longest} seconds", $"{c.Duration}"),
        TripScope => state is null || now >= state.GraceEnd
            ? Decision.Grant
            : Decision.Refuse("StillTripped", $"a time from {state.GraceEnd}", $"{now}"),
        Reset c when c.By != c.Council => Decision.Refuse("OnlyCouncil", $"the council {c.Council}", $"{c.By}"),
        Reset => state is not null && now < state.Until
            ? Decision.Grant
            : Decision.Refuse(
                "NotTripped", "a tripped scope", state is null ? "one that never was" : $"one free since {state.Until}"),
        _ => throw new ArgumentException($"expected a command to the breaker, found {command?.GetType().Name}", nameof(command)),
    };
}
