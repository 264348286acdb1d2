// Eras, their roots, and what agents are granted and paid.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;
using static EventSourced.Domain.Tests.Court.CourtSamples;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Work;

public class RewardTests
{
    private const ulong Era = 2_900;
    private const ulong Day = 24 * 3600;
    private const byte RewardAccount = 14;
    private const byte Wallet = 1;
    private const byte Treasury = 16;

    private static EraRootPosted Root(ulong time = Start) => new(Era, Hash(1), 1_000, 9, time + 2 * Day);

    private static SmallChain Posted() => SmallChain.Whole(Start).Happens(Root(), Bond(1));

    private static Moved Bond(ushort posting) => Move(Account(Stake, 9), PosterAccount(1, Era, posting), Era, 700, 39);

    private static SmallChain Accepted() =>
        Posted().After(2 * Day).Happens(new EraRootSettled(Era, true, Start + 2 * Day, Start + 9 * Day));

    private static SmallChain Disputed() => Posted().Happens(
        new DisputeOpened(1, Account(RewardAccount, Era), 7, 9, 7, Hash(4), Start + 500), new DisputeBonded(1, Bonded));

    private static Rewards.State Found(SmallChain chain) => chain.Of(Rewards.Fold, Era);

    [Fact]
    public void A_posted_root_has_its_bond_from_the_money_that_moved()
    {
        Assert.Equal((Rewards.Status.Posted, (ushort)1, (UInt128)700),
            Found(Posted()) is var era ? (era.Status, era.Posting, era.Bond) : default);
        Assert.Single(Posted().Happens(Bond(1)).Violations);
        Assert.Single(SmallChain.Whole(Start).Happens(Root(), Bond(2)).Violations);
    }

    [Fact]
    public void An_accepted_era_grants_within_its_total_and_pays_what_was_granted()
    {
        var chain = Accepted().Happens(new RewardGranted(Era, 8, 600, Start + 2 * Day, Start + 9 * Day),
            Move(Account(RewardAccount, Era, 0), Account(RewardAccount, Era, 8), Era, 600, 36));
        chain.After(Day).Happens(Move(Account(RewardAccount, Era, 8), Account(Wallet, 2), Era, 100, 36));
        var reward = chain.Of(RewardGrants.Fold, $"{Era}-8");
        Assert.Equal(((UInt128)600, (UInt128)100, chain.Now), (reward.Amount, reward.Released, reward.ReleasedAt));
        Assert.Equal((1UL, (UInt128)600), (Found(chain).Grants, Found(chain).Granted));
        Assert.Empty(chain.Violations);
        Assert.Single(chain.Happens(Move(Account(RewardAccount, Era, 8), Account(Wallet, 2), Era, 501, 36)).Violations);
        Assert.Contains($"era-{Era}: RewardGranted", chain.Happens(new RewardGranted(Era, 9, 401, 0, 0)).Violations);
    }

    [Fact]
    public void An_agent_is_granted_once_an_era_and_only_by_an_accepted_one()
    {
        var twice = Accepted().Happens(new RewardGranted(Era, 8, 6, 0, 0), new RewardGranted(Era, 8, 6, 0, 0));
        Assert.Equal([$"reward-{Era}-8: RewardGranted"], twice.Violations);
        Assert.Contains($"era-{Era}: RewardGranted", Posted().Happens(new RewardGranted(Era, 8, 6, 0, 0)).Violations);
    }

    [Fact]
    public void What_nobody_claimed_goes_back_to_the_treasury()
    {
        var chain = Accepted().Happens(new RewardGranted(Era, 8, 600, 0, 0),
            Move(Account(RewardAccount, Era, 0), Account(Treasury, 0), Era, 400, 26));
        Assert.Equal((UInt128)400, Found(chain).Swept);
        Assert.Empty(chain.Violations);
        Assert.Single(
            Accepted().Happens(Move(Account(RewardAccount, Era, 0), Account(Treasury, 0), Era, 400, 26)).Violations);
    }

    [Fact]
    public void A_root_that_was_not_accepted_leaves_the_era_to_another()
    {
        var chain = Posted().Happens(new EraRootSettled(Era, false, 0, 0), Root(), Bond(2));
        Assert.Equal((Rewards.Status.Posted, (ushort)2, (UInt128)700),
            Found(chain) is var era ? (era.Status, era.Posting, era.Bond) : default);
        Assert.Empty(chain.Violations);
        Assert.Single(Posted().Happens(Root()).Violations);
    }

