// One of the indexers that fight for leadership. Enters: nodes behind fault proxies, a database behind another. Leaves:
// nothing but what it wrote. Always holds: it lives many lives, each of other batch sizes, memory and fate: asked to
// stop at a moment, or killed at a message that the seed counts: in the middle of a COPY, before a COMMIT, between two
// statements. A life that ends by itself is a failure of the simulation.
using EventSourced.DevNode;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer;
using EventSourced.Indexer.Decode;
using EventSourced.RpcFaults;
using EventSourced.Tables;
using EventSourced.Testing;
using EventSourced.World;
using Npgsql;

namespace EventSourced.Simulation.Tests;

/// <summary>An indexer that dies and comes back.</summary>
internal sealed class Contender : IAsyncDisposable
{
    /// <summary>How the connections of every contender begin to be called.</summary>
    internal const string Prefix = "contender";

    // A killed life gets so many commits, and is killed so many messages after them: counted, for a slow machine must
    // not die before it has begun.
    private const int MostCommitsOfLife = 15;
    private const int MostMessagesAfter = 400;
    private const int LongestLife = 12_000;

    private static readonly int[] BatchSizes = [1, 7, 40, 300, 5_000];
    private static readonly int[] Memories = [20, 500, 100_000];

    private readonly string _name;
    private readonly Random _random;
    private readonly WorldChain _chain;
    private readonly IReadOnlyList<FaultProxy> _nodes;
    private readonly IndexerOptions _common;
    private readonly Weather _weather;
    private readonly DatabaseProxy _way;
    private ChainIndexer? _indexer;
    private bool _dying;
    private long _reorgs;
    private long _batches;

    internal Contender(string name, int seed, WorldChain chain, IReadOnlyList<FaultProxy> nodes, string database,
        IndexerOptions common, Weather weather)
    {
        (_name, _random, _chain, _nodes, _common, _weather) = (name, new Random(seed), chain, nodes, common, weather);
        _way = new DatabaseProxy(database);
    }

    /// <summary>How many lives were lived.</summary>
    internal int Lives { get; private set; }

    /// <summary>Reorgs that it followed, in lives that are over and in this one.</summary>
    internal long Reorgs => _reorgs + (_indexer?.Status.Reorgs ?? 0);

    /// <summary>Batches that it wrote.</summary>
    internal long Batches => _batches + (_indexer?.Status.Batches ?? 0);

    /// <summary>Whether it follows the tip now.</summary>
    internal bool IsLive => _indexer is { Status.Phase: IndexerPhase.Live };

    /// <summary>Whether it has this block and follows the tip.</summary>
    internal bool IsAt(ulong block) => IsLive && _indexer?.Status.Tip?.Number == block;

    /// <summary>Whether it reads the past now.</summary>
    internal bool IsCatchingUp => _indexer is { Status.Phase: IndexerPhase.CatchingUp };

    /// <summary>How often a fault met its connections to the database.</summary>
    internal int CountOf(DatabaseFault fault) => _way.CountOf(fault);

    /// <summary>What it does now, in words.</summary>
    internal string Doing => _indexer is { Status: var status }
        ? $"{_name}, life {Lives}: {status.Phase} at {status.Tip?.Number}, dying: {_dying}, last fault: {status.Fault}"
        : $"{_name}: nothing";

    /// <summary>Comes back until the end.</summary>
    internal async Task LiveAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            Lives++;
            var (seed, diesHard) = (_random.Next(), _random.Next(4) > 0);
            var crash = _way.Live(Fate(new Random(seed), diesHard));
            using var death = new CancellationTokenSource();
            // A crash that its life never reaches is made good by the clock.
            using var clock = new CancellationTokenSource(diesHard ? LongestLife : _random.Next(20, LongestLife));
            using var reasons = CancellationTokenSource.CreateLinkedTokenSource(end, crash, clock.Token);
            await using (reasons.Token.Register(() => Stop(death)))
                await OneLifeAsync(death.Token);
        }
    }

    public ValueTask DisposeAsync() => _way.DisposeAsync();

    /// <summary>What meets the connections of one life.</summary>
    private DatabasePlan Fate(Random random, bool diesHard)
    {
        var commits = diesHard ? random.Next(MostCommitsOfLife) : int.MaxValue;
        var messages = random.Next(1, MostMessagesAfter);
        return moment =>
        {
            if (!_weather.Storms) return DatabaseFault.None;
            if (commits == 0 && --messages == 0) return DatabaseFault.Crash;
            if (commits > 0 && moment == Moment.Commit) commits--;
            var roll = random.NextDouble();
            return moment switch
            {
                Moment.Connect => roll < 0.04 ? DatabaseFault.Refuse : DatabaseFault.None,
                Moment.Commit =>
                    roll < 0.01 ? DatabaseFault.CutAfter : roll < 0.02 ? DatabaseFault.CutBefore : DatabaseFault.None,
                _ => roll < 0.00003
                    ? DatabaseFault.CutAfter : roll < 0.00006 ? DatabaseFault.CutBefore : DatabaseFault.None,
            };
        };
    }

    private async Task OneLifeAsync(CancellationToken death)
    {
        var settings = new NpgsqlConnectionStringBuilder(
            _way.ConnectionString)
        { ApplicationName = $"{Prefix}-{_name}-{Lives}" };
        await using var source = NpgsqlDataSource.Create(settings);
        FaultProxy[] order = [.. _nodes];
        _random.Shuffle(order);
        using var rpc = new HttpRpc([.. order.Select(node => node.Endpoint)], new RpcOptions
        {
            ExpectedChainId = AnvilNode.ChainId,
            MaxAttempts = 3,
            RequestTimeout = TimeSpan.FromMilliseconds(500),
            FirstDelay = TimeSpan.FromMilliseconds(2),
            MaxDelay = TimeSpan.FromMilliseconds(20),
            MaxRetryAfter = TimeSpan.FromMilliseconds(20),
            CoolDown = TimeSpan.FromMilliseconds(20),
        });
        var options = _common with
        {
            BatchEvents = BatchSizes[_random.Next(BatchSizes.Length)],
            CachedThings = Memories[_random.Next(Memories.Length)],
            RootEvery = _random.Next(1, 2_000),
            MostPause = TimeSpan.FromMilliseconds(100),
        };
        var indexer = _indexer = new ChainIndexer(
            Deployment.Load(_chain.Deployment), new EthereumClient(rpc), source, options);
        _dying = false;
        await using var registration = death.Register(() => _dying = true);
        try
        {
            await indexer.RunAsync(death);
        }
        catch (Exception fault) when (death.IsCancellationRequested && IsOfDeath(fault))
        {
            // What a dying process meets, nobody sees.
        }

        // Nothing of a life may reach into the next one.
        _way.Crash();
        _indexer = null;
        (_reorgs, _batches) = (_reorgs + indexer.Status.Reorgs, _batches + indexer.Status.Batches);
    }

    // A connection that is cancelled while it breaks is, for Npgsql 10.0.0, now and then an object that was disposed:
    // in whoever uses it, and in whoever cancels, where on a timer's thread it would end this program. It is cancelled
    // all the same.
    private static void Stop(CancellationTokenSource death)
    {
        try
        {
            death.Cancel();
        }
        catch (AggregateException broken) when (broken.InnerExceptions.All(fault => fault is ObjectDisposedException))
        {
        }
    }

    private static bool IsOfDeath(Exception fault) => fault
        is OperationCanceledException or NpgsqlException or IOException or RpcException or LeadershipLostException
            or ObjectDisposedException;
}
