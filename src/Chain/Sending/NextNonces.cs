// The next nonce as the node counts it, asked anew for each transaction. Nethereum's own service counts in memory and
// leaves a gap behind a transaction that the node refused; everything later then waits for ever.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.NonceServices;

namespace EventSourced.Chain.Sending;

internal sealed class NextNonces(HttpRpc rpc, Address account, CancellationToken cancellation) : INonceService
{
    public IClient? Client { get; set; }

    public bool UseLatestTransactionsOnly { get; set; }

    public async Task<HexBigInteger> GetNextNonceAsync() => new(await new EthereumClient(rpc).GetNonceAsync(
        account, UseLatestTransactionsOnly ? BlockTag.Latest : BlockTag.Pending, cancellation).ConfigureAwait(false));

    public Task ResetNonceAsync() => Task.CompletedTask;
}
