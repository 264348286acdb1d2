// A chain to fill. Enters: nothing, or an endpoint and its deployment. Leaves: a development node with the economy deployed. Always
// holds for a chain of our own: fixed genesis, one second between the blocks of the deployment, first come first served: the
// same acts give the same hashes.
using System.Diagnostics;
using EventSourced.Ethereum.Rpc;
using EventSourced.Testing;

namespace EventSourced.World;

/// <summary>A development node with the economy on it.</summary>
public sealed class Chain : IAsyncDisposable
{
    // Blocks as large as a season of lives; a hard fork without a cap on a transaction's gas.
    private static readonly string[] Arguments =
        ["--hardfork", "cancun", "--gas-limit", "30000000000", "--order", "fifo", "--base-fee", "0", "--max-persisted-states", "128"];

    private readonly AnvilNode? _node;
    private readonly HttpRpc _rpc;

    private Chain(AnvilNode? node, Uri endpoint, string deployment)
    {
        _node = node;
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

    /// <summary>Starts a node of our own and deploys to it.</summary>
    public static async Task<Chain> FreshAsync(CancellationToken cancellation)
    {
        var node = await AnvilNode.StartAsync(Arguments);
        var deployment = Path.Combine(Path.GetTempPath(), $"deployment-{node.Port}.json");
        File.Delete(deployment);
        var chain = new Chain(node, node.Http, deployment);
        try
        {
            await chain.Anvil.SetBlockTimestampIntervalAsync(1, cancellation);
            await DeployAsync(node.Http, deployment, cancellation);
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <summary>A node that runs already.</summary>
    public static Chain At(Uri endpoint, string deployment) => new(null, endpoint, deployment);

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        if (_node is null) return;
        await _node.DisposeAsync();
        File.Delete(Deployment);
    }

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
}
