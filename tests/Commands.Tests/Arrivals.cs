// People arrive by HTTP alone: credits from who holds the supply, a wallet in the vault, an agent with stake.
using System.Text.Json.Nodes;
using EventSourced.DevNode;
using EventSourced.Ethereum;

namespace EventSourced.Commands.Tests;

internal static class Arrivals
{
    private const string AttesterKey = "0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356";
    private const int Judges = 7;
    private const ulong Day = 86_400;
    private static readonly SemaphoreSlim Supply = new(1);

    /// <summary>Somebody with so many credits in its wallet in the vault.</summary>
    public static async Task<Person> WithCreditsAsync(this CommandWorld world, ulong credits)
    {
        var (rich, person) = (
            await world.SomebodyAsync(SigningKey.Parse(AnvilNode.RichKey)), await world.SomebodyAsync());
        var amount = $"{(UInt128)credits * 1_000_000_000_000_000_000}";
        await Supply.WaitAsync();
        try
        {
            await rich.SendAsync("credit.transfer", new() { ["to"] = person.Address.ToString(), ["value"] = amount });
        }
        finally
        {
            Supply.Release();
        }

        await person.SendAsync(
            "credit.approve", new() { ["spender"] = world.Contracts["Vault"].Address.ToString(), ["value"] = amount });
        await person.RelayAsync("vault.deposit", new() { ["amount"] = amount });
        return person;
    }

    /// <summary>Somebody with an agent and its stake.</summary>
    public static async Task<Person> AgentAsync(this CommandWorld world, ulong credits, ulong stake)
    {
        var person = await world.WithCreditsAsync(credits);
        await person.RelayAsync("agents.register", new() { ["agentURI"] = $"ipfs://{person.Address}" });
        var found = await person.UntilAsync(
            $"{{ agents(where: {{ owner: {{ eq: \"{person.Address}\" }} }}) {{ nodes {{ id }} }} }}", data =>
                data["agents"]!["nodes"]!.AsArray().Count > 0);
        person.Agent = ulong.Parse(((string)found["agents"]!["nodes"]![0]!["id"]!)["agent-".Length..]);
        await person.RelayAsync("stake.bond",
            new() { ["agentId"] = $"{person.Agent}", ["amount"] = $"{(UInt128)stake * 1_000_000_000_000_000_000}" });
        return person;
    }

    /// <summary>
    /// The verifiers of the world: they joined a week ago, so they may be seated. Without any the market takes no task.
    /// </summary>
    public static async Task<IReadOnlyList<Person>> CourtAsync(this CommandWorld world)
    {
        if (world.Court.Count > 0) return world.Court;
        for (var i = 0; i < Judges; i++) world.Court.Add(await VerifierAsync(world, i));
        await world.PassAsync(8 * Day);
        return world.Court;
    }

    private static async Task<Person> VerifierAsync(CommandWorld world, int number)
    {
        var verifier = await world.AgentAsync(1_000, 900);
        var attester = await world.SomebodyAsync(SigningKey.Parse(AttesterKey));
        await attester.SendAsync("verifiers.attest", new()
        {
            ["verifierId"] = $"{verifier.Agent}",
            ["orgKey"] = EconomyTests.Word($"organisation {number}"),
            ["asnKey"] = EconomyTests.Word($"network {number}"),
            ["validUntil"] = $"{await world.NowAsync() + 100 * Day}",
        });
        await verifier.RelayAsync("verifiers.join", new() { ["verifierId"] = $"{verifier.Agent}" });
        return verifier;
    }
}
