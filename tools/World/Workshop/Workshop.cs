// The part of a living economy in which work is really done. Enters: a chain, and a host with its endpoints. Leaves:
// clients that post tasks with real inputs, six agents and seven verifiers whose keys the host holds, and one agent
// that cheats. Always holds: all of them act through the host's command endpoints; a fault makes them wait and go on.
using System.Globalization;
using EventSourced.Client;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>Where the workshop finds the host, and leaves the roll.</summary>
/// <param name="Host">The host's address.</param>
/// <param name="Folder">The folder of hosted agents.</param>
/// <param name="Pace">Orders a second.</param>
public sealed record WorkshopOptions(Uri Host, string Folder, double Pace);

/// <summary>Clients, agents and verifiers that do real work.</summary>
public sealed class Workshop : IDisposable
{
    private const int ClientCount = 4;
    private const int VerifierCount = 7;
    private const int ChallengerCount = 2;
    private const ulong ClientCredits = 20_000;
    private const ulong AgentStake = 5_000;
    private const ulong VerifierStake = 10_000;

    // New owners wait a week for a place on panels; in a demo that week passes at once.
    private const ulong UntilSeated = 8 * 86_400;

    // The first of anvil's well known accounts: the deployment gives it the supply.
    private const string Treasury = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenPaydays = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly Settling _settling;
    private readonly WorldChain _chain;
    private readonly WorkshopOptions _options;
    private readonly Action<string> _say;
    private readonly Person _treasury;
    private readonly Person[] _clients;
    private readonly Person[] _agents;
    private readonly Person[] _verifiers;
    private readonly Person _cheat;

    private Workshop(WorldChain chain, Contracts contracts, WorkshopOptions options, Action<string> say)
    {
        (_chain, _options, _say) = (chain, options, say);
        _http = new HttpClient { BaseAddress = options.Host, Timeout = Timeout.InfiniteTimeSpan };
        _treasury = new Person("the treasury", new SigningKey(Hex.ToBytes(Treasury)), _http);
        _clients = People("client", ClientCount);
        _agents = [.. Orders.Trades.Select(trade => Person.Of(trade.Module, contracts, _http))];
        _verifiers = People("verifier", VerifierCount);
        _cheat = Person.Of("the cheat", contracts, _http);
        _settling = new Settling(chain, contracts, _treasury, say);

        Person[] People(string name, int count) =>
            [.. Enumerable.Range(1, count).Select(number => Person.Of($"{name} {number}", contracts, _http))];
    }

    private Shelf Shelf => field ??= new Shelf(_treasury.Client.Content);

    /// <summary>A workshop whose people have settled and whose roll is written.</summary>
    public static async Task<Workshop> OpenAsync(
        WorldChain chain, WorkshopOptions options, Action<string> say, CancellationToken cancellation)
    {
        var workshop = new Workshop(chain, Contracts.Load(chain.Deployment, WorldChain.Root), options, say);
        try
        {
            await workshop.SettleAsync(cancellation);
            return workshop;
        }
        catch
        {
            workshop.Dispose();
            throw;
        }
    }

