// An agent's standing in one domain: an accumulator that is only added to, and what it came from. Scores fade by the
// clock of their half-life; the one that is stored is as of the last change. Always holds: the accumulator is the one
// that the contract's
// `accumulatorOf` answers, and `ScoreAt` gives what its `scoreOf` would answer.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one agent's standing in one domain.</summary>
public static class Reputations
{
    // Events

    /// <summary>How changes reach a standing.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("reputation", Evolve)
        .On<ReputationSet>(e => KeyOf(e.AgentId, e.Domain));

    /// <summary>The key: agent and domain.</summary>
    public static string KeyOf(ulong agentId, Word domain) => $"{agentId}-{domain}";

    // State

    /// <summary>Why a standing changed; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Cause : byte
    {
        /// <summary>Not used.</summary>
        None,

        /// <summary>A task was finalized for the agent.</summary>
        Completed,

        /// <summary>It won a task and did not start.</summary>
        NotStarted,

        /// <summary>Its lease lapsed.</summary>
        Lapsed,

        /// <summary>It delivered too late or not at all.</summary>
        Missed,

        /// <summary>A dispute was upheld against it.</summary>
        Upheld,

        /// <summary>A dispute was split.</summary>
        Split,

        /// <summary>It voted as its panel ruled.</summary>
        Coherent,

        /// <summary>It voted otherwise.</summary>
        Incoherent,

        /// <summary>It was drawn and did not vote.</summary>
        Absent,

        /// <summary>It challenged rightly.</summary>
        ChallengeUpheld,

        /// <summary>It challenged wrongly.</summary>
        ChallengeRejected,

        /// <summary>It took a challenge back.</summary>
        ChallengeWithdrawn,

        /// <summary>A dispute upheld against it counts as a strike.</summary>
        Struck,
    }

