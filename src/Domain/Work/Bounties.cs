// A bounty: a pool for the claims that meet its criteria. Its sponsor awards them; if the sponsor is silent, claims are
// paid in turn. Enters: its events, and the turns that were taken. Leaves: its state, and the terms that a new claim
// keeps. Always holds: never more awards than it has, never more decided than claimed, and it closes once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one bounty.</summary>
public static class Bounties
{
    // Events

    /// <summary>A claim was paid in its turn: every claim before it is decided.</summary>
    /// <param name="BountyId">The bounty.</param>
    /// <param name="Position">The claim's position.</param>
    public sealed record BountyTurnTaken(ulong BountyId, ushort Position) : DerivedEvent;

    /// <summary>One of the bounty's deadlines passed.</summary>
    /// <param name="BountyId">The bounty.</param>
    /// <param name="Deadline">The kind of deadline: see <see cref="Overdue"/>.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record BountyDeadlinePassed(ulong BountyId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>Routes the bounty's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("bounty", Evolve)
        .On<BountyOpened>(e => e.BountyId)
        .On<BountyClaimed>(e => e.BountyId)
        .On<BountyAwarded>(e => e.BountyId)
        .On<BountyClaimEnded>(e => e.BountyId)
        .On<BountyClosed>(e => e.BountyId)
        .On<BountyTurnTaken>(e => e.BountyId)
        .On<BountyDeadlinePassed>(e => e.BountyId)
        .Derives<BountyClaimed>((bounty, e) => [new BountyClaims.BountyClaimEntered(
            e.ClaimId, e.BountyId, e.AgentId, bounty.Claims, e.WorkHash, bounty.Award, ClaimBond(bounty.Award),
            bounty.AwardEnd.Plus(bounty.ChallengeWindow), bounty.ChallengeWindow)])
        .Deadlines(NextDeadline, (bounty, due) => new BountyDeadlinePassed(bounty.BountyId, due.Kind, due.Due));

    // State

    /// <summary>
    /// The status of a bounty; from 1 on the numbers are the causes of its end. Stored; never renumber.
    /// </summary>
    public enum Status : byte
    {
        /// <summary>The bounty is open.</summary>
        Open,

        /// <summary>The bounty closed without any claim.</summary>
        Unclaimed,

        /// <summary>The bounty closed because all awards are paid.</summary>
        Awarded,

        /// <summary>The bounty closed because all claims are decided.</summary>
        Decided,
    }

    /// <summary>The last deadline that passed; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>No deadline has passed.</summary>
        None,

        /// <summary>The time for claims is over.</summary>
        Claims,

