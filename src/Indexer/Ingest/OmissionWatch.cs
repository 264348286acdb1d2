// Logs that a node omitted in silence: its index lags behind, or lost something. Enters: a range's logs and the headers
// of its blocks. Leaves: nothing, or the missing logs. There are two steps. First, the bloom in each header says at
// almost no cost whether a contract or a kind of event may be in the block although none of its logs came. Second, the
// few suspicious blocks are judged by their receipts, which have all logs. Cost: one header a block, in batches;
// receipts only for a suspicious bloom (a false alarm for about one block in twenty at 40 logs a block). Limit: if a
// block has two logs of one kind, only OmissionCheck.Receipts sees that one of them is missing.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Indexer.Ingest;

/// <summary>The search for omitted logs.</summary>
public enum OmissionCheck
{
    /// <summary>No search: the node is believed.</summary>
    Trust,

    /// <summary>By the blooms of all headers; receipts of the suspicious blocks.</summary>
    Bloom,

    /// <summary>
    /// By the receipts of every block that may hold a log of ours: exact, at the cost of the block's full size.
    /// </summary>
    Receipts,
}

/// <summary>Looks for omitted logs.</summary>
public sealed class OmissionWatch(EthereumClient client, IngestionOptions options)
{
    private readonly (
        Hash32 Topic, BloomKey Key)[] _topics = [.. options.Topics.Select(topic => (topic, BloomKey.Of(topic.Bytes)))];

    /// <summary>A description of the missing logs, or null.</summary>
    public async Task<string?> FindAsync(
        RangeLogs range, IReadOnlyList<BlockHeader> headers, KnownContracts known, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(known);
        if (options.Omissions == OmissionCheck.Trust) return null;
        var came = range.Blocks.ToDictionary(block => block.Number);
        var suspicious = headers.Where(
            header => IsSuspicious(header, range, came.GetValueOrDefault(header.Number), known)).ToArray();
        if (suspicious.Length == 0) return null;
        var complete = await CompleteAsync(suspicious, known, cancellation).ConfigureAwait(false);
        try
        {
            for (var i = 0; i < suspicious.Length; i++)
            {
                var (number, expected) = (suspicious[i].Number, Ours(complete[i], suspicious[i].Hash, known));
                var found = came.GetValueOrDefault(number).Count;
                // Fewer logs in the receipts belong to another block of that number: no omission, and the head machine
                // decides.
                if (expected > found) return $"expected {expected} logs of block {number} by its receipts, found {found}";
            }

            return null;
        }
        finally
        {
            foreach (var logs in complete) logs?.Dispose();
        }
    }

    private bool IsSuspicious(BlockHeader header, RangeLogs range, BlockOfLogs block, KnownContracts known)
    {
        if (header.Bloom is not { IsEmpty: false } bloom) return false;
        var mayHoldOurs = known.Blooms.Length == 0;
        foreach (var (address, key) in known.Blooms)
        {
            if (!bloom.MayContain(key)) continue;
            if (options.Omissions == OmissionCheck.Receipts || !Came(range, block, address)) return true;
            mayHoldOurs = true;
        }

        if (!mayHoldOurs) return false;
        if (block.Count == 0 || options.Omissions == OmissionCheck.Receipts) return true;
        foreach (var (topic, key) in _topics)
        {
            if (bloom.MayContain(key) && !Came(range, block, topic)) return true;
        }

        return false;
    }

    private static bool Came(RangeLogs range, BlockOfLogs block, Address address)
    {
        for (var i = block.First; i < block.First + block.Count; i++)
        {
            if (range.Logs[i].Address == address) return true;
        }

        return false;
    }

    private static bool Came(RangeLogs range, BlockOfLogs block, Hash32 topic)
    {
        for (var i = block.First; i < block.First + block.Count; i++)
        {
            if (range.Logs[i].TopicCount > 0 && range.Logs[i].Topics[0] == topic) return true;
        }

        return false;
    }

    // Reads receipts. If the node does not know the method, it asks for the logs by hash, which takes another way
    // through the node's index.
    private async Task<LogBatch?[]> CompleteAsync(
        BlockHeader[] suspicious, KnownContracts known, CancellationToken cancellation)
    {
        try
        {
            return await client.GetReceiptLogsAsync(
                [.. suspicious.Select(header => header.Number)], cancellation).ConfigureAwait(false);
        }
        catch (RpcException unknown) when (unknown.Fault == RpcFault.Refused)
        {
            return await Task.WhenAll(suspicious.Select(async header =>
            {
                var filter = new LogFilter { BlockHash = header.Hash, Addresses = known.Addresses };
                return (LogBatch?)await client.GetLogsAsync(filter, cancellation).ConfigureAwait(false);
            })).ConfigureAwait(false);
        }
    }

    // Counts our logs in a block. Logs of another block of the same number do not count.
    private static int Ours(LogBatch? logs, Hash32 block, KnownContracts known)
    {
        var count = 0;
        for (var i = 0; i < (logs?.Count ?? 0); i++)
        {
            ref readonly var log = ref logs![i];
            if (log.BlockHash == block && known.Hold(log.Address)) count++;
        }

        return count;
    }
}
