// A candidate for the checkpoint of an epoch: roots that an agent posted with a bond, beside those of others, and the
// panel that signs them. Enters: its events. Leaves: its state. Always holds: only its quorum makes it accepted; every
// signer is on its panel and signs once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The aggregate of one candidate for an epoch's checkpoint; since catalog v1.1.</summary>
public static class CheckpointCandidates
{
    // Events

    /// <summary>The window passed. From now on somebody may settle the candidate.</summary>
    /// <param name="CandidateId">The candidate.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record CandidateWindowPassed(ulong CandidateId, Instant Due) : DerivedEvent;

    /// <summary>Routes the candidate's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("checkpoint-candidate", Evolve)
        .On<CandidatePosted>(e => e.CandidateId)
        .On<CandidateAwaitsPanel>(e => e.CandidateId)
        .On<CandidatePanelDrawn>(e => e.CandidateId)
        .On<CandidateSigned>(e => e.CandidateId)
        .On<CandidateDisputed>(e => e.CandidateId)
        .On<CandidateResumed>(e => e.CandidateId)
        .On<CandidateSettled>(e => e.CandidateId)
        .On<CandidateWindowPassed>(e => e.CandidateId)
        .Deadlines(NextDeadline, (candidate, due) => new CandidateWindowPassed(candidate.CandidateId, due.Due));

    // State

    /// <summary>The status of a candidate; the numbers are the contract's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The candidate is posted, and its panel signs.</summary>
        Posted,

        /// <summary>The dispute over it is before the court.</summary>
        Disputed,

        /// <summary>The candidate decides its epoch.</summary>
        Accepted,

        /// <summary>The quorum was missing: a part of the bond burned.</summary>
        Unsigned,

        /// <summary>The candidate was signed, but another had decided its epoch.</summary>
        Superseded,

