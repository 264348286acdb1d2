// The chain that is read: a living economy, told by tools/World in a process of its own, so that our memory is what
// ingestion takes. Enters: how many events. Leaves: a node's endpoint and which contract lives where. Always holds: the
// process and its nodes end with Dispose.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Values;

namespace EventSourced.BenchIngest;

internal sealed partial class WorldChain : IAsyncDisposable
{
    private readonly Process _process;

    private WorldChain(Process process, Uri endpoint, string deployment)
    {
        (_process, Http) = (process, endpoint);
        WebSocket = new UriBuilder(endpoint) { Scheme = "ws" }.Uri;
        using var json = JsonDocument.Parse(File.ReadAllText(deployment));
        ChainId = json.RootElement.GetProperty("chainId").GetUInt64();
        Contracts = json.RootElement.GetProperty("contracts").EnumerateObject()
            .Select(entry => (Name: NameOf(entry.Name), Address: Ethereum.Address.Parse(entry.Value.GetString()!)))
            .Where(entry => entry.Name is not null)
            .ToDictionary(entry => entry.Address, entry => entry.Name!.Value);
    }

    public Uri Http { get; }

    public Uri WebSocket { get; }

    public ulong ChainId { get; }

    /// <summary>The contracts whose events the catalog holds.</summary>
    public IReadOnlyDictionary<Ethereum.Address, ContractName> Contracts { get; }

    public Ethereum.Address this[ContractName name] => Contracts.Single(pair => pair.Value == name).Key;

    public static async Task<WorldChain> StartAsync(int events)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "EventSourced.World.dll"),
            "--events", events.ToString(CultureInfo.InvariantCulture), "--keep",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)
            ?? throw new InvalidOperationException("expected World to start, found no process");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Told().Match(line) is { Success: true } match)
                return new WorldChain(process, new Uri(match.Groups[1].Value), match.Groups[2].Value);
        }

        throw new InvalidOperationException("expected World to name its endpoint, found that it ended");
    }

    public async ValueTask DisposeAsync()
    {
        // Asked, not killed: it stops its nodes and takes their folders away.
        using (var asking = Process.Start(
            "kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await asking.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ContractName? NameOf(string field) => field switch
    {
        "governor" => ContractName.AgentGovernor,
        "checkpoints" => ContractName.EpochCheckpoints,
        _ => Enum.TryParse<ContractName>(field, ignoreCase: true, out var name) ? name : null,
    };

    [GeneratedRegex(@"^endpoint (\S+), deployment (\S+)$")]
    private static partial Regex Told();
}
