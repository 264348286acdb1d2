// A dispute by the rules of revision 1.1, told from those of 1.0 by terms without a least pledge: missing verifiers
// never rule, and who withholds a secret loses.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using static EventSourced.Domain.Tests.Court.CourtSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Court;

public class RevisedDisputeTests
{
    [Fact]
    public void A_panel_never_pledges_more_than_was_put_up_for_its_round()
    {
        Assert.Equal((UInt128)40, Drawing().Dispute().SeatBond);
        Assert.Equal((UInt128)8,
            Pool(11).Happens(Opened(), new DisputeBonded(1, Revised), Started(1, 1, 15)).Dispute().SeatBond);
        var appealed = Voted().Happens(Resolved(1, 1, 2, 1), Started(2, 1, 7, 8));
        Assert.Equal((UInt128)34, appealed.Dispute().SeatBond);
        Assert.Equal((UInt128)34, appealed.Round("1-2-1").SeatBond);
        var rich = Pool(11).Happens(Opened(), new DisputeBonded(1, Revised with { Bond = 900 }), Started(1, 1, 3));
        Assert.Equal((UInt128)100, rich.Dispute().SeatBond);
    }

    [Fact]
    public void Attempts_without_quorum_free_their_seats_at_once_and_never_rule()
    {
        var chain = Drawing();
        for (byte attempt = 1; attempt <= 4; attempt++)
        {
            chain.Happens(Drawn(1, attempt, Panel));
            Assert.Equal(1UL, chain.OpenSeats(12));
            chain.Happens(Resolved(1, attempt, 0, 3, 0), Started(1, (byte)(attempt + 1), 3));
            Assert.Equal(0UL, chain.OpenSeats(12));
            Assert.Equal(chain.Now, chain.Of(Seats.Fold, $"1-1-{attempt}-12").FreedAt);
        }

        var dispute = chain.Dispute();
        Assert.Equal(
            (Disputes.Phase.Draw, (byte)5, Disputes.Ruling.None), (dispute.Phase, dispute.Attempt, dispute.Ruling));
        Assert.Equal([0UL, 0UL, 0UL, 0UL], dispute.OpenPanels);
        Assert.Empty(chain.Violations);
        Assert.Contains("dispute-1: RoundResolved", chain.Happens(Drawn(1, 5, Panel), Resolved(1, 5, 3, 3)).Violations);
    }

