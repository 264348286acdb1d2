// The arithmetic of scores against the vectors of docs/economics.md, digit for digit.
using System.Numerics;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Governance;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Testing;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests;

public class DecayTests
{
    private const ulong Day = 86_400;
    private static readonly Parameters.State NinetyDays = Clock(ParameterKeys.ReputationHalfLife, 90 * Day);

    [Theory]
    [InlineData(0, 10_000_000)]
    [InlineData(1, 9_923_298)]
    [InlineData(45, 7_071_067)]
    [InlineData(90, 5_000_000)]
    [InlineData(365, 601_395)]
    public void Ten_points_fade_as_the_vectors_say(ulong days, long score)
    {
        var accumulator = Decay.Weigh(Up(10_000_000), 0);
        Assert.Equal(Up(score), Decay.Read(accumulator, Parameters.ExponentAt(NinetyDays, Epoch + days * Day)));
    }

    [Fact]
    public void A_loss_fades_toward_zero() =>
        Assert.Equal(Up(-21_213_203),
            Decay.Read(Decay.Weigh(Up(-30_000_000), 0), Parameters.ExponentAt(NinetyDays, Epoch + 45 * Day)));

    [Fact]
    public void Gains_and_losses_at_different_times_add_up_as_the_vector_says()
    {
        var sum = BigInteger.Zero;
        foreach (var (days, increment) in new (ulong, long)[] { (0, 10_000_000), (30, 10_250_000), (60, -20_000_000) })
            sum += Decay.Weigh(Up(increment), Parameters.ExponentAt(NinetyDays, Epoch + days * Day)).ToBigInteger();
        Assert.Equal(BigInteger.Parse("-40738029193495997534250000"), sum);
        var standing = Standing(sum, ParameterKeys.Of("code"u8));
        Assert.Equal(Up(-5_564_891), Reputations.ScoreAt(standing, NinetyDays, Epoch + 60 * Day));
        Assert.Equal(Up(-4_416_825), Reputations.ScoreAt(standing, NinetyDays, Epoch + 90 * Day));
    }

    [Fact]
    public void The_clock_of_a_half_life_keeps_what_it_has_reached_when_its_pace_changes()
    {
        var chain = new SmallChain(Epoch, Parameters.Fold)
            .Happens(new ParamSet(ParameterKeys.ReputationHalfLife, Number(90 * Day))).Until(Epoch + 90 * Day)
            .Happens(new ParamSet(ParameterKeys.ReputationHalfLife, Number(30 * Day)));
        var clock = chain.Of(Parameters.Fold, ParameterKeys.ReputationHalfLife);
        Assert.Equal(((UInt128)65_536, (UInt128)65_536),
            (Parameters.ExponentAt(clock, Epoch), Parameters.ExponentAt(clock, chain.Now)));
        Assert.Equal((UInt128)131_072, Parameters.ExponentAt(clock, chain.Now.Plus(30 * Day)));
    }

    [Fact]
    public void Growth_doubles_with_every_half_life_and_stands_still_at_the_cap()
    {
        Assert.Equal(BigInteger.One << 62, Decay.Growth(0));
        Assert.Equal(BigInteger.One << 63, Decay.Growth(Decay.HalfLife));
        Assert.Equal(BigInteger.One << 182, Decay.Growth(Decay.Cap));
        Assert.Equal(Decay.Growth(Decay.Cap), Decay.Growth(UInt128.MaxValue));
    }

    // The clock once stood still after 120 half-lives: what was earned from then on was kept for ever.
    [Fact]
    public void After_a_hundred_and_twenty_half_lives_scores_still_halve()
    {
        var accumulator = Decay.Add(default, Up(1_000_000), 0);
        accumulator = Decay.Add(accumulator, Up(8_000_000), 121 * Decay.HalfLife);
        Assert.Equal(BigInteger.One, accumulator.ToBigInteger() >> 232);
        Assert.Equal(Up(8_000_000), Decay.Read(accumulator, 121 * Decay.HalfLife));
        Assert.Equal(Up(4_000_000), Decay.Read(accumulator, 122 * Decay.HalfLife));
        Assert.Equal(Up(0), Decay.Read(accumulator, (UInt128)1_000 * Decay.HalfLife));
        var lost = Decay.Add(accumulator, Up(-8_000_000), 363 * Decay.HalfLife);
        Assert.Equal(Up(-2_000_000), Decay.Read(lost, 365 * Decay.HalfLife));
    }

