// A dispute, from the challenge to the one settlement. Its stream holds the court's events of all its rounds. Enters:
// those events. Leaves: its state, and what follows for others: rounds, seats, contributions, and the ruling for
// subjects that have no event of their own for it. Always holds: rounds and attempts only rise, a panel is drawn once
// an attempt, it is settled once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

/// <summary>The aggregate of one dispute.</summary>
public static partial class Disputes
{
    // Events

    /// <summary>The dispute over a claim was settled.</summary>
    /// <param name="ClaimId">The claim.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Ruling">The ruling.</param>
    /// <param name="Cause">Why it was settled.</param>
    public sealed record BountyClaimRuled(ulong ClaimId, ulong DisputeId, byte Ruling, byte Cause) : DerivedEvent;

    /// <summary>The dispute over an era's root was settled.</summary>
    /// <param name="Era">The era.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Ruling">The ruling.</param>
    /// <param name="Cause">Why it was settled.</param>
    public sealed record EraRuled(ulong Era, ulong DisputeId, byte Ruling, byte Cause) : DerivedEvent;

    /// <summary>One of the dispute's deadlines passed: somebody may move it on now.</summary>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Deadline">Which: see <see cref="Overdue"/>.</param>
    /// <param name="Due">When it was due.</param>
    public sealed record DisputeDeadlinePassed(ulong DisputeId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>How the dispute's events reach it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("dispute", Evolve)
        .On<DisputeOpened>(e => e.DisputeId)
        .On<DisputeBonded>(e => e.DisputeId)
        .On<Evidence>(e => e.DisputeId)
        .On<RoundStarted>(e => e.DisputeId)
        .On<SeedCommitted>(e => e.DisputeId)
        .On<SeedRevealed>(e => e.DisputeId)
        .On<PanelDrawn>(e => e.DisputeId)
        .On<VoteCommitted>(e => e.DisputeId)
        .On<VoteRevealed>(e => e.DisputeId)
        .On<RoundResolved>(e => e.DisputeId)
        .On<DisputeSettled>(e => e.DisputeId)
        .On<DisputeDeadlinePassed>(e => e.DisputeId)
        .Derives<RoundStarted>((dispute, e) => [new DisputeRounds.RoundAwaitsSeed(
            e.DisputeId, e.Round, e.Attempt, dispute.Appellant, e.PanelSize, e.Quorum, dispute.SeatBond, e.SeedBlock,
            e.DrawBy)])
        .Derives<SeedCommitted>((dispute, e) => [new SeedContributions.SeedSealed(
            e.DisputeId, e.Round, e.Attempt, dispute.SeedBlock, e.Party, e.Commitment)])
        .Derives<SeedRevealed>((dispute, e) => [new SeedContributions.SeedOpened(
            e.DisputeId, e.Round, e.Attempt, dispute.SeedBlock, e.Party, e.Secret)])
        .Derives<PanelDrawn>(Seat)
        .Derives<RoundResolved>(Free)
        .Derives<DisputeSettled>(Settled)
        .Deadlines(NextDeadline, (dispute, due) => new DisputeDeadlinePassed(dispute.DisputeId, due.Kind, due.Due));

    // State

    /// <summary>What a challenge says is wrong; the numbers are the court's. Stored; never renumber.</summary>
    public enum Kind : byte
    {
        /// <summary>The result is not what the specification asks for.</summary>
        WrongResult = 1,

        /// <summary>The receipt proves something else, which the court itself can see.</summary>
        BadReceipt,

        /// <summary>The work is of less quality than the specification asks for.</summary>
        PoorQuality,

        /// <summary>Client and agent are of one hand.</summary>
        RelatedParties,

        /// <summary>A data lease was used in a way that its owner did not consent to.</summary>
        BreachOfConsent,

        /// <summary>A checkpoint's roots are not the chain's.</summary>
        WrongCheckpoint,

        /// <summary>An era's root gives rewards to the wrong agents.</summary>
        WrongEraRoot,

        /// <summary>A claim to a bounty is worth nothing.</summary>
        WorthlessClaim,
    }

    /// <summary>Where a dispute stands; the numbers are the court's. Stored; never renumber.</summary>
    public enum Phase : byte
    {
        /// <summary>Proven in the transaction that opened it.</summary>
        None,

        /// <summary>The parties say their word.</summary>
        Evidence,

        /// <summary>A round waits for its seed.</summary>
        Draw,

        /// <summary>A panel votes.</summary>
        Voting,

        /// <summary>There is a ruling, and time to appeal.</summary>
        Appeal,

        /// <summary>Everybody is paid.</summary>
        Settled,
    }

    /// <summary>What the court says; a vote is one too. Stored; never renumber.</summary>
    public enum Ruling : byte
    {
        /// <summary>Nothing yet.</summary>
        None,

        /// <summary>The challenge is wrong.</summary>
        Rejected,

        /// <summary>The challenge is right.</summary>
        Upheld,

        /// <summary>Neither.</summary>
        Split,
    }

    /// <summary>How an attempt of a round came to its end. Stored; never renumber.</summary>
    public enum Outcome : byte
    {
        /// <summary>Not yet.</summary>
        None,

        /// <summary>More than half of the open votes agree.</summary>
        Majority,

        /// <summary>They do not.</summary>
        Tie,

        /// <summary>Too few votes were opened.</summary>
        NoQuorum,

        /// <summary>Too few verifiers could be drawn.</summary>
        NoPanel,
    }

    /// <summary>Why a dispute was settled. Stored; never renumber.</summary>
    public enum Cause : byte
    {
        /// <summary>Not yet.</summary>
        None,

        /// <summary>A panel ruled.</summary>
        Ruled,

        /// <summary>The challenger took it back.</summary>
        Withdrawn,

        /// <summary>The respondent admitted it.</summary>
        Conceded,

        /// <summary>It was proven when it was opened.</summary>
        Proven,

        /// <summary>No panel could rule; in revision 1.0 alone.</summary>
        Undecided,

        /// <summary>The side that lost withheld its secret.</summary>
        Forfeited,

        /// <summary>Both sides withheld theirs, and both lost.</summary>
        Abandoned,
    }

    /// <summary>A side of a dispute. Stored; never renumber.</summary>
    public enum Side : byte
    {
        /// <summary>Neither.</summary>
        None,

        /// <summary>Who challenges.</summary>
        Challenger,

        /// <summary>Who is challenged.</summary>
        Respondent,
    }

    /// <summary>The deadline that passed last without anybody acting. Stored; never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>None since the last step.</summary>
        None,

        /// <summary>The evidence is in: start the round.</summary>
        Evidence,

        /// <summary>No panel was drawn in time: end the attempt.</summary>
        Draw,

        /// <summary>The votes are in: count them.</summary>
        Votes,

        /// <summary>Nobody appealed: settle.</summary>
        Appeal,
    }

