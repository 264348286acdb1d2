// People arrive by HTTP alone: credits from who holds the supply, a wallet in the vault, an agent with stake.
using System.Text.Json.Nodes;
using EventSourced.DevNode;
using EventSourced.Ethereum;

namespace EventSourced.Commands.Tests;

internal static class Arrivals
{
    private static readonly SemaphoreSlim Supply = new(1);

    /// <summary>Somebody with so many credits in its wallet in the vault.</summary>
    public static async Task<Person> WithCreditsAsync(this CommandWorld world, ulong credits)
    {
        var (rich, person) = (await world.SomebodyAsync(SigningKey.Parse(AnvilNode.RichKey)), await world.SomebodyAsync());
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

        await person.SendAsync("credit.approve", new() { ["spender"] = world.Contracts["Vault"].Address.ToString(), ["value"] = amount });
        await person.RelayAsync("vault.deposit", new() { ["amount"] = amount });
        return person;
    }

    /// <summary>Somebody with an agent and its stake.</summary>
    public static async Task<Person> AgentAsync(this CommandWorld world, ulong credits, ulong stake)
    {
        var person = await world.WithCreditsAsync(credits);
        await person.RelayAsync("agents.register", new() { ["agentURI"] = $"ipfs://{person.Address}" });
        var found = await person.UntilAsync(
            $"{{ agents(where: {{ owner: {{ eq: \"{person.Address}\" }} }}) {{ nodes {{ id }} }} }}", data => data["agents"]!["nodes"]!.AsArray().Count > 0);
        person.Agent = ulong.Parse(((string)found["agents"]!["nodes"]![0]!["id"]!)["agent-".Length..]);
        await person.RelayAsync("stake.bond", new() { ["agentId"] = $"{person.Agent}", ["amount"] = $"{(UInt128)stake * 1_000_000_000_000_000_000}" });
        return person;
    }
}
