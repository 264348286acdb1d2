// The checkpoint of an epoch: the roots of log and state that somebody posted with a bond, and the panel that signs
// them. Enters: its events, and the bond that moved. Leaves: its state, and each signature. Always holds: it is
// accepted once, with its quorum; whoever signs is on the panel of the present posting and has not signed it. Since
// catalog v1.1 all its events come at its acceptance, and the candidate that was accepted has its life and its bond
// (CheckpointCandidates).
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The aggregate of one epoch's checkpoint.</summary>
public static class Checkpoints
{
    // Events

    /// <summary>The window passed. From now on somebody may settle the checkpoint.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record CheckpointWindowPassed(ulong Epoch, Instant Due) : DerivedEvent;

    /// <summary>Routes the checkpoint's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("checkpoint", Evolve)
        .On<CheckpointPosted>(e => e.Epoch)
        .On<CheckpointAwaitsPanel>(e => e.Epoch)
        .On<CheckpointPanelDrawn>(e => e.Epoch)
        .On<CheckpointSigned>(e => e.Epoch)
        .On<CheckpointDisputed>(e => e.Epoch)
        .On<CheckpointResumed>(e => e.Epoch)
        .On<CheckpointSettled>(e => e.Epoch)
        .On<CheckpointWindowPassed>(e => e.Epoch)
        .Also<Moved>(OfBond)
        .Derives<CheckpointSigned>((checkpoint, e) => [new CheckpointSignatures.CheckpointSignatureGiven(
            e.Epoch, checkpoint.Posting, e.VerifierId, (ushort)Place(checkpoint, e.VerifierId), checkpoint.SeatBond)])
        .Deadlines(NextDeadline, (checkpoint, due) => new CheckpointWindowPassed(checkpoint.Epoch, due.Due));

    // State

    /// <summary>The status of a checkpoint; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The checkpoint is posted, and its panel signs.</summary>
        Posted,

        /// <summary>The dispute over it is before the court.</summary>
        Disputed,

        /// <summary>The checkpoint is accepted.</summary>
        Accepted,