        /// <summary>The court did not confirm the candidate.</summary>
        Rejected,
    }

    /// <summary>A candidate for the checkpoint of an epoch.</summary>
    /// <param name="CandidateId">The candidate's number, from 1.</param>
    /// <param name="Epoch">The epoch that the candidate is for.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="PosterId">The agent that posted the candidate.</param>
    /// <param name="LogRoot">The root of the log of events.</param>
    /// <param name="StateRoot">The root of all states.</param>
    /// <param name="FromBlock">The first block of the epoch's range.</param>
    /// <param name="ToBlock">The last block of the epoch's range.</param>
    /// <param name="EventCount">The number of events in these blocks.</param>
    /// <param name="PostedAt">The time at which the candidate was posted.</param>
    /// <param name="FinalAt">The time at which the candidate's window ends.</param>
    /// <param name="Bond">The bond of the poster.</param>
    /// <param name="Fee">The fee that the drawer of the panel and the settler of the candidate share.</param>
    /// <param name="SeedBlock">The block whose hash draws the panel.</param>
    /// <param name="Seed">The seed that drew the panel.</param>
    /// <param name="Panel">The verifiers that may sign, in the order of the draw.</param>
    /// <param name="Quorum">The number of signatures that are needed; 0: no panel yet.</param>
    /// <param name="SeatBond">The amount that each signature pledges.</param>
    /// <param name="Signatures">The number of signatures.</param>
    /// <param name="Signed">Bit i is set when member i of the panel has signed.</param>
    /// <param name="DisputeId">The last dispute about the candidate; 0: none.</param>
    /// <param name="IsRuled">Whether a ruling of the court has confirmed it.</param>
    /// <param name="SettledAt">The time at which the candidate was decided; 0: it is not.</param>
    /// <param name="IsOverdue">Whether the window passed and nobody has settled the candidate.</param>
    public sealed record State(
        ulong CandidateId,
        ulong Epoch,
        Status Status,
        ulong PosterId,
        Word LogRoot,
        Word StateRoot,
        ulong FromBlock,
        ulong ToBlock,
        ulong EventCount,
        Instant PostedAt,
        Instant FinalAt,
        UInt128 Bond,
        UInt128 Fee,
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

    private const int MostSigners = 7;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CandidatePosted e) => Enter(e, at),
        (null, _) => null,
        ({ Status: Status.Posted, Quorum: 0 }, CandidateAwaitsPanel e) => state with { SeedBlock = e.SeedBlock },
        ({ Status: Status.Posted, Quorum: 0 },
            CandidatePanelDrawn { Quorum: not 0, VerifierIds.Count: <= MostSigners } e) =>
            state with { Seed = e.Seed, Panel = e.VerifierIds, Quorum = e.Quorum, SeatBond = e.SeatBond },
        ({ Status: Status.Posted }, CandidateSigned e) when Place(state, e.VerifierId) is >= 0 and var place
            && (state.Signed >> place & 1) == 0 => state with
            {
                Signatures = (ushort)(state.Signatures + 1),
                Signed = (ushort)(state.Signed | 1 << place),
            },
        ({ Status: Status.Posted, IsRuled: false }, CandidateDisputed e) =>
            state with { Status = Status.Disputed, DisputeId = e.DisputeId, IsOverdue = false },
        ({ Status: Status.Disputed }, CandidateResumed e) =>
            state with { Status = Status.Posted, IsRuled = e.Ruled, FinalAt = e.FinalAt },
        (_, CandidateSettled e) when MayEnd(state, (Status)e.State) => state with
        {
            Status = (Status)e.State,
            SettledAt = at.Time,
            IsOverdue = false,
        },
        ({ Status: Status.Posted, IsOverdue: false }, CandidateWindowPassed) => state with { IsOverdue = true },
        _ => null,
    };

    private static State Enter(CandidatePosted e, At at) => new(
        e.CandidateId, e.Epoch, Status.Posted, e.PosterId, e.Roots.LogRoot, e.Roots.StateRoot, e.Roots.FromBlock,
        e.Roots.ToBlock, e.Roots.EventCount, at.Time, e.FinalAt, e.Bond, e.Fee, 0, default, [], 0, 0, 0, 0, 0, false,
        default, false);

    // The court alone rejects a candidate; signatures decide every other end.
    private static bool MayEnd(State candidate, Status end) => (candidate.Status, end) switch
    {
        (Status.Posted, Status.Accepted or Status.Superseded) => HasQuorum(candidate),
        (Status.Posted, Status.Unsigned) => !HasQuorum(candidate),
        (Status.Disputed, Status.Rejected) => true,
        _ => false,
    };

    private static bool HasQuorum(State candidate) => candidate.Quorum != 0 && candidate.Signatures >= candidate.Quorum;

    private static int Place(State candidate, ulong verifierId) => candidate.Panel.Items.IndexOf(verifierId);

    private static Deadline? NextDeadline(State candidate) =>
        candidate is { Status: Status.Posted, IsOverdue: false } ? new Deadline(candidate.FinalAt, 1) : null;

    // Commands

    /// <summary>Posts roots for an epoch.</summary>
    public sealed record Post(
        Address By, ulong Epoch, ulong PosterId, Word LogRoot, Word StateRoot, ulong FromBlock, ulong ToBlock)
        : Command(By);

    /// <summary>Draws the panel that may sign.</summary>
    public sealed record DrawSigners(Address By, ulong CandidateId) : Command(By);

    /// <summary>Names a later seed block, because the window passed without a draw.</summary>
    public sealed record Reseed(Address By, ulong CandidateId) : Command(By);

    /// <summary>A drawn verifier signs.</summary>
    public sealed record Sign(Address By, ulong CandidateId, ulong VerifierId) : Command(By);

    /// <summary>Decides a candidate once its window has passed.</summary>
    public sealed record SettleCandidate(Address By, ulong CandidateId) : Command(By);

    // Decide

    /// <summary>Predicts the contract's answer to a command at a moment, as far as the candidate decides it.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (_, Post c) => MayPost(c) ?? Decision.Grant,
        (not { Status: Status.Posted }, DrawSigners or Reseed or Sign or SettleCandidate) =>
            Decision.Refuse(
                "WrongCandidateState", "a posted one", state is null ? "none" : $"one that is {state.Status}"),
        ({ Quorum: not 0 }, DrawSigners or Reseed) =>
            Decision.Refuse("PanelAlreadyDrawn", "no panel", $"one of {state.Panel.Count}"),
        (_, DrawSigners or Reseed) => Moments.Before(now, state.FinalAt) ?? Decision.Grant,
        (_, Sign c) => Moments.Before(now, state.FinalAt) ?? MaySign(state, c.VerifierId) ?? Decision.Grant,
        (_, SettleCandidate) => Moments.From(now, state.FinalAt) ?? Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to a candidate, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision? MayPost(Post command)
    {
        if (command.FromBlock > command.ToBlock)
            return Decision.Refuse("BlocksOutOfOrder", $"a last block from {command.FromBlock}", $"{command.ToBlock}");
        return command.LogRoot.IsZero || command.StateRoot.IsZero
            ? Decision.Refuse("ZeroRoot", "two roots", "zero") : null;
    }

    private static Decision? MaySign(State candidate, ulong verifierId)
    {
        var place = Place(candidate, verifierId);
        if (place < 0) return Decision.Refuse("NotSigner", "a verifier of the panel", $"verifier {verifierId}");
        return (candidate.Signed >> place & 1) == 0
            ? null : Decision.Refuse("AlreadySigned", "a verifier that has not signed", $"verifier {verifierId}");
    }
}
