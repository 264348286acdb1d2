// The account behind the actors. Enters: scripts. Leaves: transactions of a development node's own first account, with fixed
// fees and counted nonces, so that the same scripts give the same hashes.
using System.Text.Json;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.Ethereum.Transactions;

namespace EventSourced.World;

/// <summary>Sends scripts to the driver.</summary>
public sealed class Director : IDisposable
{
    // The first account of every anvil: a key that the whole world knows, for development chains alone.
    private const string DevelopmentKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private static readonly UInt256 Fee = 100_000_000_000;
    private static readonly AbiFunction Run = AbiFunction.Parse("function run(bytes script)");
    private static readonly AbiFunction Recruit = AbiFunction.Parse("function recruit(uint256 count)");
    private static readonly AbiFunction ActorAt = AbiFunction.Parse("function actorAt(uint256 index) view returns (address)");

    private readonly EthereumClient _client;
    private readonly SigningKey _key = SigningKey.Parse(DevelopmentKey);
    private readonly ulong _chainId;
    private ulong _nonce;

    private readonly Address[] _accounts;

    private Director(EthereumClient client, ulong chainId, ulong nonce, Address[] accounts) =>
        (_client, _chainId, _nonce, _accounts) = (client, chainId, nonce, accounts);

    /// <summary>The driver's word for a refused step.</summary>
    public static AbiError StepRefused { get; } = AbiError.Parse("error StepRefused(uint256 step, uint256 actor, address target, bytes reason)");

    /// <summary>The director's account; on a development chain it holds the supply.</summary>
    public Address Account => _key.Address;

    public static async Task<Director> OnAsync(EthereumClient client, AnvilControl anvil, ulong chainId, CancellationToken cancellation)
    {
        using var key = SigningKey.Parse(DevelopmentKey);
        await anvil.SetBalanceAsync(key.Address, UInt256.Parse("1000000000000000000000000000"), cancellation);
        var accounts = await client.Rpc.CallAsync(new RpcCall("eth_accounts"), ReadAccounts, cancellation);
        return new Director(client, chainId, await client.GetNonceAsync(key.Address, BlockTag.Latest, cancellation), accounts);
    }

    /// <summary>Sends any call (or, without a target, a creation); it is mined when the stage mines.</summary>
    public Task<Hash32> SendAnyAsync(Address? to, byte[] data, ulong gas, CancellationToken cancellation)
    {
        var transaction = new Transaction.FeeMarket(_chainId, MaxPriorityFeePerGas: 0, MaxFeePerGas: Fee)
        {
            Nonce = _nonce++,
            GasLimit = gas,
            To = to,
            Data = data,
        };
        return _client.SendAsync(transaction.Sign(_key), cancellation);
    }

    /// <summary>Lets one of the node's own accounts send a call; the node signs.</summary>
    public Task<Hash32> SendAsAsync(int account, Address to, byte[] data, CancellationToken cancellation) => _client.Rpc.CallAsync(
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
    public Task<Hash32> SendAsync(Address driver, byte[] script, ulong gas, CancellationToken cancellation) =>
        SendAnyAsync(driver, Run.EncodeCall(script), gas, cancellation);

    /// <summary>Asks the driver to create actors.</summary>
    public Task<Hash32> RecruitAsync(Address driver, ulong count, ulong gas, CancellationToken cancellation) =>
        SendAnyAsync(driver, Recruit.EncodeCall(count), gas, cancellation);

    /// <summary>The address of an actor.</summary>
    public async Task<Address> ActorAtAsync(Address driver, int index, CancellationToken cancellation) =>
        ActorAt.DecodeResult(await _client.CallAsync(new CallRequest(driver, ActorAt.EncodeCall((ulong)index)), BlockTag.Latest, cancellation))[0].AsAddress();

    /// <summary>What a script is refused with on the state after a block, at a later time; empty when it is accepted.</summary>
    public async Task<byte[]> RefusalAsync(Address driver, byte[] script, ulong block, ulong time, CancellationToken cancellation)
    {
        try
        {
            await _client.Rpc.CallAsync(
                new RpcCall("eth_call", json =>
                {
                    json.WriteStartObject();
                    json.WriteString("from", Account.ToString());
                    json.WriteString("to", driver.ToString());
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
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) accounts.Add(Address.Parse(reader.GetString()!));
        return [.. accounts];
    }

    public void Dispose() => _key.Dispose();
}
