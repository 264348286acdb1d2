// The life of a task, in all its forms. Enters: a choice of mode, way of matching and ending. Leaves: the acts of
// client, agents and passers-by, each at the first moment at which the contracts allow it.
using System.Numerics;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

public enum TaskMode : byte
{
    Direct,
    Open,
    Sealed,
}

/// <summary>How a task's story ends.</summary>
public enum TaskEnding
{
    Accepted,
    AcceptedOptimistic,
    SilentClient,
    YieldedEarly,
    Yielded,
    NeverStarted,
    Lapsed,
    Missed,
    CancelledByClient,
    NobodyBids,
    NobodyReveals,
    Expired,
}

/// <summary>Tells the life of one task.</summary>
public sealed class TaskStory(Cast cast, Random random, TaskMode mode, TaskEnding ending)
{
    public const uint BidWindow = 60;
    public const uint RevealWindow = 60;
    public const uint StartWindow = 120;
    public const uint DeliverWindow = 600;
    public const uint ReviewWindow = 3_600;
    public const uint ChallengeWindow = 600;
    public const uint LeaseTtl = 120;
    public const uint Grace = 30;
    private const ulong Life = 3_600;

    private static readonly UInt256 Reserve = Cast.Credits(100);

    private readonly Contract _market = cast.Contracts["TaskMarket"];
    private readonly Contract _leases = cast.Contracts["WorkLeases"];
    private readonly int _client = cast.Client(random);
    private readonly Agent[] _bidders = cast.SomeWorkers(random, 4);
    private readonly List<(Agent Agent, ulong Bid, UInt256 Price)> _bids = [];
    private Agent _winner;
    private ulong _openedAt;
    private ulong _matchedAt;

    /// <summary>The task, once it is created.</summary>
    public ulong TaskId { get; private set; }

    /// <summary>The agent that was matched.</summary>
    public Agent Winner => _winner;

    /// <summary>The client's actor.</summary>
    public int Client => _client;

    /// <summary>The receipt's hash that is submitted; without one, of no receipt at all.</summary>
    public Hash32? ReceiptHash { get; init; }

    /// <summary>When the review ends, once the work is submitted.</summary>
    public ulong ReviewEnd { get; private set; }

    public IEnumerable<Beat> Tell()
    {
        yield return Create();
        if (ending == TaskEnding.CancelledByClient)
        {
            foreach (var beat in Cancelled()) yield return beat;
            yield break;
        }

        foreach (var beat in Matched()) yield return beat;
        if (_winner.Id == 0)
        {
            foreach (var beat in Abandoned()) yield return beat;
            yield break;
        }

        foreach (var beat in Worked()) yield return beat;
    }

    /// <summary>Creation, matching, work and delivery, and no ending: for disputes.</summary>
    public IEnumerable<Beat> TellToDelivery()
    {
        yield return Create();
        foreach (var beat in Matched()) yield return beat;
        foreach (var beat in Delivered()) yield return beat;
    }

    private Beat Create()
    {
        TaskId = cast.Tasks.Next();
        _openedAt = cast.Now;
        var optimistic = ending is TaskEnding.AcceptedOptimistic or TaskEnding.SilentClient;
        return Beat.Do(
            _client, _market, "createTask", mode == TaskMode.Direct ? _bidders[0].Id : 0, TermsOf(optimistic));
    }

    private AbiValue TermsOf(bool optimistic) =>
        Terms(TaskId, _openedAt, mode, optimistic, random.Next(3) switch { 0 => "code", 1 => "text", _ => "image" });

    /// <summary>What every task of the world asks for.</summary>
    public static AbiValue Terms(ulong task, ulong now, TaskMode mode, bool optimistic, string domain) => AbiValue.Of(
        (ulong)mode, optimistic ? 1UL : 0UL, Cast.Name(domain), Reserve, Cast.Credits(24),
        (BigInteger)(-1_000_000_000L), (ulong)BidWindow, (ulong)(mode == TaskMode.Sealed ? RevealWindow : 0),
        (ulong)StartWindow, (ulong)DeliverWindow, (ulong)ReviewWindow, (ulong)ChallengeWindow, (ulong)LeaseTtl,
        (ulong)Grace, now + Life, Cast.Word($"spec {task}"), $"ipfs://spec/{task}");