    /// <summary>A dispute.</summary>
    /// <param name="DisputeId">The dispute's number, from 1.</param>
    /// <param name="Kind">What is claimed: 1 wrong result, 2 bad receipt, 3 poor quality, 4 collusion, 5 breach of a
    /// data lease, 6 wrong checkpoint, 7 wrong era root, 8 worthless bounty claim.</param>
    /// <param name="SubjectId">The task, data lease, epoch, era or bounty claim.</param>
    /// <param name="ChallengerId">Who challenges; 0: the subject's principal.</param>
    /// <param name="RespondentId">Who is challenged.</param>
    /// <param name="ClaimHash">The hash of the claim.</param>
    /// <param name="OpenedAt">When it was opened.</param>
    /// <param name="EvidenceEnd">Until when evidence is taken.</param>
    /// <param name="Bond">What both sides put up at its opening.</param>
    /// <param name="MinSeat">The least that a seat pledges. A seat of revision 1.1 has no least bond: this is then 0,
    /// and missing verifiers never rule.</param>
    /// <param name="MaxSeat">The most.</param>
    /// <param name="Phase">Where it stands.</param>
    /// <param name="Round">The round, from 1; 0: none yet.</param>
    /// <param name="Attempt">The attempt of the round, from 1.</param>
    /// <param name="Appellant">Who asked for the round by appeal.</param>
    /// <param name="Ruling">The ruling that stands.</param>
    /// <param name="Outcome">How it came about.</param>
    /// <param name="Cause">Why it was settled.</param>
    /// <param name="PostedByChallenger">What the challenger has put up.</param>
    /// <param name="PostedByRespondent">What the respondent has put up.</param>
    /// <param name="SeatBond">What a seat of the round pledges.</param>
    /// <param name="SeedBlock">The block whose hash the attempt waits for; 0: none.</param>
    /// <param name="DrawBy">Until when the panel must be drawn.</param>
    /// <param name="CommitEnd">Until when votes are hidden.</param>
    /// <param name="RevealEnd">Until when votes are opened.</param>
    /// <param name="AppealEnd">Until when the ruling may be appealed.</param>
    /// <param name="Seated">Every verifier that was seated, of all rounds and attempts, in order.</param>
    /// <param name="PanelSizes">How many seats each attempt drew, in the order of rounds and attempts, two a round; by
    /// the rules of revision 1.1 every panel in the order of drawing.</param>
    /// <param name="OpenPanels">By the rules of revision 1.1, for each of those panels its round * 256 + its attempt
    /// while its seats are taken, and 0 once they were freed because too few had voted.</param>
    /// <param name="EvidenceCount">How many words of evidence were said.</param>
    /// <param name="SettledAt">When it was settled; 0: it is open.</param>
    /// <param name="Overdue">The deadline that passed without anybody acting.</param>
    public sealed record State(
        ulong DisputeId,
        byte Kind,
        ulong SubjectId,
        ulong ChallengerId,
        ulong RespondentId,
        Word ClaimHash,
        Instant OpenedAt,
        Instant EvidenceEnd,
        UInt128 Bond,
        UInt128 MinSeat,
        UInt128 MaxSeat,
        Phase Phase,
        byte Round,
        byte Attempt,
        Side Appellant,
        Ruling Ruling,
        Outcome Outcome,
        Cause Cause,
        UInt128 PostedByChallenger,
        UInt128 PostedByRespondent,
        UInt128 SeatBond,
        ulong SeedBlock,
        Instant DrawBy,
        Instant CommitEnd,
        Instant RevealEnd,
        Instant AppealEnd,
        Sequence<ulong> Seated,
        Sequence<ulong> PanelSizes,
        Sequence<ulong> OpenPanels,
        ulong EvidenceCount,
        Instant SettledAt,
        Overdue Overdue);