    [Fact]
    public void A_loss_in_a_new_epoch_is_a_loss_although_the_accumulator_grew()
    {
        var first = Decay.Add(default, Up(1_000_000), 0);
        var carried = Decay.Add(first, default, Decay.Cap);
        var lost = Decay.Add(first, Up(-1), Decay.Cap);
        Assert.True(lost.CompareTo(first) > 0);
        Assert.Equal(
            (0, -1, 1), (Decay.Change(first, carried), Decay.Change(first, lost), Decay.Change(lost, carried)));
    }

    [Fact]
    public void An_epoch_s_end_changes_no_score_by_more_than_a_micropoint() => Seed.Run(random =>
    {
        for (var i = 0; i < 200; i++)
        {
            var (early, late) = (default(Int256), default(Int256));
            for (UInt128 at = 0; at < 4 * Decay.HalfLife; at += (uint)random.Next(30_000))
            {
                var shifted = at + 118 * Decay.HalfLife;
                var increment = Up(random.Next(-30_000_000, 30_000_000));
                (early, late) = (Decay.Add(early, increment, at), Decay.Add(late, increment, shifted));
                var (one, other) = (Decay.Read(early, at).ToBigInteger(), Decay.Read(late, shifted).ToBigInteger());
                Assert.True(BigInteger.Abs(one - other) <= 1, $"{one} before the end of an epoch, {other} after it");
            }
        }
    });

    [Fact]
    public void Growth_never_falls() => Seed.Run(random =>
    {
        for (var i = 0; i < 1_000; i++)
        {
            var exponent = (UInt128)random.NextInt64(Decay.Cap + 1_000);
            Assert.True(Decay.Growth(exponent + 1) >= Decay.Growth(exponent), $"growth falls behind {exponent}");
        }
    });

    [Fact]
    public void Growth_is_two_to_the_power_within_its_sixteen_roundings() => Seed.Run(random =>
    {
        for (var i = 0; i < 1_000; i++)
        {
            var fraction = (ushort)random.Next(65_536);
            var exact = Math.Pow(2, fraction / 65_536.0) * Math.Pow(2, 62);
            Assert.InRange(Decay.Exp2Fraction(fraction) / exact, 1 - 1e-14, 1 + 1e-14);
        }
    });

    [Fact]
    public void Decaying_in_steps_is_decaying_at_once() => Seed.Run(random =>
    {
        for (var i = 0; i < 200; i++)
        {
            var increments = Enumerable.Range(0, 20).Select(
                _ => (At: (UInt128)random.Next(1_000_000), By: (long)random.Next(-30_000_000, 30_000_000)));
            var given = increments.ToArray();
            var forward = given.Aggregate(
                BigInteger.Zero, (sum, one) => sum + Decay.Weigh(Up(one.By), one.At).ToBigInteger());
            var backward = given.Reverse().Aggregate(
                BigInteger.Zero, (sum, one) => sum + Decay.Weigh(Up(one.By), one.At).ToBigInteger());
            Assert.Equal(forward, backward);
        }
    });

    [Theory]
    [InlineData(0, 1_000_000)]
    [InlineData(30, 500_000)]
    [InlineData(60, 250_000)]
    [InlineData(30 * 64, 0)]
    public void Recency_halves_with_every_half_life(ulong idleDays, uint ppm) =>
        Assert.Equal(ppm, Decay.Recency(idleDays * Day, 30 * Day));

    [Theory]
    [InlineData(800, 200, 0, 4_000_000_000)]
    [InlineData(800, 200, 30, 3_500_000_000)]
    [InlineData(700, 0, 0, 2_500_000_000)]
    [InlineData(1_000, 200, 0, 3_000_000_000)]
    public void Bids_score_as_the_vectors_say(ulong price, long points, ulong idleDays, ulong score) =>
        Assert.Equal(score, Bidding.Score(
            Weights, 1_000 * Credit, price * Credit, Up(points * 1_000_000), Epoch, Epoch + idleDays * Day));

