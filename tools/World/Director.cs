// The account behind the actors. Enters: scripts. Leaves: transactions with fixed fees and counted nonces, so that the
// same scripts give the same hashes. The account belongs to the world alone, one for each deployment: nobody else uses
// its nonces, and the driver is always its first creation, so that a world that starts again finds driver and actors
// without a file.
using System.Text.Json;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Sending;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

/// <summary>Sends scripts to the driver.</summary>
public sealed class Director : IDisposable
{
    private static readonly UInt256 Fee = 100_000_000_000;
    private static readonly Fees NoTip = new(0UL, Fee);
    private static readonly AbiFunction Run = AbiFunction.Parse("function run(bytes script)");
    private static readonly AbiFunction Recruit = AbiFunction.Parse("function recruit(uint256 count)");

    private readonly EthereumClient _client;
    private readonly SigningKey _key;
    private readonly ulong _chainId;
    private readonly Address[] _accounts;
    private ulong _nonce;

    private Director(EthereumClient client, SigningKey key, ulong chainId, ulong nonce, Address[] accounts)
    {
        (_client, _key, _chainId, _nonce, _accounts) = (client, key, chainId, nonce, accounts);
        Driver = Transactions.Created(key.Address, 0);
    }

    /// <summary>The driver's word for a refused step.</summary>
    public static AbiError StepRefused { get; } = AbiError.Parse(
        "error StepRefused(uint256 step, uint256 actor, address target, bytes reason)");

    /// <summary>The director's account.</summary>
    public Address Account => _key.Address;

    /// <summary>Where the driver is, or will be.</summary>
    public Address Driver { get; }

    public static async Task<Director> OnAsync(
        EthereumClient client, AnvilControl anvil, Contracts contracts, CancellationToken cancellation)
    {
        // A key that anybody can make, for development chains alone.
        var key = new SigningKey(Keccak256.Hash($"EventSourced world {contracts["Directory"].Address}").Bytes);
        await anvil.SetBalanceAsync(key.Address, UInt256.Parse("1000000000000000000000000000"), cancellation);
        // What an earlier world left unmined counts on nonces that a reorg took back: it would come between, or never.
        await anvil.RemovePoolTransactionsAsync(key.Address, cancellation);
        var accounts = await client.Rpc.CallAsync(new RpcCall("eth_accounts"), ReadAccounts, cancellation);
        var nonce = await client.GetNonceAsync(key.Address, BlockTag.Latest, cancellation);
        return new Director(client, key, contracts.ChainId, nonce, accounts);
    }

    /// <summary>Sends any call (or, without a target, a creation); it is mined when the stage mines.</summary>
    public Task<Hash32> SendAnyAsync(Address? to, byte[] data, ulong gas, CancellationToken cancellation) =>
        _client.SendAsync(Transactions.Sign(_key, _chainId, _nonce++, NoTip, new Call(to, data, gas)), cancellation);

    /// <summary>Lets one of the node's own accounts send a call; the node signs.</summary>
    public Task<Hash32> SendAsAsync(
        int account, Address to, byte[] data, CancellationToken cancellation) => _client.Rpc.CallAsync(
        new RpcCall("eth_sendTransaction", json =>
        {
            json.WriteStartObject();
            json.WriteString("from", _accounts[account].ToString());
            json.WriteString("to", to.ToString());
            json.WriteString("data", "0x" + Convert.ToHexStringLower(data));
            json.WriteString("gas", "0x1000000");
            json.WriteString("maxFeePerGas", Fee.ToQuantity());
            json.WriteString("maxPriorityFeePerGas", "0x0");
            json.WriteEndObject();
        }),
        static (ref Utf8JsonReader reader) => Hash32.Parse(reader.GetString()!),
        cancellation);

    /// <summary>Sends a script.</summary>
    public Task<Hash32> SendAsync(byte[] script, ulong gas, CancellationToken cancellation) =>
        SendAnyAsync(Driver, Run.EncodeCall(script), gas, cancellation);

    /// <summary>How much gas a script takes; a refusal is a fault that carries its data.</summary>
    public Task<ulong> EstimateAsync(byte[] script, CancellationToken cancellation) =>
        _client.EstimateGasAsync(Account, Driver, Run.EncodeCall(script), UInt256.Zero, cancellation);

    /// <summary>Asks the driver to create actors.</summary>
    public Task<Hash32> RecruitAsync(ulong count, ulong gas, CancellationToken cancellation) =>
        SendAnyAsync(Driver, Recruit.EncodeCall(count), gas, cancellation);

    /// <summary>How many actors there are: each was one creation of the driver, whose own nonce began with 1.</summary>
    public async Task<int> ActorsAsync(CancellationToken cancellation) =>
        (int)(await _client.GetNonceAsync(Driver, BlockTag.Latest, cancellation) is > 0 and var nonce ? nonce - 1 : 0);

    /// <summary>
    /// What a script is refused with on the state after a block, at a later time; empty when it is accepted.
    /// </summary>
    public async Task<byte[]> RefusalAsync(byte[] script, ulong block, ulong time, CancellationToken cancellation)
    {
        try
        {
            await _client.Rpc.CallAsync(
                new RpcCall("eth_call", json =>
                {
                    json.WriteStartObject();
                    json.WriteString("from", Account.ToString());
                    json.WriteString("to", Driver.ToString());
                    json.WriteString("data", "0x" + Convert.ToHexStringLower(Run.EncodeCall(script)));
                    json.WriteEndObject();
                    json.WriteStringValue($"0x{block:x}");
                    json.WriteStartObject();
                    json.WriteEndObject();
                    json.WriteStartObject();
                    json.WriteString("number", $"0x{block + 1:x}");
                    json.WriteString("time", $"0x{time:x}");
                    json.WriteEndObject();
                }),
                static (ref Utf8JsonReader reader) => reader.GetString()!,
                cancellation);
            return [];
        }
        catch (RpcException refused) when (refused.Fault == RpcFault.Reverted)
        {
            return refused.RevertData.ToArray();
        }
    }

    private static Address[] ReadAccounts(ref Utf8JsonReader reader)
    {
        var accounts = new List<Address>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) accounts
            .Add(Address.Parse(reader.GetString()!));
        return [.. accounts];
    }

    public void Dispose() => _key.Dispose();
}
