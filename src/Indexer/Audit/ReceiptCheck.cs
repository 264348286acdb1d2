// Proves that no log was left out and none invented: the receipts of every block are hashed and compared with the root
// in its header, the header with its hash, each header with the one before; then the logs in the receipts are compared
// with the logs that were read. Enters: ranges in order. Leaves: the first mismatch. Always holds: after a run without
// a difference the logs are those of the last block's hash, whatever the node wished.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Receipts;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;

namespace EventSourced.Indexer.Audit;

/// <summary>Checks ranges against the receipts of their blocks.</summary>
internal sealed class ReceiptCheck(EthereumClient node)
{
    private const int BlocksAtOnce = 64;

    private Hash32? _parent;

    /// <summary>The first difference.</summary>
    internal Difference? First { get; private set; }

    /// <summary>The number of blocks checked by this audit and by the earlier one that it continues.</summary>
    internal long Blocks { get; private set; }

    /// <summary>The hash of the last checked block.</summary>
    internal Hash32 Last => _parent ?? default;

    /// <summary>Continues behind the blocks that an earlier audit checked.</summary>
    internal void Resume(Hash32 last, long blocks) => (_parent, Blocks) = (last, Blocks + blocks);

    /// <summary>Checks every block of a range, with or without logs of ours.</summary>
    internal async Task CheckAsync(RangeLogs range, ContractBook book, CancellationToken cancellation)
    {
        var came = range.Blocks.ToDictionary(block => block.Number);
        for (var from = range.From; from <= range.To && First is null; from += BlocksAtOnce)
        {
            ulong[] numbers = [.. Numbers(from, Math.Min(range.To, from + BlocksAtOnce - 1))];
            var headers = await ReceiptProof.HeadersAsync(node, numbers, cancellation).ConfigureAwait(false);
            var receipts = await ReceiptProof.ReceiptsAsync(node, numbers, cancellation).ConfigureAwait(false);
            for (var i = 0; i < numbers.Length && First is null; i++)
            {
                First = Judge(numbers[i], headers[i], receipts[i])
                    ?? Compare(range, came.GetValueOrDefault(numbers[i]), receipts[i]!, numbers[i], book);
                _parent = headers[i]?.Hash;
                Blocks++;
            }
        }
    }

    private Difference? Judge(ulong number, CommittingHeader? header, BlockReceipts? receipts)
    {
        if (header is null || receipts is null)
            return new Difference(
                $"block {number}", "a header and receipts", header is null ? "no header" : "no receipts");
        if (header.Number != number) return new Difference(
            $"block {number}", "its header", $"that of block {header.Number}");
        if (header.Hash != header.Computed)
            return new Difference(
                $"block {number}, hash of the header", $"{header.Computed}, of its fields", $"{header.Hash}");
        if (_parent is { } parent && header.ParentHash != parent)
            return new Difference($"block {number}, parent", $"{parent}", $"{header.ParentHash}");
        return receipts.Root == header.ReceiptsRoot
            ? null
            : new Difference($"block {number}, root of the receipts", $"{header.ReceiptsRoot}, in the header",
                $"{receipts.Root}, of the receipts");
    }

    private static Difference? Compare(
        RangeLogs range, BlockOfLogs block, BlockReceipts receipts, ulong number, ContractBook book)
    {
        var expected = receipts.Logs.Select((log, index) => (Log: log, Index: (uint)index))
            .Where(one => book.Find(one.Log.Address, number) is not null).ToList();
        for (var i = 0; i < Math.Max(expected.Count, block.Count); i++)
        {
            if (i >= expected.Count || (i < block.Count && range.Logs[block.First + i].LogIndex < expected[i].Index))
                return new Difference(
                    $"block {number}, log {range.Logs[block.First + i].LogIndex}",
                    "no such log: the receipts have none", $"one of {range.Logs[block.First + i].Address}");
            if (i >= block.Count || range.Logs[block.First + i].LogIndex != expected[i].Index)
                return new Difference($"block {number}, log {expected[i].Index}",
                    $"a log of {expected[i].Log.Address}, by the receipts", "none: the node left it out");
            var found = range.Logs[block.First + i];
            if (found.Address != expected[i].Log.Address
                || !found.Topics.SequenceEqual(expected[i].Log.Topics.ToArray())
                || !range.Logs.Data(block.First + i).Span.SequenceEqual(expected[i].Log.Data.Span))
                return new Difference($"block {number}, log {expected[i].Index}",
                    $"the log of {expected[i].Log.Address} in the receipts", "one that differs");
        }

        return null;
    }

    private static IEnumerable<ulong> Numbers(ulong from, ulong to)
    {
        for (var number = from; number <= to; number++) yield return number;
    }
}
