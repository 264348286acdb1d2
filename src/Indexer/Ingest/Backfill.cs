// The blocks from one to another, in order, with several ranges under way. Enters: from, to. Leaves: ranges that adjoin
// without a gap or a double, and the progress. Always holds: at most RangesInFlight ranges are under way or waiting, so
// their weight bounds the memory; a slow reader stops the questions. If a range names a contract that was not asked
// for, it is read again, with all ranges behind it, before anybody sees it.
using System.Runtime.CompilerServices;

namespace EventSourced.Indexer.Ingest;

/// <summary>Reads the finalized past.</summary>
public sealed class Backfill(RangeReader reader, IngestionOptions options)
{
    private readonly IContractSource _source = options.Followed;
    private RangeSize _size = RangeSize.First;

    /// <summary>The number of blocks in the next question.</summary>
    public RangeSize Size => _size;

    /// <summary>Reads the blocks from one number to another, both included. The caller disposes each range.</summary>
    public async IAsyncEnumerable<RangeLogs> ReadAsync(
        ulong from, ulong to, [EnumeratorCancellation] CancellationToken cancellation)
    {
        _source.Forget(from);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var underWay = new Queue<Task<IReadOnlyList<RangeLogs>>>();
        var next = from;
        try
        {
            while (true)
            {
                while (underWay.Count < options.RangesInFlight && next <= to)
                {
                    var last = Math.Min(to, next + _size.Blocks - 1);
                    underWay.Enqueue(reader.ReadAsync(next, last, stop.Token));
                    next = last + 1;
                }

                if (!underWay.TryDequeue(out var oldest)) yield break;
                var pieces = await oldest.ConfigureAwait(false);
                Learn(pieces);
                for (var i = 0; i < pieces.Count; i++)
                {
                    if (_source.Learn(pieces[i]))
                    {
                        next = pieces[i].From;
                        await AbandonAsync(pieces.Skip(i), underWay).ConfigureAwait(false);
                        break;
                    }

                    yield return pieces[i];
                }
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await AbandonAsync([], underWay).ConfigureAwait(false);
        }
    }

    private void Learn(IReadOnlyList<RangeLogs> pieces)
    {
        if (pieces.Count > 1) _size = _size.Refused();
        foreach (var piece in pieces) _size = _size.After(piece.To - piece.From + 1, piece.Logs.Count);
    }

    private static async Task AbandonAsync(
        IEnumerable<RangeLogs> pieces, Queue<Task<IReadOnlyList<RangeLogs>>> underWay)
    {
        foreach (var piece in pieces) piece.Dispose();
        while (underWay.TryDequeue(out var abandoned)) await DisposeAsync(abandoned).ConfigureAwait(false);
    }

    private static async Task DisposeAsync(Task<IReadOnlyList<RangeLogs>> abandoned)
    {
        // The arrays of an abandoned range go back, whatever its outcome; nobody needs its fault.
        await ((Task)abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!abandoned.IsCompletedSuccessfully) return;
        foreach (var piece in await abandoned.ConfigureAwait(false)) piece.Dispose();
    }
}
