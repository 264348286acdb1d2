// The moves of a dispute: the court's own storage from the court's own events. Enters: a state and an event. Leaves:
// the next state, and the events that follow for rounds, seats, verifiers and subjects. Always holds: both sides have
// put up the same bond before anybody judges. Terms without a least pledge are those of revision 1.1: there, failed
// attempts are followed by others until a panel rules.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Court;

public static partial class Disputes
{
    private const byte BadReceipt = 2;
    private const byte WrongEraRoot = 7;
    private const byte WorthlessClaim = 8;
    private const byte LastRound = 3;
    private const byte LastAttempt = 2;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, DisputeOpened e) => Open(e, at),
        (null, _) => null,
        ({ Phase: Phase.None or Phase.Evidence, Round: 0, MaxSeat: var most }, DisputeBonded e)
            when most == 0 => state with
            {
                Bond = e.Terms.Bond,
                MinSeat = e.Terms.MinSeat,
                MaxSeat = e.Terms.MaxSeat,
                PostedByRespondent = e.Terms.Bond,
                PostedByChallenger = state.Kind == BadReceipt ? 0 : e.Terms.Bond,
            },
        ({ Phase: Phase.Evidence }, Evidence) => state with { EvidenceCount = state.EvidenceCount + 1 },
        (_, RoundStarted e) when MayStart(state, e) => Start(state, e),
        ({ Phase: Phase.Draw }, SeedCommitted e) => IsAwaiting(state, e.Round, e.Attempt) ? state : null,
        ({ Phase: Phase.Draw }, SeedRevealed e) => IsAwaiting(state, e.Round, e.Attempt) ? state : null,
        ({ Phase: Phase.Draw }, PanelDrawn e) when IsAwaiting(state, e.Round, e.Attempt) => state with
        {
            Phase = Phase.Voting,
            CommitEnd = e.CommitEnd,
            RevealEnd = e.RevealEnd,
            Seated = [.. state.Seated.Items, .. e.VerifierIds.Items],
            PanelSizes = Sized(state, e),
            OpenPanels = IsRevised(state) ? [.. state.OpenPanels.Items, PanelNumber(e.Round, e.Attempt)] : [],
            Overdue = Overdue.None,
        },
        ({ Phase: Phase.Voting }, VoteCommitted e) => IsSeat(state, e.Round, e.Attempt, e.VerifierId) ? state : null,
        ({ Phase: Phase.Voting }, VoteRevealed e) => IsSeat(state, e.Round, e.Attempt, e.VerifierId) ? state : null,
        ({ Phase: Phase.Draw or Phase.Voting }, RoundResolved e) when IsNow(state, e.Round, e.Attempt) =>
            Resolve(state, e),
        ({ SettledAt.IsNone: true }, DisputeSettled e)
            when MaySettle(state, (Ruling)e.Ruling, (Cause)e.Cause) => state with
            {
                Phase = Phase.Settled,
                Ruling = (Ruling)e.Ruling,
                Cause = (Cause)e.Cause,
                SettledAt = at.Time,
                Overdue = Overdue.None,
            },
        (_, DisputeDeadlinePassed e) when NextDeadline(state)?.Kind == e.Deadline =>
            state with { Overdue = (Overdue)e.Deadline },
        _ => null,
    };

    private static State? Open(DisputeOpened e, At at) =>
        e.Kind is >= 1 and <= WorthlessClaim && Accounts.TryNumber(e.Subject, SubjectKind(e.Kind), out var subjectId)
            ? new State(
                e.DisputeId, e.Kind, subjectId, e.ChallengerId, e.RespondentId, e.ClaimHash, at.Time, e.EvidenceEnd, 0,
                0, 0, e.Kind == BadReceipt ? Phase.None : Phase.Evidence, 0, 0, Side.None, Ruling.None, Outcome.None,
                Cause.None, 0, 0, 0, 0, default, default, default, default, [], [], [], 0, default, Overdue.None)
            : null;

    private static Accounts.Kind SubjectKind(byte kind) => kind switch
    {
        <= 4 => Accounts.Kind.Task,
        5 => Accounts.Kind.Lease,
        6 => Accounts.Kind.Checkpoint,
        WrongEraRoot => Accounts.Kind.Reward,
        _ => Accounts.Kind.Bounty,
    };

    private static bool MayStart(State dispute, RoundStarted e) =>
        e.PanelSize is 3 or 7 or 15 && e.Quorum == e.PanelSize / 2 + 1 && Follows(dispute, e);

    private static bool Follows(State dispute, RoundStarted e) => dispute.Phase switch
    {
        Phase.Evidence => e is { Round: 1, Attempt: 1 },
        // The same attempt again with a later seed block, or the second attempt, which the first one's failure has
        // named.
        Phase.Draw => IsNow(dispute, e.Round, e.Attempt),
        Phase.Appeal => dispute.Round < LastRound && e.Round == dispute.Round + 1 && e.Attempt == 1
            && (dispute.Ruling == Ruling.Split || (byte)dispute.Ruling == (byte)SideOf(dispute, e)),
        _ => false,
    };

    private static Side SideOf(State dispute, RoundStarted e) =>
        e.Round == 1 ? Side.None : e.AppellantId == dispute.RespondentId ? Side.Respondent : Side.Challenger;

    private static State Start(State dispute, RoundStarted e)
    {
        var appellant = SideOf(dispute, e);
        var bond = dispute.Bond << (e.Round - 1);
        var seatBond = IsRevised(dispute)
            ? UInt128.Min(bond / e.PanelSize, dispute.MaxSeat)
            : UInt128.Clamp((bond + e.PanelSize - 1) / e.PanelSize, dispute.MinSeat, dispute.MaxSeat);
        var started = dispute with
        {
            Phase = Phase.Draw,
            Round = e.Round,
            Attempt = e.Attempt,
            Appellant = appellant,
            SeatBond = seatBond,
            SeedBlock = e.SeedBlock,
            DrawBy = e.DrawBy,
            Overdue = dispute.SeedBlock != 0 && dispute.Phase == Phase.Draw ? dispute.Overdue : Overdue.None,
        };
        return e.Round > dispute.Round && e.Round > 1 ? Post(started, appellant, bond) : started;
    }

    private static State? Resolve(State dispute, RoundResolved e)
    {
        var outcome = (Outcome)e.Outcome;
        var failed = outcome is Outcome.NoQuorum or Outcome.NoPanel;
        var drawn = dispute.Phase == Phase.Voting;
        if (!Enum.IsDefined(outcome) || outcome == Outcome.None || drawn == (outcome == Outcome.NoPanel)) return null;
        if (e.Ruling > (byte)Ruling.Split || (outcome == Outcome.Tie && e.Ruling != (byte)Ruling.Split)) return null;
        if (failed && IsRevised(dispute)) return e is { Ruling: 0, AppealEnd: 0 } ? Retry(dispute, outcome) : null;
        if (failed && dispute.Attempt < LastAttempt)
        {
            return e is { Ruling: 0, AppealEnd: 0 }
                ? dispute with
                {
                    Phase = Phase.Draw,
                    Attempt = LastAttempt,
                    SeedBlock = 0,
                    Overdue = Overdue.None,
                } : null;
        }

        // A later round that fails twice leaves the appealed ruling in force; a first round that fails twice is a
        // split.
        var fallsBack = failed && dispute.Round > 1;
        if (e.AppealEnd == 0 || fallsBack != (e.Ruling == 0)) return null;
        if (failed && !fallsBack && e.Ruling != (byte)Ruling.Split) return null;
        var resolved = dispute with
        {
            Phase = Phase.Appeal,
            AppealEnd = e.AppealEnd,
            SeedBlock = 0,
            Overdue = Overdue.None,
        };
        return fallsBack
            ? Unpost(resolved, dispute.Appellant, dispute.Bond << (dispute.Round - 1))
            : resolved with { Ruling = (Ruling)e.Ruling, Outcome = outcome };
    }

    private static bool IsRevised(State dispute) => dispute.MinSeat == 0;

    private static ulong PanelNumber(byte round, byte attempt) => (ulong)round << 8 | attempt;

    // A panel with too few votes has its seats freed. The number of the last attempt is used again and again.
    private static State Retry(State dispute, Outcome outcome) => dispute with
    {
        Phase = Phase.Draw,
        Attempt = dispute.Attempt == byte.MaxValue ? dispute.Attempt : (byte)(dispute.Attempt + 1),
        SeedBlock = 0,
        Overdue = Overdue.None,
        OpenPanels = outcome == Outcome.NoQuorum ? [.. dispute.OpenPanels.Items[..^1], 0] : dispute.OpenPanels,
    };

    private static State Post(State dispute, Side side, UInt128 bond) => side == Side.Respondent
        ? dispute with { PostedByRespondent = dispute.PostedByRespondent + bond }
        : dispute with { PostedByChallenger = dispute.PostedByChallenger + bond };

    private static State Unpost(State dispute, Side side, UInt128 bond) => side == Side.Respondent
        ? dispute with { PostedByRespondent = dispute.PostedByRespondent - bond }
        : dispute with { PostedByChallenger = dispute.PostedByChallenger - bond };

    private static bool MaySettle(State dispute, Ruling ruling, Cause cause) => (dispute.Phase, cause) switch
    {
        (Phase.None, Cause.Proven) => ruling == Ruling.Upheld,
        (Phase.Evidence, Cause.Withdrawn) => ruling == Ruling.Rejected,
        (Phase.Evidence, Cause.Conceded) => ruling == Ruling.Upheld,
        (Phase.Draw, Cause.Withdrawn) => ruling == Ruling.Rejected && IsBeforePanel(dispute),
        (Phase.Draw, Cause.Conceded) => ruling == Ruling.Upheld && IsBeforePanel(dispute),
        (Phase.Draw, Cause.Forfeited) => IsRevised(dispute) && ruling is Ruling.Rejected or Ruling.Upheld,
        (Phase.Draw, Cause.Abandoned) => IsRevised(dispute) && ruling == Ruling.Upheld,
        (Phase.Appeal, Cause.Ruled) => ruling == dispute.Ruling && dispute.Outcome is Outcome.Majority or Outcome.Tie,
        (Phase.Appeal, Cause.Undecided) =>
            ruling == dispute.Ruling && dispute.Outcome is Outcome.NoQuorum or Outcome.NoPanel,
        _ => false,
    };

    private static bool IsNow(State dispute, byte round, byte attempt) =>
        dispute.Round == round && dispute.Attempt == attempt;

    private static bool IsAwaiting(State dispute, byte round, byte attempt) =>
        IsNow(dispute, round, attempt) && dispute.SeedBlock != 0;

    private static bool IsSeat(State dispute, byte round, byte attempt, ulong verifierId) =>
        IsNow(dispute, round, attempt) && Panel(dispute).Contains(verifierId);

    private static bool IsBeforePanel(State dispute) =>
        dispute.Round == 1 && dispute.Seated.Count == 0 && (dispute.Attempt == 1 || !IsRevised(dispute));

    private static ReadOnlySpan<ulong> Panel(State dispute) => dispute.Seated.Items[^(int)dispute.PanelSizes[^1]..];

    private static Sequence<ulong> Sized(State dispute, PanelDrawn e)
    {
        if (IsRevised(dispute)) return [.. dispute.PanelSizes.Items, (ulong)e.VerifierIds.Count];
        var sizes = new ulong[(e.Round - 1) * LastAttempt + e.Attempt];
        dispute.PanelSizes.Items.CopyTo(sizes);
        sizes[^1] = (ulong)e.VerifierIds.Count;
        return new Sequence<ulong>(sizes);
    }

    private static IEnumerable<DerivedEvent> Seat(State dispute, PanelDrawn e)
    {
        for (var seat = 0; seat < e.VerifierIds.Count; seat++)
        {
            yield return new Verifiers.SeatTaken(
                e.VerifierIds[seat], e.DisputeId, e.Round, e.Attempt, (ushort)seat, dispute.SeatBond);
        }
    }

    // An attempt without quorum frees its seats at once. By the rules of revision 1.0 they waited for the settlement.
    private static IEnumerable<DerivedEvent> Free(State dispute, RoundResolved e)
    {
        if (!IsRevised(dispute) || (Outcome)e.Outcome != Outcome.NoQuorum) yield break;
        for (var seat = 0; seat < Panel(dispute).Length; seat++)
            yield return new Verifiers.SeatFreed(Panel(dispute)[seat], e.DisputeId, e.Round, e.Attempt);
    }

    private static IEnumerable<DerivedEvent> Settled(State dispute, DisputeSettled e)
    {
        var seated = 0;
        for (var panel = 0; panel < dispute.PanelSizes.Count; panel++)
        {
            var number = IsRevised(dispute) ? dispute.OpenPanels[panel]
                : PanelNumber((byte)(panel / LastAttempt + 1), (byte)(panel % LastAttempt + 1));
            for (var seat = 0UL; seat < dispute.PanelSizes[panel]; seat++, seated++)
            {
                if (number != 0)
                    yield return new Verifiers.SeatFreed(
                        dispute.Seated[seated], e.DisputeId, (byte)(number >> 8), (byte)number);
            }
        }

        // Nobody has judged the claim of a challenger that forfeits: for the subject it is a challenge taken back.
        var cause = (Cause)e.Cause == Cause.Forfeited && (Ruling)e.Ruling == Ruling.Rejected
            ? (byte)Cause.Withdrawn : e.Cause;

        // Tasks, data leases and checkpoints have own events for the consequence of a ruling. A claim or an era that
        // the ruling spares has none.
        if (dispute.Kind == WorthlessClaim)
            yield return new BountyClaimRuled(dispute.SubjectId, e.DisputeId, e.Ruling, cause);
        if (dispute.Kind == WrongEraRoot)
            yield return new EraRuled(dispute.SubjectId, e.DisputeId, e.Ruling, cause);
    }

    private static Deadline? NextDeadline(State dispute) => (dispute.Phase, dispute.Overdue) switch
    {
        (Phase.Evidence, Overdue.None) => new Deadline(dispute.EvidenceEnd, (byte)Overdue.Evidence),
        (Phase.Draw, Overdue.None) => new Deadline(dispute.DrawBy, (byte)Overdue.Draw),
        (Phase.Voting, Overdue.None) => new Deadline(dispute.RevealEnd, (byte)Overdue.Votes),
        (Phase.Appeal, Overdue.None) => new Deadline(dispute.AppealEnd, (byte)Overdue.Appeal),
        _ => null,
    };
}
