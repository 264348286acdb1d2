// The chain that the relayer's tests share: a real node with the economy on it. Enters: nothing. Leaves: the node, the
// contracts, and what they say of an address. It is no fork, as the world's chain is: a fork of anvil that is
// reorganised loses contracts.
using System.Diagnostics;
using EventSourced.Chain.Encoding;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;

namespace EventSourced.Workers.Tests;

/// <summary>One deployed chain for all tests.</summary>
public sealed class Shore : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static readonly string[] Arguments =
        ["--hardfork", "cancun", "--gas-limit", "1000000000", "--order", "fifo", "--base-fee", "0"];

    private readonly string _deployment = Path.Combine(Path.GetTempPath(), $"deployment-{Guid.NewGuid():N}.json");
    private AnvilNode _node = null!;

    public WorldChain Chain { get; private set; } = null!;

    internal Contracts Contracts { get; private set; } = null!;

    internal EthereumClient Client => Chain.Client;

    internal AnvilControl Anvil => Chain.Anvil;

    internal Address Forwarder => Contracts["Forwarder"].Address;

    public async Task InitializeAsync()
    {
        _node = await AnvilNode.StartAsync(Arguments);
        Chain = WorldChain.At(_node.Http, _deployment);
        await Anvil.SetBlockTimestampIntervalAsync(1, None);
        await DeployAsync();
        Contracts = Contracts.Load(Chain.Deployment, WorldChain.Root);
    }

    public async Task DisposeAsync()
    {
        await Chain.DisposeAsync();
        await _node.DisposeAsync();
        File.Delete(_deployment);
    }

    /// <summary>A key with money.</summary>
    internal async Task<SigningKey> AccountAsync(ulong ether = 1_000)
    {
        var key = SigningKey.Generate();
        await Anvil.SetBalanceAsync(key.Address, (UInt256)ether * 1_000_000_000_000_000_000UL, None);
        return key;
    }

    /// <summary>How many agents an address has registered.</summary>
    internal async Task<ulong> AgentsOfAsync(Address owner)
    {
        var registry = Contracts["AgentRegistry"];
        var balance = registry.Function("balanceOf");
        var answer = await Client.CallAsync(
            new CallRequest(registry.Address, balance.EncodeCall(owner)), BlockTag.Latest, None);
        return (ulong)balance.DecodeResult(answer)[0].AsUInt256();
    }

    internal async Task<ulong> UsedAsync(Address account) => await Client.GetNonceAsync(account, BlockTag.Latest, None);

    internal async Task<ulong> NowAsync() => (await Client.GetHeaderAsync(BlockTag.Latest, None))!.Timestamp;

    /// <summary>Sets the base fee of the next block.</summary>
    internal Task SetBaseFeeAsync(ulong wei) => Client.Rpc.CallAsync(
        new RpcCall("anvil_setNextBlockBaseFeePerGas", json => json.WriteStringValue(Hex.Quantity(wei))),
            RpcReaders.Anything, None);

    /// <summary>Mines by itself again, at no base fee.</summary>
    internal async Task CalmAsync()
    {
        await SetBaseFeeAsync(0);
        await Anvil.SetAutomineAsync(true, None);
        await Anvil.MineAsync(None);
    }

    private async Task DeployAsync()
    {
        var start = new ProcessStartInfo("node") { RedirectStandardError = true };
        string[] arguments =
            [Path.Combine(WorldChain.Root, "contracts/tools/deploy.mjs"), "--rpc", _node.Http.ToString(), "--out",
                _deployment];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException("expected node to start, found no process");
        var complaint = await process.StandardError.ReadToEndAsync(None);
        await process.WaitForExitAsync(None);
        if (process.ExitCode != 0) throw new InvalidOperationException(
            $"expected the contracts to be deployed, found: {complaint}");
    }
}

[CollectionDefinition(Name)]
public sealed class ShoreTests : ICollectionFixture<Shore>
{
    public const string Name = "shore";
}
