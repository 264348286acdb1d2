// Batches on their way to the database, one after the other. Enters: full batches. Leaves: a report of each written
// batch. Always holds: at most one batch is being written while the next one is folded; nothing is folded on top of a
// failed batch, because the next caller meets the fault.
using System.Diagnostics;
using EventSourced.Indexer.Fold;

namespace EventSourced.Indexer.Commit;

/// <summary>Commits batches behind the fold.</summary>
internal sealed class CommitQueue(BatchCommit commit, Action<Batch, TimeSpan> written) : IAsyncDisposable
{
    private Task _writing = Task.CompletedTask;

    /// <summary>Waits until nothing is being written.</summary>
    internal Task IdleAsync() => _writing;

    /// <summary>Begins to write a batch; the one before must be written.</summary>
    internal void Begin(Batch batch, CancellationToken cancellation)
    {
        if (!_writing.IsCompletedSuccessfully)
            throw new InvalidOperationException(
                "expected the batch before to be written, found it unfinished or failed");
        _writing = Task.Run(() => WriteAsync(batch, cancellation), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await commit.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteAsync(Batch batch, CancellationToken cancellation)
    {
        using (batch)
        {
            var started = Stopwatch.GetTimestamp();
            await commit.WriteAsync(batch, cancellation).ConfigureAwait(false);
            written(batch, Stopwatch.GetElapsedTime(started));
        }
    }
}