    // Evolve: see Disputes.Evolve.cs

    // Commands

    /// <summary>A party says its word.</summary>
    public sealed record SubmitEvidence(Address By, ulong DisputeId) : Command(By);

    /// <summary>Starts the first round once the evidence is in.</summary>
    public sealed record StartRound(Address By, ulong DisputeId) : Command(By);

    /// <summary>A side hides a secret in the seed.</summary>
    public sealed record CommitSeed(Address By, ulong DisputeId, Word Commitment) : Command(By);

    /// <summary>Draws the panel.</summary>
    public sealed record Draw(Address By, ulong DisputeId) : Command(By);

    /// <summary>A verifier votes, hidden.</summary>
    public sealed record CommitVote(Address By, ulong DisputeId, ulong VerifierId, Word Commitment) : Command(By);

    /// <summary>A verifier opens its vote.</summary>
    public sealed record RevealVote(Address By, ulong DisputeId, ulong VerifierId, byte Choice) : Command(By);

    /// <summary>Counts the votes once their time is over, or ends an attempt without a panel.</summary>
    public sealed record ResolveRound(Address By, ulong DisputeId) : Command(By);

    /// <summary>A side asks for a larger panel.</summary>
    public sealed record Appeal(Address By, ulong DisputeId, Side Side) : Command(By);

