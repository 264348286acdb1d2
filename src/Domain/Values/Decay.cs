// Forward decay, digit for digit as the contracts compute it: later increments weigh more, instead of old ones less.
// Enters: increments, accumulators, exponents in 1/65536 half-lives. Leaves: what the chain would answer. Always holds:
// integers only; reading changes nothing, so waiting twice is waiting once; every 120 half-lives growth begins anew,
// and in the first of these epochs an accumulator is the plain sum.
using System.Numerics;
using EventSourced.Domain.Events;

namespace EventSourced.Domain.Values;

/// <summary>The arithmetic of scores that decay.</summary>
public static class Decay
{
    /// <summary>
    /// The end of an epoch: after 120 half-lives growth begins anew, because the chain's words would overflow. Growth
    /// itself stays at its last value beyond it.
    /// </summary>
    public const uint Cap = 120 * HalfLife;

    /// <summary>From 64 half-lives on, recency counts as none.</summary>
    public const uint Forgotten = 64 * HalfLife;

    /// <summary>One half-life, in the unit of exponents.</summary>
    public const uint HalfLife = 65_536;

    private const int FractionBits = 16;
    private const int OneShift = 62;

    // An accumulator is epoch * 2^232 + sum, the sum between -2^231 and 2^231. Stored; never change.
    private const int EpochDigit = 232;
    private const int HalvingsAnEpoch = 120;
    private const uint Ppm = 1_000_000;

    // floor(2^(2^-(i + 1)) * 2^62) for i = 0..15.
    private static ReadOnlySpan<ulong> Roots =>
    [
        0x5a827999fcef3242, 0x4c1bf828c6dc54b7, 0x45cae0f1f545eb73, 0x42d561b3e6243d8a,
        0x4166c34c5615d0eb, 0x40b268f9de0183b9, 0x4058f6a7ecccd5b6, 0x402c6be96af2fb58,
        0x4016321b687027a8, 0x400b18178ba33b14, 0x40058bce410147e8, 0x4002c5d7bff71dae,
        0x400162e807ee7e5b, 0x4000b1730df6a524, 0x400058b9497b8151, 0x40002c5c955dd701,
    ];

    /// <summary>
    /// 2^(fraction / 65536) * 2^62, by one multiplication for each bit that is set, the highest bit first.
    /// </summary>
    public static ulong Exp2Fraction(ushort fraction)
    {
        var result = 1UL << OneShift;
        for (var i = 0; i < FractionBits; i++)
            if ((fraction & 0x8000 >> i) != 0) result = (ulong)((UInt128)result * Roots[i] >> OneShift);
        return result;
    }

    /// <summary>2^(exponent / 65536) * 2^62, standing still from the cap on.</summary>
    public static BigInteger Growth(UInt128 exponent)
    {
        var capped = exponent > Cap ? Cap : (uint)exponent;
        return (BigInteger)Exp2Fraction((ushort)capped) << (int)(capped >> FractionBits);
    }

    /// <summary>The amount that an increment adds to the sum of its epoch.</summary>
    public static Int256 Weigh(Int256 increment, UInt128 exponent) =>
        Int256.From(increment.ToBigInteger() * Growth(exponent % Cap));

    /// <summary>The accumulator after an increment.</summary>
    public static Int256 Add(Int256 accumulator, Int256 increment, UInt128 exponent)
    {
        var epoch = (BigInteger)(exponent / Cap);
        return Int256.From(
            (epoch << EpochDigit) + SumIn(accumulator, epoch) + Weigh(increment, exponent).ToBigInteger());
    }

    /// <summary>
    /// The score that an accumulator holds at an exponent; truncated toward zero, so its error stays under one unit.
    /// </summary>
    public static Int256 Read(Int256 accumulator, UInt128 exponent) =>
        Int256.From(BigInteger.Divide(SumIn(accumulator, exponent / Cap), Growth(exponent % Cap)));

    /// <summary>
    /// The sign of the addition that led from one accumulator to a later one: above 0 a gain, 0 nothing, below 0 a
    /// loss.
    /// </summary>
    public static int Change(Int256 earlier, Int256 later)
    {
        var epoch = EpochOf(later);
        return SumIn(later, epoch).CompareTo(SumIn(earlier, epoch));
    }

    private static BigInteger EpochOf(Int256 accumulator) =>
        (accumulator.ToBigInteger() + (BigInteger.One << EpochDigit - 1)) >> EpochDigit;

    // The sum as it counts in its own epoch or a later one, truncated toward zero; after two epochs nothing is left.
    private static BigInteger SumIn(Int256 accumulator, BigInteger epoch)
    {
        var last = EpochOf(accumulator);
        var sum = accumulator.ToBigInteger() - (last << EpochDigit);
        if (epoch == last) return sum;
        return epoch == last + 1 ? BigInteger.Divide(sum, BigInteger.One << HalvingsAnEpoch) : BigInteger.Zero;
    }

    /// <summary>
    /// The recency of an activity, in millionths: all just now, half of it after every half-life, none from 64
    /// half-lives on.
    /// </summary>
    public static uint Recency(ulong idleSeconds, ulong halfLifeSeconds)
    {
        var exponent = (UInt128)idleSeconds * HalfLife / halfLifeSeconds;
        return exponent >= Forgotten ? 0 : (uint)(((BigInteger)Ppm << OneShift) / Growth(exponent));
    }
}
