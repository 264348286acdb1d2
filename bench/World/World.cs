// Fills a chain with a living economy. Enters: a chain, a seed, a number of events. Leaves: the chain, and what happened on it by
// event. Always holds: the same seed on a fresh chain gives the same blocks.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>What kind of world.</summary>
/// <param name="Seed">Decides everything.</param>
/// <param name="Events">How many events at least; 0: every story once.</param>
/// <param name="Spread">Each act in a block of its own, instead of a life in one block.</param>
public sealed record WorldOptions(int Seed, long Events = 0, bool Spread = false);

/// <summary>A chain with people on it.</summary>
public sealed class World : IDisposable
{
    private const ulong SetupGas = 25_000_000_000;
    private const int RecruitsPerCall = 100;
    private const int LivesPerSeason = 1_000;

    private readonly Director _director;
    private readonly Random _random;

    private World(Director director, Stage stage, Cast cast, int seed) =>
        (_director, Stage, Cast, _random) = (director, stage, cast, new Random(seed));

    public Stage Stage { get; }

    public Cast Cast { get; }

    /// <summary>Deploys the driver, recruits the people, gives each money, an agent and stake, and opens the court.</summary>
    public static async Task<World> SettleAsync(Chain chain, WorldOptions options, Population population, CancellationToken cancellation)
    {
        var contracts = Contracts.Load(chain.Deployment, Chain.Root);
        var director = await Director.OnAsync(chain.Client, chain.Anvil, contracts.ChainId, cancellation);
        var driver = await CreateDriverAsync(chain, contracts, director, cancellation);
        var stage = new Stage(chain.Client, chain.Anvil, contracts, director, driver) { Spread = options.Spread };
        var cast = new Cast(contracts, stage, driver, population);
        await RecruitAsync(chain, contracts, director, driver, cast, cancellation);
        var world = new World(director, stage, cast, options.Seed);
        stage.Add(Arrivals.Tell(cast));
        await stage.PlayAsync(null, cancellation);
        return world;
    }

    /// <summary>Plays until the chain has the wanted number of events; every story is told at least once.</summary>
    public async Task LiveAsync(long events, Action? afterBlock, CancellationToken cancellation)
    {
        foreach (var story in Repertoire.EveryStory(Cast, _random)) Stage.Add(story);
        await Stage.PlayUntilQuietAsync(afterBlock, cancellation);
        while (Stage.Events < events)
        {
            var missing = Math.Clamp((int)((events - Stage.Events) / Repertoire.EventsPerLife) + 1, 1, LivesPerSeason);
            for (var life = 0; life < missing; life++) Stage.Add(Repertoire.AnyStory(Cast, _random));
            await Stage.PlayUntilQuietAsync(afterBlock, cancellation);
        }

        await Stage.PlayAsync(afterBlock, cancellation);
    }

    /// <summary>Tells one story after the other at a steady pace, in real time, until cancelled.</summary>
    public async Task LiveOnAsync(double storiesPerSecond, Action? afterBlock, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromSeconds(1 / storiesPerSecond);
        while (!cancellation.IsCancellationRequested)
        {
            Stage.Add(Repertoire.AnyStory(Cast, _random));
            await Stage.TickAsync(cancellation);
            afterBlock?.Invoke();
            await Task.Delay(pause, cancellation);
        }
    }

    public void Dispose() => _director.Dispose();

    private static async Task<Address> CreateDriverAsync(Chain chain, Contracts contracts, Director director, CancellationToken cancellation)
    {
        var targets = AbiValue.Of([.. contracts.All.Select(contract => (AbiValue)contract.Address)]);
        var code = Contracts.Artifact(Chain.Root, "Driver").Bytecode;
        byte[] creation = [.. code, .. AbiEncoder.Encode([AbiType.Parse("address[]")], [targets])];
        await chain.Anvil.SetAutomineAsync(true, cancellation);
        var receipt = await chain.Client.WaitForReceiptAsync(await director.SendAnyAsync(null, creation, 10_000_000, cancellation), cancellation);
        return receipt.ContractAddress ?? throw new InvalidOperationException("expected the driver's address, found none");
    }

    private static async Task RecruitAsync(
        Chain chain, Contracts contracts, Director director, Address driver, Cast cast, CancellationToken cancellation)
    {
        await chain.Anvil.SetAutomineAsync(true, cancellation);
        for (var done = 0; done < cast.Population.Actors; done += RecruitsPerCall)
        {
            var count = Math.Min(RecruitsPerCall, cast.Population.Actors - done);
            await Mined(await director.RecruitAsync(driver, (ulong)count, SetupGas, cancellation));
        }

        // The first actor carries the money of all; the arrivals share it out.
        var treasure = Cast.Credits(Arrivals.CreditsEach) * (ulong)cast.Population.Actors;
        await Mined(await director.SendAnyAsync(
            contracts["Credit"].Address, contracts["Credit"].Encode("transfer", cast.Addresses[0], treasure), 200_000, cancellation));
        await chain.Anvil.SetAutomineAsync(false, cancellation);
        await cast.Stage.BeginAsync(cancellation);

        async Task Mined(Hash32 hash)
        {
            var receipt = await chain.Client.WaitForReceiptAsync(hash, cancellation);
            if (!receipt.Succeeded) throw new InvalidOperationException($"expected the setup's transaction {hash} to succeed, found it reverted");
        }
    }
}
