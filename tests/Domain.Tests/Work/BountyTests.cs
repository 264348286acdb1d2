// Bounties and their claims: awards, turns, and what disputes make of a claim.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Work;

public class BountyTests
{
    private const ulong Start = 1_000_000;
    private const byte BountyAccount = 8;

    private static readonly UInt128 Award = 100 * Credit;

    private static SmallChain Open(ushort awards = 1) => SmallChain.Whole(Start).Happens(
        new BountyOpened(1, Client, awards, Start + 1_000, Start + 2_000, 500, Award, Hash(1), "ipfs://criteria"));

    private static SmallChain Claimed(ushort awards = 1) => Open(awards).Happens(
        new BountyClaimed(1, 5, 8, Hash(2)), new BountyClaimed(1, 6, 9, Hash(3)));

    private static SmallChain Disputed() => Claimed().Happens(
        new DisputeOpened(1, Account(BountyAccount, 5), 7, 8, 8, Hash(4), Start + 500),
        new DisputeBonded(1, new CourtTerms(Client, false, 0, Hash(1), 10, 1, 2, 1, 1, 1, 1, 1, 1, 1)));

    private static Bounties.State Bounty(SmallChain chain) => chain.Of(Bounties.Fold, 1UL);

    private static BountyClaims.State Claim(SmallChain chain, ulong claimId = 5) =>
        chain.Of(BountyClaims.Fold, claimId);