    [Fact]
    public void Who_was_never_active_is_not_recent_and_a_bad_name_counts_as_none()
    {
        Assert.Equal(1_000_000_000UL, Bidding.Score(Weights, 1_000, 800, default, default, Epoch));
        Assert.Equal(1_000_000_000UL, Bidding.Score(Weights, 1_000, 800, Up(-5), default, Epoch));
    }

    [Fact]
    public void A_lower_price_a_better_name_or_a_later_activity_never_lowers_a_score() => Seed.Run(random =>
    {
        for (var i = 0; i < 500; i++)
        {
            var most = (UInt128)random.NextInt64(1, long.MaxValue) << random.Next(60);
            var price = most * (uint)random.Next(1, 1_001) / 1_000;
            var (points, idle) = (random.NextInt64(1_000_000_000), (ulong)random.Next(100_000_000));
            var score = Bidding.Score(Weights, most, price, Up(points), Epoch, Epoch + idle);
            Assert.InRange(score, 0UL, 10_000_000_000UL);
            Assert.True(Bidding.Score(Weights, most, price / 2, Up(points), Epoch, Epoch + idle) >= score);
            Assert.True(Bidding.Score(Weights, most, price, Up(points * 2), Epoch, Epoch + idle) >= score);
            Assert.True(Bidding.Score(Weights, most, price, Up(points), Epoch + idle / 2, Epoch + idle) >= score);
        }
    });

    [Fact]
    public void Failed_rounds_double_the_window_up_to_eight_times() =>
        Assert.Equal([900UL, 1_800, 3_600, 7_200, 7_200],
            Enumerable.Range(1, 5).Select(round => Bidding.Window(900, (ushort)round)));

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 30, 1)]
    [InlineData(1, 31, 0)]
    [InlineData(2, 0, 2)]
    [InlineData(2, 12, 2)]
    [InlineData(2, 13, 1)]
    [InlineData(2, 60, 1)]
    [InlineData(2, 61, 0)]
    public void Strikes_are_forgotten_as_the_vectors_say(int upheld, ulong days, ulong strikes)
    {
        var clock = Clock(ParameterKeys.StrikeHalfLife, 30 * Day);
        var standing = Standing(upheld * Decay.Weigh(Up(1_000_000), 0).ToBigInteger(), Reputations.StrikeDomain);
        Assert.Equal(strikes, Reputations.StrikesAt(standing, clock, Epoch + days * Day));
    }

    [Fact]
    public void Strikes_fade_by_their_own_half_life_and_an_agent_without_a_standing_has_none()
    {
        Assert.Equal(ParameterKeys.StrikeHalfLife, Reputations.HalfLifeOf(Reputations.StrikeDomain));
        Assert.Equal(ParameterKeys.ReputationHalfLife, Reputations.HalfLifeOf(ParameterKeys.Of("code"u8)));
        Assert.Equal(default, Reputations.ScoreAt(null, NinetyDays, Epoch));
        Assert.Equal(0UL, Reputations.StrikesAt(null, NinetyDays, Epoch));
    }

    private const ulong Epoch = 1_000_000;

    private static Bidding.Weights Weights { get; } = new(5_000, 4_000, 1_000, (uint)(30 * Day), 200_000_000);

    private static Int256 Up(long micropoints) => Int256.From(micropoints);

    private static Parameters.State Clock(Word key, ulong halfLife) =>
        new SmallChain(Epoch, Parameters.Fold).Happens(new ParamSet(key, Number(halfLife))).Of(Parameters.Fold, key);

    private static Reputations.State Standing(
        BigInteger accumulator, Word domain) => new SmallChain(Epoch, Reputations.Fold)
        .Happens(new ReputationSet(7, domain, default, default, Int256.From(accumulator),
            (byte)(domain == Reputations.StrikeDomain ? 13 : accumulator.Sign < 0 ? 5 : 1)))
        .Of(Reputations.Fold, Reputations.KeyOf(7, domain));
}
