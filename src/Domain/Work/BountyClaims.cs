// A claim to an award of a bounty, with its bond. Enters: the bounty's events about it, and disputes over it. Leaves:
// its state, and the turn that it took. Always holds: it is decided once; a dispute that was taken back leaves others
// time for theirs; a ruled dispute is the last.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Work;

/// <summary>The aggregate of one claim.</summary>
public static class BountyClaims
{
    // Events

    /// <summary>A claim was made, with the terms of its bounty.</summary>
    /// <param name="ClaimId">The claim.</param>
    /// <param name="BountyId">The bounty.</param>
    /// <param name="AgentId">The agent that claims.</param>
    /// <param name="Position">Its place in the order of claims, from 1.</param>
    /// <param name="WorkHash">The hash of the work.</param>
    /// <param name="Award">The amount that the claim may be paid.</param>
    /// <param name="Bond">The bond that the claim pledges.</param>
    /// <param name="PayableFrom">The time from which silence pays the claim.</param>
    /// <param name="ChallengeWindow">The number of seconds that others have to challenge after a challenge was taken
    /// back.</param>
    public sealed record BountyClaimEntered(
        ulong ClaimId,
        ulong BountyId,
        ulong AgentId,
        ushort Position,
        Word WorkHash,
        UInt128 Award,
        UInt128 Bond,
        Instant PayableFrom,
        uint ChallengeWindow) : DerivedEvent;

    /// <summary>Nobody can challenge the claim any more. It may be paid in its turn.</summary>
    /// <param name="ClaimId">The claim.</param>
    /// <param name="Due">The moment from which the claim may be paid.</param>
    public sealed record BountyClaimPayable(ulong ClaimId, Instant Due) : DerivedEvent;

    /// <summary>Routes the claim's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("bounty-claim", Evolve)
        .On<BountyClaimEntered>(e => e.ClaimId)
        .On<Disputes.BountyClaimRuled>(e => e.ClaimId)
        .On<BountyClaimPayable>(e => e.ClaimId)
        .On<BountyClaimReviewSet>(e => e.ClaimId)
        .Also<BountyAwarded>(e => e.ClaimId)
        .Also<BountyClaimEnded>(e => e.ClaimId)
        .Also<DisputeOpened>(OfDispute)
        .Derives<BountyAwarded>((claim, e) => e.Cause == InTurn
            ? [new Bounties.BountyTurnTaken(e.BountyId, claim.Position)] : [])
        .Deadlines(NextDeadline, (claim, due) => new BountyClaimPayable(claim.ClaimId, due.Due));

    // State

    /// <summary>The status of a claim; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The claim waits for the sponsor, or for its turn.</summary>
        Pending,

        /// <summary>The dispute over it is before the court.</summary>
        Disputed,

        /// <summary>The claim was paid.</summary>
        Awarded,

        /// <summary>The court found the claim worthless: the bond is lost.</summary>
        Rejected,

