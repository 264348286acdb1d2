// The transactions of events, which the streams do not hold: the API asks a node for the logs of the event's block,
// by the block's hash, and for the receipt of a transaction that a client looks for. Always holds: without a node the
// transaction of an event is null, and a search by transaction is refused; the API asks for a block once and remembers
// a bounded number of blocks.
using System.Collections.Concurrent;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;

namespace EventSourced.Api.Streams;

/// <summary>The place of a transaction's logs in the chain.</summary>
/// <param name="Block">The block's number.</param>
/// <param name="BlockHash">The block's hash.</param>
/// <param name="Logs">The places in the block.</param>
internal sealed record TransactionLogs(long Block, byte[] BlockHash, int[] Logs);

/// <summary>Finds the transactions of events.</summary>
/// <param name="node">The node to ask; null for none.</param>
public sealed class Transactions(EthereumClient? node)
{
    private const int MostBlocks = 1_000;

    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<int, string>>>> _blocks =
        new(StringComparer.Ordinal);

    /// <summary>The logs of a transaction, by the node's receipt; null: the node has none.</summary>
    internal async Task<TransactionLogs?> FindAsync(string hash, CancellationToken cancellation)
    {
        if (node is null)
            throw Unanswered("a node that knows transactions", "an API that runs without one");
        try
        {
            var receipt = await node.GetReceiptAsync(new Hash32(Convert.FromHexString(hash.AsSpan(2))), cancellation)
                .ConfigureAwait(false);
            if (receipt is null) return null;
            using var logs = receipt.Logs;
            var places = new int[logs.Count];
            for (var i = 0; i < places.Length; i++) places[i] = (int)logs[i].LogIndex;
            return new TransactionLogs((long)receipt.BlockNumber, receipt.BlockHash.Bytes.ToArray(), places);
        }
        catch (RpcException)
        {
            throw Unanswered("an answer of the node about the transaction", "none");
        }
    }

    private static GraphQLException Unanswered(string expected, string found) =>
        new(new GraphQLError($"Expected {expected}, found {found}.", "NODE_UNAVAILABLE"));

    internal async ValueTask<object?> ResolveAsync(ResolverContext context)
    {
        var happened = context.Parent<StoredEvent>();
        if (node is null || happened.IsDerived || happened.Block.Hash is not { } hash) return null;
        if (_blocks.Count >= MostBlocks) _blocks.Clear();
        // All requests share the answer for a block: a client that asked first and left must not cancel it for the
        // others.
        var asked = _blocks.GetOrAdd(
            hash, key => new Lazy<Task<IReadOnlyDictionary<int, string>>>(() => AskAsync(node, key)));
        try
        {
            var logs = await asked.Value.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            return logs.GetValueOrDefault(happened.LogIndex);
        }
        catch (RpcException)
        {
            _blocks.TryRemove(new(hash, asked));
            return null;
        }
    }

    private static async Task<IReadOnlyDictionary<int, string>> AskAsync(EthereumClient node, string block)
    {
        var filter = new LogFilter { BlockHash = new Hash32(Convert.FromHexString(block.AsSpan(2))) };
        using var logs = await node.GetLogsAsync(filter, CancellationToken.None).ConfigureAwait(false);
        var found = new Dictionary<int, string>(logs.Count);
        for (var i = 0; i < logs.Count; i++) found[(int)logs[i].LogIndex] = logs[i].TransactionHash.ToString();
        return found;
    }
}
