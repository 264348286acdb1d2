// Nethereum's Web3 for one key of ours, which the generated services use to send. Enters: our JSON-RPC, a key, the
// chain's id. Leaves: a Web3 that signs by our curve, asks the node for each nonce, and ends with the cancellation.
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using Nethereum.Web3;
using Nethereum.Web3.Accounts;

namespace EventSourced.Chain.Sending;

/// <summary>Makes Web3 for a key.</summary>
public static class Account
{
    /// <summary>A Web3 that sends in the name of the key.</summary>
    public static Web3 Web3Of(HttpRpc rpc, SigningKey key, ulong chainId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rpc);
        var signer = new KeySigner(key);
        var account = new ExternalAccount(signer.Address.ToString(), signer, chainId)
        {
            NonceService = new NextNonces(rpc, signer.Address, cancellation),
        };
        var client = new NodeClient(rpc, cancellation);
        account.InitialiseDefaultTransactionManager(client);
        return new Web3(account, client);
    }
}
