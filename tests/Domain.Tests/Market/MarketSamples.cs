// A task's events as the market emits them, with the values that the tests of the market share.
using EventSourced.Domain.Events;
using EventSourced.Domain.Market;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Market;

/// <summary>Sample events of the market.</summary>
internal static class MarketSamples
{
    internal const ulong Start = 1_000_000;
    internal const ulong Expiry = Start + 100_000;

    internal static readonly Rules Kept = new(
        100, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 3_000, 2_000, 4, 86_400, 7_000_000);

    internal static Terms TermsOf(Tasks.Mode mode, bool optimistic = false) => new(
        (byte)mode, (byte)(optimistic ? 1 : 0), Hash(1), 1_000, 400, Int256.From(-5), 600, 300, 700, 5_000, 800, 900,
        60, 30, Expiry, Hash(2), "ipfs://spec");

    internal static TaskCreated Created(Tasks.Mode mode = Tasks.Mode.Open, ulong named = 0, bool optimistic = false) =>
        new(1, Client, named, TermsOf(mode, optimistic), Kept);

    internal static BiddingOpened Opened(ushort round = 1, ulong time = Start) =>
        new(1, round, 0, time + 600, time + 900);

    internal static BidPlaced Placed(ulong bidId, ulong agentId, ulong score = 50, ulong price = 500) =>
        new(1, bidId, agentId, price, 77, Hash((byte)bidId), score);

    internal static TaskMatched Matched(ulong bidId, ulong agentId, ushort round = 1, ulong time = Start) =>
        new(1, bidId, agentId, round, time + 700, time + 5_700);

    internal static WorkLeaseStarted Started(ulong agentId, ulong time = Start) => new(9, 1, agentId, time + 60, 60);

    internal static TaskSubmitted Submitted(ulong agentId, ulong time = Start) =>
        new(1, agentId, Hash(3), Hash(4), "ipfs://result", time + 800);

    /// <summary>A chain with one open task and two bids.</summary>
    internal static SmallChain Bidding(Tasks.Mode mode = Tasks.Mode.Open) => mode == Tasks.Mode.Sealed
        ? SmallChain.Whole(Start).Happens(
            Created(mode), Opened(), new BidCommitted(1, 1, 7, Hash(8)), new BidCommitted(1, 2, 8, Hash(9)))
        : SmallChain.Whole(Start).Happens(Created(mode), Opened(), Placed(1, 7, 50), Placed(2, 8, 60));

    /// <summary>A chain whose task runs in the hands of agent 8.</summary>
    internal static SmallChain Running() =>
        Bidding().Happens(Matched(2, 8), new BidLost(1, 1, 7, 3), Started(8));

    /// <summary>A chain whose task is under review.</summary>
    internal static SmallChain Verifying() => Running().Happens(Submitted(8), new WorkLeaseEnded(9, 1));

    internal static Tasks.State Task(this SmallChain chain) => chain.Of(Tasks.Fold, 1UL);

    internal static Bids.State Bid(this SmallChain chain, ulong bidId) => chain.Of(Bids.Fold, bidId);
}
