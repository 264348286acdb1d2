// Unbondings, votes, and the total of all stake.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public class StakeTests
{
    private static readonly Word Stake = Accounts.Stake(7);
    private static readonly Word Leaving = Accounts.Unbonding(3);
    private static readonly Word Wallet = Accounts.Credit(Owner);

    [Fact]
    public void Stake_leaves_waits_and_is_paid_to_the_owner()
    {
        var chain = Started();
        Assert.Equal(
            new Unbondings.State(3, 7, Unbondings.Status.Waiting, 50, 50, 1_000, 2_000, default, false), Of(chain));
        chain.Until(2_000);
        Assert.True(Of(chain).IsMature);
        Assert.Equal([new Unbondings.UnbondingMatured(3, 2_000)], chain.Followed);
        chain.Until(2_500).Happens(new UnbondingEnded(3, 7), Move(Leaving, Wallet, 7, 50, (byte)Reason.Release));
        Assert.Equal(
            new Unbondings.State(3, 7, Unbondings.Status.Released, 50, 0, 1_000, 2_000, 2_500, false), Of(chain));
        Assert.Single(chain.Followed);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void A_slash_takes_from_what_waits_and_ends_it_once_nothing_is_left()
    {
        var chain = Started().Happens(Move(Leaving, Accounts.Burn, 1, 20, (byte)Reason.SlashBurn));
        Assert.Equal((UInt128)30, Of(chain).Held);
        chain.Happens(Move(Leaving, Accounts.Burn, 1, 30, (byte)Reason.SlashBurn), new UnbondingEnded(3, 7));
        Assert.Equal((Unbondings.Status.Slashed, (UInt128)0, new Instant(1_000)),
            (Of(chain).Status, Of(chain).Held, Of(chain).EndedAt));
        chain.Until(2_000);
        Assert.Empty(chain.Followed);
        Assert.Empty(chain.Violations);
    }

    [Fact]
    public void Nothing_is_released_before_its_time_or_by_another_agent_or_in_part()
    {
        var waiting = Of(Started());
        Assert.Null(Unbondings.Fold.Evolve(waiting, new UnbondingEnded(3, 7), new At(2, 1_999)));
        Assert.Null(Unbondings.Fold.Evolve(waiting, new UnbondingEnded(3, 8), new At(2, 2_000)));
        Assert.Null(Unbondings.Fold.Evolve(waiting, Move(Leaving, Wallet, 7, 50, 28), new At(2, 2_000)));
        Assert.Null(Unbondings.Fold.Evolve(waiting, Move(Leaving, Accounts.Burn, 7, 51, 28), new At(2, 2_000)));
        Assert.Null(Unbondings.Fold.Evolve(waiting, Move(Stake, Leaving, 7, 1, 27), new At(2, 2_000)));
        var released = Unbondings.Fold.Evolve(waiting, new UnbondingEnded(3, 7), new At(2, 2_000))!;
        Assert.Null(Unbondings.Fold.Evolve(released, Move(Leaving, Wallet, 7, 49, 28), new At(2, 2_000)));
        Assert.Null(Unbondings.Fold.Evolve(released, Move(Leaving, Accounts.Burn, 7, 50, 21), new At(2, 2_000)));
        Assert.Null(
            Unbondings.Fold.Evolve(waiting with { Amount = 0, Held = 0 }, new UnbondingEnded(3, 7), new At(2, 2_000)));
        Assert.Null(Unbondings.Fold.Evolve(released, new UnbondingEnded(3, 7), new At(2, 2_000)));
        Assert.Null(Unbondings.Fold.Evolve(null, Move(Stake, Leaving, 7, 1, 27), default));
    }

    [Fact]
    public void A_release_needs_an_unbonding_that_waits_and_its_time()
    {
        var waiting = Of(Started());
        var release = new Unbondings.Release(Stranger, 3);
        Granted(Unbondings.Decide(waiting, release, 2_000));
        Refused("TooEarly", Unbondings.Decide(waiting, release, 1_999));
        Refused("UnknownUnbonding", Unbondings.Decide(null, release, 2_000));
        Refused(
            "UnknownUnbonding", Unbondings.Decide(waiting with { Status = Unbondings.Status.Slashed }, release, 2_000));
        Assert.Throws<ArgumentException>(() => Unbondings.Decide(waiting, new Tasks.Cancel(Owner, 1), 1));
    }

    [Fact]
    public void Votes_go_on_from_where_they_were()
    {
        var chain = new SmallChain(1_000, Voters.Fold).Happens(new DelegateVotesChanged(Owner, 0, 50)).After(5)
            .Happens(new DelegateVotesChanged(Owner, 50, 20));
        Assert.Equal(new Voters.State(Owner, 20, 1_000, 1_005), chain.Of(Voters.Fold, Owner));
        Assert.Empty(chain.Violations);
        chain.Happens(new DelegateVotesChanged(Owner, 50, 10), new DelegateVotesChanged(Client, 1, 10));
        Assert.Equal(
            [$"voter-{Owner}: DelegateVotesChanged", $"voter-{Client}: DelegateVotesChanged"], chain.Violations);
    }

    [Fact]
    public void The_total_is_the_sum_of_all_stakes() => Seed.Run(random =>
    {
        var chain = new SmallChain(1_000, StakeTotals.Fold, Balances.Fold);
        for (ulong i = 0; i < 200; i++)
        {
            var (one, other) = (Accounts.Stake((ulong)random.Next(5)), Accounts.Stake((ulong)random.Next(5)));
            var held = chain.Find(Balances.Fold, one)?.Balance ?? 0;
            chain.Happens(Move(Accounts.External(Owner), Wallet, 0, 100, 0), Move(Wallet, one, 7, 100, 2));
            if (held > 0) chain.Happens(
                random.Next(2) == 0 ? Move(one, Leaving, 7, held, 27) : Move(one, other, 7, held, 38));
        }

        var sum = Enumerable.Range(0, 5).Aggregate(
            (UInt128)0, (total, id) => total + (chain.Find(Balances.Fold, Accounts.Stake((ulong)id))?.Balance ?? 0));
        Assert.Equal(sum, chain.Of(StakeTotals.Fold, StakeTotals.Key).Total);
        Assert.Empty(chain.Violations);
    });

    [Fact]
    public void Less_than_no_stake_and_more_than_there_can_be_is_impossible()
    {
        var total = new StakeTotals.State(StakeTotals.Key, 10, 1);
        Assert.Null(StakeTotals.Fold.Evolve(total, Move(Stake, Wallet, 7, 11, 38), default));
        Assert.Null(StakeTotals.Fold.Evolve(total, Move(Wallet, Stake, 7, UInt128.MaxValue, 2), default));
        Assert.Null(StakeTotals.Fold.Evolve(null, Move(Stake, Wallet, 7, 1, 38), default));
    }

    [Fact]
    public void The_total_of_all_votes_is_the_sum_of_the_voters() => Seed.Run(random =>
    {
        var chain = new SmallChain(1_000, VoteTotals.Fold, Voters.Fold);
        Address[] voters = [Owner, Client, Stranger];
        for (var i = 0; i < 200; i++)
        {
            var voter = voters[random.Next(3)];
            chain.Happens(new DelegateVotesChanged(
                voter, chain.Find(Voters.Fold, voter)?.Votes ?? 0, (UInt128)random.Next(1_000)));
        }

        var sum = voters.Aggregate((UInt128)0, (total, voter) => total + (chain.Find(Voters.Fold, voter)?.Votes ?? 0));
        Assert.Equal(sum, chain.Of(VoteTotals.Fold, VoteTotals.Key).Total);
        Assert.Empty(chain.Violations);
    });

    [Fact]
    public void A_pledge_of_catalog_1_0_and_one_of_1_1_leave_the_same_total_where_the_votes_are_the_same()
    {
        // v1.0: the pledge costs its owner the votes, which come back with it; v1.1: the votes stay.
        var before = new SmallChain(1_000, VoteTotals.Fold).Happens(new DelegateVotesChanged(Owner, 0, 50))
            .Happens(new DelegateVotesChanged(Owner, 50, 20)).Happens(new DelegateVotesChanged(Owner, 20, 50));
        var after = new SmallChain(1_000, VoteTotals.Fold).Happens(new DelegateVotesChanged(Owner, 0, 50));
        Assert.Equal(after.Of(VoteTotals.Fold, VoteTotals.Key).Total, before.Of(VoteTotals.Fold, VoteTotals.Key).Total);
    }

    [Fact]
    public void A_vote_before_there_are_votes_and_more_votes_lost_than_there_are_is_impossible()
    {
        var total = new VoteTotals.State(VoteTotals.Key, 10, 1);
        Assert.Null(VoteTotals.Fold.Evolve(null, new Proposals.ProposalDeadlinePassed(Hash(1), 1, 1), default));
        Assert.Null(VoteTotals.Fold.Evolve(null, new DelegateVotesChanged(Owner, 1, 5), default));
        Assert.Null(VoteTotals.Fold.Evolve(total, new DelegateVotesChanged(Owner, 11, 5), default));
    }

    private static Unbondings.State Of(SmallChain chain) => chain.Of(Unbondings.Fold, 3UL);

    private static SmallChain Started() => new SmallChain(1_000, Unbondings.Fold)
        .Happens(new UnbondingStarted(3, 7, 2_000), Move(Stake, Leaving, 7, 50, (byte)Reason.Unbond));
}