    /// <summary>Pays everybody once no appeal is possible.</summary>
    public sealed record Settle(Address By, ulong DisputeId) : Command(By);

    /// <summary>The challenger takes it back.</summary>
    public sealed record Withdraw(Address By, ulong DisputeId) : Command(By);

    /// <summary>The respondent admits it.</summary>
    public sealed record Concede(Address By, ulong DisputeId) : Command(By);

    // Decide

    /// <summary>
    /// Says what the court would answer to a command at a moment, as far as the dispute alone decides it.
    /// </summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null, _) => Decision.Refuse("UnknownDispute", "a dispute of that number", "none"),
        (_, SubmitEvidence) => In(state, Phase.Evidence) ?? Moments.Before(now, state.EvidenceEnd) ?? Decision.Grant,
        (_, StartRound) => In(state, Phase.Evidence) ?? Moments.From(now, state.EvidenceEnd) ?? Decision.Grant,
        (_, CommitSeed c) => In(state, Phase.Draw) ?? Hidden(c.Commitment) ?? Decision.Grant,
        (_, Draw) =>
            In(state, Phase.Draw) ?? (IsRevised(state) ? null : Moments.Before(now, state.DrawBy)) ?? Decision.Grant,
        (_, CommitVote c) => In(state, Phase.Voting) ?? Seated(state, c.VerifierId)
            ?? Moments.Before(now, state.CommitEnd) ?? Hidden(c.Commitment) ?? Decision.Grant,
        (_, RevealVote c) => In(state, Phase.Voting) ?? Seated(state, c.VerifierId)
            ?? Moments.From(now, state.CommitEnd)
            ?? Moments.Before(now, state.RevealEnd)
            ?? (c.Choice is >= 1 and <= 3 ? Decision.Grant
                : Decision.Refuse("UnknownChoice", "a choice from 1 to 3", $"{c.Choice}")),
        (_, ResolveRound) => state.Phase == Phase.Draw
            ? Moments.From(now, state.DrawBy) ?? Decision.Grant : In(state, Phase.Voting) ?? Decision.Grant,
        (_, Appeal c) => In(state, Phase.Appeal)
            ?? (state.Ruling != Ruling.Split && (byte)state.Ruling != (byte)c.Side
                ? Decision.Refuse(
                    "NothingToAppeal", "a ruling against the side", $"{state.Ruling} for the {c.Side}") : null)
            ?? (state.Round == LastRound
                ? Decision.Refuse("LastRound", "an earlier round", $"round {state.Round}") : null)
            ?? Moments.Before(now, state.AppealEnd) ?? Decision.Grant,
        (_, Settle) => In(state, Phase.Appeal) ?? Moments.From(now, state.AppealEnd) ?? Decision.Grant,
        (_, Withdraw or Concede) => state.Phase != Phase.Draw ? In(state, Phase.Evidence) ?? Decision.Grant
            : IsBeforePanel(state) ? Decision.Grant
            : IsRevised(state) ? Decision.Refuse(
                "SeedIsDue", "the first attempt", $"attempt {state.Attempt} of round {state.Round}")
            : Decision.Refuse("PanelWasDrawn", "no panel yet", $"round {state.Round}, {state.Seated.Count} seats"),
        _ => throw new ArgumentException(
            $"expected a command to a dispute, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision? In(State dispute, Phase needed) =>
        dispute.Phase == needed ? null : Decision.Refuse("WrongPhase", $"{needed}", $"{dispute.Phase}");

    private static Decision? Hidden(Word commitment) =>
        commitment.IsZero ? Decision.Refuse("ZeroCommitment", "a commitment", "zero") : null;

    private static Decision? Seated(State dispute, ulong verifierId) =>
        Panel(dispute).Contains(verifierId)
            ? null : Decision.Refuse("NotOnPanel", "a verifier of the panel", $"verifier {verifierId}");
}
