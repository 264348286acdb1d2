// The logs of a range of blocks, in the order of the chain. Enters: a node's answer, in any order, perhaps with
// doubles. Leaves: the same logs sorted, each once; or a contradiction within the answer or with the question. The
// arrays are rented.
using EventSourced.Ethereum;
using EventSourced.Ethereum.Logs;

namespace EventSourced.Indexer.Ingest;

/// <summary>The logs of the blocks from one number to another, both included.</summary>
public sealed class RangeLogs : IDisposable
{
    private RangeLogs(ulong from, ulong to, LogBatch logs, IReadOnlyList<BlockOfLogs> blocks) =>
        (From, To, Logs, Blocks) = (from, to, logs, blocks);

    /// <summary>The first block.</summary>
    public ulong From { get; }

    /// <summary>The last block.</summary>
    public ulong To { get; }

    /// <summary>The logs in the order of the chain.</summary>
    public LogBatch Logs { get; }

    /// <summary>The blocks that have logs, in order.</summary>
    public IReadOnlyList<BlockOfLogs> Blocks { get; }

    /// <summary>
    /// Takes a node's answer. False, with the expected and the found, if logs lie outside of the range, a block has two
    /// hashes, or a position two different logs.
    /// </summary>
    public static bool TryTake(ulong from, ulong to, LogBatch answer, out RangeLogs? range, out string fault)
    {
        ArgumentNullException.ThrowIfNull(answer);
        range = null;
        var order = Order(answer);
        if (order is not null && Sorted(answer, order, out fault) is var sorted)
        {
            if (sorted is null) return false;
            answer.Dispose();
            answer = sorted;
        }

        var blocks = new List<BlockOfLogs>();
        for (var i = 0; i < answer.Count; i++)
        {
            ref readonly var log = ref answer[i];
            if (log.BlockNumber < from || log.BlockNumber > to || log.Removed)
            {
                var found = log.Removed ? "a removed one" : "one";
                fault = $"expected logs of blocks {from} to {to}, found {found} of {log.BlockNumber}";
                return false;
            }

            if (blocks.Count == 0 || blocks[^1].Number != log.BlockNumber)
            {
                blocks.Add(new BlockOfLogs(log.BlockNumber, log.BlockHash, log.BlockTimestamp, i, 1));
            }
            else if (blocks[^1].Hash == log.BlockHash)
            {
                blocks[^1] = blocks[^1] with { Count = blocks[^1].Count + 1 };
            }
            else
            {
                fault = $"expected one hash of block {log.BlockNumber}, found {blocks[^1].Hash} and {log.BlockHash}";
                return false;
            }
        }

        range = new RangeLogs(from, to, answer, blocks);
        fault = "";
        return true;
    }

    /// <summary>Adds the times that the node did not send with the logs.</summary>
    public RangeLogs WithTimes(IReadOnlyDictionary<ulong, ulong> timestamps) =>
        new(From, To, Logs, [.. Blocks.Select(block => block with { Timestamp = timestamps[block.Number] })]);

    /// <inheritdoc/>
    public void Dispose() => Logs.Dispose();

    /// <summary>Null if the logs already stand in strictly rising order, as in the answers of honest nodes.</summary>
    private static int[]? Order(LogBatch logs)
    {
        for (var i = 1; i < logs.Count; i++)
        {
            if (Compare(in logs[i - 1], in logs[i]) >= 0)
            {
                var order = Enumerable.Range(0, logs.Count).ToArray();
                Array.Sort(order, (left, right) => Compare(in logs[left], in logs[right]));
                return order;
            }
        }

        return null;
    }

    private static LogBatch? Sorted(LogBatch logs, int[] order, out string fault)
    {
        var sorted = new LogBatch();
        for (var i = 0; i < order.Length; i++)
        {
            ref readonly var log = ref logs[order[i]];
            if (i == 0 || Compare(in logs[order[i - 1]], in log) != 0)
            {
                sorted.Visit(in log, logs.Data(order[i]).Span);
            }
            else if (!Same(logs, order[i - 1], order[i]))
            {
                fault = $"expected one log {log.LogIndex} of block {log.BlockNumber}, found two that differ";
                sorted.Dispose();
                return null;
            }
        }

        fault = "";
        return sorted;
    }

    private static bool Same(LogBatch logs, int left, int right) =>
        logs[left].BlockHash == logs[right].BlockHash && logs[left].Address == logs[right].Address &&
        logs[left].Topics.SequenceEqual(logs[right].Topics) &&
            logs.Data(left).Span.SequenceEqual(logs.Data(right).Span);

    private static int Compare(in Log left, in Log right) => left.BlockNumber != right.BlockNumber
        ? left.BlockNumber.CompareTo(right.BlockNumber)
        : left.LogIndex.CompareTo(right.LogIndex);
}

/// <summary>A block that has logs, and their place in the batch.</summary>
public readonly record struct BlockOfLogs(ulong Number, Hash32 Hash, ulong? Timestamp, int First, int Count);
