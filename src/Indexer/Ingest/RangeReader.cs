// One range of blocks, read exactly. Enters: from, to. Leaves: its logs in order, in one piece, or in several if the
// node found the range too wide. Always holds: every block with logs has a time and, if asked for, the hash of its
// header; no header tells of logs that did not come. An answer that contradicts itself is asked for again, of another
// endpoint if there is one, a named number of times; then it is a fault.
using EventSourced.Ethereum.Logs;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.Indexer.Ingest;

/// <summary>Reads the logs of finalized ranges.</summary>
public sealed class RangeReader(EthereumClient client, IngestionOptions options)
{
    private readonly OmissionWatch _watch = new(client, options);
    private readonly IContractSource _source = options.Followed;

    /// <summary>Reads a range; the pieces adjoin and stand in order.</summary>
    public async Task<IReadOnlyList<RangeLogs>> ReadAsync(ulong from, ulong to, CancellationToken cancellation)
    {
        // The contracts as known at the time of the question. A source that learns more meanwhile has the range read
        // again.
        var known = _source.Known;
        var pieces = new List<RangeLogs>();
        var left = new Stack<(ulong From, ulong To)>();
        left.Push((from, to));
        // Each refusal splits a range in two, down to single blocks: at most 2 * (to - from + 1) questions.
        while (left.TryPop(out var range))
        {
            try
            {
                pieces.Add(await ReadOneAsync(range.From, range.To, known, cancellation).ConfigureAwait(false));
            }
            catch (RpcException fault) when (IsTooWide(fault) && range.From < range.To)
            {
                var middle = range.From + (range.To - range.From) / 2;
                left.Push((middle + 1, range.To));
                left.Push((range.From, middle));
            }
            catch
            {
                foreach (var piece in pieces) piece.Dispose();
                throw;
            }
        }

        return pieces;
    }

    private static bool IsTooWide(RpcException fault) =>
        fault.Fault is RpcFault.RangeTooLarge or RpcFault.TimedOut or RpcFault.ReplyTooLarge;

    private async Task<RangeLogs> ReadOneAsync(
        ulong from, ulong to, KnownContracts known, CancellationToken cancellation)
    {
        var contradiction = "";
        for (var attempt = 0; attempt < options.MaxContradictions; attempt++)
        {
            var filter = new LogFilter(from, to) { Addresses = known.Addresses };
            LogBatch logs;
            try
            {
                logs = await client.GetLogsAsync(filter, cancellation).ConfigureAwait(false);
            }
            catch (RpcException fault) when (IsTooWide(fault) && from == to && attempt + 1 < options.MaxContradictions)
            {
                // One block cannot be halved. A node that really means it refuses again.
                continue;
            }

            if (RangeLogs.TryTake(from, to, logs, out var range, out contradiction))
            {
                (range, contradiction) = await CheckedAsync(range!, known, cancellation).ConfigureAwait(false);
                if (range is not null) return range;
            }
            else
            {
                logs.Dispose();
            }

            client.Rpc.PassOver();
        }

        throw Malformed($"after {options.MaxContradictions} answers for blocks {from} to {to}: {contradiction}");
    }

    /// <summary>
    /// Compares a range with the headers and takes their times. Answers null, with the reason, if they contradict it.
    /// </summary>
    private async Task<(RangeLogs? Range, string Contradiction)> CheckedAsync(
        RangeLogs range, KnownContracts known, CancellationToken cancellation)
    {
        ulong[] asked = options.Omissions != OmissionCheck.Trust
            ? [.. Numbers(range.From, range.To)]
            : [.. range.Blocks.Where(
                block => options.VerifyBlockHashes || block.Timestamp is null).Select(block => block.Number)];
        if (asked.Length == 0) return (range, "");
        var headers = await client.GetHeadersAsync(asked, cancellation).ConfigureAwait(false);
        var fault = Array.IndexOf(headers, null) is >= 0 and var gap
            ? $"expected block {asked[gap]}, found none"
            : HashFault(range, headers!)
                ?? await _watch.FindAsync(range, headers!, known, cancellation).ConfigureAwait(false);
        if (fault is not null)
        {
            range.Dispose();
            return (null, fault);
        }

        var times = headers.ToDictionary(header => header!.Number, header => header!.Timestamp);
        foreach (var block in range.Blocks)
        {
            if (block.Timestamp is { } sent) times.TryAdd(block.Number, sent);
        }

        return (range.WithTimes(times), "");
    }

    private string? HashFault(RangeLogs range, BlockHeader[] headers)
    {
        var byNumber = headers.ToDictionary(header => header.Number);
        foreach (var block in range.Blocks)
        {
            if (options.VerifyBlockHashes && byNumber.TryGetValue(block.Number, out var header)
                && header.Hash != block.Hash)
                return $"expected logs of block {block.Number} with hash {header.Hash}, found {block.Hash}";
        }

        return null;
    }

    private static IEnumerable<ulong> Numbers(ulong from, ulong to)
    {
        for (var number = from; number <= to; number++) yield return number;
    }

    private RpcException Malformed(string message) =>
        new(RpcFault.Malformed, string.Join(", ", client.Rpc.Endpoints), "eth_getLogs", message);
}