    private ulong ExpiresAt => _openedAt + Life;

    private IEnumerable<Beat> Matched()
    {
        if (ending is TaskEnding.NobodyBids or TaskEnding.Expired) yield break;
        switch (mode)
        {
            case TaskMode.Direct:
                yield return Bid(_bidders[0]);
                Win(_bids[0].Agent, cast.Now);
                break;
            case TaskMode.Open:
                foreach (var beat in Auctioned()) yield return beat;
                break;
            default:
                foreach (var beat in SealedAuction()) yield return beat;
                break;
        }
    }

    private IEnumerable<Beat> Auctioned()
    {
        foreach (var bidder in _bidders) yield return Bid(bidder);
        if (random.Next(4) == 0)
        {
            var last = _bids[^1];
            _bids.RemoveAt(_bids.Count - 1);
            yield return Beat.Do(last.Agent.Actor, _market, "withdrawBid", last.Bid);
        }

        if (random.Next(2) == 0)
        {
            var chosen = _bids[random.Next(_bids.Count)];
            yield return Beat.Do(_client, _market, "pick", TaskId, chosen.Bid);
            Win(chosen.Agent, cast.Now);
            yield break;
        }

        yield return new Beat.Until(_openedAt + BidWindow);
        yield return Beat.Do(_bidders[0].Actor, _market, "matchBest", TaskId);
        // Reputation and recency weigh too: the chain says who won.
        yield return new Beat.NextBlock();
        Win();
    }

    private IEnumerable<Beat> SealedAuction()
    {
        var salts = new List<Hash32>();
        foreach (var bidder in _bidders)
        {
            var price = PriceOf();
            var salt = Cast.Word($"salt {TaskId} {bidder.Id}");
            salts.Add(salt);
            _bids.Add((bidder, cast.Bids.Next(), price));
            yield return Beat.Do(
                bidder.Actor, _market, "commitBid", TaskId, bidder.Id, Commitment(bidder, price, salt));
        }

        yield return new Beat.Until(_openedAt + BidWindow);
        var silent = ending == TaskEnding.NobodyReveals ? _bids.Count : random.Next(2);
        for (var i = silent; i < _bids.Count; i++)
            yield return Beat.Do(
                _bids[i].Agent.Actor, _market, "revealBid", _bids[i].Bid, _bids[i].Price, Eta, ProposalHash, salts[i]);
        yield return new Beat.Until(_openedAt + BidWindow + RevealWindow);
        for (var i = 0; i < silent; i++)
            yield return Beat.Do(_client, _market, "forfeitBid", _bids[i].Bid);
        if (silent == _bids.Count) yield break;
        yield return Beat.Do(_client, _market, "matchBest", TaskId);
        yield return new Beat.NextBlock();
        Win();
    }

    private IEnumerable<Beat> Worked()
    {
        var deliverBy = _matchedAt + StartWindow + DeliverWindow;
        switch (ending)
        {
            case TaskEnding.NeverStarted:
                yield return new Beat.Until(_matchedAt + StartWindow);
                // A direct task's agent has no successor; an auction begins anew.
                yield return Beat.Do(_client, _market, mode == TaskMode.Direct ? "vacate" : "reopen", TaskId);
                foreach (var beat in Abandoned()) yield return beat;
                break;
            case TaskEnding.YieldedEarly:
                yield return Beat.Do(_winner.Actor, _market, "yieldMatch", TaskId);
                foreach (var beat in Abandoned()) yield return beat;
                break;
            case TaskEnding.Yielded:
                yield return Start(out var yielded);
                yield return Beat.Do(_winner.Actor, _leases, "yield", yielded);
                foreach (var beat in Abandoned()) yield return beat;
                break;
            case TaskEnding.Lapsed:
                var startedAt = cast.Now;
                yield return Start(out var lapsed);
                yield return new Beat.Until(startedAt + LeaseTtl + Grace);
                yield return Beat.Do(_client, _leases, "expire", lapsed);
                foreach (var beat in Abandoned()) yield return beat;
                break;
            case TaskEnding.Missed:
                yield return Start(out _);
                yield return new Beat.Until(deliverBy);
                yield return Beat.Do(_client, _market, "vacate", TaskId);
                foreach (var beat in Abandoned()) yield return beat;
                break;
            default:
                foreach (var beat in Delivered()) yield return beat;
                foreach (var beat in Reviewed()) yield return beat;
                break;
        }
    }

