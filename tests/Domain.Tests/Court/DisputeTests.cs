// The life of a dispute from the court's events: evidence, seeds, panels, votes, appeals, and what everybody learns of
// its end.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using static EventSourced.Domain.Tests.Court.CourtSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Court;

public class DisputeTests
{
    [Fact]
    public void An_opened_dispute_takes_evidence_and_has_the_bonds_of_both_sides()
    {
        var chain = Disputed().Happens(new Evidence(1, Client, "it is wrong"), new Evidence(1, Owner, "it is right"));
        var dispute = chain.Dispute();
        Assert.Equal((Disputes.Phase.Evidence, 5UL, 2UL), (dispute.Phase, dispute.SubjectId, dispute.EvidenceCount));
        Assert.Equal(((UInt128)120, (UInt128)120), (dispute.PostedByChallenger, dispute.PostedByRespondent));
        Assert.Equal((Client, (ushort)2_500, (UInt128)120), chain.Of(DisputeTerms.Fold, 1UL) is var terms
            ? (terms.Principal, terms.WithdrawCut, terms.Bond) : default);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Every_word_of_evidence_is_kept_by_its_place_in_the_chain()
    {
        var chain = new SmallChain(Start, Disputes.Fold, DisputeEvidence.Fold)
            .Happens(Opened(), new DisputeBonded(1, Bonded), new Evidence(1, Client, "same"),
                new Evidence(1, Client, "same"));
        Assert.Equal(("same", Client, new Instant(Start)),
            chain.Of(DisputeEvidence.Fold, "1-1-3") is var said ? (said.Text, said.Party, said.FiledAt) : default);
        Assert.Equal(
            (1UL, 4U), chain.Of(DisputeEvidence.Fold, "1-1-4") is var again ? (again.Block, again.LogIndex) : default);
    }

    [Fact]
    public void A_subject_of_another_kind_than_the_claim_is_impossible()
    {
        Assert.Equal(["dispute-1: DisputeOpened"], SmallChain.Whole(Start).Happens(Opened(1, account: 10)).Violations);
        Assert.Equal(["dispute-1: DisputeOpened"], SmallChain.Whole(Start).Happens(Opened(9)).Violations);
        Assert.Equal(5UL, Disputed(5, account: 10).Dispute().SubjectId);
        Assert.Equal(5UL, Disputed(6, account: 13).Dispute().SubjectId);
    }

    [Fact]
    public void A_seat_pledges_its_part_of_the_bond_between_the_least_and_the_most()
    {
        Assert.Equal((UInt128)40, Disputed().Happens(Started(1, 1, 3)).Dispute().SeatBond);
        Assert.Equal((UInt128)30, Disputed().Happens(Started(1, 1, 15)).Dispute().SeatBond);
        var large = Disputed().Happens(Started(1, 1, 3), Drawn(1, 1, Panel)).Voted(1, 1, Panel, 2)
            .Happens(Resolved(1, 1, 2, 1), Started(2, 1, 7, 8));
        Assert.Equal((UInt128)35, large.Dispute().SeatBond);
        Assert.Equal((UInt128)35, large.Round("1-2-1").SeatBond);
    }

    [Fact]
    public void A_drawn_panel_takes_seats_and_the_settlement_frees_every_one_of_them()
    {
        var chain = Voting().Voted(
            1, 1, Panel, 2).Happens(Resolved(1, 1, 2, 1), Started(2, 1, 7, 8), Drawn(2, 1, Larger));
        Assert.Equal((1UL, 2UL, 1UL), (chain.OpenSeats(11), chain.OpenSeats(12), chain.OpenSeats(27)));
        chain.Voted(2, 1, Larger, 1).Happens(Resolved(2, 1, 1, 1)).Happens(new DisputeSettled(1, 1, 1));
        Assert.Equal((0UL, 0UL, 0UL), (chain.OpenSeats(11), chain.OpenSeats(12), chain.OpenSeats(27)));
        Assert.Equal((Disputes.Phase.Settled, Disputes.Ruling.Rejected, Disputes.Cause.Ruled),
            chain.Dispute() is var dispute ? (dispute.Phase, dispute.Ruling, dispute.Cause) : default);
        Assert.Equal([3UL, 0UL, 7UL], chain.Dispute().PanelSizes);
        Assert.Equal(10, chain.Followed.OfType<Verifiers.SeatFreed>().Count());
        Assert.Contains(new Verifiers.SeatFreed(12, 1, 2, 1), chain.Followed);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_seat_keeps_its_vote_and_what_came_back_of_its_pledge()
    {
        var chain = Voting().Voted(1, 1, Panel, 3).Happens(Resolved(1, 1, 3, 1)).After(100).Happens(
            new DisputeSettled(1, 3, 1),
            Move(SeatAccount(1, 1, 1, 1), Account(Stake, 12), 1, 32, 14),
            Move(SeatAccount(1, 1, 1, 1), Account(7, 1), 1, 8, 13));
        var seat = chain.Of(Seats.Fold, "1-1-1-12");
        Assert.Equal((1, (UInt128)40, (UInt128)32), (seat.Seat, seat.Bond, seat.Returned));
        Assert.Equal((Disputes.Ruling.Split, Hash(4), Hash(5), new Instant(Start + 100)),
            (seat.Choice, seat.Commitment, seat.JustificationHash, seat.FreedAt));
        Assert.Equal((UInt128)0, chain.Of(Seats.Fold, "1-1-1-11").Returned);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Only_the_panel_votes_and_everybody_once()
    {
        Assert.Contains(
            "dispute-1: VoteCommitted", Voting().Happens(new VoteCommitted(1, 1, 1, 21, Hash(4))).Violations);
        Assert.Contains(
            "dispute-1: VoteCommitted", Voting().Happens(new VoteCommitted(1, 1, 2, 11, Hash(4))).Violations);
        var twice = Voting().Happens(new VoteCommitted(1, 1, 1, 11, Hash(4)), new VoteCommitted(1, 1, 1, 11, Hash(6)));
        Assert.Equal(["seat-1-1-1-11: VoteCommitted"], twice.Violations);
        var hidden = Voting().Happens(new VoteRevealed(1, 1, 1, 11, 1, Hash(5)));
        Assert.Contains("seat-1-1-1-11: VoteRevealed", hidden.Violations);
    }

    [Fact]
    public void A_round_counts_its_votes_and_rules_with_its_quorum_or_not_at_all()
    {
        var chain = Voting().Happens(
            new VoteCommitted(1, 1, 1, 11, Hash(4)), new VoteRevealed(1, 1, 1, 11, 2, Hash(5)));
        var round = chain.Round("1-1-1");
        Assert.Equal((1, 1, 3, 2), (round.Commits, round.Reveals, round.Seats, round.Quorum));
        Assert.Contains("dispute-round-1-1-1: RoundResolved", chain.Happens(Resolved(1, 1, 2, 1)).Violations);
        var ruled = Voting().Voted(1, 1, Panel, 2).Happens(Resolved(1, 1, 2, 1)).Round("1-1-1");
        Assert.Equal((Disputes.Outcome.Majority, Disputes.Ruling.Upheld), (ruled.Outcome, ruled.Ruling));
    }

    [Fact]
    public void A_first_round_that_fails_twice_splits()
    {
        var chain = Disputed().Happens(Started(1, 1, 3), Resolved(1, 1, 0, 4, 0), Started(1, 2, 3, seedBlock: 320));
        Assert.Equal((Disputes.Phase.Draw, (byte)2, 320UL),
            chain.Dispute() is var waiting ? (waiting.Phase, waiting.Attempt, waiting.SeedBlock) : default);
        chain.Happens(Drawn(1, 2, Panel), Resolved(1, 2, 3, 3));
        Assert.Equal((Disputes.Phase.Appeal, Disputes.Ruling.Split, Disputes.Outcome.NoQuorum),
            chain.Dispute() is var split ? (split.Phase, split.Ruling, split.Outcome) : default);
        chain.Happens(new DisputeSettled(1, 3, 5));
        Assert.Equal(Disputes.Cause.Undecided, chain.Dispute().Cause);
        Assert.Equal(0UL, chain.OpenSeats(11));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void An_appeal_that_finds_no_panel_gives_its_bond_back_and_leaves_the_ruling()
    {
        var chain = Voting().Voted(1, 1, Panel, 2).Happens(Resolved(1, 1, 2, 1), Started(2, 1, 7, 8));
        Assert.Equal((UInt128)360, chain.Dispute().PostedByRespondent);
        Assert.Equal(Disputes.Side.Respondent, chain.Round("1-2-1").Appellant);
        chain.Happens(Resolved(2, 1, 0, 4, 0), Started(2, 2, 7, 8), Resolved(2, 2, 0, 4));
        var dispute = chain.Dispute();
        Assert.Equal(((UInt128)120, Disputes.Ruling.Upheld, Disputes.Outcome.Majority),
            (dispute.PostedByRespondent, dispute.Ruling, dispute.Outcome));
        chain.Happens(new DisputeSettled(1, 2, 1));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Only_the_side_that_lost_may_appeal_and_not_for_ever()
    {
        var ruled = Voting().Voted(1, 1, Panel, 2).Happens(Resolved(1, 1, 2, 1));
        Assert.Equal(["dispute-1: RoundStarted"], ruled.Happens(Started(2, 1, 7, 0)).Violations);
        var challenged = Voting().Voted(1, 1, Panel, 1).Happens(Resolved(1, 1, 1, 1), Started(2, 1, 7, 0));
        Assert.Equal((UInt128)360, challenged.Dispute().PostedByChallenger);
        var third = challenged.Happens(
            Drawn(2, 1, Larger)).Voted(2, 1, Larger, 3).Happens(Resolved(2, 1, 3, 2), Started(3, 1, 15, 8));
        Assert.Empty(third.Violations);
        third.Happens(Resolved(3, 1, 0, 4, 0), Started(3, 2, 15, 8), Resolved(3, 2, 0, 4), Started(4, 1, 15, 8));
        Assert.Equal(["dispute-1: RoundStarted"], third.Violations);
    }

    [Fact]
    public void A_later_seed_block_leaves_the_attempt_as_it_was()
    {
        var chain = Disputed().Happens(Started(1, 1, 3), Started(1, 1, 3, seedBlock: 320));
        Assert.Equal(320UL, chain.Round("1-1-1").SeedBlock);
        Assert.Equal(320UL, chain.Dispute().SeedBlock);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_contribution_belongs_to_its_block_and_is_opened_after_it_was_hidden()
    {
        var chain = Disputed().Happens(Started(1, 1, 3), new SeedCommitted(1, 1, 1, Owner, Hash(6)),
            new SeedRevealed(1, 1, 1, Owner, Hash(7)), Started(1, 1, 3, seedBlock: 320),
                new SeedCommitted(1, 1, 1, Owner, Hash(8)));
        Assert.Equal((true, Hash(7)),
            chain.Of(SeedContributions.Fold, $"1-1-1-192-{Owner}") is var open
                ? (open.IsRevealed, open.Secret) : default);
        Assert.False(chain.Of(SeedContributions.Fold, $"1-1-1-320-{Owner}").IsRevealed);
        Assert.Empty(chain.Violations);
        chain.Happens(new SeedRevealed(1, 1, 1, Client, Hash(7)));
        Assert.Equal([$"seed-contribution-1-1-1-320-{Client}: SeedOpened"], chain.Violations);
    }

    [Fact]
    public void A_dispute_is_taken_back_or_conceded_before_its_first_panel_alone()
    {
        Assert.Equal(Disputes.Cause.Withdrawn, Disputed().Happens(new DisputeSettled(1, 1, 2)).Dispute().Cause);
        Assert.Equal(
            Disputes.Cause.Conceded, Disputed().Happens(Started(1, 1, 3), new DisputeSettled(1, 2, 3)).Dispute().Cause);
        Assert.Single(Voting().Happens(new DisputeSettled(1, 1, 2)).Violations);
        var seated = Voting().Happens(Resolved(1, 1, 0, 3, 0), Started(1, 2, 3), new DisputeSettled(1, 1, 2));
        Assert.Equal(["dispute-1: DisputeSettled"], seated.Violations);
    }

    [Fact]
    public void A_bad_receipt_is_proven_and_settled_at_once()
    {
        var chain = SmallChain.Whole(Start).Happens(Opened(2), new DisputeBonded(1, Bonded));
        Assert.Equal((Disputes.Phase.None, (UInt128)0), (chain.Dispute().Phase, chain.Dispute().PostedByChallenger));
        chain.Happens(new DisputeSettled(1, 2, 4));
        Assert.Equal(Disputes.Cause.Proven, chain.Dispute().Cause);
        Assert.Empty(chain.Violations);
        Assert.Single(chain.Happens(new DisputeSettled(1, 2, 4)).Violations);
    }

    [Fact]
    public void Every_deadline_of_a_dispute_is_told_once()
    {
        var chain = Disputed().After(500);
        Assert.Equal(Disputes.Overdue.Evidence, chain.Dispute().Overdue);
        chain.Happens(Started(1, 1, 3)).Until(Start + 5_000);
        Assert.Equal(Disputes.Overdue.Draw, chain.Dispute().Overdue);
        chain.Happens(Resolved(1, 1, 0, 4, 0), Started(1, 2, 3) with { DrawBy = Start + 9_000 }, Drawn(1, 2, Panel));
        Assert.Equal(Disputes.Overdue.None, chain.Dispute().Overdue);
        Assert.Equal(Disputes.Overdue.Votes, chain.Until(Start + 7_000).Dispute().Overdue);
        chain.Happens(Resolved(1, 2, 3, 3));
        Assert.Equal(Disputes.Overdue.Appeal, chain.Until(Start + 8_000).Dispute().Overdue);
        Assert.Equal(4, chain.After(10_000).Followed.OfType<Disputes.DisputeDeadlinePassed>().Count());
    }

    [Fact]
    public void Commands_are_refused_in_the_words_of_the_court()
    {
        var (open, drawing, voting) = (
            Disputed().Dispute(), Disputed().Happens(Started(1, 1, 3)).Dispute(), Voting().Dispute());
        var ruled = Voting().Voted(1, 1, Panel, 2).Happens(Resolved(1, 1, 2, 1)).Dispute();
        Refused("UnknownDispute", Disputes.Decide(null, new Disputes.StartRound(Owner, 1), Start));
        Granted(Disputes.Decide(open, new Disputes.SubmitEvidence(Owner, 1), Start));
        Refused("TooLate", Disputes.Decide(open, new Disputes.SubmitEvidence(Owner, 1), Start + 500));
        Refused("WrongPhase", Disputes.Decide(drawing, new Disputes.SubmitEvidence(Owner, 1), Start));
        Refused("TooEarly", Disputes.Decide(open, new Disputes.StartRound(Owner, 1), Start + 499));
        Granted(Disputes.Decide(open, new Disputes.StartRound(Owner, 1), Start + 500));
        Granted(Disputes.Decide(drawing, new Disputes.CommitSeed(Owner, 1, Hash(1)), Start));
        Refused("ZeroCommitment", Disputes.Decide(drawing, new Disputes.CommitSeed(Owner, 1, default), Start));
        Granted(Disputes.Decide(drawing, new Disputes.Draw(Owner, 1), Start));
        Refused("TooLate", Disputes.Decide(drawing, new Disputes.Draw(Owner, 1), Start + 5_000));
        Granted(Disputes.Decide(voting, new Disputes.CommitVote(Owner, 1, 11, Hash(1)), Start));
        Refused("NotOnPanel", Disputes.Decide(voting, new Disputes.CommitVote(Owner, 1, 21, Hash(1)), Start));
        Granted(Disputes.Decide(voting, new Disputes.RevealVote(Owner, 1, 11, 1), Start + 6_000));
        Refused("TooEarly", Disputes.Decide(voting, new Disputes.RevealVote(Owner, 1, 11, 1), Start + 5_999));
        Refused("UnknownChoice", Disputes.Decide(voting, new Disputes.RevealVote(Owner, 1, 11, 4), Start + 6_000));
        Granted(Disputes.Decide(voting, new Disputes.ResolveRound(Owner, 1), Start));
        Refused("TooEarly", Disputes.Decide(drawing, new Disputes.ResolveRound(Owner, 1), Start));
        Granted(Disputes.Decide(ruled, new Disputes.Appeal(Owner, 1, Disputes.Side.Respondent), Start));
        Refused(
            "NothingToAppeal", Disputes.Decide(ruled, new Disputes.Appeal(Owner, 1, Disputes.Side.Challenger), Start));
        Refused("LastRound",
            Disputes.Decide(ruled with { Round = 3 }, new Disputes.Appeal(Owner, 1, Disputes.Side.Respondent), Start));
        Refused("TooEarly", Disputes.Decide(ruled, new Disputes.Settle(Owner, 1), Start));
        Granted(Disputes.Decide(open, new Disputes.Withdraw(Owner, 1), Start));
        Granted(Disputes.Decide(drawing, new Disputes.Concede(Owner, 1), Start));
        Refused("PanelWasDrawn",
            Disputes.Decide(drawing with { Attempt = 2, Seated = Panel }, new Disputes.Withdraw(Owner, 1), Start));
        Refused("WrongPhase", Disputes.Decide(voting, new Disputes.Withdraw(Owner, 1), Start));
        Assert.Throws<ArgumentException>(() => Disputes.Decide(open, new Channels.Close(Owner, 1), Start));
    }
}
