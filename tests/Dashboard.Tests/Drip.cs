// One event of the economy by a transaction of its own. Enters: a chain with the contracts, an address. Leaves: the
// address has its portion of the faucet, in a mined block.
using EventSourced.Chain.Contracts;
using EventSourced.Chain.Sending;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;

namespace EventSourced.Dashboard.Tests;

/// <summary>Asks the faucet.</summary>
internal static class Drip
{
    public static async Task SendAsync(WorldChain chain, string recipient)
    {
        var contracts = Contracts.Load(chain.Deployment, WorldChain.Root);
        using var rpc = new HttpRpc([chain.Endpoint], new RpcOptions());
        using var key = SigningKey.Parse(AnvilNode.RichKey);
        var web3 = Account.Web3Of(rpc, key, contracts.ChainId, CancellationToken.None);
        await new FaucetService(web3, contracts["Faucet"].Address).SendAsync(
            new FaucetMessages.Drip { Recipient = recipient });
        await chain.Anvil.MineAsync(CancellationToken.None);
    }
}
