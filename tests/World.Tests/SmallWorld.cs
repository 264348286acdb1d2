// One small world for all tests of this project: every story once, on a fresh chain, and all of its logs.
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World.Tests;

public sealed class SmallWorld : IAsyncLifetime
{
    private const int Seed = 7;

    private readonly List<(string Name, IReadOnlyList<AbiParameter> Inputs, IReadOnlyList<AbiValue> Values)> _events =
        [];

    /// <summary>How often each event was emitted, as the stage counted it.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; private set; } = new Dictionary<string, long>();

    /// <summary>The newest block's hash.</summary>
    public string Head { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await using var chain = await WorldChain.FreshAsync(CancellationToken.None);
        using var world = await PlayAsync(chain, Seed);
        Counts = world.Stage.Counts;
        Head = (await chain.Client.GetHeaderAsync(BlockTag.Latest, CancellationToken.None))!.Hash.ToString();
        using var logs = await chain.Client.GetLogsAsync(new LogFilter(0UL, BlockTag.Latest), CancellationToken.None);
        var declared = world.Cast.Contracts.All
            .SelectMany(contract => contract.Abi.OfType<AbiEvent>().Select(
                one => ((contract.Address, one.Hash), (contract.Name, one))))
            .DistinctBy(pair => pair.Item1)
            .ToDictionary();
        for (var i = 0; i < logs.Count; i++)
        {
            if (!declared.TryGetValue((logs[i].Address, logs[i].Topics[0]), out var found)) continue;
            _events.Add(($"{found.Name}.{found.one.Name}", found.one.Inputs,
                found.one.Decode(logs[i].Topics.ToArray(), logs.Data(i).Span)));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Plays every story once.</summary>
    public static async Task<World> PlayAsync(WorldChain chain, int seed)
    {
        var world = await World.SettleAsync(chain, new WorldOptions(seed), Population.Small, CancellationToken.None);
        await world.LiveAsync(0, null, CancellationToken.None);
        return world;
    }

    /// <summary>The values that a field of an event has had, in order of size.</summary>
    public IReadOnlyList<string> ValuesOf(string name, string field) =>
        [.. _events.Where(one => one.Name == name)
            .Select(one => one.Values[one.Inputs.Select(
                (input, place) => (input, place)).Single(pair => pair.input.Name == field).place].ToString()!)
            .Distinct()
            .Order(StringComparer.Ordinal)];
}
