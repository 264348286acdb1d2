// The arithmetic of auctions, as the market computes it: a bid's score and the length of a round. Enters: the rules
// that a task recorded, and the bidder's offer and standing. Leaves: integers. Always holds: a lower price, a higher
// reputation or a later activity never lowers a score.
using System.Numerics;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>Scores bids and measures rounds.</summary>
public static class Bidding
{
    private const uint Ppm = 1_000_000;
    private const int MostDoublings = 3;

    /// <summary>The part of a task's rules that scores bids.</summary>
    /// <param name="PriceWeight">The weight of the price, of 10,000.</param>
    /// <param name="ReputationWeight">The weight of the reputation.</param>
    /// <param name="RecencyWeight">The weight of recent activity.</param>
    /// <param name="RecencyHalfLife">The half-life of recency, in seconds.</param>
    /// <param name="ReputationHalf">The reputation that brings half of the highest possible reputation score, in
    /// micropoints.</param>
    public readonly record struct Weights(
        ushort PriceWeight, ushort ReputationWeight, ushort RecencyWeight, uint RecencyHalfLife, ulong ReputationHalf);

    /// <summary>
    /// The score of a bid, 0 to 10^10: price, reputation and recency by their weights, each in millionths.
    /// </summary>
    /// <param name="weights">The task's rules.</param>
    /// <param name="maxPrice">The most that the task pays, above 0.</param>
    /// <param name="price">The bid's price, at most the task's.</param>
    /// <param name="reputation">The bidder's decayed score in the task's domain, in micropoints.</param>
    /// <param name="lastActive">The time at which the bidder last earned something in the domain; none: never.</param>
    /// <param name="now">The time at which the bid is placed.</param>
    public static ulong Score(
        in Weights weights, UInt128 maxPrice, UInt128 price, Int256 reputation, Instant lastActive, Instant now)
    {
        var sum = weights.PriceWeight * ((BigInteger)(maxPrice - price) * Ppm / maxPrice);
        var earned = reputation.ToBigInteger();
        if (earned.Sign > 0) sum += weights.ReputationWeight * (earned * Ppm / (earned + weights.ReputationHalf));
        // An agent that was never active is not recent, however young the chain is.
        if (!lastActive.IsNone)
            sum += (ulong)weights.RecencyWeight * Decay.Recency(
                (ulong)(now.Seconds - lastActive.Seconds), weights.RecencyHalfLife);
        return (ulong)sum;
    }

    /// <summary>
    /// The length of a round's window in seconds: every failed round doubles it, up to eight times the first.
    /// </summary>
    public static ulong Window(uint bidWindow, ushort round) => (ulong)bidWindow << Math.Min(round - 1, MostDoublings);
}
