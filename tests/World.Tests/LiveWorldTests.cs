// The living economy on a chain that others use too: it settles, lives, is stopped in the middle, comes back and goes
// on with the same people, whatever somebody else has done meanwhile.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World.Tests;

public class LiveWorldTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_world_that_starts_again_goes_on_with_the_people_that_are_there()
    {
        await using var chain = await WorldChain.FreshAsync(None, shared: true);
        var complaints = new List<string>();
        long agents;
        using (var first = await World.JoinAsync(chain, 1, 1, Population.Small, complaints.Add, None))
        {
            await LiveForAsync(first, ticks: 15);
            agents = first.Stage.Counts["AgentRegistry.Registered"];
            Assert.True(first.Stage.Counts["TaskMarket.TaskCreated"] > 20, "expected tasks, found few");
            Assert.True(first.Stage.Counts["TaskMarket.TaskFinalized"] > 5, "expected finished tasks, found few");
        }

        // Somebody else registers an agent: the next id is not the one that the world would have counted.
        var registry = AbiFunction.Parse("function register(string agentURI) returns (uint256)");
        var contracts = Contracts.Load(chain.Deployment, WorldChain.Root);
        using var director = await Director.OnAsync(chain.Client, chain.Anvil, contracts, None);
        var hash = await director.SendAsAsync(
            9, contracts["AgentRegistry"].Address, registry.EncodeCall("ipfs://somebody"), None);
        Assert.True((await chain.Client.WaitForReceiptAsync(hash, None)).Succeeded);

        using var again = await World.JoinAsync(chain, 1, 1, Population.Small, complaints.Add, None);
        Assert.Equal(agents + 1, again.Stage.Counts["AgentRegistry.Registered"]);
        var tasks = again.Stage.Counts["TaskMarket.TaskCreated"];
        await LiveForAsync(again, ticks: 15);
        Assert.True(again.Stage.Counts["TaskMarket.TaskCreated"] > tasks + 10, "expected more tasks, found few");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task A_refused_act_ends_its_own_story_and_no_other()
    {
        await using var chain = await WorldChain.FreshAsync(None, shared: true);
        var complaints = new List<string>();
        using var world = await World.JoinAsync(chain, 2, 1, Population.Small, complaints.Add, None);
        var registry = world.Cast.Contracts["AgentRegistry"];
        world.Stage.Add(
            [Beat.Do(0, registry, "setStatus", 1UL, 2UL, Cast.Name("not mine")), Beat.Register(0, registry, "never")]);
        world.Stage.Add([Beat.Register(1, registry, "ipfs://fine")]);
        world.Stage.Add(Surprised());
        var before = world.Stage.Counts["AgentRegistry.Registered"];
        await LiveForAsync(world, ticks: 3);
        Assert.True(world.Stage.Counts["AgentRegistry.Registered"] > before,
            "expected the story beside it to go on, found it did not");
        Assert.Equal(2, complaints.Count);
        Assert.Contains(complaints, one => one.Contains("AgentRegistry.setStatus", StringComparison.Ordinal));
        Assert.Contains(complaints, one => one.Contains("unforeseen", StringComparison.Ordinal));

        static IEnumerable<Beat> Surprised()
        {
            yield return new Beat.NextBlock();
            throw new KeyNotFoundException("unforeseen");
        }
    }

    // It waited for receipts that could never come: its transactions were gone, and the next ones counted on their
    // nonces.
    [Fact]
    public async Task A_living_world_goes_on_after_its_chain_was_reorganised_and_after_it_was_cut()
    {
        await using var chain = await WorldChain.FreshAsync(None, shared: true);
        using var stop = new CancellationTokenSource();
        var said = new List<string>();
        var living = LiveProgram.RunAsync(chain, 3, pace: 3, speed: 1, workshop: null, Say, stop.Token);
        await NewTasksAsync(chain, living);
        for (var round = 0; round < 2; round++)
        {
            await chain.Anvil.ReorgAsync(7, None);
            await NewTasksAsync(chain, living);
            await chain.Anvil.RollbackAsync(6, None);
            await NewTasksAsync(chain, living);
        }

        await stop.CancelAsync();
        await living;
        lock (said) Assert.Contains(
            said, one => one.EndsWith("joining the chain that is there now", StringComparison.Ordinal));

        void Say(string text)
        {
            lock (said) said.Add(text);
        }
    }

    // Waits until the world has created some tasks in blocks that are not there yet.
    private static async Task NewTasksAsync(WorldChain chain, Task living)
    {
        const int Wanted = 4;
        using var limit = new CancellationTokenSource(Limit);
        var contracts = Contracts.Load(chain.Deployment, WorldChain.Root);
        var market = contracts["TaskMarket"];
        var created = market.Abi.OfType<AbiEvent>().Single(one => one.Name == "TaskCreated").Hash;
        var from = await chain.Client.GetBlockNumberAsync(limit.Token) + 1;
        while (true)
        {
            Assert.False(living.IsCompleted, "expected the world to live, found that it ended");
            await Task.Delay(200, limit.Token);
            if (await chain.Client.GetBlockNumberAsync(limit.Token) < from) continue;
            using var logs = await chain.Client.GetLogsAsync(
                new LogFilter(from, BlockTag.Latest) { Addresses = [market.Address], Topics = [[created]] },
                limit.Token);
            if (logs.Count >= Wanted) return;
        }
    }

    private static async Task LiveForAsync(World world, int ticks)
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.LiveOnAsync(3, Tick, () =>
        {
            if (--ticks == 0) stop.Cancel();
        }, stop.Token));
    }
}
