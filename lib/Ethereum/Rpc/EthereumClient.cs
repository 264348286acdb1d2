// The methods of a node, typed. Enters: addresses, filters, transactions. Leaves: values, or a named fault of
// RpcException. A raw transaction sent twice is no fault: the second answer is its hash too.
using System.Text.Json;
using EventSourced.Ethereum.Json;
using EventSourced.Ethereum.Logs;

namespace EventSourced.Ethereum.Rpc;

/// <summary>A typed client of Ethereum's JSON-RPC.</summary>
public sealed class EthereumClient(HttpRpc rpc)
{
    /// <summary>The number of times a receipt is asked for before the wait is given up.</summary>
    public const int MaxReceiptPolls = 600;

    private static readonly TimeSpan FirstReceiptPoll = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestReceiptPoll = TimeSpan.FromSeconds(1);

    /// <summary>The client for methods that are not typed here.</summary>
    public HttpRpc Rpc { get; } = rpc;

    /// <summary>The chain's id.</summary>
    public Task<ulong> GetChainIdAsync(CancellationToken cancellation) =>
        Rpc.CallAsync(new RpcCall("eth_chainId"), JsonValues.Quantity, cancellation);

    /// <summary>The newest block's number.</summary>
    public Task<ulong> GetBlockNumberAsync(CancellationToken cancellation) =>
        Rpc.CallAsync(new RpcCall("eth_blockNumber"), JsonValues.Quantity, cancellation);

    /// <summary>A block's header, or null where the node has none (yet, or by this tag).</summary>
    public Task<BlockHeader?> GetHeaderAsync(BlockTag block, CancellationToken cancellation) =>
        Rpc.CallAsync(HeaderCall(block), RpcReaders.Header, cancellation);

    /// <summary>A block's header by hash, or null where the node does not know it.</summary>
    public Task<BlockHeader?> GetHeaderAsync(Hash32 hash, CancellationToken cancellation) =>
        Rpc.CallAsync(HeaderCall(hash), RpcReaders.Header, cancellation);

    /// <summary>The headers of a range of blocks, in batches; null where the node has none.</summary>
    public Task<BlockHeader?[]> GetHeadersAsync(ulong from, ulong to, CancellationToken cancellation)
    {
        var count = from <= to ? checked((int)(to - from + 1)) : 0;
        return Rpc.BatchAsync(
            [.. Enumerable.Range(0, count).Select(i => HeaderCall(from + (ulong)i))], RpcReaders.Header, cancellation);
    }

    /// <summary>The headers of some blocks, in batches and in the order asked; null where the node has none.</summary>
    public Task<BlockHeader?[]> GetHeadersAsync(IReadOnlyList<ulong> numbers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return Rpc.BatchAsync([.. numbers.Select(number => HeaderCall(number))], RpcReaders.Header, cancellation);
    }

    /// <summary>Reads the logs of a filter into a visitor that is made anew for each attempt.</summary>
    public Task<TVisitor> ReadLogsAsync<TVisitor>(
        LogFilter filter, Func<TVisitor> fresh, CancellationToken cancellation)
        where TVisitor : ILogVisitor
    {
        ArgumentNullException.ThrowIfNull(fresh);
        return Rpc.CallAsync(
            LogsCall(filter),
            (ref Utf8JsonReader reader) =>
            {
                var visitor = fresh();
                LogReader.Read(ref reader, ref visitor);
                return visitor;
            },
            cancellation);
    }

    /// <summary>The logs of a filter.</summary>
    public Task<LogBatch> GetLogsAsync(LogFilter filter, CancellationToken cancellation) =>
        ReadLogsAsync(filter, static () => new LogBatch(), cancellation);

