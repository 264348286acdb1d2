// From a block to another, in order, with several ranges under way. Enters: from, to. Leaves: ranges that adjoin
// without a gap or a double, and the progress. Always holds: at most RangesInFlight ranges are under way or waiting, so
// memory is bounded by their weight; a slow reader stops the questions.
using System.Runtime.CompilerServices;

namespace EventSourced.Indexer.Ingestion;

/// <summary>Reads the finalized past.</summary>
public sealed class Backfill(RangeReader reader, IngestionOptions options)
{
    private RangeSize _size = RangeSize.First;

    /// <summary>How many blocks the next question asks for.</summary>
    public RangeSize Size => _size;

    /// <summary>Reads the blocks from one number to another, both included. The caller disposes each range.</summary>
    public async IAsyncEnumerable<RangeLogs> ReadAsync(
        ulong from, ulong to, [EnumeratorCancellation] CancellationToken cancellation)
    {
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
                foreach (var piece in pieces) yield return piece;
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var abandoned in underWay) await DisposeAsync(abandoned).ConfigureAwait(false);
        }
    }

    private void Learn(IReadOnlyList<RangeLogs> pieces)
    {
        if (pieces.Count > 1) _size = _size.Refused();
        foreach (var piece in pieces) _size = _size.After(piece.To - piece.From + 1, piece.Logs.Count);
    }

    private static async Task DisposeAsync(Task<IReadOnlyList<RangeLogs>> abandoned)
    {
        // Whatever became of a range that nobody waits for any more, its arrays go back; its fault is nobody's.
        await ((Task)abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!abandoned.IsCompletedSuccessfully) return;
        foreach (var piece in await abandoned.ConfigureAwait(false)) piece.Dispose();
    }
}
