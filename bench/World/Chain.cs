// A chain to fill. Enters: nothing, or an endpoint and its deployment. Leaves: a development node with the economy deployed. Always
// holds for a chain of our own: fixed genesis, one second between the blocks of the deployment, first come first served: the
// same acts give the same hashes. It is a fork of an empty origin: anvil hashes its whole state after every block of a chain of
// its own, which at 40,000 events takes 25 times as long as all the rest, and states no root at all on a fork. Every account that
// matters is made on the fork, so the origin is asked only for accounts that do not exist.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Ethereum.Rpc;
using EventSourced.Testing;

namespace EventSourced.World;

/// <summary>A development node with the economy on it.</summary>
public sealed class Chain : IAsyncDisposable
{
    // Blocks as large as a season of lives; a hard fork without a cap on a transaction's gas.
    private static readonly string[] Arguments =
        ["--hardfork", "cancun", "--gas-limit", "30000000000", "--order", "fifo", "--base-fee", "0"];

    // The same deployment on every fresh chain, so a program makes it once; whoever asks while it is made waits for it.
    private static readonly SemaphoreSlim Deploying = new(1);
    private static Deployed? _deployed;

    private readonly IReadOnlyList<AnvilNode> _nodes;
    private readonly HttpRpc _rpc;

    private Chain(IReadOnlyList<AnvilNode> nodes, Uri endpoint, string deployment)
    {
        _nodes = nodes;
        Endpoint = endpoint;
        Deployment = deployment;
        _rpc = new HttpRpc([endpoint], new RpcOptions { RequestTimeout = TimeSpan.FromMinutes(5) });
        Client = new EthereumClient(_rpc);
        Anvil = new AnvilControl(_rpc);
    }

    public Uri Endpoint { get; }

    /// <summary>The file that names the contracts.</summary>
    public string Deployment { get; }

    public EthereumClient Client { get; }

    public AnvilControl Anvil { get; }

    /// <summary>The folder that holds contracts/artifacts.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Starts a node of our own with the economy on it; it keeps its past states only where it is to be shared.</summary>
    public static async Task<Chain> FreshAsync(CancellationToken cancellation, bool shared = false)
    {
        string[] memory = shared ? [] : ["--prune-history"];
        var deployment = Path.Combine(Path.GetTempPath(), $"deployment-{Guid.NewGuid():N}.json");
        var deployed = await DeployedAsync(cancellation);
        await File.WriteAllTextAsync(deployment, deployed.Addresses, cancellation);
        var origin = await AnvilNode.StartAsync(Arguments);
        var nodes = new List<AnvilNode> { origin };
        try
        {
            nodes.Insert(0, await AnvilNode.StartAsync([.. Arguments, .. memory, "--fork-url", origin.Http.ToString(), "--no-storage-caching"]));
            var chain = new Chain(nodes, nodes[0].Http, deployment);
            await chain.Anvil.SetBlockTimestampIntervalAsync(1, cancellation);
            foreach (var raw in deployed.Transactions) await chain.Client.Rpc.CallAsync(SendRaw(raw), RpcReaders.Hash, cancellation);
            return chain;
        }
        catch
        {
            foreach (var node in nodes) await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>A node that runs already.</summary>
    public static Chain At(Uri endpoint, string deployment) => new([], endpoint, deployment);

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        foreach (var node in _nodes) await node.DisposeAsync();
        if (_nodes.Count > 0) File.Delete(Deployment);
    }

    private static async Task<Deployed> DeployedAsync(CancellationToken cancellation)
    {
        await Deploying.WaitAsync(cancellation);
        try
        {
            return _deployed ??= await DeployAsync(cancellation);
        }
        finally
        {
            Deploying.Release();
        }
    }

    // The deployment's transactions as a node signs them that keeps its past: without it anvil's guess of their gas is now and then
    // the whole block's.
    private static async Task<Deployed> DeployAsync(CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), $"deployment-{Guid.NewGuid():N}.json");
        await using var node = await AnvilNode.StartAsync(Arguments);
        using var rpc = new HttpRpc([node.Http]);
        await new AnvilControl(rpc).SetBlockTimestampIntervalAsync(1, cancellation);
        await DeployAsync(node.Http, file, cancellation);
        var sent = new List<string>();
        var newest = await new EthereumClient(rpc).GetBlockNumberAsync(cancellation);
        for (ulong block = 1; block <= newest; block++)
        {
            // One transaction a block: anvil mines each as it comes.
            var call = new RpcCall("eth_getRawTransactionByBlockNumberAndIndex", json =>
            {
                json.WriteStringValue(Hex(block));
                json.WriteStringValue(Hex(0));
            });
            sent.Add(await rpc.CallAsync(call, RpcReaders.Text, cancellation));
        }

        var addresses = await File.ReadAllTextAsync(file, cancellation);
        File.Delete(file);
        return new Deployed(addresses, sent);
    }

    private static RpcCall SendRaw(string raw) => new("eth_sendRawTransaction", json => json.WriteStringValue(raw));

    private static string Hex(ulong number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");

    private static async Task DeployAsync(Uri endpoint, string deployment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(Root, "contracts/tools/deploy.mjs"), "--rpc", endpoint.ToString(), "--out", deployment })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("expected node to start, found no process");
        var complaint = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"expected the contracts to be deployed, found: {complaint}");
    }

    private static string FindRoot(string folder) =>
        Directory.Exists(Path.Combine(folder, "contracts", "artifacts"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("expected contracts/artifacts above this program, found none"));

    private sealed record Deployed(string Addresses, IReadOnlyList<string> Transactions);
}