    /// <summary>
    /// All logs of some blocks as their receipts hold them, in batches and in the order asked; null when the node has
    /// no such block. A block's header commits to receipts; eth_getLogs reads an index beside them.
    /// </summary>
    public Task<LogBatch?[]> GetReceiptLogsAsync(IReadOnlyList<ulong> numbers, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return Rpc.BatchAsync(
            [.. numbers.Select(number => new RpcCall(
                "eth_getBlockReceipts", json => json.WriteStringValue(BlockTag.Number(number).ToString())))],
            RpcReaders.ReceiptLogs,
            cancellation);
    }

    /// <summary>Calls a contract without changing anything; a revert is a fault that carries its data.</summary>
    public Task<byte[]> CallAsync(CallRequest call, BlockTag block, CancellationToken cancellation) =>
        Rpc.CallAsync(
            new RpcCall("eth_call", json =>
            {
                WriteCall(json, call.To, call.Data.Span, call.Value, call.From, call.Gas);
                json.WriteStringValue(block.ToString());
            }),
            JsonValues.Bytes,
            cancellation);

    /// <summary>The gas that a transaction would use; a revert is a fault that carries its data.</summary>
    public Task<ulong> EstimateGasAsync(
        Address from, Address? to, ReadOnlyMemory<byte> data, UInt256 value, CancellationToken cancellation,
        ulong? gas = null) =>
        Rpc.CallAsync(
            new RpcCall("eth_estimateGas", json => WriteCall(json, to, data.Span, value, from, gas)),
            JsonValues.Quantity,
            cancellation);

    /// <summary>Sends a signed transaction, encoded as the chain holds it, and answers its hash.</summary>
    public async Task<Hash32> SendAsync(ReadOnlyMemory<byte> raw, CancellationToken cancellation)
    {
        var hash = Keccak256.Hash(raw.Span);
        try
        {
            var answered = await Rpc.CallAsync(
                new RpcCall("eth_sendRawTransaction", json => json.WriteStringValue(Hex.ToText(raw.Span))),
                JsonValues.Hash,
                cancellation).ConfigureAwait(false);
            return answered == hash
                ? hash
                : throw new RpcException(RpcFault.Malformed, Rpc.Endpoints[0], "eth_sendRawTransaction",
                    $"expected the hash {hash}, found {answered}");
        }
        catch (RpcException known) when (known.Message.Contains("already known", StringComparison.OrdinalIgnoreCase) ||
                                         known.Message.Contains("already imported", StringComparison.OrdinalIgnoreCase))
        {
            return hash;
        }
    }

    /// <summary>A transaction's receipt, or null while it is not mined.</summary>
    public Task<TransactionReceipt?> GetReceiptAsync(Hash32 transaction, CancellationToken cancellation) =>
        Rpc.CallAsync(ReceiptCall(transaction), RpcReaders.Receipt, cancellation);

