// The demo's people against a real host: a client posts one of the workshop's orders, the cheat wins it at a third of
// the price and delivers what it made up, and a hosted verifier finds it out.
using EventSourced.Client;
using EventSourced.World;

namespace EventSourced.Economy.Tests;

[Collection(AloneTests.Name)]
public sealed class WorkshopTests : IAsyncLifetime
{
    private const ulong BidWindow = 601;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Town _town = new(new TownPlan
    {
        Roles = "indexer,api,commands,workers",
        More = ["--commands-trust", "127.0.0.0/8"],
    });

    public Task InitializeAsync() => _town.InitializeAsync();

    public Task DisposeAsync() => _town.DisposeAsync();

    [Fact]
    public async Task What_the_cheat_makes_up_is_challenged_by_whoever_does_the_work_again()
    {
        using var http = new HttpClient { BaseAddress = await _town.Host.Address };
        await Testing.Eventually.TrueAsync(async () =>
        {
            using var reply = await http.GetAsync(new Uri("readyz", UriKind.Relative));
            return reply.IsSuccessStatusCode;
        });
        // Each has a key of its own: the town disposes its people's.
        using var client = new EventSourced.World.Person("a client", _town.Client, http);
        using var liar = new EventSourced.World.Person("the cheat", _town.Liar.Key, http)
        {
            AgentId = _town.Liar.AgentId,
        };
        var shelf = new Shelf(client.Client.Content);
        var modules = new Dictionary<string, string>();
        foreach (var (capability, module) in Orders.Trades)
            modules[capability] = $"{await shelf.PutAsync(Town.Repository($"agents/{module}/{module}.wasm"), None)}";
        var customers = new Customers([client], new Orders(WorldChain.Root), shelf, modules, new Random(1));
        Assert.Contains("asks for up to", await customers.PostAsync(None), StringComparison.Ordinal);
        await _town.BecomesAsync("select count(*) = 1 from model.task", blocks: 0);

        var cheat = new Cheat(liar, [client], shelf);
        Assert.Contains(await cheat.TurnAsync(None), said => said.Contains("bids a third", StringComparison.Ordinal));
        await _town.PassAsync(BidWindow);
        await _town.BecomesAsync(
            $"select count(*) = 1 from model.task where agent_id = {_town.Liar.AgentId} and status = 2", blocks: 0);
        await SaysAsync(cheat, "starts task");
        await SaysAsync(cheat, "delivers an invented result");
        await _town.BecomesAsync("select count(*) = 1 from model.task where status = 5", blocks: 0);
        Assert.StartsWith("challenged", await _town.EndOfAsync("check-"), StringComparison.Ordinal);
    }

    // The index learns late of what it has just done: what it does twice is refused, and forgotten as in the workshop.
    private static async Task SaysAsync(Cheat cheat, string what) => await Testing.Eventually.TrueAsync(async () =>
    {
        try
        {
            return (await cheat.TurnAsync(None)).Any(said => said.Contains(what, StringComparison.Ordinal));
        }
        catch (CommandRefusedException)
        {
            return false;
        }
    });
}