    /// <summary>A standing.</summary>
    /// <param name="Key">Agent and domain.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Domain">The domain.</param>
    /// <param name="Score">The score in micropoints at the last change; it has faded since.</param>
    /// <param name="Accumulator">What the score is read from.</param>
    /// <param name="Cause">Why it last changed.</param>
    /// <param name="Ref">What for: the task, the dispute.</param>
    /// <param name="Completed">How many tasks were finalized for the agent.</param>
    /// <param name="NotStarted">How many it won and did not start.</param>
    /// <param name="Lapsed">How many leases lapsed.</param>
    /// <param name="Missed">How many tasks it delivered too late or not at all.</param>
    /// <param name="Upheld">How many disputes were upheld against it.</param>
    /// <param name="Split">How many were split.</param>
    /// <param name="Coherent">How often it voted as its panel ruled.</param>
    /// <param name="Incoherent">How often it voted otherwise.</param>
    /// <param name="Absent">How often it was drawn and did not vote.</param>
    /// <param name="ChallengesUpheld">How often it challenged rightly.</param>
    /// <param name="ChallengesRejected">How often it challenged wrongly.</param>
    /// <param name="ChallengesWithdrawn">How often it took a challenge back.</param>
    /// <param name="Strikes">How many disputes ever counted as a strike; how many count now, <c>StrikesAt</c>
    /// says.</param>
    /// <param name="LastActiveAt">When it last earned something; 0: never.</param>
    /// <param name="FirstAt">When it first changed.</param>
    /// <param name="ChangedAt">When it last changed.</param>
    public sealed record State(
        string Key,
        ulong AgentId,
        Word Domain,
        Int256 Score,
        Int256 Accumulator,
        Cause Cause,
        Word Ref,
        uint Completed,
        uint NotStarted,
        uint Lapsed,
        uint Missed,
        uint Upheld,
        uint Split,
        uint Coherent,
        uint Incoherent,
        uint Absent,
        uint ChallengesUpheld,
        uint ChallengesRejected,
        uint ChallengesWithdrawn,
        uint Strikes,
        Instant LastActiveAt,
        Instant FirstAt,
        Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, ReputationSet e) => Set(state ?? New(e, at), e, at),
        _ => null,
    };

    private static State? Set(State standing, ReputationSet e, in At at)
    {
        var cause = (Cause)e.Cause;
        var change = Decay.Change(standing.Accumulator, e.Accumulator);
        if (!Fits(cause, change) || !IsEarnedIn(e.Domain, cause)) return null;
        return Count(standing, cause) with
        {
            Score = e.Score,
            Accumulator = e.Accumulator,
            Cause = cause,
            Ref = e.Ref,
            // Who earned something was active; who lost something may only have been caught.
            LastActiveAt = change > 0 ? at.Time : standing.LastActiveAt,
            ChangedAt = at.Time,
        };
    }

    // A completed task may be worth less than one micropoint; every other cause moves the accumulator, and one way
    // only.
    private static bool Fits(Cause cause, int change) => cause switch
    {
        Cause.Completed => change >= 0,
        Cause.Coherent or Cause.ChallengeUpheld or Cause.Struck => change > 0,
        > Cause.None and <= Cause.Struck => change < 0,
        _ => false,
    };

    // What the court gives has domains of its own, which no task can name.
    private static bool IsEarnedIn(Word domain, Cause cause) => cause switch
    {
        Cause.Coherent or Cause.Incoherent or Cause.Absent => domain == VerificationDomain,
        Cause.ChallengeUpheld or Cause.ChallengeRejected or Cause.ChallengeWithdrawn => domain == ChallengeDomain,
        Cause.Struck => domain == StrikeDomain,
        _ => domain != VerificationDomain && domain != ChallengeDomain && domain != StrikeDomain,
    };

    private static State Count(State standing, Cause cause) => cause switch
    {
        Cause.Completed => standing with { Completed = standing.Completed + 1 },
        Cause.NotStarted => standing with { NotStarted = standing.NotStarted + 1 },
        Cause.Lapsed => standing with { Lapsed = standing.Lapsed + 1 },
        Cause.Missed => standing with { Missed = standing.Missed + 1 },
        Cause.Upheld => standing with { Upheld = standing.Upheld + 1 },
        Cause.Split => standing with { Split = standing.Split + 1 },
        Cause.Coherent => standing with { Coherent = standing.Coherent + 1 },
        Cause.Incoherent => standing with { Incoherent = standing.Incoherent + 1 },
        Cause.Absent => standing with { Absent = standing.Absent + 1 },
        Cause.ChallengeUpheld => standing with { ChallengesUpheld = standing.ChallengesUpheld + 1 },
        Cause.ChallengeRejected => standing with { ChallengesRejected = standing.ChallengesRejected + 1 },
        Cause.ChallengeWithdrawn => standing with { ChallengesWithdrawn = standing.ChallengesWithdrawn + 1 },
        _ => standing with { Strikes = standing.Strikes + 1 },
    };

    private static State New(ReputationSet e, in At at) => new(
        KeyOf(e.AgentId, e.Domain), e.AgentId, e.Domain, default, default, Cause.None, default,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, default, at.Time, at.Time);

    // Scores at any time

    private const ulong HalfStrike = 500_000;
    private const ulong Micro = 1_000_000;

    /// <summary>The domain of drawn seats; it weighs verifiers.</summary>
    public static Word VerificationDomain { get; } = ParameterKeys.Of("verification"u8);

    /// <summary>The domain of challenges.</summary>
    public static Word ChallengeDomain { get; } = ParameterKeys.Of("challenge"u8);

    /// <summary>The domain in which strikes are counted; it fades by a half-life of its own.</summary>
    public static Word StrikeDomain { get; } = ParameterKeys.Of("strike"u8);

    /// <summary>The key of the half-life by which scores of a domain fade.</summary>
    public static Word HalfLifeOf(Word domain) =>
        domain == StrikeDomain ? ParameterKeys.StrikeHalfLife : ParameterKeys.ReputationHalfLife;

    /// <summary>The score at a moment from the last change on, in micropoints.</summary>
    /// <param name="standing">The standing; null: the agent has none in the domain.</param>
    /// <param name="halfLife">The parameter that <see cref="HalfLifeOf"/> names.</param>
    /// <param name="now">The moment.</param>
    public static Int256 ScoreAt(State? standing, Parameters.State halfLife, Instant now) =>
        Decay.Read(standing?.Accumulator ?? default, Parameters.ExponentAt(halfLife, now));

    /// <summary>
    /// How many disputes count against an agent at a moment, by its standing in the domain of strikes.
    /// </summary>
    public static ulong StrikesAt(State? standing, Parameters.State halfLife, Instant now) =>
        (ulong)((ScoreAt(standing, halfLife, now).ToBigInteger() + HalfStrike) / Micro);
}
