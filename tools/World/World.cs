// Fills a chain with a living economy. Enters: a chain, a seed, a number of events. Leaves: the chain, and what
// happened on it by event. Always holds: the same seed on a fresh chain of our own gives the same blocks; on a chain
// that has lived already the people that are there are found again, and what they lack is given to them.
using EventSourced.Chain.Encoding;
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
    private const ulong SetupGas = 16_000_000;
    private const int RecruitsPerCall = 30;
    private const int LivesPerSeason = 1_000;

    private readonly Director _director;
    private readonly Random _random;

    private World(Director director, Stage stage, Cast cast, int seed) =>
        (_director, Stage, Cast, _random) = (director, stage, cast, new Random(seed));

    public Stage Stage { get; }

    public Cast Cast { get; }

    /// <summary>
    /// A world that mines its chain itself: the driver deployed, the people recruited and settled, the court open.
    /// </summary>
    public static async Task<World> SettleAsync(
        WorldChain chain, WorldOptions options, Population population, CancellationToken cancellation)
    {
        await chain.Anvil.SetAutomineAsync(true, cancellation);
        var (contracts, director, _) = await PrepareAsync(chain, population, cancellation);
        var stage = new Stage(chain.Client, contracts,
            new OwnGround(chain.Client, chain.Anvil, contracts, director))
        { Spread = options.Spread };
        var world = new World(director, stage, new Cast(contracts, stage, director.Driver, population), options.Seed);
        await world.ArriveAsync(chain, cancellation);
        return world;
    }

    /// <summary>
    /// A world on a chain where others live too: it goes on where an earlier one ended, at the chain's own time.
    /// </summary>
    public static async Task<World> JoinAsync(
        WorldChain chain, int seed, double speed, Population population, Action<string> complain,
        CancellationToken cancellation)
    {
        var (contracts, director, footing) = await PrepareAsync(chain, population, cancellation);
        var ground = new SharedGround(chain.Anvil, contracts, director, footing, speed, TimeProvider.System);
        var stage = new Stage(chain.Client, contracts, ground) { Spread = true };
        stage.Complained += complain;
        // What was drawn before a restart is not drawn again.
        var drawn = unchecked(seed + (int)await chain.Client.GetBlockNumberAsync(cancellation));
        var world = new World(director, stage, new Cast(contracts, stage, director.Driver, population), drawn);
        await world.ArriveAsync(chain, cancellation);
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

    /// <summary>Begins stories at a steady pace, a tick after the other, until cancelled.</summary>
    public async Task LiveOnAsync(
        double storiesPerTick, TimeSpan tick, Action? afterTick, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(tick);
        var due = 1.0;
        do
        {
            for (; due >= 1; due--)
            {
                if (!Stage.Crowded) Stage.Add(Repertoire.LiveStory(Cast, _random));
            }

            await Stage.TickAsync(cancellation);
            afterTick?.Invoke();
            due += storiesPerTick;
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    public void Dispose() => _director.Dispose();

    /// <summary>The driver and its actors, made where they are missing.</summary>
    private static async Task<(Contracts, Director, Footing)> PrepareAsync(
        WorldChain chain, Population population, CancellationToken cancellation)
    {
        var contracts = Contracts.Load(chain.Deployment, WorldChain.Root);
        var director = await Director.OnAsync(chain.Client, chain.Anvil, contracts, cancellation);
        var footing = new Footing(chain.Client);
        var code = await chain.Client.GetCodeAsync(director.Driver, BlockTag.Latest, cancellation);
        if (code.Length == 0)
        {
            var targets = AbiValue.Of([.. contracts.All.Select(contract => (AbiValue)contract.Address)]);
            byte[] creation = [.. Contracts.Artifact(WorldChain.Root, "Driver").Bytecode,
                .. AbiEncoder.Encode([AbiType.Parse("address[]")], [targets])];
            await MinedAsync(
                footing, await director.SendAnyAsync(null, creation, SetupGas, cancellation), cancellation);
        }

        for (var there = await director.ActorsAsync(cancellation); there < population.Actors; there += RecruitsPerCall)
        {
            var count = (ulong)Math.Min(RecruitsPerCall, population.Actors - there);
            await MinedAsync(footing, await director.RecruitAsync(count, SetupGas, cancellation), cancellation);
        }

        return (contracts, director, footing);
    }

    private async Task ArriveAsync(WorldChain chain, CancellationToken cancellation)
    {
        await Stage.BeginAsync(cancellation);
        Cast.Meet();
        var isNew = Cast.Workers.Concat(Cast.Verifiers).All(agent => agent.Id == 0);
        var people = new Standing[Cast.Population.Actors];
        for (var actor = 0; actor < people.Length; actor++)
        {
            var somebody = new Agent(actor, Cast.Addresses[actor], Cast.Facts.AgentOf(Cast.Addresses[actor]));
            people[actor] = isNew
                ? Standing.None : await Standing.OfAsync(chain.Client, Cast.Contracts, somebody, cancellation);
        }

        // The first actor carries the money of all who lack it; the arrivals share it out.
        var treasure = Cast.Credits(Arrivals.CreditsEach) * (ulong)people.Count(Arrivals.IsPoor);
        Stage.Add(
            [Beat.SignAs(Arrivals.SupplyHolder, Cast.Contracts["Credit"], "transfer", Cast.Addresses[0], treasure)]);
        await Stage.PlayAsync(null, cancellation);
        for (var actor = 0; actor < people.Length; actor++) Stage.Add(Arrivals.Tell(Cast, actor, people[actor]));
        await Stage.PlayAsync(null, cancellation);
        Cast.Meet();
        if (!isNew || Cast.Population.Verifiers == 0) return;
        Stage.Add(Arrivals.Settling(Cast));
        if (!Stage.IsShared) await Stage.PlayAsync(null, cancellation);
    }

    private static async Task MinedAsync(Footing footing, Hash32 hash, CancellationToken cancellation)
    {
        var receipt = await footing.MinedAsync(hash, cancellation);
        if (!receipt.Succeeded) throw new InvalidOperationException(
            $"expected the setup's transaction {hash} to succeed, found it reverted");
    }
}