    [Fact]
    public void A_claim_has_its_place_its_bond_and_the_moment_from_which_silence_pays_it()
    {
        var chain = Claimed();
        Assert.Equal((1, 2), (Claim(chain).Position, Claim(chain, 6).Position));
        Assert.Equal((20 * Credit, Award, new Instant(Start + 2_500)),
            Claim(chain) is var claim ? (claim.Bond, claim.Award, claim.PayableFrom) : default);
        Assert.Equal(10 * Credit, Bounties.ClaimBond(Credit));
        Assert.Equal(2, Bounty(chain).Claims);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void The_sponsor_awards_in_any_order_and_silence_pays_in_turn()
    {
        var chain = Claimed(2).Happens(new BountyAwarded(1, 6, 1));
        Assert.Equal(
            (1, 1, 0), Bounty(chain) is var bounty ? (bounty.Awarded, bounty.Decided, bounty.Cursor) : default);
        chain.Happens(new BountyAwarded(1, 5, 2));
        Assert.Equal((2, 1), (Bounty(chain).Awarded, Bounty(chain).Cursor));
        Assert.Equal((BountyClaims.Status.Awarded, Award), (Claim(chain).Status, Claim(chain).Paid));
        Assert.Equal(Bounties.Status.Awarded, Bounty(chain.Happens(new BountyClosed(1, 2))).Status);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Whoever_has_an_award_for_sure_is_paid_before_those_ahead()
    {
        var chain = Claimed(2).Happens(new BountyAwarded(1, 6, 2));
        Assert.Equal((1, 2), (Bounty(chain).Awarded, Bounty(chain).Cursor));
        chain.Happens(new BountyAwarded(1, 5, 2));
        Assert.Equal((2, 2), (Bounty(chain).Awarded, Bounty(chain).Cursor));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_contract_that_tells_the_new_end_of_a_review_has_the_last_word()
    {
        var told = Disputed().Happens(Settled(1, 2), new BountyClaimReviewSet(1, 5, Start + 9_000));
        Assert.Equal(
            (new Instant(Start + 9_000), new Instant(Start + 9_000)), (Claim(told).PayableFrom, Claim(told).ReviewEnd));
        Assert.Empty(told.Violations);
        Assert.Single(Claimed().Happens(new BountyClaimReviewSet(1, 5, Start + 9_000)).Violations);
    }

    [Fact]
    public void No_more_awards_than_there_are_and_no_claim_after_the_last()
    {
        var chain = Claimed().Happens(new BountyAwarded(1, 5, 1), new BountyAwarded(1, 6, 1));
        Assert.Equal(["bounty-1: BountyAwarded"], chain.Violations);
        Assert.Contains("bounty-1: BountyClaimed",
            Claimed().Happens(new BountyAwarded(1, 5, 1), new BountyClaimed(1, 7, 10, Hash(4))).Violations);
    }

    [Fact]
    public void Whoever_is_left_over_is_released_even_after_the_bounty()
    {
        var chain = Claimed().Happens(
            new BountyAwarded(1, 5, 1), new BountyClosed(1, 2), new BountyClaimEnded(1, 6, 2));
        Assert.Equal((BountyClaims.Status.Released, 2), (Claim(chain, 6).Status, Bounty(chain).Decided));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_bounty_closes_for_the_cause_that_it_has()
    {
        Assert.Equal(Bounties.Status.Unclaimed, Bounty(Open().Happens(new BountyClosed(1, 1))).Status);
        Assert.Single(Open().Happens(new BountyClosed(1, 3)).Violations);
        Assert.Single(Claimed().Happens(new BountyClosed(1, 3)).Violations);
        Assert.Single(Open().Happens(new BountyClosed(1, 0)).Violations);
        Assert.Single(Open().Happens(new BountyClosed(1, 1), new BountyClosed(1, 1)).Violations);
    }

    [Fact]
    public void A_worthless_claim_is_rejected_and_decided()
    {
        var chain = Disputed().Happens(new DisputeSettled(1, 2, 3), new BountyClaimEnded(1, 5, 1));
        Assert.Equal((BountyClaims.Status.Rejected, 1UL, 1),
            (Claim(chain).Status, Claim(chain).DisputeId, Bounty(chain).Decided));
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_challenge_that_was_taken_back_gives_others_a_full_window()
    {
        var early = Disputed().After(100).Happens(new DisputeSettled(1, 1, 2));
        Assert.Equal((BountyClaims.Status.Pending, new Instant(Start + 2_500), false),
            Claim(early) is var claim ? (claim.Status, claim.ReviewEnd, claim.IsRuled) : default);
        var late = Disputed().After(2_400).Happens(new DisputeSettled(1, 1, 2));
        Assert.Equal(new Instant(Start + 2_900), Claim(late).PayableFrom);
        Assert.False(Claim(late.After(200)).IsPayable);
        Assert.True(Claim(late.After(300)).IsPayable);
        Assert.Equal(BountyClaims.Status.Disputed,
            Claim(
                late.Happens(new DisputeOpened(2, Account(BountyAccount, 5), 7, 8, 8, Hash(4), Start + 9_000))).Status);
        Assert.Empty(late.Violations);
    }

    [Fact]
    public void A_claim_that_the_court_split_is_worth_half_in_its_turn_and_the_whole_to_its_sponsor()
    {
        var inTurn = Disputed().Happens(Settled(3, 5), new BountyAwarded(1, 5, 2));
        Assert.Equal((50 * Credit, true, true),
            Claim(inTurn) is var claim ? (claim.Paid, claim.IsHalved, claim.IsRuled) : default);
        Assert.Equal(Award, Claim(Disputed().Happens(Settled(3, 5), new BountyAwarded(1, 5, 1))).Paid);
        var spared = Disputed().Happens(Settled(1, 1));
        Assert.Equal((false, true), (Claim(spared).IsHalved, Claim(spared).IsRuled));
        Assert.Contains("bounty-claim-5: DisputeOpened",
            spared.Happens(
                new DisputeOpened(2, Account(BountyAccount, 5), 7, 8, 8, Hash(4), Start + 9_000)).Violations);
    }

    [Fact]
    public void Every_deadline_is_told_once()
    {
        var chain = Claimed().After(1_000);
        Assert.Equal(Bounties.Overdue.Claims, Bounty(chain).Overdue);
        Assert.Equal(Bounties.Overdue.Awards, Bounty(chain.After(1_000)).Overdue);
        Assert.True(Claim(chain.After(500)).IsPayable);
        Assert.Equal(2, chain.After(9_000).Followed.OfType<BountyClaims.BountyClaimPayable>().Count());
        Assert.Equal(2, chain.Followed.OfType<Bounties.BountyDeadlinePassed>().Count());
    }

    [Fact]
    public void Commands_are_refused_in_the_words_of_the_contract()
    {
        var (bounty, claim) = (Bounty(Claimed()), Claim(Claimed()));
        var full = bounty with { Awarded = 1 };
        Refused("UnknownBounty", Bounties.Decide(null, new Bounties.Claim(Owner, 1, 8, Hash(1)), Start));
        Granted(Bounties.Decide(bounty, new Bounties.Claim(Owner, 1, 8, Hash(1)), Start));
        Refused("TooLate", Bounties.Decide(bounty, new Bounties.Claim(Owner, 1, 8, Hash(1)), Start + 1_000));
        Refused("NoAwardLeft", Bounties.Decide(full, new Bounties.Claim(Owner, 1, 8, Hash(1)), Start));
        Refused("TooManyClaims",
            Bounties.Decide(bounty with { Claims = 256 }, new Bounties.Claim(Owner, 1, 8, Hash(1)), Start));
        Refused("BountyIsClosed",
            Bounties.Decide(
                bounty with { Status = Bounties.Status.Decided }, new Bounties.CloseBounty(Owner, 1), Start));
        Granted(Bounties.Decide(full, new Bounties.CloseBounty(Owner, 1), Start));
        Refused("TooEarly", Bounties.Decide(bounty, new Bounties.CloseBounty(Owner, 1), Start));
        Refused("ClaimsUndecided", Bounties.Decide(bounty, new Bounties.CloseBounty(Owner, 1), Start + 1_000));
        Granted(Bounties.Decide(bounty with { Decided = 2 }, new Bounties.CloseBounty(Owner, 1), Start + 1_000));
        Assert.Throws<ArgumentException>(() => Bounties.Decide(bounty, new Channels.Close(Owner, 1), Start));
        Refused("WrongStatus", BountyClaims.Decide(null, bounty, new BountyClaims.PayClaim(Owner, 5), Start));
        Granted(BountyClaims.Decide(claim, bounty, new BountyClaims.Award(Client, 5), Start));
        Refused("OnlySponsor", BountyClaims.Decide(claim, bounty, new BountyClaims.Award(Owner, 5), Start));
        Refused("TooLate", BountyClaims.Decide(claim, bounty, new BountyClaims.Award(Client, 5), Start + 2_000));
        Refused("NoAwardLeft", BountyClaims.Decide(claim, full, new BountyClaims.Award(Client, 5), Start));
        Refused("TooEarly", BountyClaims.Decide(claim, bounty, new BountyClaims.PayClaim(Owner, 5), Start + 2_499));
        Granted(BountyClaims.Decide(claim, bounty, new BountyClaims.PayClaim(Owner, 5), Start + 2_500));
        Refused("AwardsLeft", BountyClaims.Decide(claim, bounty, new BountyClaims.ReleaseClaim(Owner, 5), Start));
        Granted(BountyClaims.Decide(claim, full, new BountyClaims.ReleaseClaim(Owner, 5), Start));
        Assert.Throws<ArgumentException>(() => BountyClaims.Decide(claim, bounty, new Channels.Close(Owner, 1), Start));
    }

    /// <summary>What a ruling on claim 5 tells it.</summary>
    private static Disputes.BountyClaimRuled Settled(byte ruling, byte cause) => new(5, 1, ruling, cause);
}