        /// <summary>The checkpoint was rejected: another may be posted.</summary>
        Rejected,
    }

    /// <summary>The checkpoint of an epoch: the roots of log and state after its blocks.</summary>
    /// <param name="Epoch">The epoch, from 1.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="Posting">The number of checkpoints that were posted for this epoch.</param>
    /// <param name="PosterId">The agent that posted the checkpoint.</param>
    /// <param name="LogRoot">The root of the log of events.</param>
    /// <param name="StateRoot">The root of all states.</param>
    /// <param name="FromBlock">The first block of the epoch's range.</param>
    /// <param name="ToBlock">The last block of the epoch's range.</param>
    /// <param name="EventCount">The number of events in these blocks.</param>
    /// <param name="PostedAt">The time at which the checkpoint was posted.</param>
    /// <param name="FinalAt">The time at which the checkpoint's window ends.</param>
    /// <param name="Bond">The bond of the poster. Since revision 1.1 the candidate holds it, and this is 0.</param>
    /// <param name="SeedBlock">The block whose hash draws the panel.</param>
    /// <param name="Seed">The seed that drew the panel.</param>
    /// <param name="Panel">The verifiers that may sign, in the order of the draw.</param>
    /// <param name="Quorum">The number of signatures that are needed; 0: no panel yet.</param>
    /// <param name="SeatBond">The amount that each signature pledges.</param>
    /// <param name="Signatures">The number of signatures.</param>
    /// <param name="Signed">Bit i is set when member i of the panel has signed.</param>
    /// <param name="DisputeId">The last dispute about this posting; 0: none.</param>
    /// <param name="IsRuled">Whether a ruling of the court has confirmed it.</param>
    /// <param name="SettledAt">The time at which the checkpoint was decided; 0: it is not.</param>
    /// <param name="IsOverdue">Whether the window passed and nobody has settled the checkpoint.</param>
    public sealed record State(
        ulong Epoch,
        Status Status,
        ushort Posting,
        ulong PosterId,
        Word LogRoot,
        Word StateRoot,
        ulong FromBlock,
        ulong ToBlock,
        UInt128 EventCount,
        Instant PostedAt,
        Instant FinalAt,
        UInt128 Bond,
        ulong SeedBlock,
        Word Seed,
        Sequence<ulong> Panel,
        ushort Quorum,
        UInt128 SeatBond,
        ushort Signatures,
        ushort Signed,
        ulong DisputeId,
        bool IsRuled,
        Instant SettledAt,
        bool IsOverdue);

    // Evolve

    private const byte PosterBond = 39;
    private const byte OfCheckpoint = 0;
    private const int MostSigners = 7;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CheckpointPosted e) => Posted(e, 1, at),
        (null, _) => null,
        ({ Status: Status.Rejected }, CheckpointPosted e) => Posted(e, (ushort)(state.Posting + 1), at),
        ({ Status: Status.Posted, Bond: var bond }, Moved e) when bond == 0 && IsPresent(state, e) =>
            state with { Bond = e.Amount },
        ({ Status: Status.Posted, Quorum: 0 }, CheckpointAwaitsPanel e) => state with { SeedBlock = e.SeedBlock },
        ({ Status: Status.Posted, Quorum: 0 },
            CheckpointPanelDrawn { Quorum: not 0, VerifierIds.Count: <= MostSigners } e) =>
            state with { Seed = e.Seed, Panel = e.VerifierIds, Quorum = e.Quorum, SeatBond = e.SeatBond },
        ({ Status: Status.Posted }, CheckpointSigned e) when Place(state, e.VerifierId) is >= 0 and var place
            && (state.Signed >> place & 1) == 0 => state with
            {
                Signatures = (ushort)(state.Signatures + 1),
                Signed = (ushort)(state.Signed | 1 << place),
            },
        ({ Status: Status.Posted, IsRuled: false }, CheckpointDisputed e) =>
            state with { Status = Status.Disputed, DisputeId = e.DisputeId, IsOverdue = false },
        ({ Status: Status.Disputed }, CheckpointResumed e) =>
            state with { Status = Status.Posted, IsRuled = e.Ruled, FinalAt = e.FinalAt },
        ({ Status: Status.Posted }, CheckpointSettled e) when e.Accepted == HasQuorum(state) => Settle(state, e, at),
        ({ Status: Status.Disputed }, CheckpointSettled { Accepted: false } e) => Settle(state, e, at),
        ({ Status: Status.Posted, IsOverdue: false }, CheckpointWindowPassed) => state with { IsOverdue = true },
        _ => null,
    };

    private static State Posted(CheckpointPosted e, ushort posting, At at) => new(
        e.Epoch, Status.Posted, posting, e.PosterId, e.LogRoot, e.StateRoot, e.FromBlock, e.ToBlock, e.EventCount,
        at.Time, e.FinalAt, 0, 0, default, [], 0, 0, 0, 0, 0, false, default, false);

    private static State Settle(State checkpoint, CheckpointSettled e, At at) => checkpoint with
    {
        Status = e.Accepted ? Status.Accepted : Status.Rejected,
        SettledAt = at.Time,
        IsOverdue = false,
    };

    private static bool HasQuorum(State checkpoint) =>
        checkpoint.Quorum != 0 && checkpoint.Signatures >= checkpoint.Quorum;

    private static int Place(State checkpoint, ulong verifierId) => checkpoint.Panel.Items.IndexOf(verifierId);

    private static bool OfBond(Moved e, out ulong epoch)
    {
        epoch = 0;
        return e.Reason == PosterBond && Accounts.TryPoster(e.To, OfCheckpoint, out epoch, out _);
    }

    private static bool IsPresent(State checkpoint, Moved e) =>
        Accounts.TryPoster(e.To, OfCheckpoint, out _, out var posting) && posting == checkpoint.Posting;

    private static Deadline? NextDeadline(State checkpoint) =>
        checkpoint is { Status: Status.Posted, IsOverdue: false } ? new Deadline(checkpoint.FinalAt, 1) : null;
}

/// <summary>The signatures under checkpoints.</summary>
public static class CheckpointSignatures
{
    // Events

    /// <summary>A verifier signed a posting.</summary>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Posting">The posting.</param>
    /// <param name="VerifierId">The verifier.</param>
    /// <param name="Seat">The verifier's place on the panel, from 0.</param>
    /// <param name="Bond">The amount that the signature pledges.</param>
    public sealed record CheckpointSignatureGiven(
        ulong Epoch, ushort Posting, ulong VerifierId, ushort Seat, UInt128 Bond)
        : DerivedEvent;

    /// <summary>Routes a signature to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("checkpoint-signature", Evolve)
        .On<CheckpointSignatureGiven>(e => $"{e.Epoch}-{e.Posting}-{e.VerifierId}");

    // State

    /// <summary>A verifier's signature under a checkpoint.</summary>
    /// <param name="Key">The epoch, posting and verifier: `3-1-7`.</param>
    /// <param name="Epoch">The epoch.</param>
    /// <param name="Posting">The posting.</param>
    /// <param name="VerifierId">The verifier.</param>
    /// <param name="Seat">The verifier's place on the panel, from 0.</param>
    /// <param name="Bond">The amount that the signature pledges.</param>
    /// <param name="SignedAt">The time of the signature.</param>
    public sealed record State(
        string Key,
        ulong Epoch,
        ushort Posting,
        ulong VerifierId,
        ushort Seat,
        UInt128 Bond,
        Instant SignedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CheckpointSignatureGiven e) => new State(
            $"{e.Epoch}-{e.Posting}-{e.VerifierId}", e.Epoch, e.Posting, e.VerifierId, e.Seat, e.Bond, at.Time),
        _ => null,
    };
}
