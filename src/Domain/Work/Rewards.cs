// The rewards of an era: a root that lists every agent's reward, and the era's pool. Enters: its events, rulings on the
// root, and the money that moved. Leaves: its state. Always holds: the pool moves once, never more is granted than the
// root lists, and a root that the court did not confirm pays nothing.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one era.</summary>
public static class Rewards
{
    // Events

    /// <summary>One of the era's deadlines passed. From now on somebody may take the next step.</summary>
    /// <param name="Era">The era.</param>
    /// <param name="Deadline">The kind of deadline: see <see cref="Overdue"/>.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record EraDeadlinePassed(ulong Era, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>Routes the era's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("era", Evolve)
        .On<EraRootPosted>(e => e.Era)
        .On<EraRootSettled>(e => e.Era)
        .On<RewardGranted>(e => e.Era)
        .On<Disputes.EraRuled>(e => e.Era)
        .On<EraDeadlinePassed>(e => e.Era)
        .Also<DisputeOpened>(OfDispute)
        .Also<Moved>(OfMoney)
        .Deadlines(NextDeadline, (era, due) => new EraDeadlinePassed(era.Era, due.Kind, due.Due));

    // State

    /// <summary>The status of an era; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>A root is posted and may be challenged.</summary>
        Posted,

        /// <summary>The dispute over it is before the court.</summary>
        Disputed,

        /// <summary>The root was accepted, and the pool moved.</summary>
        Accepted,