    private IEnumerable<Beat> Delivered()
    {
        yield return Start(out var lease);
        for (var beat = random.Next(4); beat > 0; beat--)
            yield return Beat.Do(_winner.Actor, _leases, "heartbeat", lease, Cast.Word($"progress {lease} {beat}"));
        ReviewEnd = cast.Now + ReviewWindow;
        yield return Beat.Do(_winner.Actor, _market, "submit", TaskId, Cast.Word($"result {TaskId}"),
            ReceiptHash ?? Cast.Word($"receipt {TaskId}"), $"ipfs://result/{TaskId}");
    }

    private IEnumerable<Beat> Reviewed()
    {
        var submittedAt = ReviewEnd - ReviewWindow;
        if (ending == TaskEnding.SilentClient)
        {
            yield return new Beat.Until(ReviewEnd);
            yield return Beat.Do(_bidders[0].Actor, _market, "finalize", TaskId);
            yield break;
        }

        yield return Beat.Do(_client, _market, "accept", TaskId);
        if (ending != TaskEnding.AcceptedOptimistic) yield break;
        yield return new Beat.Until(submittedAt + ChallengeWindow);
        yield return Beat.Do(_bidders[0].Actor, _market, "finalize", TaskId);
    }

    // Nobody does it: the escrow goes back once the task has expired.
    private IEnumerable<Beat> Abandoned()
    {
        yield return new Beat.Until(ExpiresAt);
        yield return Beat.Do(_bidders[0].Actor, _market, "cancelExpired", TaskId);
    }

    private IEnumerable<Beat> Cancelled()
    {
        if (mode == TaskMode.Open)
            foreach (var bidder in _bidders.Take(2)) yield return Bid(bidder);
        yield return Beat.Do(_client, _market, "cancel", TaskId);
    }

    private Beat Start(out ulong lease)
    {
        lease = cast.WorkLeases.Next();
        return Beat.Do(_winner.Actor, _leases, "start", TaskId);
    }

    private Beat Bid(Agent bidder)
    {
        var price = PriceOf();
        _bids.Add((bidder, cast.Bids.Next(), price));
        return Beat.Do(bidder.Actor, _market, "placeBid", TaskId, bidder.Id, price, Eta, ProposalHash);
    }

    private void Win(Agent agent, ulong at) => (_winner, _matchedAt) = (agent, at);

    private void Win()
    {
        var (agentId, startBy) = cast.Facts.MatchOf(TaskId);
        // Somebody else's agent may have won: then there is nothing left to tell but the end.
        Win(cast.AgentOf(agentId), startBy - StartWindow);
    }

    private UInt256 PriceOf() => Cast.Credits((ulong)random.Next(50, 100));

    private ulong Eta => _openedAt + DeliverWindow;

    private Hash32 ProposalHash => Cast.Word($"proposal {TaskId}");

    private Hash32 Commitment(Agent bidder, UInt256 price, Hash32 salt) => Keccak256.Hash(AbiEncoder.Encode(
        CommitmentTypes,
        [cast.Contracts.ChainId, _market.Address, TaskId, 1UL, bidder.Id, price, Eta, ProposalHash, salt]));

    private static readonly AbiType[] CommitmentTypes =
        [.. new[]
        {
            "uint256",
            "address",
            "uint256",
            "uint16",
            "uint256",
            "uint256",
            "uint64",
            "bytes32",
            "bytes32",
        }.Select(AbiType.Parse)];
}
