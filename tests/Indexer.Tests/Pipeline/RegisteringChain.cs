// A chain whose governance registers contracts: calls by anybody, the timelock too, on a development node that signs
// for whom it is told. Enters: an economy. Leaves: a second token, deployed as the first one was, and blocks of one
// call each.
using System.Text.Json;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;

namespace EventSourced.Indexer.Tests.Pipeline;

/// <summary>Registers contracts and lets them speak.</summary>
internal sealed class RegisteringChain(WorldChain chain)
{
    /// <summary>Whose approvals the tests look at.</summary>
    public static readonly Address Owner = Spender(0xa11ce);

    // Forwarder comes first, Credit second: the order of Wiring.
    private const int CreditsPlace = 1;
    private const ulong Wei = 1_000_000_000_000_000_000;

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly AbiFunction Approve = AbiFunction.Parse(
        "function approve(address spender, uint256 value) returns (bool)");
    private static readonly AbiFunction Registering = AbiFunction.Parse(
        "function register(bytes32 name, address location, uint32 catalogVersion, bytes32 catalogHash)");

    private readonly Contracts _contracts = Contracts.Load(chain.Deployment, WorldChain.Root);

    public Address FirstCredit => _contracts["Credit"].Address;

    /// <summary>Somebody's address by a number.</summary>
    public static Address Spender(ulong number) => Address.Parse($"0x{number:x40}");

    /// <summary>
    /// Deploys the token once more, by the data of the transaction that created it, as the node tells it.
    /// </summary>
    public async Task<Address> DeployCreditAsync()
    {
        var deploying = await WorldChain.TransactionsAsync(chain.Client.Rpc, None);
        var creating = Keccak256.Hash(Convert.FromHexString(deploying[CreditsPlace].AsSpan(2)));
        var data = await chain.Client.Rpc.CallAsync(
            new RpcCall("eth_getTransactionByHash", json => json.WriteStringValue(creating.ToString())),
            static (ref Utf8JsonReader reader) => JsonElement.ParseValue(ref reader).GetProperty("input").GetString()!,
            None);
        return (await SendAsync(Owner, null, Convert.FromHexString(data.AsSpan(2)))).ContractAddress!.Value;
    }

    /// <summary>The owner approves a spender, and the token tells so.</summary>
    public Task<TransactionReceipt> ApproveAsync(Address token, ulong spender) =>
        SendAsync(Owner, token, Approve.EncodeCall(Spender(spender), 7UL));

    /// <summary>The timelock registers a contract.</summary>
    public Task<TransactionReceipt> RegisterAsync(string name, Address location) => SendAsync(
        _contracts["Timelock"].Address, _contracts["Directory"].Address,
        Registering.EncodeCall(Cast.Name(name), location, 1UL, Hash32.Parse(Domain.Events.EventCatalog.Hash)));

    private async Task<TransactionReceipt> SendAsync(Address from, Address? to, byte[] data)
    {
        await chain.Anvil.ImpersonateAsync(from, None);
        await chain.Anvil.SetBalanceAsync(from, Wei, None);
        var hash = await chain.Client.Rpc.CallAsync(
            new RpcCall("eth_sendTransaction", json =>
            {
                json.WriteStartObject();
                json.WriteString("from", from.ToString());
                if (to is { } target) json.WriteString("to", target.ToString());
                json.WriteString("data", "0x" + Convert.ToHexStringLower(data));
                json.WriteString("gas", "0x1000000");
                json.WriteString("maxFeePerGas", "0x0");
                json.WriteString("maxPriorityFeePerGas", "0x0");
                json.WriteEndObject();
            }),
            static (ref Utf8JsonReader reader) => Hash32.Parse(reader.GetString()!),
            None);
        var receipt = await chain.Client.WaitForReceiptAsync(hash, None);
        return receipt.Succeeded
            ? receipt : throw new InvalidOperationException($"expected {hash} to succeed, found it reverted");
    }
}
