// The chain that the relayer's tests share: a real node with the economy on it. Enters: nothing. Leaves: the node, the
// contracts, and what the chain says of requests that the Forwarder has executed.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;

namespace EventSourced.Workers.Tests;

/// <summary>One deployed chain for all tests.</summary>
public sealed class Shore : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    public WorldChain Chain { get; private set; } = null!;

    internal Contracts Contracts { get; private set; } = null!;

    internal EthereumClient Client => Chain.Client;

    internal AnvilControl Anvil => Chain.Anvil;

    internal Address Forwarder => Contracts["Forwarder"].Address;

    public async Task InitializeAsync()
    {
        Chain = await WorldChain.FreshAsync(None, shared: true);
        Contracts = Contracts.Load(Chain.Deployment, WorldChain.Root);
    }

    public async Task DisposeAsync() => await Chain.DisposeAsync();

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
        var answer = await Client.CallAsync(new CallRequest(registry.Address, balance.EncodeCall(owner)), BlockTag.Latest, None);
        return (ulong)balance.DecodeResult(answer)[0].AsUInt256();
    }

    internal async Task<ulong> UsedAsync(Address account) => await Client.GetNonceAsync(account, BlockTag.Latest, None);

    internal async Task<ulong> NowAsync() => (await Client.GetHeaderAsync(BlockTag.Latest, None))!.Timestamp;

    /// <summary>Sets the base fee of the next block.</summary>
    internal Task SetBaseFeeAsync(ulong wei) => Client.Rpc.CallAsync(
        new RpcCall("anvil_setNextBlockBaseFeePerGas", json => json.WriteStringValue(Hex.Quantity(wei))), RpcReaders.Anything, None);

    /// <summary>Mines by itself again, at no base fee.</summary>
    internal async Task CalmAsync()
    {
        await SetBaseFeeAsync(0);
        await Anvil.SetAutomineAsync(true, None);
        await Anvil.MineAsync(None);
    }
}

[CollectionDefinition(Name)]
public sealed class ShoreTests : ICollectionFixture<Shore>
{
    public const string Name = "shore";
}
