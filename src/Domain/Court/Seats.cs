// A verifier's seat on a panel: its vote, first hidden, then revealed, and the part of its pledge that came back.
// Enters: the dispute's events about its seats, the votes, and the money that left the seat. Leaves: one row a seat.
// Always holds: one vote, revealed after it was committed.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The seats of panels.</summary>
public static class Seats
{
    // Events

    /// <summary>Routes a seat's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("seat", Evolve)
        .Also<Verifiers.SeatTaken>(e => KeyOf(e.DisputeId, e.Round, e.Attempt, e.VerifierId))
        .Also<VoteCommitted>(e => KeyOf(e.DisputeId, e.Round, e.Attempt, e.VerifierId))
        .Also<VoteRevealed>(e => KeyOf(e.DisputeId, e.Round, e.Attempt, e.VerifierId))
        .Also<Verifiers.SeatFreed>(e => KeyOf(e.DisputeId, e.Round, e.Attempt, e.VerifierId))
        .Also<Moved>(OfRelease);

    // State

    /// <summary>A verifier's seat on a panel.</summary>
    /// <param name="Key">Dispute, round, attempt and verifier: `3-1-1-7`.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Round">The round.</param>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="VerifierId">The verifier in the seat.</param>
    /// <param name="Seat">The seat's place on the panel, from 0.</param>
    /// <param name="Bond">The amount that the seat pledges.</param>
    /// <param name="TakenAt">The time at which the panel was drawn.</param>
    /// <param name="Commitment">The hash of the hidden vote; zero: none.</param>
    /// <param name="Choice">The revealed vote; none: not revealed.</param>
    /// <param name="JustificationHash">The hash of the reasons for the vote.</param>
    /// <param name="FreedAt">The time at which the dispute was settled, or the attempt ended without a quorum; 0:
    /// neither.</param>
    /// <param name="Returned">The part of the pledge that came back.</param>
    public sealed record State(
        string Key,
        ulong DisputeId,
        byte Round,
        byte Attempt,
        ulong VerifierId,
        ushort Seat,
        UInt128 Bond,
        Instant TakenAt,
        Word Commitment,
        Disputes.Ruling Choice,
        Word JustificationHash,
        Instant FreedAt,
        UInt128 Returned);

    // Evolve

    private const byte SeatRelease = 14;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, Verifiers.SeatTaken e) => new State(
            KeyOf(e.DisputeId, e.Round, e.Attempt, e.VerifierId), e.DisputeId, e.Round, e.Attempt, e.VerifierId, e.Seat,
            e.Bond, at.Time, default, Disputes.Ruling.None, default, default, 0),
        (null, _) => null,
        // The number of a round's last attempt is used again for every further one that fails.
        ({ Attempt: byte.MaxValue, FreedAt.IsNone: false }, Verifiers.SeatTaken) => Evolve(null, happened, at),
        ({ FreedAt.IsNone: true, Commitment.IsZero: true }, VoteCommitted e) =>
            state with { Commitment = e.Commitment },
        ({ FreedAt.IsNone: true, Commitment.IsZero: false, Choice: 0 }, VoteRevealed { Choice: >= 1 and <= 3 } e) =>
            state with { Choice = (Disputes.Ruling)e.Choice, JustificationHash = e.JustificationHash },
        ({ FreedAt.IsNone: true }, Verifiers.SeatFreed) => state with { FreedAt = at.Time },
        ({ FreedAt.IsNone: false }, Moved e) when state.Returned == 0 && e.Amount <= state.Bond =>
            state with { Returned = e.Amount },
        _ => null,
    };

    private static bool OfRelease(Moved e, out string key)
    {
        key = "";
        if (e.Reason != SeatRelease || !Accounts.TrySeat(e.From, out var round)) return false;
        if (!Accounts.TryNumber(e.To, Accounts.Kind.Stake, out var verifierId)) return false;
        key = $"{round}-{verifierId}";
        return true;
    }

    private static string KeyOf(ulong disputeId, byte round, byte attempt, ulong verifierId) =>
        $"{disputeId}-{round}-{attempt}-{verifierId}";
}
