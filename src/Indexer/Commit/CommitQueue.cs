// Batches on their way to the database, one after the other. Enters: full batches. Leaves: a report of each written
// batch. Always holds: at most two batches are on their way while the next one is folded, and their rows are committed
// in order; the events of the second may be committed before the rows of the first; nothing is folded on top of a
// failed batch, because the next caller meets the fault.
using System.Diagnostics;
using EventSourced.Indexer.Fold;

namespace EventSourced.Indexer.Commit;

/// <summary>Commits batches behind the fold.</summary>
internal sealed class CommitQueue(BatchCommit commit, Action<Batch, TimeSpan> written) : IAsyncDisposable
{
    private Task _before = Task.CompletedTask;
    private Task _last = Task.CompletedTask;
    private Task _events = Task.CompletedTask;

    /// <summary>Waits until nothing is being written.</summary>
    internal Task IdleAsync() => _last;

    /// <summary>Waits until at most one batch is being written.</summary>
    internal Task RoomAsync() => _before;

    /// <summary>Begins to write a batch; at most one may be on its way.</summary>
    internal void Begin(Batch batch, CancellationToken cancellation)
    {
        if (!_before.IsCompletedSuccessfully)
            throw new InvalidOperationException(
                "expected at most one batch on its way, found two, or a failed one");
        var (before, eventsBefore) = (_last, _events);
        // Both run even after a stop: they wait for the batch before, whose connection would be closed under it.
        var events = batch.IsPast
            ? Task.Run(() => EventsAsync(batch, eventsBefore, cancellation), CancellationToken.None)
            : null;
        _before = before;
        _last = Task.Run(() => WriteAsync(batch, before, events, cancellation), CancellationToken.None);
        _events = events ?? _last;
    }

    public async ValueTask DisposeAsync()
    {
        await _last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _events.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await commit.DisposeAsync().ConfigureAwait(false);
    }

    private async Task EventsAsync(Batch batch, Task before, CancellationToken cancellation)
    {
        await before.ConfigureAwait(false);
        await commit.WriteEventsAheadAsync(batch, cancellation).ConfigureAwait(false);
    }

    private async Task WriteAsync(Batch batch, Task before, Task? events, CancellationToken cancellation)
    {
        using (batch)
        {
            try
            {
                await before.ConfigureAwait(false);
                var started = Stopwatch.GetTimestamp();
                await commit.WriteAsync(batch, events, cancellation).ConfigureAwait(false);
                written(batch, Stopwatch.GetElapsedTime(started));
            }
            finally
            {
                // Its events read from the batch until they are written.
                if (events is not null) await events.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
