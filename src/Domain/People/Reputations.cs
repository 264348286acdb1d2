// An agent's standing in one domain: an accumulator that is only added to, and the counts of its causes. Scores fade by
// the clock of their half-life; the stored score is the one of the last change. Always holds: the accumulator is the
// one that the contract's `accumulatorOf` answers, and `ScoreAt` gives what its `scoreOf` would answer.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one agent's standing in one domain.</summary>
public static class Reputations
{
    // Events

    /// <summary>Routes changes to a standing.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("reputation", Evolve)
        .On<ReputationSet>(e => KeyOf(e.AgentId, e.Domain));

    /// <summary>The key: agent and domain.</summary>
    public static string KeyOf(ulong agentId, Word domain) => $"{agentId}-{domain}";

    // State

    /// <summary>The cause of a change of a standing; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Cause : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>A task was finalized for the agent.</summary>
        Completed,

        /// <summary>The agent won a task and did not start.</summary>
        NotStarted,

        /// <summary>The agent's lease lapsed.</summary>
        Lapsed,

        /// <summary>The agent delivered too late or not at all.</summary>
        Missed,

        /// <summary>A dispute was upheld against the agent.</summary>
        Upheld,

        /// <summary>A dispute against the agent was split.</summary>
        Split,

        /// <summary>The agent voted as its panel ruled.</summary>
        Coherent,

        /// <summary>The agent voted against its panel's ruling.</summary>
        Incoherent,

        /// <summary>The agent was drawn for a panel and did not vote.</summary>
        Absent,

        /// <summary>The agent's challenge was upheld.</summary>
        ChallengeUpheld,

        /// <summary>The agent's challenge was rejected.</summary>
        ChallengeRejected,

        /// <summary>The agent took its challenge back.</summary>
        ChallengeWithdrawn,

        /// <summary>A dispute upheld against it counts as a strike.</summary>
        Struck,
    }

    /// <summary>An agent's standing in one domain: its score and the record behind it.</summary>
    /// <param name="Key">The agent and the domain, joined.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Domain">The domain.</param>
    /// <param name="Score">The score in micropoints at the last change. It has faded since.</param>
    /// <param name="Accumulator">The accumulator from which the score is computed.</param>
    /// <param name="Cause">The cause of the last change.</param>
    /// <param name="Ref">The task or the dispute that caused the last change.</param>
    /// <param name="Completed">The number of tasks that were finalized for the agent.</param>
    /// <param name="NotStarted">The number of tasks that the agent won and did not start.</param>
    /// <param name="Lapsed">The number of the agent's leases that lapsed.</param>
    /// <param name="Missed">The number of tasks that it delivered too late or not at all.</param>
    /// <param name="Upheld">The number of disputes that were upheld against it.</param>
    /// <param name="Split">The number of disputes against it that were split.</param>
    /// <param name="Coherent">The number of times it voted as its panel ruled.</param>
    /// <param name="Incoherent">The number of times it voted otherwise.</param>
    /// <param name="Absent">The number of times it was drawn and did not vote.</param>
    /// <param name="ChallengesUpheld">The number of times it challenged rightly.</param>
    /// <param name="ChallengesRejected">The number of times it challenged wrongly.</param>
    /// <param name="ChallengesWithdrawn">The number of times it took a challenge back.</param>
    /// <param name="Strikes">The number of disputes that ever counted as a strike. <c>StrikesAt</c> gives the number
    /// that counts now.</param>
    /// <param name="LastActiveAt">The time at which the agent last earned something; 0: never.</param>
    /// <param name="FirstAt">The time of the first change.</param>
    /// <param name="ChangedAt">The time of the last change.</param>
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
            // An agent that earned something was active. An agent that lost something may only have been caught.
            LastActiveAt = change > 0 ? at.Time : standing.LastActiveAt,
            ChangedAt = at.Time,
        };
    }

    // A completed task may be worth less than one micropoint. Every other cause moves the accumulator, and in one
    // direction only.
    private static bool Fits(Cause cause, int change) => cause switch
    {
        Cause.Completed => change >= 0,
        Cause.Coherent or Cause.ChallengeUpheld or Cause.Struck => change > 0,
        > Cause.None and <= Cause.Struck => change < 0,
        _ => false,
    };

    // The court's awards have domains of their own, which no task can name.
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

    /// <summary>The domain of drawn seats. It weighs verifiers.</summary>
    public static Word VerificationDomain { get; } = ParameterKeys.Of("verification"u8);

    /// <summary>The domain of challenges.</summary>
    public static Word ChallengeDomain { get; } = ParameterKeys.Of("challenge"u8);

    /// <summary>The domain in which strikes are counted; it fades by a half-life of its own.</summary>
    public static Word StrikeDomain { get; } = ParameterKeys.Of("strike"u8);

    /// <summary>The key of the half-life by which scores of a domain fade.</summary>
    public static Word HalfLifeOf(Word domain) =>
        domain == StrikeDomain ? ParameterKeys.StrikeHalfLife : ParameterKeys.ReputationHalfLife;

    /// <summary>The score at a moment not before the last change, in micropoints.</summary>
    /// <param name="standing">The standing; null: the agent has none in the domain.</param>
    /// <param name="halfLife">The parameter that <see cref="HalfLifeOf"/> names.</param>
    /// <param name="now">The moment.</param>
    public static Int256 ScoreAt(State? standing, Parameters.State halfLife, Instant now) =>
        Decay.Read(standing?.Accumulator ?? default, Parameters.ExponentAt(halfLife, now));

    /// <summary>
    /// The number of disputes that count against an agent at a moment, by its standing in the domain of strikes.
    /// </summary>
    public static ulong StrikesAt(State? standing, Parameters.State halfLife, Instant now) =>
        (ulong)((ScoreAt(standing, halfLife, now).ToBigInteger() + HalfStrike) / Micro);
}