    /// <summary>Orders come and are paid, until cancelled.</summary>
    public async Task RunAsync(int seed, CancellationToken cancellation)
    {
        // What was drawn before a restart is not drawn again.
        var random = new Random(unchecked(seed + (int)await _chain.Client.GetBlockNumberAsync(cancellation)));
        var customers = new Customers(
            _clients, new Orders(WorldChain.Root), Shelf, await ModulesAsync(cancellation), random);
        var cheat = new Cheat(_cheat, _clients, Shelf);
        using var timer = new PeriodicTimer(Tick);
        var (due, payday) = (1.0, TimeSpan.Zero);
        do
        {
            for (; due >= 1; due--)
                await TryAsync(async () => _say(await customers.PostAsync(cancellation)), cancellation);
            await TryAsync(() => customers.PayAsync(cancellation), cancellation);
            await TryAsync(
                async () =>
                {
                    foreach (var said in await cheat.TurnAsync(cancellation)) _say(said);
                }, cancellation);
            if ((payday += Tick) >= BetweenPaydays)
            {
                payday = TimeSpan.Zero;
                await TryAsync(() => SupplyAsync(cancellation), cancellation);
            }

            due = Math.Min(due + _options.Pace * Tick.TotalSeconds, 2);
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    public void Dispose()
    {
        foreach (var person in _clients.Concat(_agents).Concat(_verifiers).Append(_cheat).Append(_treasury))
            person.Dispose();
        _http.Dispose();
    }

    private async Task SettleAsync(CancellationToken cancellation)
    {
        var modules = await ModulesAsync(cancellation);
        var isNew = false;
        foreach (var verifier in _verifiers)
        {
            await HireAsync(verifier, "judge", VerifierStake, cancellation);
            isNew |= await _settling.SeatAsync(verifier, cancellation);
        }

        foreach (var (agent, trade) in _agents.Zip(Orders.Trades))
            await HireAsync(agent, trade.Capability, AgentStake, cancellation);
        await HireAsync(_cheat, "anything", AgentStake, cancellation);
        foreach (var client in _clients) await _settling.PayAsync(client, ClientCredits, cancellation);
        await new Roll(_options.Folder).WriteAsync(
            [.. _agents.Zip(Orders.Trades).Select((pair, at) =>
                (pair.First, pair.Second.Capability, modules[pair.Second.Capability], 70 + 4 * at))],
            [.. _verifiers.Select((verifier, at) => (verifier, at < ChallengerCount))], cancellation);
        if (isNew)
        {
            await _chain.Anvil.IncreaseTimeAsync(UntilSeated, cancellation);
            await _chain.Anvil.MineAsync(cancellation);
            _say("a week passes, until new owners may sit on panels");
        }

        _say($"the workshop is open: {_agents.Length} agents, {_verifiers.Length} verifiers, {_clients.Length} clients");
    }

    // Everybody has enough again: stakes that were lost, wallets that were spent.
    private async Task SupplyAsync(CancellationToken cancellation)
    {
        foreach (var client in _clients) await _settling.PayAsync(client, ClientCredits, cancellation);
        foreach (var agent in _agents.Append(_cheat))
            await HireAsync(agent, "anything", AgentStake, cancellation);
    }

    private async Task<IReadOnlyDictionary<string, string>> ModulesAsync(CancellationToken cancellation)
    {
        var modules = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (capability, module) in Orders.Trades)
        {
            var path = Path.Combine(WorldChain.Root, "agents", module, $"{module}.wasm");
            var shelved = await Shelf.PutAsync(await File.ReadAllBytesAsync(path, cancellation), cancellation);
            modules[capability] = $"{shelved}";
        }

        return modules;
    }

    private async Task HireAsync(Person person, string skill, ulong stake, CancellationToken cancellation) =>
        await _settling.HireAsync(person, await CardAsync(person, skill, cancellation), stake, cancellation);

    private async Task<string> CardAsync(Person person, string skill, CancellationToken cancellation)
    {
        var name = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(person.Name);
        var card = await Shelf.PutDocumentAsync(
            new CardText(
                "https://eips.ethereum.org/EIPS/eip-8004#registration-v1", name,
                $"{name} of the demo's workshop: {skill}", [skill]),
            cancellation);
        return $"ipfs://{card}";
    }

    // A refusal is told and forgotten; a host that does not answer is waited for.
    private async Task TryAsync(Func<Task> act, CancellationToken cancellation)
    {
        try
        {
            await act();
        }
        catch (Exception fault) when (
            fault is CommandRefusedException or CommandFailedException or UnansweredException or QueryRefusedException
                or HttpRequestException or TimeoutException or RpcException)
        {
            _say($"workshop: {fault.Message}");
            await Task.Delay(Tick, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
