// The client's ways of asking, and its trust. Enters: nothing. Leaves: bounds with names, and the addresses that
// requests must name. Always holds: without addresses the client keeps the first that a server names, and refuses
// another one.
using System.Text.Json;
using EventSourced.Ethereum;

namespace EventSourced.Client;

/// <summary>The options.</summary>
public sealed record ClientOptions
{
    /// <summary>The contracts of the economy; null: those that the server names first.</summary>
    public Economy? Economy { get; init; }

    /// <summary>How often a question is asked at most.</summary>
    public int MostAttempts { get; init; } = 8;

    /// <summary>How long an answer may take.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first pause between two attempts; each is twice as long, unless Retry-After says more.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause between two attempts, whatever the server says.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a command is signed anew when its nonce was taken meanwhile.</summary>
    public int MostSignings { get; init; } = 4;

    /// <summary>
    /// The time from now for which a signed request may hold; null: any deadline, for development chains, whose time
    /// leaps.
    /// </summary>
    public TimeSpan? LongestLife { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most wei that a transaction of one's own may cost: a twentieth of an ether.</summary>
    public UInt256 MostWei { get; init; } = (UInt256)50_000_000_000_000_000UL;

    /// <summary>The pause between two looks at a command without a stream.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stream may say nothing before the command is looked at.</summary>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a command is waited for at most.</summary>
    public TimeSpan WaitWithin { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Whether streams are used; without, commands are looked at again and again.</summary>
    public bool Streams { get; init; } = true;
}

/// <summary>The contracts that requests must name.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Contracts">The addresses by names as <c>taskMarket</c>; <c>forwarder</c> is one.</param>
public sealed record Economy(ulong ChainId, IReadOnlyDictionary<string, Address> Contracts)
{
    /// <summary>Reads a deployment.json.</summary>
    public static Economy Load(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return new Economy(
            json.RootElement.GetProperty("chainId").GetUInt64(),
            json.RootElement.GetProperty("contracts").EnumerateObject().ToDictionary(
                contract => contract.Name, contract => Address.Parse(contract.Value.GetString()!),
                StringComparer.Ordinal));
    }
}
