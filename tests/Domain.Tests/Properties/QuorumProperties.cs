// P6, quorum validity, over any order of a court's events. Enters: random steps. Leaves: nothing. Always holds: of the
// events that the folds accept without a violation, every decision has a quorum of open votes of the panel that was
// drawn, none by a stranger, none twice. What was accepted is judged by the list of accepted events alone, not by the
// states that accepted them.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Tests.Court;
using EventSourced.Domain.Values;
using FsCheck;
using FsCheck.Fluent;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Properties;

public sealed class QuorumProperties
{
    private const int Runs = 300;
    private static readonly ulong[] People = [11, 12, 13, 14, 15, 16, 17, 18, 19];

    [Fact]
    public void P6_a_decision_has_a_quorum_of_the_panel_drawn_and_no_vote_by_a_stranger_or_twice()
    {
        var decided = 0;
        Prop.ForAll<(byte Step, byte Who, byte What)[]>(steps =>
        {
            var chain = new SmallChain(CourtSamples.Start, Disputes.Fold, DisputeRounds.Fold, Seats.Fold);
            var accepted = new List<ChainEvent>();
            ChainEvent[] opening = [CourtSamples.Opened(), new DisputeBonded(1, CourtSamples.Bonded)];
            foreach (var happened in opening.Concat(
                steps.Select(step => default(ChainEvent)!)).Zip([(0, 0, 0), (0, 0, 0), .. steps.Select(Ints)]))
            {
                var next = happened.First ?? Next(accepted, happened.Second);
                if (chain.TryHappens(next)) accepted.Add(next);
            }

            decided += accepted.OfType<RoundResolved>().Count(IsDecision);
            return accepted.OfType<RoundResolved>().Where(IsDecision).All(decision => IsValid(accepted, decision));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs).WithEndSize(120));
        Assert.True(decided > Runs / 10, $"expected decisions in many of {Runs} histories, found {decided}");
    }

    private static (int, int, int) Ints((byte Step, byte Who, byte What) step) => (step.Step, step.Who, step.What);

    // Mostly what comes next, with people and numbers that are right more often than not.
    private static ChainEvent Next(List<ChainEvent> accepted, (int Step, int Who, int What) drawn)
    {
        var started = accepted.OfType<RoundStarted>().LastOrDefault();
        var (round, attempt) = started is null ? ((byte)1, (byte)1) : (started.Round, started.Attempt);
        if (drawn.What % 16 == 15) attempt = (byte)(3 - attempt);
        if (drawn.What % 32 == 14) round++;
        var panel = accepted.OfType<PanelDrawn>().LastOrDefault()?.VerifierIds ?? [];
        var who = drawn.Who % 4 == 0 || panel.Count == 0
            ? People[drawn.Who % People.Length] : panel[drawn.Who % panel.Count];
        var choice = (byte)(drawn.What % 8 == 7 ? 0 : 1 + (drawn.What % 2));
        if (drawn.Step % 3 > 0) return Sensible(accepted, started, panel, who, choice, drawn.What);
        return (drawn.Step / 3 % 12) switch
        {
            0 => CourtSamples.Started(round, attempt, 3),
            1 => CourtSamples.Started((byte)(round + 1), 1, 7, appellant: drawn.What % 2 == 0 ? 8UL : 0UL),
            2 => CourtSamples.Drawn(round, attempt,
                [.. People.Skip(drawn.Who % 3).Take(drawn.What % 3 == 0 ? started?.PanelSize ?? 3 : 3)]),
            3 or 4 or 5 => new VoteCommitted(1, round, attempt, who, Hash(4)),
            6 or 7 or 8 => new VoteRevealed(1, round, attempt, who, choice, Hash(5)),
            9 or 10 =>
                CourtSamples.Resolved(round, attempt, (byte)(1 + (drawn.What % 3)), (byte)(1 + (drawn.What % 2))),
            _ => CourtSamples.Resolved(round, attempt, 0, (byte)(3 + (drawn.What % 2)), appealEnd: 0),
        };
    }

    // What an orderly court would see next; the count is not waited for to the end.
    private static ChainEvent Sensible(
        List<ChainEvent> accepted, RoundStarted? started, Sequence<ulong> panel, ulong who, byte choice, int what)
    {
        if (started is null) return CourtSamples.Started(1, 1, 3);
        var since = accepted.Skip(accepted.LastIndexOf(started) + 1).ToArray();
        var (round, attempt) = (started.Round, started.Attempt);
        if (!since.OfType<PanelDrawn>().Any()) return CourtSamples.Drawn(
            round, attempt, [.. People.Take(started.PanelSize)]);
        if (since.OfType<RoundResolved>().Any()) return CourtSamples.Started(
            (byte)(round + 1), 1, 7, appellant: what % 2 == 0 ? 8UL : 0UL);
        var (commits, reveals) = (since.OfType<VoteCommitted>().Count(), since.OfType<VoteRevealed>().Count());
        if (commits < started.Quorum) return new VoteCommitted(1, round, attempt, panel[commits], Hash(4));
        return reveals <= what % (started.Quorum + 1)
            ? new VoteRevealed(1, round, attempt, who, choice, Hash(5))
            : CourtSamples.Resolved(round, attempt, 1, 1);
    }

    private static bool IsDecision(RoundResolved e) =>
        (Disputes.Outcome)e.Outcome is Disputes.Outcome.Majority or Disputes.Outcome.Tie;

    private static bool IsValid(List<ChainEvent> accepted, RoundResolved decision)
    {
        var before = accepted.Take(accepted.IndexOf(decision)).ToArray();
        var quorum = before.OfType<RoundStarted>().Last(
            e => (e.Round, e.Attempt) == (decision.Round, decision.Attempt)).Quorum;
        var panel = before.OfType<PanelDrawn>().Where(
            e => (e.Round, e.Attempt) == (decision.Round, decision.Attempt)).ToArray();
        var hidden = before.OfType<VoteCommitted>().Where(
            e => (e.Round, e.Attempt) == (decision.Round, decision.Attempt)).ToArray();
        var open = before.OfType<VoteRevealed>().Where(
            e => (e.Round, e.Attempt) == (decision.Round, decision.Attempt)).ToArray();
        return panel.Length == 1
            && open.DistinctBy(e => e.VerifierId).Count() >= quorum
            && open.DistinctBy(e => e.VerifierId).Count() == open.Length
            && open.All(e => panel[0].VerifierIds.Contains(e.VerifierId)
                && hidden.Any(vote => vote.VerifierId == e.VerifierId) && e.Choice is >= 1 and <= 3);
    }
}
