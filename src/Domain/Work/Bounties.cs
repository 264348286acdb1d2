// A bounty: a pool for the claims that meet its criteria, awarded by its sponsor or, if it is silent, in turn. Enters:
// its events, and whose turn it was. Leaves: its state, and what a new claim has to know. Always holds: never more
// awards than it has, never more decided than claimed, and it closes once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one bounty.</summary>
public static class Bounties
{
    // Events

    /// <summary>A claim was paid in its turn: whoever stood before it is decided.</summary>
    /// <param name="BountyId">The bounty.</param>
    /// <param name="Position">The claim's position.</param>
    public sealed record BountyTurnTaken(ulong BountyId, ushort Position) : DerivedEvent;

    /// <summary>One of the bounty's deadlines passed.</summary>
    /// <param name="BountyId">The bounty.</param>
    /// <param name="Deadline">Which: see <see cref="Overdue"/>.</param>
    /// <param name="Due">When it was due.</param>
    public sealed record BountyDeadlinePassed(ulong BountyId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>How the bounty's events reach it.</summary>
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
    /// Where a bounty stands; from 1 on the numbers are the causes of its end. Stored; never renumber.
    /// </summary>
    public enum Status : byte
    {
        /// <summary>Open.</summary>
        Open,

        /// <summary>Closed: nobody claimed.</summary>
        Unclaimed,

        /// <summary>Closed: all awards are paid.</summary>
        Awarded,

        /// <summary>Closed: all claims are decided.</summary>
        Decided,
    }

    /// <summary>The deadline that passed last. Stored; never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>None.</summary>
        None,

        /// <summary>Nobody may claim any more.</summary>
        Claims,

        /// <summary>The sponsor may award no more: silence pays.</summary>
        Awards,
    }

    /// <summary>A bounty.</summary>
    /// <param name="BountyId">The bounty's number, from 1.</param>
    /// <param name="Sponsor">Who pays.</param>
    /// <param name="CriteriaHash">What a claim must meet, by hash.</param>
    /// <param name="Uri">Where that can be read.</param>
    /// <param name="MaxAwards">How many awards there are.</param>
    /// <param name="Award">What each of them pays.</param>
    /// <param name="OpenedAt">When it was opened.</param>
    /// <param name="ClaimEnd">Until when agents claim.</param>
    /// <param name="AwardEnd">Until when the sponsor awards.</param>
    /// <param name="ChallengeWindow">How many seconds after that claims may be challenged.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="Claims">How many claims there are.</param>
    /// <param name="Awarded">How many were paid.</param>
    /// <param name="Decided">How many are decided, paid or not.</param>
    /// <param name="Cursor">The highest position that was paid in turn.</param>
    /// <param name="ClosedAt">When it closed; 0: it is open.</param>
    /// <param name="Overdue">The deadline that passed last.</param>
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

    /// <summary>What a claim pledges: a fifth of the award, at least ten credits.</summary>
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
        // A claim whose award is sure need not wait for those before it.
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

    /// <summary>An agent claims.</summary>
    public sealed record Claim(Address By, ulong BountyId, ulong AgentId, Word WorkHash) : Command(By);

    /// <summary>Somebody closes the bounty.</summary>
    public sealed record CloseBounty(Address By, ulong BountyId) : Command(By);

    // Decide

    /// <summary>
    /// Says what the contract would answer to a command at a moment, as far as the bounty alone decides it.
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