        /// <summary>No award was left.</summary>
        Released,
    }

    /// <summary>An agent's claim to an award of a bounty.</summary>
    /// <param name="ClaimId">The claim's number, from 1.</param>
    /// <param name="BountyId">The bounty.</param>
    /// <param name="AgentId">The agent that claims.</param>
    /// <param name="Position">Its place in the order of claims, from 1.</param>
    /// <param name="WorkHash">The hash of the work.</param>
    /// <param name="Award">The amount that the claim may be paid.</param>
    /// <param name="Bond">The bond that the claim pledges.</param>
    /// <param name="ChallengeWindow">The number of seconds that others have to challenge after a challenge was taken
    /// back.</param>
    /// <param name="ClaimedAt">The time at which the claim was made.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="PayableFrom">The time from which silence pays the claim.</param>
    /// <param name="ReviewEnd">The later time from which silence pays, once a challenge that was taken back has moved
    /// it; 0 before.</param>
    /// <param name="DisputeId">The last dispute over the claim; 0: none.</param>
    /// <param name="IsRuled">Whether the court has ruled on the claim.</param>
    /// <param name="IsHalved">Whether the claim is worth half, because the court's ruling was a split.</param>
    /// <param name="Paid">The amount that the claim was paid.</param>
    /// <param name="EndedAt">The time at which the claim was decided; 0: it is not.</param>
    /// <param name="IsPayable">Whether the time has come from which silence pays the claim.</param>
    public sealed record State(
        ulong ClaimId,
        ulong BountyId,
        ulong AgentId,
        ushort Position,
        Word WorkHash,
        UInt128 Award,
        UInt128 Bond,
        uint ChallengeWindow,
        Instant ClaimedAt,
        Status Status,
        Instant PayableFrom,
        Instant ReviewEnd,
        ulong DisputeId,
        bool IsRuled,
        bool IsHalved,
        UInt128 Paid,
        Instant EndedAt,
        bool IsPayable);

    // Evolve

    private const byte WorthlessClaim = 8;
    private const byte InTurn = 2;
    private const byte ByCourt = 1;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, BountyClaimEntered e) => new State(
            e.ClaimId, e.BountyId, e.AgentId, e.Position, e.WorkHash, e.Award, e.Bond, e.ChallengeWindow, at.Time,
            Status.Pending, e.PayableFrom, default, 0, false, false, 0, default, false),
        (null, _) => null,
        ({ Status: Status.Pending, IsRuled: false }, DisputeOpened e) =>
            state with { Status = Status.Disputed, DisputeId = e.DisputeId },
        ({ Status: Status.Disputed }, Disputes.BountyClaimRuled e) when e.DisputeId == state.DisputeId =>
            Rule(state, e, at.Time),
        ({ Status: Status.Pending }, BountyAwarded e) => state with
        {
            Status = Status.Awarded,
            Paid = e.Cause == InTurn && state.IsHalved ? state.Award / 2 : state.Award,
            EndedAt = at.Time,
        },
        ({ Status: Status.Disputed }, BountyClaimEnded { Cause: ByCourt }) =>
            state with { Status = Status.Rejected, EndedAt = at.Time },
        ({ Status: Status.Pending }, BountyClaimEnded { Cause: not ByCourt }) =>
            state with { Status = Status.Released, EndedAt = at.Time },
        // Contracts that emit this event give others an hour. Earlier contracts gave a whole challenge window, which
        // the ruling has set.
        ({ Status: Status.Pending, ReviewEnd.IsNone: false }, BountyClaimReviewSet e) =>
            state with { PayableFrom = e.ReviewEnd, ReviewEnd = e.ReviewEnd, IsPayable = false },
        ({ Status: Status.Pending, IsPayable: false }, BountyClaimPayable) => state with { IsPayable = true },
        _ => null,
    };

    private static State? Rule(State claim, Disputes.BountyClaimRuled e, Instant now) =>
        ((Disputes.Ruling)e.Ruling, (Disputes.Cause)e.Cause) switch
        {
            // The claim's own event, which follows, ends the claim.
            (Disputes.Ruling.Upheld, _) => claim,
            (Disputes.Ruling.Rejected, Disputes.Cause.Withdrawn) => Reviewed(claim, now.Plus(claim.ChallengeWindow)),
            (Disputes.Ruling.Rejected or Disputes.Ruling.Split, _) => claim with
            {
                Status = Status.Pending,
                IsRuled = true,
                IsHalved = e.Ruling == (byte)Disputes.Ruling.Split,
            },
            _ => null,
        };

    private static State Reviewed(State claim, Instant again)
    {
        var until = again > claim.PayableFrom ? again : claim.PayableFrom;
        return claim with { Status = Status.Pending, PayableFrom = until, ReviewEnd = until, IsPayable = false };
    }

    private static bool OfDispute(DisputeOpened e, out ulong claimId)
    {
        claimId = 0;
        return e.Kind == WorthlessClaim && Accounts.TryNumber(e.Subject, Accounts.Kind.Bounty, out claimId);
    }

    private static Deadline? NextDeadline(State claim) =>
        claim is { Status: Status.Pending, IsPayable: false } ? new Deadline(claim.PayableFrom, 1) : null;

    // Commands

    /// <summary>The sponsor pays the award.</summary>
    public sealed record Award(Address By, ulong ClaimId) : Command(By);

    /// <summary>Pays the first undecided claim; anybody may do it.</summary>
    public sealed record PayClaim(Address By, ulong ClaimId) : Command(By);

    /// <summary>Returns the bond, because no award is left; anybody may do it.</summary>
    public sealed record ReleaseClaim(Address By, ulong ClaimId) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the contract's answer to a command at a moment, as far as claim and bounty decide it.
    /// </summary>
    public static Decision Decide(State? state, Bounties.State? bounty, Command command, Instant now) =>
        (state, bounty, command) switch
        {
            (not { Status: Status.Pending }, _, _) or (_, null, _) =>
                Decision.Refuse(
                    "WrongStatus", "a pending claim", state is null ? "none" : $"one that is {state.Status}"),
            (_, _, Award) when command.By != bounty.Sponsor =>
                Decision.Refuse("OnlySponsor", $"the sponsor {bounty.Sponsor}", $"{command.By}"),
            (_, _, Award) => Moments.Before(now, bounty.AwardEnd) ?? Left(bounty) ?? Decision.Grant,
            (_, _, PayClaim) => Moments.From(now, state.PayableFrom) ?? Left(bounty) ?? Decision.Grant,
            (_, _, ReleaseClaim) => Left(bounty) is null
                ? Decision.Refuse("AwardsLeft", "no award", $"{bounty.MaxAwards - bounty.Awarded}") : Decision.Grant,
            _ => throw new ArgumentException(
                $"expected a command to a bounty claim, found {command.GetType().Name}", nameof(command)),
        };

    private static Decision? Left(Bounties.State bounty) =>
        bounty.Awarded < bounty.MaxAwards ? null : Decision.Refuse("NoAwardLeft", "an award that is left", "none");
}