        /// <summary>The sponsor's time to award is over. From now on silence pays.</summary>
        Awards,
    }

    /// <summary>A bounty for work that meets its criteria.</summary>
    /// <param name="BountyId">The bounty's number, from 1.</param>
    /// <param name="Sponsor">The address that pays.</param>
    /// <param name="CriteriaHash">The hash of the criteria that a claim must meet.</param>
    /// <param name="Uri">The place where the criteria can be read.</param>
    /// <param name="MaxAwards">The number of awards.</param>
    /// <param name="Award">The amount that each award pays.</param>
    /// <param name="OpenedAt">The time at which the bounty was opened.</param>
    /// <param name="ClaimEnd">The end of the time in which agents may claim.</param>
    /// <param name="AwardEnd">The end of the time in which the sponsor may award.</param>
    /// <param name="ChallengeWindow">The number of seconds after the sponsor's time for which claims may be
    /// challenged.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="Claims">The number of claims.</param>
    /// <param name="Awarded">The number of awards that were paid.</param>
    /// <param name="Decided">The number of claims that are decided, paid or not.</param>
    /// <param name="Cursor">The highest position that was paid in turn.</param>
    /// <param name="ClosedAt">The time at which the bounty closed; 0: it is open.</param>
    /// <param name="Overdue">The last deadline that passed.</param>
    public sealed record State(
        ulong BountyId,
        Address Sponsor,
        Word CriteriaHash,
        string Uri,
        ushort MaxAwards,
        UInt128 Award,
        Instant OpenedAt,
        Instant ClaimEnd,
        Instant AwardEnd,
        uint ChallengeWindow,
        Status Status,
        ushort Claims,
        ushort Awarded,
        ushort Decided,
        ushort Cursor,
        Instant ClosedAt,
        Overdue Overdue);

    // Evolve

    private const ushort MostClaims = 256;
    private const uint BondPart = 5;
    private const byte Rejected = 1;
    private const byte Released = 2;

    private static readonly UInt128 LeastBond = 10_000_000_000_000_000_000;

    /// <summary>The bond of a claim: a fifth of the award, at least ten credits.</summary>
    public static UInt128 ClaimBond(UInt128 award) => UInt128.Max(LeastBond, award / BondPart);

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, BountyOpened e) => new State(
            e.BountyId, e.Sponsor, e.CriteriaHash, e.Uri, e.MaxAwards, e.Award, at.Time, e.ClaimEnd, e.AwardEnd,
            e.ChallengeWindow, Status.Open, 0, 0, 0, 0, default, Overdue.None),
        (null, _) => null,
        ({ Status: Status.Open, Claims: < MostClaims }, BountyClaimed) when state.Awarded < state.MaxAwards =>
            state with { Claims = (ushort)(state.Claims + 1) },
        ({ Status: Status.Open }, BountyAwarded { Cause: 1 or 2 })
            when state.Awarded < state.MaxAwards && state.Decided < state.Claims =>
            state with { Awarded = (ushort)(state.Awarded + 1), Decided = (ushort)(state.Decided + 1) },
        // A claim with a sure award need not wait for the claims before it.
        (_, BountyTurnTaken e) when e.Position <= state.Claims =>
            state with { Cursor = Math.Max(state.Cursor, e.Position) },
        // A claim that was left over or disputed may end after the bounty.
        (_, BountyClaimEnded e) when state.Decided < state.Claims && MayEnd(state, e.Cause) =>
            state with { Decided = (ushort)(state.Decided + 1) },
        ({ Status: Status.Open }, BountyClosed { Cause: not 0 } e) when (Status)e.Cause == Ending(state) =>
            state with { Status = (Status)e.Cause, ClosedAt = at.Time },
        (_, BountyDeadlinePassed e) when NextDeadline(state)?.Kind == e.Deadline =>
            state with { Overdue = (Overdue)e.Deadline },
        _ => null,
    };

    private static bool MayEnd(State bounty, byte cause) =>
        cause == Rejected || (cause == Released && bounty.Awarded == bounty.MaxAwards);

    private static Status Ending(State bounty) =>
        bounty.Awarded == bounty.MaxAwards ? Status.Awarded
        : bounty.Decided < bounty.Claims ? Status.Open
        : bounty.Claims == 0 ? Status.Unclaimed : Status.Decided;

    private static Deadline? NextDeadline(State bounty) => (bounty.Status, bounty.Overdue) switch
    {
        (Status.Open, Overdue.None) => new Deadline(bounty.ClaimEnd, (byte)Overdue.Claims),
        (Status.Open, Overdue.Claims) => new Deadline(bounty.AwardEnd, (byte)Overdue.Awards),
        _ => null,
    };

    // Commands

    /// <summary>An agent claims an award.</summary>
    public sealed record Claim(Address By, ulong BountyId, ulong AgentId, Word WorkHash) : Command(By);

    /// <summary>Closes the bounty; anybody may do it.</summary>
    public sealed record CloseBounty(Address By, ulong BountyId) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the contract's answer to a command at a moment, as far as the bounty alone decides it.
    /// </summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null, _) => Decision.Refuse("UnknownBounty", "a bounty of that number", "none"),
        ({ Status: not Status.Open }, _) =>
            Decision.Refuse("BountyIsClosed", "an open bounty", $"one that is {state.Status}"),
        (_, Claim) => Moments.Before(now, state.ClaimEnd)
            ?? (state.Awarded == state.MaxAwards
                ? Decision.Refuse("NoAwardLeft", "an award that is left", "none") : null)
            ?? (state.Claims == MostClaims
                ? Decision.Refuse("TooManyClaims", $"fewer than {MostClaims}", $"{state.Claims}") : null)
            ?? Decision.Grant,
        (_, CloseBounty) when state.Awarded == state.MaxAwards => Decision.Grant,
        (_, CloseBounty) => Moments.From(now, state.ClaimEnd)
            ?? (state.Decided == state.Claims ? Decision.Grant
                : Decision.Refuse(
                    "ClaimsUndecided", "decided claims alone", $"{state.Claims - state.Decided} undecided")),
        _ => throw new ArgumentException(
            $"expected a command to a bounty, found {command.GetType().Name}", nameof(command)),
    };
}
