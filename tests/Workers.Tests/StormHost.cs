// A host with the relayer that dies and comes back, as the storms of the indexer have contenders. Enters: a node behind
// a fault proxy, a database, keys. Leaves: nothing but what it wrote. Always holds: each life ends at a message to the
// database that the seed counts, or by the clock; a life that ends by itself is a failure of the simulation.
using EventSourced.RpcFaults;
using EventSourced.Simulation.Tests;
using EventSourced.Workers.Relaying;

namespace EventSourced.Workers.Tests;

internal sealed class StormHost : IAsyncDisposable
{
    // A life begins with some hundred messages of Marten's; it must live to work.
    private const int LeastMessages = 150;
    private const int MostMessages = 2_500;
    private const double CutChance = 0.0015;
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(30);

    private readonly Random _random;
    private readonly DatabaseProxy _way;
    private readonly FaultProxy _node;
    private readonly Keyring _keys;
    private readonly RelayerOptions _options;
    private volatile string _said = "nothing";

    private StormHost(int seed, DatabaseProxy way, FaultProxy node, Keyring keys, RelayerOptions options) =>
        (_random, _way, _node, _keys, _options) = (new Random(seed), way, node, keys, options);

    /// <summary>How many lives were lived.</summary>
    internal int Lives { get; private set; }

    /// <summary>The last words of the last life.</summary>
    internal string Said => _said;

    /// <summary>How often a fault met its connections to the database.</summary>
    internal int CountOf(DatabaseFault fault) => _way.CountOf(fault);

    /// <summary>How often a fault met its requests to the node.</summary>
    internal int NodeFaults => Enum.GetValues<Fault>().Sum(fault => _node.CountOf(fault));

    internal static async Task<StormHost> StartAsync(
        Random random, Office office, Keyring keys, RelayerOptions options)
    {
        var plan = FaultPlans.Weather(
            random.Next(), 0.03 + 0.05 * random.NextDouble(),
            Fault.Refuse, Fault.Truncate, Fault.HalfJson, Fault.Unavailable, Fault.Html, Fault.RateLimit, Fault.Delay,
            Fault.NullBlock);
        var node = await FaultProxy.StartAsync(office.Shore.Chain.Endpoint, plan);
        node.Delay = TimeSpan.FromMilliseconds(30);
        return new StormHost(random.Next(), new DatabaseProxy(office.Database), node, keys, options);
    }

    /// <summary>Comes back until the end.</summary>
    internal async Task LiveAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            Lives++;
            var crash = _way.Live(Fate(new Random(_random.Next())));
            using var clock = new CancellationTokenSource(LongestLife);
            using var death = CancellationTokenSource.CreateLinkedTokenSource(end, crash, clock.Token);
            await using var host = new RunningHost(_way.ConnectionString, _node.Endpoint, _keys, _options);
            var dying = Task.Delay(Timeout.Infinite, death.Token);
            await Task.WhenAny(host.Running, dying);
            _said = host.Said;
            if (!death.IsCancellationRequested)
            {
                await host.Running;
                throw new InvalidOperationException("expected a relayer to work until it is killed, found it ended");
            }

            // Nothing of a life may reach into the next one.
            _way.Crash();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _way.DisposeAsync();
    }

    private static DatabasePlan Fate(Random random)
    {
        var messages = random.Next(LeastMessages, MostMessages);
        return _ =>
        {
            if (--messages == 0) return DatabaseFault.Crash;
            var roll = random.NextDouble();
            return roll < CutChance ? DatabaseFault.CutAfter
                : roll < 2 * CutChance ? DatabaseFault.CutBefore : DatabaseFault.None;
        };
    }
}
