// A dispute, from the challenge to the one settlement. Its stream holds the court's events of all its rounds. Enters:
// those events. Leaves: its state, and the events that follow for others: rounds, seats, contributions, and the ruling
// for subjects that have no event of their own for it. Always holds: rounds and attempts only rise, a panel is drawn
// once an attempt, it is settled once.
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
    /// <param name="Cause">The cause of the settlement.</param>
    public sealed record BountyClaimRuled(ulong ClaimId, ulong DisputeId, byte Ruling, byte Cause) : DerivedEvent;

    /// <summary>The dispute over an era's root was settled.</summary>
    /// <param name="Era">The era.</param>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Ruling">The ruling.</param>
    /// <param name="Cause">The cause of the settlement.</param>
    public sealed record EraRuled(ulong Era, ulong DisputeId, byte Ruling, byte Cause) : DerivedEvent;

    /// <summary>One of the dispute's deadlines passed. From now on somebody may take the next step.</summary>
    /// <param name="DisputeId">The dispute.</param>
    /// <param name="Deadline">The kind of deadline: see <see cref="Overdue"/>.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record DisputeDeadlinePassed(ulong DisputeId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>Routes the dispute's events to it.</summary>
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

    /// <summary>The fault that a challenge claims; the numbers are the court's. Stored; never renumber.</summary>
    public enum Kind : byte
    {
        /// <summary>The result is not what the specification asks for.</summary>
        WrongResult = 1,

        /// <summary>The receipt proves something else, which the court itself can see.</summary>
        BadReceipt,

        /// <summary>The work is of less quality than the specification asks for.</summary>
        PoorQuality,

        /// <summary>The client and the agent belong to one party.</summary>
        RelatedParties,

        /// <summary>A data lease was used in a way that its owner did not consent to.</summary>
        BreachOfConsent,

        /// <summary>A checkpoint's roots are not the chain's.</summary>
        WrongCheckpoint,

        /// <summary>An era's root gives rewards to the wrong agents.</summary>
        WrongEraRoot,

        /// <summary>The work that claims a bounty is worthless.</summary>
        WorthlessClaim,
    }

    /// <summary>The phase of a dispute; the numbers are the court's. Stored; never renumber.</summary>
    public enum Phase : byte
    {
        /// <summary>The dispute was proven in the transaction that opened it.</summary>
        None,

        /// <summary>The parties file evidence.</summary>
        Evidence,

        /// <summary>A round waits for its seed.</summary>
        Draw,

        /// <summary>A panel votes.</summary>
        Voting,

        /// <summary>A ruling is there, and the sides may appeal.</summary>
        Appeal,

        /// <summary>The dispute is settled and everybody is paid.</summary>
        Settled,
    }

    /// <summary>A ruling of the court, or a vote for one; stored, never renumber.</summary>
    public enum Ruling : byte
    {
        /// <summary>No ruling yet.</summary>
        None,

        /// <summary>The challenge is wrong.</summary>
        Rejected,

        /// <summary>The challenge is right.</summary>
        Upheld,

        /// <summary>Neither side is right.</summary>
        Split,
    }

    /// <summary>The way in which an attempt of a round ended; stored, never renumber.</summary>
    public enum Outcome : byte
    {
        /// <summary>The attempt has not ended.</summary>
        None,

        /// <summary>More than half of the revealed votes agree.</summary>
        Majority,

        /// <summary>No choice has more than half of the revealed votes.</summary>
        Tie,

        /// <summary>Too few votes were revealed.</summary>
        NoQuorum,

        /// <summary>Too few verifiers could be drawn.</summary>
        NoPanel,
    }

    /// <summary>The cause of a dispute's settlement; stored, never renumber.</summary>
    public enum Cause : byte
    {
        /// <summary>The dispute is not settled.</summary>
        None,

        /// <summary>A panel ruled.</summary>
        Ruled,

        /// <summary>The challenger took the challenge back.</summary>
        Withdrawn,

        /// <summary>The respondent admitted the claim.</summary>
        Conceded,

        /// <summary>The claim was proven at the opening.</summary>
        Proven,

        /// <summary>No panel could rule; revision 1.0 alone has this cause.</summary>
        Undecided,

        /// <summary>The losing side withheld its secret.</summary>
        Forfeited,

        /// <summary>Both sides withheld their secrets, and both lost.</summary>
        Abandoned,
    }

    /// <summary>A side of a dispute; stored, never renumber.</summary>
    public enum Side : byte
    {
        /// <summary>Neither side.</summary>
        None,

        /// <summary>The side that challenges.</summary>
        Challenger,

        /// <summary>The side that is challenged.</summary>
        Respondent,
    }

    /// <summary>The last deadline that passed without any action; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>No deadline has passed since the last step.</summary>
        None,

        /// <summary>The time for evidence is over: start the round.</summary>
        Evidence,

        /// <summary>No panel was drawn in time: end the attempt.</summary>
        Draw,

        /// <summary>The time for votes is over: count them.</summary>
        Votes,

        /// <summary>Nobody appealed: settle the dispute.</summary>
        Appeal,
    }

    /// <summary>A challenge before the court.</summary>
    /// <param name="DisputeId">The dispute's number, from 1.</param>
    /// <param name="Kind">The kind of claim: 1 wrong result, 2 bad receipt, 3 poor quality, 4 collusion, 5 breach of a
    /// data lease, 6 wrong checkpoint, 7 wrong era root, 8 worthless bounty claim.</param>
    /// <param name="SubjectId">The number of the challenged task, data lease, epoch, era or bounty claim.</param>
    /// <param name="ChallengerId">The agent that challenges; 0: the subject's principal.</param>
    /// <param name="RespondentId">The agent that is challenged.</param>
    /// <param name="ClaimHash">The hash of the claim.</param>
    /// <param name="OpenedAt">The time at which the dispute was opened.</param>
    /// <param name="EvidenceEnd">The end of the time in which evidence is taken.</param>
    /// <param name="Bond">The bond that each side put up at the opening.</param>
    /// <param name="MinSeat">The least amount that a seat pledges. A seat of revision 1.1 has no least bond: this is
    /// then 0, and missing verifiers never rule.</param>
    /// <param name="MaxSeat">The most that a seat pledges.</param>
    /// <param name="Phase">The current phase.</param>
    /// <param name="Round">The current round, from 1; 0: none yet.</param>
    /// <param name="Attempt">The current attempt of the round, from 1.</param>
    /// <param name="Appellant">The side whose appeal asked for the round.</param>
    /// <param name="Ruling">The ruling that stands.</param>
    /// <param name="Outcome">The way in which that ruling was reached.</param>
    /// <param name="Cause">The cause of the settlement.</param>
    /// <param name="PostedByChallenger">The total that the challenger has put up.</param>
    /// <param name="PostedByRespondent">The total that the respondent has put up.</param>
    /// <param name="SeatBond">The amount that each seat of the round pledges.</param>
    /// <param name="SeedBlock">The block whose hash the attempt waits for; 0: none.</param>
    /// <param name="DrawBy">The time by which the panel must be drawn.</param>
    /// <param name="CommitEnd">The end of the time in which verifiers commit their hidden votes.</param>
    /// <param name="RevealEnd">The end of the time in which verifiers reveal their votes.</param>
    /// <param name="AppealEnd">The end of the time in which the ruling may be appealed.</param>
    /// <param name="Seated">Every verifier that was seated, of all rounds and attempts, in order.</param>
    /// <param name="PanelSizes">The number of seats that each attempt drew, in the order of rounds and attempts, two a
    /// round. By the rules of revision 1.1: of every panel, in the order of drawing.</param>
    /// <param name="OpenPanels">By the rules of revision 1.1, one number for each of those panels: its round * 256 +
    /// its attempt while its seats are taken, and 0 once they were freed because too few had voted.</param>
    /// <param name="EvidenceCount">The number of pieces of evidence.</param>
    /// <param name="SettledAt">The time at which the dispute was settled; 0: it is open.</param>
    /// <param name="Overdue">The last deadline that passed without any action since the last step.</param>
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

    /// <summary>A party files evidence.</summary>
    public sealed record SubmitEvidence(Address By, ulong DisputeId) : Command(By);

    /// <summary>Starts the first round once the evidence is in.</summary>
    public sealed record StartRound(Address By, ulong DisputeId) : Command(By);

    /// <summary>A side commits a hidden secret to the seed.</summary>
    public sealed record CommitSeed(Address By, ulong DisputeId, Word Commitment) : Command(By);

    /// <summary>Draws the panel.</summary>
    public sealed record Draw(Address By, ulong DisputeId) : Command(By);

    /// <summary>A verifier commits a hidden vote.</summary>
    public sealed record CommitVote(Address By, ulong DisputeId, ulong VerifierId, Word Commitment) : Command(By);

    /// <summary>A verifier reveals its vote.</summary>
    public sealed record RevealVote(Address By, ulong DisputeId, ulong VerifierId, byte Choice) : Command(By);

    /// <summary>Counts the votes once their time is over, or ends an attempt without a panel.</summary>
    public sealed record ResolveRound(Address By, ulong DisputeId) : Command(By);

    /// <summary>A side asks for a larger panel.</summary>
    public sealed record Appeal(Address By, ulong DisputeId, Side Side) : Command(By);

    /// <summary>Pays everybody once no appeal is possible.</summary>
    public sealed record Settle(Address By, ulong DisputeId) : Command(By);

    /// <summary>The challenger takes the challenge back.</summary>
    public sealed record Withdraw(Address By, ulong DisputeId) : Command(By);

    /// <summary>The respondent admits the claim.</summary>
    public sealed record Concede(Address By, ulong DisputeId) : Command(By);

    // Decide

    /// <summary>Predicts the court's answer to a command at a moment, as far as the dispute alone decides it.</summary>
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