        /// <summary>The root was not accepted: the era waits for another.</summary>
        NotAccepted,
    }

    /// <summary>The last deadline that passed without any action; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>No deadline has passed since the last step.</summary>
        None,

        /// <summary>Nobody challenged the root: settle it.</summary>
        Settle,

        /// <summary>The time for claims is over: sweep the rest.</summary>
        Sweep,
    }

    /// <summary>The rewards of an era, which is a week.</summary>
    /// <param name="Era">The era's number: weeks since 1970.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="Posting">The number of roots that were posted for the era.</param>
    /// <param name="PosterId">The agent that posted the last root.</param>
    /// <param name="Root">The root that was posted last.</param>
    /// <param name="Total">The total of all rewards under the root.</param>
    /// <param name="Bond">The bond of the poster.</param>
    /// <param name="PostedAt">The time at which the root was posted.</param>
    /// <param name="FinalAt">The end of the time in which the root may be challenged.</param>
    /// <param name="DisputeId">The last dispute over this root; 0: none.</param>
    /// <param name="IsRuled">Whether a ruling of the court has confirmed it.</param>
    /// <param name="VestStart">The time at which the pool moved and vesting begins.</param>
    /// <param name="VestEnd">The time at which vesting ends.</param>
    /// <param name="Grants">The number of agents that have claimed.</param>
    /// <param name="Granted">The amount that these agents were granted.</param>
    /// <param name="Swept">The amount that nobody claimed and that went back to the treasury.</param>
    /// <param name="SettledAt">The time at which the root was decided; 0: it is not.</param>
    /// <param name="Overdue">The last deadline that passed without any action since the last step.</param>
    public sealed record State(
        ulong Era,
        Status Status,
        ushort Posting,
        ulong PosterId,
        Word Root,
        UInt128 Total,
        UInt128 Bond,
        Instant PostedAt,
        Instant FinalAt,
        ulong DisputeId,
        bool IsRuled,
        Instant VestStart,
        Instant VestEnd,
        ulong Grants,
        UInt128 Granted,
        UInt128 Swept,
        Instant SettledAt,
        Overdue Overdue);

    // Evolve

    private const byte WrongEraRoot = 7;
    private const byte Refund = 26;
    private const byte PosterBond = 39;
    private const byte OfEra = 1;
    private const ulong ChallengeWindow = 2 * 24 * 3600;
    private const ulong ClaimLife = 365 * 24 * 3600;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, EraRootPosted e) => Post(e, 1, at),
        (null, _) => null,
        ({ Status: Status.NotAccepted }, EraRootPosted e) => Post(e, (ushort)(state.Posting + 1), at),
        ({ Status: Status.Posted, Bond: var bond }, Moved { Reason: PosterBond } e)
            when bond == 0 && IsPresent(state, e) =>
            state with { Bond = e.Amount },
        ({ Status: Status.Posted, IsRuled: false }, DisputeOpened e) =>
            state with { Status = Status.Disputed, DisputeId = e.DisputeId, Overdue = Overdue.None },
        ({ Status: Status.Disputed }, Disputes.EraRuled e) when e.DisputeId == state.DisputeId =>
            Rule(state, e, at.Time),
        ({ Status: Status.Posted or Status.Disputed }, EraRootSettled e)
            when !e.Accepted || state.Status == Status.Posted =>
            state with
            {
                Status = e.Accepted ? Status.Accepted : Status.NotAccepted,
                VestStart = e.VestStart,
                VestEnd = e.VestEnd,
                SettledAt = at.Time,
                Overdue = Overdue.None,
            },
        // The vault refuses to move more than the pool holds.
        ({ Status: Status.Accepted }, RewardGranted e) when state.Granted + state.Swept + e.Amount <= state.Total =>
            state with { Grants = state.Grants + 1, Granted = state.Granted + e.Amount },
        ({ Status: Status.Accepted }, Moved { Reason: Refund } e)
            when state.Granted + state.Swept + e.Amount == state.Total =>
            state with { Swept = e.Amount },
        (_, EraDeadlinePassed e) when NextDeadline(state)?.Kind == e.Deadline =>
            state with { Overdue = (Overdue)e.Deadline },
        _ => null,
    };

    private static State Post(EraRootPosted e, ushort posting, At at) => new(
        e.Era, Status.Posted, posting, e.PosterId, e.Root, e.Total, 0, at.Time, e.FinalAt, 0, false, default, default,
        0, 0, 0, default, Overdue.None);

    private static State? Rule(State era, Disputes.EraRuled e, Instant now)
    {
        if (e.Ruling is < (byte)Disputes.Ruling.Rejected or > (byte)Disputes.Ruling.Split) return null;
        // The era's own event, which follows, ends the dispute for it.
        if (e.Ruling != (byte)Disputes.Ruling.Rejected) return era;
        if (e.Cause != (byte)Disputes.Cause.Withdrawn) return era with { Status = Status.Posted, IsRuled = true };
        var again = now.Plus(ChallengeWindow);
        return era with { Status = Status.Posted, FinalAt = again > era.FinalAt ? again : era.FinalAt };
    }

    private static bool OfDispute(DisputeOpened e, out ulong era)
    {
        era = 0;
        return e.Kind == WrongEraRoot && Accounts.TryNumber(e.Subject, Accounts.Kind.Reward, out era);
    }

    private static bool OfMoney(Moved e, out ulong era)
    {
        era = 0;
        if (e.Reason == PosterBond) return Accounts.TryPoster(e.To, OfEra, out era, out _);
        if (e.Reason != Refund) return false;
        // The pool of an era is the account of its agent 0.
        var pool = Accounts.IdOf(e.From);
        era = (ulong)pool.High;
        return Accounts.KindOf(e.From) == Accounts.Kind.Reward && pool.Low == 0;
    }

    private static bool IsPresent(State era, Moved e) =>
        Accounts.TryPoster(e.To, OfEra, out _, out var posting) && posting == era.Posting;

    private static Deadline? NextDeadline(State era) => era switch
    {
        { Status: Status.Posted, Overdue: Overdue.None } => new Deadline(era.FinalAt, (byte)Overdue.Settle),
        { Status: Status.Accepted, Overdue: Overdue.None } =>
            new Deadline(era.VestStart.Plus(ClaimLife), (byte)Overdue.Sweep),
        _ => null,
    };

    // Commands

    /// <summary>Posts the root of an era that is over.</summary>
    public sealed record PostRoot(Address By, ulong Era, Word Root, UInt128 Total) : Command(By);

    /// <summary>Settles an era whose root nobody challenged; anybody may do it.</summary>
    public sealed record SettleEra(Address By, ulong Era) : Command(By);

    /// <summary>Claims a reward for an agent; anybody may do it.</summary>
    public sealed record Claim(Address By, ulong Era, ulong AgentId) : Command(By);

    /// <summary>Sends the unclaimed rest back to the treasury; anybody may do it.</summary>
    public sealed record SweepEra(Address By, ulong Era) : Command(By);

    // Decide

    /// <summary>Predicts the contract's answer to a command at a moment, as far as the era alone decides it.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        ({ Status: not Status.NotAccepted }, PostRoot) => Wrong(state, "none or one that was not accepted"),
        (_, PostRoot { Root.IsZero: true }) => Decision.Refuse("ZeroRoot", "a root", "zero"),
        (_, PostRoot c) => c.Total == 0 ? Decision.Refuse("TotalOutOfBounds", "some amount", "0") : Decision.Grant,
        (not { Status: Status.Posted }, SettleEra) => Wrong(state, "a posted one"),
        (_, SettleEra) => Moments.From(now, state.FinalAt) ?? Decision.Grant,
        (not { Status: Status.Accepted }, Claim or SweepEra) => Wrong(state, "an accepted one"),
        (_, Claim) => Moments.Before(now, state.VestStart.Plus(ClaimLife)) ?? Decision.Grant,
        (_, SweepEra) => Moments.From(now, state.VestStart.Plus(ClaimLife))
            ?? (state.Granted + state.Swept == state.Total
                ? Decision.Refuse("NothingLeft", "a rest", "none") : Decision.Grant),
        _ => throw new ArgumentException(
            $"expected a command to an era, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision Wrong(State? era, string needed) =>
        Decision.Refuse("WrongStatus", needed, era is null ? "none" : $"one that is {era.Status}");
}
