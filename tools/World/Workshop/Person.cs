// One of the workshop's people: a key, and a client that acts with it. Always holds: the key is one that anybody can
// make from the deployment, for development chains alone; what a person does goes through the host's endpoints.
using EventSourced.Client;
using EventSourced.Ethereum;
using EconomyStage = EventSourced.Client.Stage;

namespace EventSourced.World;

/// <summary>Somebody who acts through the command endpoints.</summary>
public sealed class Person : IDisposable
{
    // The chain of a demo leaps ahead of every clock, so a deadline by this machine's clock would be in the past.
    private static readonly ClientOptions Options = new()
    {
        LongestLife = null,
        WaitWithin = TimeSpan.FromMinutes(2),
        PollEvery = TimeSpan.FromMilliseconds(500),
    };

    public Person(string name, SigningKey key, HttpClient host)
    {
        (Name, Key) = (name, key);
        Client = new EconomyClient(host, Signer.Of(key), Options);
    }

    /// <summary>What the others call it.</summary>
    public string Name { get; }

    public SigningKey Key { get; }

    public EconomyClient Client { get; }

    public Address Address => Key.Address;

    /// <summary>Its agent; 0: it has none.</summary>
    public ulong AgentId { get; set; }

    /// <summary>A person of a deployment, the same each time.</summary>
    public static Person Of(string name, Contracts contracts, HttpClient host) => new(
        name, new SigningKey(Keccak256.Hash($"EventSourced workshop {contracts["Directory"].Address} {name}").Bytes),
        host);

    /// <summary>Does one thing, and returns when a block holds it.</summary>
    public Task<CommandStatus> DoAsync(Command command, CancellationToken cancellation) =>
        Client.DoAsync(command, EconomyStage.Included, cancellation);

    public void Dispose()
    {
        Client.Dispose();
        Key.Dispose();
    }
}
