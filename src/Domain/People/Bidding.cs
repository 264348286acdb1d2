// The arithmetic of auctions, as the market computes it: a bid's score and the length of a round. Enters: the rules
// that a task recorded, and what the bidder has to offer. Leaves: integers. Always holds: a lower price, a higher
// reputation or a later activity never lowers a score.
using System.Numerics;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>Scores bids and measures rounds.</summary>
public static class Bidding
{
    private const uint Ppm = 1_000_000;
    private const int MostDoublings = 3;

    /// <summary>What a task's rules say about scores.</summary>
    /// <param name="PriceWeight">How much the price counts, of 10,000.</param>
    /// <param name="ReputationWeight">How much reputation counts.</param>
    /// <param name="RecencyWeight">How much recent activity counts.</param>
    /// <param name="RecencyHalfLife">After how many seconds recency is halved.</param>
    /// <param name="ReputationHalf">The reputation that brings half of what reputation can bring, in
    /// micropoints.</param>
    public readonly record struct Weights(
        ushort PriceWeight, ushort ReputationWeight, ushort RecencyWeight, uint RecencyHalfLife, ulong ReputationHalf);

    /// <summary>
    /// The score of a bid, 0 to 10^10: price, reputation and recency by their weights, each in millionths.
    /// </summary>
    /// <param name="weights">The task's rules.</param>
    /// <param name="maxPrice">The most that the task pays, above 0.</param>
    /// <param name="price">The bid's price, at most that.</param>
    /// <param name="reputation">The bidder's decayed score in the task's domain, in micropoints.</param>
    /// <param name="lastActive">When the bidder last earned something there; none: never.</param>
    /// <param name="now">When the bid is placed.</param>
    public static ulong Score(
        in Weights weights, UInt128 maxPrice, UInt128 price, Int256 reputation, Instant lastActive, Instant now)
    {
        var sum = weights.PriceWeight * ((BigInteger)(maxPrice - price) * Ppm / maxPrice);
        var earned = reputation.ToBigInteger();
        if (earned.Sign > 0) sum += weights.ReputationWeight * (earned * Ppm / (earned + weights.ReputationHalf));
        // Who was never active is not recent, however young the chain is.
        if (!lastActive.IsNone)
            sum += (ulong)weights.RecencyWeight * Decay.Recency(
                (ulong)(now.Seconds - lastActive.Seconds), weights.RecencyHalfLife);
        return (ulong)sum;
    }

    /// <summary>
    /// How many seconds a round's window is: every failed round doubles it, up to eight times the first.
    /// </summary>
    public static ulong Window(uint bidWindow, ushort round) => (ulong)bidWindow << Math.Min(round - 1, MostDoublings);
}
