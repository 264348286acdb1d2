// One of the indexers that fight for leadership. Enters: a node behind the fault proxy, a database whose connections are cut. Leaves: nothing but
// what it wrote. Always holds: it lives many short lives, each of other batch sizes and memory, and each ends at a random moment: cancelled, or cut
// from its database in the middle of whatever it does; a life that ends by itself is a failure of the simulation.
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer;
using EventSourced.Indexer.Pipeline;
using EventSourced.World;
using Npgsql;

namespace EventSourced.Simulation.Tests;

/// <summary>An indexer that dies and comes back.</summary>
internal sealed class Contender(string name, int seed, Chain chain, Uri node, string database, IndexerOptions common)
{
    /// <summary>How the connections of every contender begin to be called.</summary>
    internal const string Prefix = "contender";

    private static readonly int[] BatchSizes = [1, 7, 40, 300, 5_000];
    private static readonly int[] Memories = [20, 500, 100_000];

    private readonly Random _random = new(seed);
    private ChainIndexer? _indexer;
    private bool _dying;

    /// <summary>How many lives were lived.</summary>
    internal int Lives { get; private set; }

    /// <summary>Reorgs that it met while it led.</summary>
    internal long Reorgs { get; private set; }

    /// <summary>Batches that it wrote.</summary>
    internal long Batches { get; private set; }

    /// <summary>What it does now, in words.</summary>
    internal string Doing => _indexer is { Status: var status }
        ? $"{name}, life {Lives}: {status.Phase} at {status.Tip?.Number}, dying: {_dying}, last fault: {status.Fault}"
        : $"{name}: nothing";

    /// <summary>Comes back until the end.</summary>
    internal async Task LiveAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            Lives++;
            using var death = CancellationTokenSource.CreateLinkedTokenSource(end);
            death.CancelAfter(_random.Next(3) == 0 ? _random.Next(20, 250) : _random.Next(250, 6_000));
            await OneLifeAsync(_random.Next(2) == 0, death.Token);
        }
    }

    private async Task OneLifeAsync(bool diesHard, CancellationToken death)
    {
        var settings = new NpgsqlConnectionStringBuilder(database) { ApplicationName = $"{Prefix}-{name}-{Lives}" };
        await using var source = NpgsqlDataSource.Create(settings);
        using var rpc = new HttpRpc([node], new RpcOptions
        {
            MaxAttempts = 3,
            FirstDelay = TimeSpan.FromMilliseconds(2),
            MaxDelay = TimeSpan.FromMilliseconds(20),
            MaxRetryAfter = TimeSpan.FromMilliseconds(20),
            CoolDown = TimeSpan.FromMilliseconds(20),
        });
        var options = common with
        {
            BatchEvents = BatchSizes[_random.Next(BatchSizes.Length)],
            CachedThings = Memories[_random.Next(Memories.Length)],
            RootEvery = _random.Next(1, 2_000),
            MostPause = TimeSpan.FromMilliseconds(100),
        };
        var indexer = _indexer = new ChainIndexer(Deployment.Load(chain.Deployment), new EthereumClient(rpc), source, options);
        _dying = false;
        var cut = Task.CompletedTask;
        await using var registration = death.Register(() =>
        {
            _dying = true;
            if (diesHard) cut = Saboteur.CutAsync(database, settings.ApplicationName);
        });
        try
        {
            await indexer.RunAsync(death);
        }
        catch (Exception fault) when (death.IsCancellationRequested && IsOfDeath(fault))
        {
            // What a dying process meets, nobody sees.
        }

        await cut;
        Reorgs += indexer.Status.Reorgs;
        Batches += indexer.Status.Batches;
    }

    private static bool IsOfDeath(Exception fault) =>
        fault is OperationCanceledException or NpgsqlException or IOException or RpcException or LeadershipLostException;
}