    [Fact]
    public void A_settlement_frees_the_seats_of_the_attempts_that_ruled()
    {
        var chain = Drawing().Happens(
            Drawn(1, 1, [21, 23, 24]), Resolved(1, 1, 0, 3, 0), Started(1, 2, 3), Drawn(1, 2, Panel))
            .Voted(1, 2, Panel, 2).Happens(Resolved(1, 2, 2, 1), Started(2, 1, 7, 8), Drawn(2, 1, Larger));
        Assert.Equal([0UL, 258UL, 513UL], chain.Dispute().OpenPanels);
        // The seats of the attempt without quorum are free; those of the larger panel are held.
        Assert.Equal((1UL, 2UL, 1UL), (chain.OpenSeats(24), chain.OpenSeats(12), chain.OpenSeats(27)));
        chain.Voted(2, 1, Larger, 2).Happens(Resolved(2, 1, 2, 1), new DisputeSettled(1, 2, 1));
        Assert.Equal((0UL, 0UL), (chain.OpenSeats(12), chain.OpenSeats(27)));
        Assert.Contains(new Verifiers.SeatFreed(12, 1, 1, 2), chain.Followed);
        Assert.Equal(13, chain.Followed.OfType<Verifiers.SeatFreed>().Count());
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_panel_that_is_not_filled_gives_way_to_a_smaller_one_and_an_appeal_keeps_its_bond()
    {
        var chain = Voted().Happens(
            Resolved(1, 1, 2, 1), Started(2, 1, 7, 8), Resolved(2, 1, 0, 4, 0), Started(2, 2, 3, 8));
        var dispute = chain.Dispute();
        Assert.Equal(
            ((UInt128)360, (UInt128)80, (byte)2), (dispute.PostedByRespondent, dispute.SeatBond, dispute.Attempt));
        Assert.Equal((Disputes.Ruling.Upheld, Disputes.Phase.Draw), (dispute.Ruling, dispute.Phase));
        Assert.Equal(
            ((ushort)3, Disputes.Outcome.NoPanel), (chain.Round("1-2-2").PanelSize, chain.Round("1-2-1").Outcome));
        Assert.Empty(chain.Violations);
        Assert.Contains("dispute-1: RoundResolved", chain.Happens(Resolved(2, 2, 0, 4)).Violations);
    }

    [Fact]
    public void The_last_number_of_an_attempt_is_used_again()
    {
        var chain = Drawing();
        for (var i = 1; i <= 256; i++)
        {
            var (attempt, next) = ((byte)Math.Min(i, 255), (byte)Math.Min(i + 1, 255));
            chain.Happens(Drawn(1, attempt, Panel), Resolved(1, attempt, 0, 3, 0), Started(1, next, 3));
        }

        Assert.Equal((byte)255, chain.Dispute().Attempt);
        Assert.Equal(Disputes.Outcome.None, chain.Round("1-1-255").Outcome);
        chain.Happens(
            Drawn(1, 255, Panel)).Voted(1, 255, Panel, 1).Happens(Resolved(1, 255, 1, 1), new DisputeSettled(1, 1, 1));
        Assert.Equal(Disputes.Ruling.Rejected, chain.Of(Seats.Fold, "1-1-255-11").Choice);
        Assert.Equal(0UL, chain.OpenSeats(11));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_withheld_secret_settles_where_a_panel_would_be_drawn()
    {
        var chain = Drawing().Happens(new SeedCommitted(1, 1, 1, Owner, Hash(6)), new DisputeSettled(1, 2, 6));
        Assert.Equal(
            (Disputes.Cause.Forfeited, Disputes.Ruling.Upheld), (chain.Dispute().Cause, chain.Dispute().Ruling));
        Assert.Equal(Disputes.Cause.Forfeited, Drawing().Happens(new DisputeSettled(1, 1, 6)).Dispute().Cause);
        Assert.Equal(Disputes.Cause.Abandoned, Drawing().Happens(new DisputeSettled(1, 2, 7)).Dispute().Cause);
        Assert.Empty(chain.Violations);
        Assert.Single(Drawing().Happens(new DisputeSettled(1, 3, 6)).Violations);
        Assert.Single(Drawing().Happens(new DisputeSettled(1, 1, 7)).Violations);
        Assert.Single(Drawing().Happens(Drawn(1, 1, Panel), new DisputeSettled(1, 2, 6)).Violations);
        Assert.Single(Disputed().Happens(Started(1, 1, 3), new DisputeSettled(1, 2, 6)).Violations);
    }

    [Fact]
    public void What_a_challenger_forfeits_is_to_its_subject_a_challenge_taken_back()
    {
        Assert.Contains(new Disputes.BountyClaimRuled(5, 1, 1, 2),
            Drawing(8, account: 8).Happens(new DisputeSettled(1, 1, 6)).Followed);
        Assert.Contains(new Disputes.BountyClaimRuled(5, 1, 2, 6),
            Drawing(8, account: 8).Happens(new DisputeSettled(1, 2, 6)).Followed);
    }

    [Fact]
    public void After_a_forfeit_the_seats_of_earlier_rounds_are_free()
    {
        var chain = Voted().Happens(Resolved(1, 1, 2, 1), Started(2, 1, 7, 8), new DisputeSettled(1, 2, 6));
        Assert.Equal(0UL, chain.OpenSeats(11));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Commands_are_refused_by_the_rules_of_the_revision()
    {
        var drawing = Drawing().Dispute();
        Granted(Disputes.Decide(drawing, new Disputes.Draw(Owner, 1), Start + 50_000));
        Granted(Disputes.Decide(drawing, new Disputes.Withdraw(Owner, 1), Start));
        Refused("SeedIsDue", Disputes.Decide(drawing with { Attempt = 2 }, new Disputes.Concede(Owner, 1), Start));
    }

    private static SmallChain Voted() => Drawing().Happens(Drawn(1, 1, Panel)).Voted(1, 1, Panel, 2);
}