    /// <summary>Many receipts, in batches.</summary>
    public Task<TransactionReceipt?[]> GetReceiptsAsync(
        IReadOnlyList<Hash32> transactions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transactions);
        return Rpc.BatchAsync([.. transactions.Select(ReceiptCall)], RpcReaders.Receipt, cancellation);
    }

    /// <summary>Waits until a transaction is mined; TimeoutException after MaxReceiptPolls questions.</summary>
    public async Task<TransactionReceipt> WaitForReceiptAsync(Hash32 transaction, CancellationToken cancellation)
    {
        var pause = FirstReceiptPoll;
        for (var poll = 0; poll < MaxReceiptPolls; poll++)
        {
            if (await GetReceiptAsync(transaction, cancellation).ConfigureAwait(false) is { } receipt) return receipt;
            await Task.Delay(pause, cancellation).ConfigureAwait(false);
            pause = 2 * pause < LongestReceiptPoll ? 2 * pause : LongestReceiptPoll;
        }

        throw new TimeoutException(
            $"expected {transaction} to be mined within {MaxReceiptPolls} questions, found no receipt");
    }

    /// <summary>The price of gas as the node suggests it.</summary>
    public Task<UInt256> GetGasPriceAsync(CancellationToken cancellation) =>
        Rpc.CallAsync(new RpcCall("eth_gasPrice"), JsonValues.BigQuantity, cancellation);

    /// <summary>The tip above the base fee as the node suggests it.</summary>
    public Task<UInt256> GetPriorityFeeAsync(CancellationToken cancellation) =>
        Rpc.CallAsync(new RpcCall("eth_maxPriorityFeePerGas"), JsonValues.BigQuantity, cancellation);

    /// <summary>The number of transactions that an account has sent.</summary>
    public Task<ulong> GetNonceAsync(Address account, BlockTag block, CancellationToken cancellation) =>
        Rpc.CallAsync(AccountCall("eth_getTransactionCount", account, block), JsonValues.Quantity, cancellation);

    /// <summary>An account's wei.</summary>
    public Task<UInt256> GetBalanceAsync(Address account, BlockTag block, CancellationToken cancellation) =>
        Rpc.CallAsync(AccountCall("eth_getBalance", account, block), JsonValues.BigQuantity, cancellation);

    /// <summary>A contract's code; empty for an account without one.</summary>
    public Task<byte[]> GetCodeAsync(Address account, BlockTag block, CancellationToken cancellation) =>
        Rpc.CallAsync(AccountCall("eth_getCode", account, block), JsonValues.Bytes, cancellation);

    internal static RpcCall HeaderCall(BlockTag block) => new("eth_getBlockByNumber", json =>
    {
        json.WriteStringValue(block.ToString());
        json.WriteBooleanValue(false);
    });

    private static RpcCall HeaderCall(Hash32 hash) => new("eth_getBlockByHash", json =>
    {
        json.WriteStringValue(hash.ToString());
        json.WriteBooleanValue(false);
    });

    internal static RpcCall LogsCall(LogFilter filter) =>
        new("eth_getLogs", json => WriteFilter(json, filter, withRange: true));

    private static RpcCall ReceiptCall(Hash32 transaction) =>
        new("eth_getTransactionReceipt", json => json.WriteStringValue(transaction.ToString()));

    private static RpcCall AccountCall(string method, Address account, BlockTag block) => new(method, json =>
    {
        json.WriteStringValue(account.ToString("x", null));
        json.WriteStringValue(block.ToString());
    });

    internal static void WriteFilter(Utf8JsonWriter json, LogFilter filter, bool withRange)
    {
        json.WriteStartObject();
        if (filter.BlockHash is { } hash)
        {
            json.WriteString("blockHash"u8, hash.ToString());
        }
        else if (withRange)
        {
            json.WriteString("fromBlock"u8, filter.From.ToString());
            json.WriteString("toBlock"u8, filter.To.ToString());
        }

        if (filter.Addresses.Count > 0)
        {
            json.WriteStartArray("address"u8);
            foreach (var address in filter.Addresses) json.WriteStringValue(address.ToString("x", null));
            json.WriteEndArray();
        }

        if (filter.Topics.Count > 0) WriteTopics(json, filter.Topics);
        json.WriteEndObject();
    }

    private static void WriteTopics(Utf8JsonWriter json, IReadOnlyList<IReadOnlyList<Hash32>?> topics)
    {
        json.WriteStartArray("topics"u8);
        foreach (var accepted in topics)
        {
            if (accepted is not { Count: > 0 })
            {
                json.WriteNullValue();
                continue;
            }

            json.WriteStartArray();
            foreach (var topic in accepted) json.WriteStringValue(topic.ToString());
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteCall(
        Utf8JsonWriter json, Address? to, ReadOnlySpan<byte> data, UInt256 value, Address? from, ulong? gas)
    {
        json.WriteStartObject();
        if (from is { } caller) json.WriteString("from"u8, caller.ToString("x", null));
        if (to is { } contract) json.WriteString("to"u8, contract.ToString("x", null));
        if (gas is { } limit) json.WriteString("gas"u8, Hex.Quantity(limit));
        if (!value.IsZero) json.WriteString("value"u8, value.ToQuantity());
        json.WriteString("data"u8, Hex.ToText(data));
        json.WriteEndObject();
    }
}