    [Fact]
    public void The_court_confirms_a_root_once_or_ends_it()
    {
        var confirmed = Disputed().Happens(new Disputes.EraRuled(Era, 1, 1, 1));
        Assert.Equal((Rewards.Status.Posted, true), (Found(confirmed).Status, Found(confirmed).IsRuled));
        Assert.Contains($"era-{Era}: DisputeOpened",
            confirmed.Happens(
                new DisputeOpened(2, Account(RewardAccount, Era), 7, 9, 7, Hash(4), Start + 500)).Violations);
        foreach (byte ruling in new byte[] { 2, 3 })
        {
            var ended = Disputed().Happens(
                new Disputes.EraRuled(Era, 1, ruling, 1), new EraRootSettled(Era, false, 0, 0));
            Assert.Equal((Rewards.Status.NotAccepted, 1UL), (Found(ended).Status, Found(ended).DisputeId));
            Assert.Empty(ended.Violations);
        }

        Assert.Single(Disputed().Happens(new EraRootSettled(Era, true, 1, 2)).Violations);
        Assert.Single(Disputed().Happens(new Disputes.EraRuled(Era, 2, 1, 1)).Violations);
        Assert.Single(Disputed().Happens(new Disputes.EraRuled(Era, 1, 0, 1)).Violations);
    }

    [Fact]
    public void A_challenge_that_was_taken_back_gives_others_a_full_window()
    {
        var early = Disputed().Happens(new DisputeSettled(1, 1, 2));
        Assert.Equal((Rewards.Status.Posted, new Instant(Start + 2 * Day), false),
            Found(early) is var era ? (era.Status, era.FinalAt, era.IsRuled) : default);
        var late = Disputed().After(Day).Happens(new DisputeSettled(1, 1, 2));
        Assert.Equal(new Instant(Start + 3 * Day), Found(late).FinalAt);
        Assert.Empty(late.Violations);
    }

    [Fact]
    public void The_ends_of_its_windows_are_told_once()
    {
        var chain = Posted().After(2 * Day);
        Assert.Equal(Rewards.Overdue.Settle, Found(chain).Overdue);
        chain.Happens(new EraRootSettled(Era, true, Start + 2 * Day, Start + 9 * Day));
        Assert.Equal(Rewards.Overdue.Sweep, Found(chain.After(365 * Day)).Overdue);
        Assert.Equal(2, chain.After(Day).Followed.Count);
    }

    [Fact]
    public void Commands_are_refused_in_the_words_of_the_contract()
    {
        var (posted, accepted) = (Found(Posted()), Found(Accepted()));
        var sweepable = Start + 367 * Day;
        Granted(Rewards.Decide(null, new Rewards.PostRoot(Owner, Era, Hash(1), 5), Start));
        Refused("WrongStatus", Rewards.Decide(posted, new Rewards.PostRoot(Owner, Era, Hash(1), 5), Start));
        Refused("ZeroRoot", Rewards.Decide(null, new Rewards.PostRoot(Owner, Era, default, 5), Start));
        Refused("TotalOutOfBounds", Rewards.Decide(null, new Rewards.PostRoot(Owner, Era, Hash(1), 0), Start));
        Refused("TooEarly", Rewards.Decide(posted, new Rewards.SettleEra(Owner, Era), Start));
        Granted(Rewards.Decide(posted, new Rewards.SettleEra(Owner, Era), Start + 2 * Day));
        Refused("WrongStatus", Rewards.Decide(null, new Rewards.SettleEra(Owner, Era), Start));
        Granted(Rewards.Decide(accepted, new Rewards.Claim(Owner, Era, 8), Start));
        Refused("TooLate", Rewards.Decide(accepted, new Rewards.Claim(Owner, Era, 8), sweepable));
        Refused("WrongStatus", Rewards.Decide(posted, new Rewards.Claim(Owner, Era, 8), Start));
        Refused("TooEarly", Rewards.Decide(accepted, new Rewards.SweepEra(Owner, Era), Start));
        Granted(Rewards.Decide(accepted, new Rewards.SweepEra(Owner, Era), sweepable));
        Refused("NothingLeft",
            Rewards.Decide(accepted with { Granted = 1_000 }, new Rewards.SweepEra(Owner, Era), sweepable));
        Assert.Throws<ArgumentException>(() => Rewards.Decide(posted, new Channels.Close(Owner, 1), Start));
    }
}
