// People of the commands' world who act through the client. Enters: people. Leaves: clients. Always holds: the host,
// the chain, the database and the relayer are real; addresses are those of the deployment.
using EventSourced.Commands.Tests;
using EventSourced.Ethereum;
using EventSourced.Testing;

namespace EventSourced.Client.Tests;

internal static class ClientWorlds
{
    /// <summary>The chain's time leaps in this world, so no deadline is compared with ours.</summary>
    public static ClientOptions Options(this CommandWorld world) => new()
    {
        Economy = Economy.Load(world.Chain.Deployment),
        LongestLife = null,
        FirstPause = TimeSpan.FromMilliseconds(20),
        PollEvery = TimeSpan.FromMilliseconds(50),
    };

    public static EconomyClient ClientOf(
        this CommandWorld world, Person person, ClientOptions? options = null, HttpClient? http = null) =>
        new(http ?? world.Http, Signer.Of(person.Key), options ?? world.Options());

    /// <summary>A line to the host through a handler of the test.</summary>
    public static HttpClient Through(this CommandWorld world, DelegatingHandler handler)
    {
        handler.InnerHandler = new SocketsHttpHandler();
        return new HttpClient(handler) { BaseAddress = world.Http.BaseAddress };
    }

    public static async Task<TaskRow> UntilAsync(this EconomyClient client, UInt256 task, string status)
    {
        TaskRow? found = null;
        await Eventually.TrueAsync(
            async () => (found = await client.TaskAsync(task))?.Status == status, () => $"{found}, not {status}");
        return found!;
    }

    public static async Task<IReadOnlyList<AgentRow>> UntilAgentsAsync(this EconomyClient client, int count)
    {
        IReadOnlyList<AgentRow> found = [];
        await Eventually.TrueAsync(
            async () => (found = await client.AgentsAsync(client.Address)).Count >= count,
            () => $"{found.Count} agents, not {count}");
        return found;
    }

    public static UInt256 Credits(ulong count) => (UInt128)count * 1_000_000_000_000_000_000;
}

[CollectionDefinition(Name)]
public sealed class ClientTests : ICollectionFixture<CommandWorld>
{
    public const string Name = "client";
}
