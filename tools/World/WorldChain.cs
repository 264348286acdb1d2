// A chain to fill. Enters: nothing, or an endpoint and its deployment. Leaves: a development node with the economy
// deployed. Always holds for a chain of our own: fixed genesis, one second between the blocks of the deployment, first
// come first served: the same acts give the same hashes. It is a fork of an empty origin: anvil hashes its whole state
// after every block of a chain of its own, which at 40,000 events takes 25 times as long as all the rest, and states no
// root at all on a fork. Every account that matters is made on the fork, so the origin is asked only for accounts that
// do not exist.
using System.Diagnostics;
using System.Globalization;
using EventSourced.DevNode;
using EventSourced.Ethereum.Json;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>A development node with the economy on it.</summary>
public sealed class WorldChain : IAsyncDisposable
{
    // Blocks as large as a season of lives; a hard fork without a cap on a transaction's gas.
    private static readonly string[] Arguments =
        ["--hardfork", "cancun", "--gas-limit", "30000000000", "--order", "fifo", "--base-fee", "0"];

    private readonly IReadOnlyList<AnvilNode> _nodes;
    private readonly HttpRpc _rpc;

    private WorldChain(IReadOnlyList<AnvilNode> nodes, Uri endpoint, string deployment)
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

    /// <summary>
    /// Starts a node of our own with the economy on it; it keeps its past states only where it is to be shared.
    /// </summary>
    public static Task<WorldChain> FreshAsync(CancellationToken cancellation, bool shared = false) =>
        FreshAsync(isFork: true, shared ? [] : ["--prune-history"], cancellation);

    /// <summary>
    /// Starts a node whose headers state the root of all accounts, and which proves what contracts keep: it is no fork,
    /// so each of its blocks takes longer than the one before.
    /// </summary>
    public static Task<WorldChain> RootedAsync(CancellationToken cancellation) =>
        FreshAsync(isFork: false, [], cancellation);

    private static async Task<WorldChain> FreshAsync(bool isFork, string[] memory, CancellationToken cancellation)
    {
        var deployment = Path.Combine(Path.GetTempPath(), $"deployment-{Guid.NewGuid():N}.json");
        var deploying = await DeployedAsync(deployment, cancellation);
        var origin = await AnvilNode.StartAsync(Arguments);
        var nodes = new List<AnvilNode> { origin };
        try
        {
            if (isFork)
                nodes.Insert(0,
                    await AnvilNode.StartAsync(
                        [.. Arguments, .. memory, "--fork-url", origin.Http.ToString(), "--no-storage-caching"]));
            var chain = new WorldChain(nodes, nodes[0].Http, deployment);
            await chain.Anvil.SetBlockTimestampIntervalAsync(1, cancellation);
            // A block each, by our word: a node that mines by itself puts two into one when it is busy.
            await chain.Anvil.SetAutomineAsync(false, cancellation);
            foreach (var raw in deploying)
            {
                await chain.Client.Rpc.CallAsync(SendRaw(raw), JsonValues.Hash, cancellation);
                await chain.Anvil.MineAsync(cancellation);
            }

            await chain.Anvil.SetAutomineAsync(true, cancellation);
            return chain;
        }
        catch
        {
            foreach (var node in nodes) await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>A node that runs already.</summary>
    public static WorldChain At(Uri endpoint, string deployment) => new([], endpoint, deployment);

    public async ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        foreach (var node in _nodes) await node.DisposeAsync();
        if (_nodes.Count > 0) File.Delete(Deployment);
    }

    // The deployment's transactions as a node signs them that keeps its past: without it anvil's guess of their gas is
    // now and then the whole block's.
    private static async Task<IReadOnlyList<string>> DeployedAsync(string deployment, CancellationToken cancellation)
    {
        await using var node = await AnvilNode.StartAsync(Arguments);
        using var rpc = new HttpRpc([node.Http]);
        await new AnvilControl(rpc).SetBlockTimestampIntervalAsync(1, cancellation);
        await DeployAsync(node.Http, deployment, cancellation);
        return await TransactionsAsync(rpc, cancellation);
    }

    /// <summary>
    /// Every transaction of a chain as it was signed, in order: a busy node puts several into a block.
    /// </summary>
    public static async Task<IReadOnlyList<string>> TransactionsAsync(HttpRpc rpc, CancellationToken cancellation)
    {
        var sent = new List<string>();
        var newest = await new EthereumClient(rpc).GetBlockNumberAsync(cancellation);
        for (ulong block = 1; block <= newest; block++)
        {
            var number = Hex(block);
            var counting = new RpcCall("eth_getBlockTransactionCountByNumber", json => json.WriteStringValue(number));
            var count = await rpc.CallAsync(counting, JsonValues.Quantity, cancellation);
            for (ulong index = 0; index < count; index++)
            {
                var at = Hex(index);
                var call = new RpcCall("eth_getRawTransactionByBlockNumberAndIndex", json =>
                {
                    json.WriteStringValue(number);
                    json.WriteStringValue(at);
                });
                sent.Add(await rpc.CallAsync(call, JsonValues.Text, cancellation));
            }
        }

        return sent;
    }

    private static RpcCall SendRaw(string raw) => new("eth_sendRawTransaction", json => json.WriteStringValue(raw));

    private static string Hex(ulong number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");

    private static async Task DeployAsync(Uri endpoint, string deployment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("node") { RedirectStandardError = true };
        foreach (var argument in new[]
        {
            Path.Combine(Root, "contracts/tools/deploy.mjs"),
            "--rpc",
            endpoint.ToString(),
            "--out",
            deployment,
        })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException("expected node to start, found no process");
        var complaint = await process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException(
            $"expected the contracts to be deployed, found: {complaint}");
    }

    private static string FindRoot(string folder) =>
        Directory.Exists(Path.Combine(folder, "contracts", "artifacts"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder)
                ?? throw new DirectoryNotFoundException("expected contracts/artifacts above this program, found none"));
}
