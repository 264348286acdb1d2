// The methods by which a development node (anvil) is steered: mining, time, reorgs, snapshots, balances, impersonation.
// For tests, benches and demos; no public node offers them.
using System.Text.Json;
using EventSourced.Ethereum.Json;

namespace EventSourced.Ethereum.Rpc;

/// <summary>Steers a development node.</summary>
public sealed class AnvilControl(HttpRpc rpc)
{
    /// <summary>Mines blocks, at an interval of their timestamps in seconds.</summary>
    public Task MineAsync(ulong blocks, CancellationToken cancellation, ulong intervalSeconds = 1) =>
        DoAsync("anvil_mine", cancellation, json =>
        {
            json.WriteStringValue(Hex.Quantity(blocks));
            json.WriteStringValue(Hex.Quantity(intervalSeconds));
        });

    /// <summary>Mines one block.</summary>
    public Task MineAsync(CancellationToken cancellation) => DoAsync("evm_mine", cancellation);

    /// <summary>Turns mining at each transaction on or off.</summary>
    public Task SetAutomineAsync(bool on, CancellationToken cancellation) =>
        DoAsync("evm_setAutomine", cancellation, json => json.WriteBooleanValue(on));

    /// <summary>Mines every so many seconds; 0 stops.</summary>
    public Task SetIntervalMiningAsync(ulong seconds, CancellationToken cancellation) =>
        DoAsync("evm_setIntervalMining", cancellation, json => json.WriteNumberValue(seconds));

    /// <summary>Sets the next block's time.</summary>
    public Task SetNextBlockTimestampAsync(ulong timestamp, CancellationToken cancellation) =>
        DoAsync("evm_setNextBlockTimestamp", cancellation, json => json.WriteNumberValue(timestamp));

    /// <summary>Sets the seconds between blocks.</summary>
    public Task SetBlockTimestampIntervalAsync(ulong seconds, CancellationToken cancellation) =>
        DoAsync("anvil_setBlockTimestampInterval", cancellation, json => json.WriteNumberValue(seconds));

    /// <summary>Moves the clock forward.</summary>
    public Task IncreaseTimeAsync(ulong seconds, CancellationToken cancellation) =>
        DoAsync("evm_increaseTime", cancellation, json => json.WriteNumberValue(seconds));

    /// <summary>Replaces the newest blocks by as many empty ones: the height stays.</summary>
    public Task ReorgAsync(ulong depth, CancellationToken cancellation) => DoAsync("anvil_reorg", cancellation, json =>
    {
        json.WriteNumberValue(depth);
        json.WriteStartArray();
        json.WriteEndArray();
    });

    /// <summary>Cuts the newest blocks off: the chain gets shorter.</summary>
    public Task RollbackAsync(ulong depth, CancellationToken cancellation) =>
        DoAsync("anvil_rollback", cancellation, json => json.WriteNumberValue(depth));

    /// <summary>Drops the transactions that an account has sent and no block has taken yet.</summary>
    public Task RemovePoolTransactionsAsync(Address account, CancellationToken cancellation) =>
        DoAsync("anvil_removePoolTransactions", cancellation, json => json.WriteStringValue(account.ToString()));

    /// <summary>Gives an account wei.</summary>
    public Task SetBalanceAsync(Address account, UInt256 wei, CancellationToken cancellation) =>
        DoAsync("anvil_setBalance", cancellation, json =>
        {
            json.WriteStringValue(account.ToString());
            json.WriteStringValue(wei.ToQuantity());
        });

    /// <summary>Puts code at an address.</summary>
    public Task SetCodeAsync(Address account, ReadOnlyMemory<byte> code, CancellationToken cancellation) =>
        DoAsync("anvil_setCode", cancellation, json =>
        {
            json.WriteStringValue(account.ToString());
            json.WriteStringValue(Hex.ToText(code.Span));
        });

    /// <summary>Lets transactions be sent from an account without its key.</summary>
    public Task ImpersonateAsync(Address account, CancellationToken cancellation) =>
        DoAsync("anvil_impersonateAccount", cancellation, json => json.WriteStringValue(account.ToString()));

    /// <summary>Keeps the present state and answers its name.</summary>
    public Task<UInt256> SnapshotAsync(CancellationToken cancellation) =>
        rpc.CallAsync(new RpcCall("evm_snapshot"), JsonValues.BigQuantity, cancellation);

    /// <summary>Goes back to a kept state; false where there is none of that name.</summary>
    public Task<bool> RevertAsync(UInt256 snapshot, CancellationToken cancellation) => rpc.CallAsync(
        new RpcCall("evm_revert", json => json.WriteStringValue(snapshot.ToQuantity())),
        JsonValues.Truth,
        cancellation);

    private Task<bool> DoAsync(
        string method, CancellationToken cancellation, Action<Utf8JsonWriter>? parameters = null) =>
        rpc.CallAsync(new RpcCall(method, parameters), RpcReaders.Anything, cancellation);
}
