// An attempt of a round of a dispute: its seed, its panel and its outcome. Enters: the dispute's events about it, and
// the panel's events. Leaves: one row an attempt, as the court's `roundOf` answers. Always holds: one panel, and no
// more votes revealed than committed.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The aggregate of one attempt of a round.</summary>
public static class DisputeRounds
{
    // Events

    /// <summary>
    /// An attempt waits for its seed block. A second such event of the same attempt names a later block.
    /// </summary>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Round">The round.</param>
    /// <param name="Attempt">The attempt.</param>
    /// <param name="Appellant">The side whose appeal asked for the round.</param>
    /// <param name="PanelSize">The number of seats on the panel.</param>
    /// <param name="Quorum">The number of revealed votes that a ruling needs.</param>
    /// <param name="SeatBond">The amount that each seat pledges.</param>
    /// <param name="SeedBlock">The seed block.</param>
    /// <param name="DrawBy">The time by which the panel must be drawn.</param>
    public sealed record RoundAwaitsSeed(
        ulong DisputeId,
        byte Round,
        byte Attempt,
        Disputes.Side Appellant,
        ushort PanelSize,
        ushort Quorum,
        UInt128 SeatBond,
        ulong SeedBlock,
        Instant DrawBy) : DerivedEvent;

    /// <summary>Routes the attempt's events to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("dispute-round", Evolve)
        .On<RoundAwaitsSeed>(e => KeyOf(e.DisputeId, e.Round, e.Attempt))
        .Also<PanelDrawn>(e => KeyOf(e.DisputeId, e.Round, e.Attempt))
        .Also<VoteCommitted>(e => KeyOf(e.DisputeId, e.Round, e.Attempt))
        .Also<VoteRevealed>(e => KeyOf(e.DisputeId, e.Round, e.Attempt))
        .Also<RoundResolved>(e => KeyOf(e.DisputeId, e.Round, e.Attempt));

    // State

    /// <summary>An attempt of a round of a dispute: a panel and its vote.</summary>
    /// <param name="Key">Dispute, round and attempt: `3-1-1`.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Round">The round, from 1.</param>
    /// <param name="Attempt">The attempt, from 1.</param>
    /// <param name="Appellant">The side whose appeal asked for the round.</param>
    /// <param name="PanelSize">The number of seats on the panel.</param>
    /// <param name="Quorum">The number of revealed votes that a ruling needs.</param>
    /// <param name="SeatBond">The amount that each seat pledges.</param>
    /// <param name="StartedAt">The time at which the attempt began to wait for its seed.</param>
    /// <param name="SeedBlock">The block whose hash the attempt waits for.</param>
    /// <param name="DrawBy">The time by which the panel must be drawn.</param>
    /// <param name="Seed">The seed that drew the panel.</param>
    /// <param name="Seats">The number of verifiers on the panel; 0: no panel yet.</param>
    /// <param name="CommitEnd">The end of the time in which verifiers commit their hidden votes.</param>
    /// <param name="RevealEnd">The end of the time in which verifiers reveal their votes.</param>
    /// <param name="Commits">The number of committed votes.</param>
    /// <param name="Reveals">The number of revealed votes.</param>
    /// <param name="Outcome">The way in which the attempt ended.</param>
    /// <param name="Ruling">The ruling of the attempt.</param>
    /// <param name="ResolvedAt">The time at which the attempt ended; 0: it has not.</param>
    public sealed record State(
        string Key,
        ulong DisputeId,
        byte Round,
        byte Attempt,
        Disputes.Side Appellant,
        ushort PanelSize,
        ushort Quorum,
        UInt128 SeatBond,
        Instant StartedAt,
        ulong SeedBlock,
        Instant DrawBy,
        Word Seed,
        ushort Seats,
        Instant CommitEnd,
        Instant RevealEnd,
        ushort Commits,
        ushort Reveals,
        Disputes.Outcome Outcome,
        Disputes.Ruling Ruling,
        Instant ResolvedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, RoundAwaitsSeed e) => new State(
            KeyOf(e.DisputeId, e.Round, e.Attempt), e.DisputeId, e.Round, e.Attempt, e.Appellant, e.PanelSize, e.Quorum,
            e.SeatBond, at.Time, e.SeedBlock, e.DrawBy, default, 0, default, default, 0, 0, Disputes.Outcome.None,
            Disputes.Ruling.None, default),
        (null, _) => null,
        // The number of a round's last attempt is used again for every further one that fails.
        ({ Attempt: byte.MaxValue, Outcome: Disputes.Outcome.NoQuorum or Disputes.Outcome.NoPanel }, RoundAwaitsSeed) =>
            Evolve(null, happened, at),
        ({ Outcome: not Disputes.Outcome.None }, _) => null,
        ({ Seats: 0 }, RoundAwaitsSeed e) => state with { SeedBlock = e.SeedBlock },
        ({ Seats: 0 }, PanelDrawn e)
            when e.VerifierIds.Count >= state.Quorum && e.VerifierIds.Count <= state.PanelSize => state with
            {
                Seed = e.Seed,
                Seats = (ushort)e.VerifierIds.Count,
                CommitEnd = e.CommitEnd,
                RevealEnd = e.RevealEnd,
            },
        (_, VoteCommitted) when state.Commits < state.Seats => state with { Commits = (ushort)(state.Commits + 1) },
        (_, VoteRevealed) when state.Reveals < state.Commits => state with { Reveals = (ushort)(state.Reveals + 1) },
        (_, RoundResolved e) when Enough(state, (Disputes.Outcome)e.Outcome) => state with
        {
            Outcome = (Disputes.Outcome)e.Outcome,
            Ruling = (Disputes.Ruling)e.Ruling,
            ResolvedAt = at.Time,
        },
        _ => null,
    };

    private static bool Enough(State round, Disputes.Outcome outcome) => outcome switch
    {
        Disputes.Outcome.Majority or Disputes.Outcome.Tie => round.Seats != 0 && round.Reveals >= round.Quorum,
        Disputes.Outcome.NoQuorum => round.Seats != 0 && round.Reveals < round.Quorum,
        Disputes.Outcome.NoPanel => round.Seats == 0,
        _ => false,
    };

    private static string KeyOf(ulong disputeId, byte round, byte attempt) => $"{disputeId}-{round}-{attempt}";
}
