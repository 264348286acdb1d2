// What finalized tasks are worth, whatever addresses paid: the vectors of docs/economics.md, and the folds of clients
// and earnings.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public class EsteemTests
{
    private const ulong Day = 86_400;
    private const ulong Start = 20_000 * Day;
    private const ulong Full = 1_000_000;
    private static readonly Word Code = ParameterKeys.Of("code"u8);
    private static readonly string Key = Reputations.KeyOf(7, Code);

    [Theory]
    [InlineData(5, 505_000)]
    [InlineData(100, 10_100_000)]
    [InlineData(250, 10_250_000)]
    [InlineData(20_000, 20_000_000)]
    public void A_fresh_client_s_first_task_adds_what_the_vectors_say(ulong value, ulong increment) =>
        Assert.Equal(increment, Esteem.Increment(Points(value), 0, 1, 0, 0));

    [Fact]
    public void Clients_without_a_history_count_as_one()
    {
        UInt128 earned = 0;
        var increments = new List<UInt128>();
        for (ulong crowd = 0; crowd < 20; crowd++)
        {
            increments.Add(Esteem.Increment(Points(100), 0, 1, crowd * Full, earned));
            earned += increments[^1];
        }

        Assert.Equal((UInt128[])[10_100_000, 2_499_750, 1_245_708], increments.Take(3));
        Assert.Equal((UInt128)17_554_139, earned);
        Assert.True(increments.Zip(increments.Skip(1)).All(pair => pair.First > pair.Second));
    }

    [Fact]
    public void A_client_with_a_history_is_damped_by_its_own_tasks_alone()
    {
        Assert.Equal((UInt128)5_050_000, Esteem.Increment(Points(100), Full, 2, 30 * Full, 0));
        Assert.Equal((UInt128)7_575_000, Esteem.Increment(Points(100), Full / 2, 1, Full, 0));
        Assert.Equal((UInt128)499_999, Esteem.Weight(Esteem.History / 2 - 1));
        Assert.Equal((UInt128)Full, Esteem.Weight(UInt128.MaxValue));
        Assert.Equal(((UInt128)20_000_000, (UInt128)Full), Esteem.Worth(UInt128.MaxValue, 100 * Credit));
    }

    [Fact]
    public void No_day_is_longer_than_its_end() => Seed.Run(random =>
    {
        UInt128 earned = 0;
        for (var i = 0; i < 200; i++)
        {
            var (points, _) = Esteem.Worth((UInt128)(uint)random.Next() * Credit / 1_000, 100 * Credit);
            var increment = Esteem.Increment(
                points, (ulong)random.Next(1_000_001), (ulong)random.Next(1, 9), (ulong)random.Next(9) * Full, earned);
            Assert.True(increment <= points);
            Assert.True((earned += increment) <= Esteem.Daily);
        }
    });

    [Fact]
    public void What_a_client_settles_today_counts_from_tomorrow()
    {
        var chain = Chain().Happens(
            Weighed(1, 0, Full, 10_100_000, 600)).Happens(Weighed(2, 0, 2 * Full, 12_599_750, 1_200));
        Assert.Empty(chain.Violations);
        var client = chain.Of(Clients.Fold, Client);
        Assert.Equal(new Clients.State(Client, 1_200 * Credit, 0, 2, 2, Start, Start), client);
        Assert.Equal((UInt128)0, Clients.WeightAt(client, Start + Day - 1));
        Assert.Equal((UInt128)Full, Clients.WeightAt(client, Start + Day));
        Assert.Equal((UInt128)0, Clients.WeightAt(null, Start));
        chain.After(Day).Happens(Weighed(3, Full, 2 * Full, 5_050_000, 1_300));
        Assert.Empty(chain.Violations);
        Assert.Equal(
            new Clients.State(Client, 1_300 * Credit, 1_200 * Credit, 3, 3, Start, Start + Day),
            chain.Of(Clients.Fold, Client));
    }

    [Fact]
    public void Earnings_know_the_crowd_and_the_day()
    {
        var chain = Chain().Happens(Weighed(1, 0, Full, 10_100_000, 600), Weighed(2, 0, 2 * Full, 12_599_750, 1_200));
        var earning = chain.Of(Earnings.Fold, Key);
        Assert.Equal(new Earnings.State(Key, 7, Code, 2 * Full, 12_599_750, 12_599_750, 2, Start), earning);
        Assert.Equal((UInt128)12_599_750, Earnings.EarnedAt(earning, Start + Day - 1));
        Assert.Equal((UInt128)0, Earnings.EarnedAt(earning, Start + Day));
        Assert.Equal((UInt128)0, Earnings.EarnedAt(null, Start));
        chain.After(Day).Happens(Weighed(3, Full, 2 * Full, 5_050_000, 1_300));
        earning = chain.Of(Earnings.Fold, Key);
        Assert.Equal(((UInt128)5_050_000, (UInt128)17_649_750), (earning.EarnedOnDay, earning.Earned));
    }

    [Fact]
    public void Whoever_is_weighed_otherwise_than_its_history_says_did_not_happen()
    {
        Assert.Null(Clients.Fold.Evolve(null, Weighed(1, 1, Full, 1, 600), new At(2, Start)));
        var client = Chain().Happens(Weighed(1, 0, Full, 1, 600)).Of(Clients.Fold, Client);
        Assert.Null(Clients.Fold.Evolve(client, Weighed(2, Full, Full, 1, 700), new At(2, Start)));
        Assert.Null(Clients.Fold.Evolve(client, Weighed(2, 0, Full, 1, 500), new At(2, Start)));
        var earning = Chain().Happens(Weighed(1, 0, Full, 9, 600)).Of(Earnings.Fold, Key);
        Assert.Null(Earnings.Fold.Evolve(earning, Weighed(2, 0, Full - 1, 9, 600), new At(2, Start)));
        Assert.Null(Earnings.Fold.Evolve(earning, Weighed(2, 0, Full, 8, 600), new At(2, Start)));
        Assert.Null(Earnings.Fold.Evolve(earning, Weighed(2, 0, Full, 20_000_001, 600), new At(2, Start)));
        Assert.Null(Earnings.Fold.Evolve(earning, new CompletionCounted(7, Client, 4, 1), new At(2, Start)));
        Assert.Null(Clients.Fold.Evolve(client, new CompletionCounted(7, Client, 4, 1), new At(2, Start)));
    }

    private static SmallChain Chain() => new(Start, Clients.Fold, Earnings.Fold);

    private static UInt128 Points(ulong value) => Esteem.Worth(value * Credit, 100 * Credit).Points;

    private static CompletionWeighed Weighed(ulong task, ulong weight, ulong crowd, ulong earned, ulong settled) =>
        new(7, Code, Client, task, weight, crowd, earned, settled * Credit);
}
