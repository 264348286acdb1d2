// Equal queries at one time. Enters: a plan, its variables, and how to run them. Leaves: a result that was read after
// the query was asked. Always holds: of equal queries at most one runs; those that come meanwhile wait together for
// the next run, so no answer is older than its question; a run that everybody has left is cancelled.
using EventSourced.GraphQL.Response;

namespace EventSourced.GraphQL.Execution;

internal sealed class SharedQueries
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(OperationPlan Plan, string Variables), Lane> _lanes = [];

    public async Task<OperationResult> AskAsync(
        OperationPlan plan, string variables, Func<CancellationToken, ValueTask<OperationResult>> run,
        CancellationToken cancellation)
    {
        var key = (plan, variables);
        Lane? begun = null;
        Turn turn;
        lock (_lock)
        {
            if (_lanes.TryGetValue(key, out var lane))
            {
                if (lane.Next is null or { Waiting: 0 }) lane.Next = new Turn();
                turn = lane.Next;
            }
            else
            {
                turn = new Turn();
                _lanes[key] = begun = new Lane();
            }

            turn.Waiting++;
        }

        if (begun is not null) _ = DriveAsync(key, begun, turn, run);
        try
        {
            return await turn.Result.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Leave(turn);
            throw;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_lock)
            if (--turn.Waiting > 0)
                return;
        turn.Abandoned.Cancel();
    }

    private async Task DriveAsync(
        (OperationPlan Plan, string Variables) key, Lane lane, Turn first,
        Func<CancellationToken, ValueTask<OperationResult>> run)
    {
        for (var turn = first; turn is not null;)
        {
            await RunAsync(turn, run).ConfigureAwait(false);
            lock (_lock)
            {
                turn = lane.Next;
                lane.Next = null;
                if (turn is null) _lanes.Remove(key);
            }
        }
    }

    private async Task RunAsync(Turn turn, Func<CancellationToken, ValueTask<OperationResult>> run)
    {
        try
        {
            turn.Abandoned.Token.ThrowIfCancellationRequested();
            var result = await run(turn.Abandoned.Token).ConfigureAwait(false);
            bool isShared;
            lock (_lock) isShared = turn.Waiting > 1;
            turn.Result.SetResult(isShared ? result.Kept() : result);
        }
        catch (OperationCanceledException)
        {
            turn.Result.SetCanceled(CancellationToken.None);
        }
#pragma warning disable CA1031 // Whoever waits gets the exception, whatever it is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            turn.Result.SetException(failure);
        }
    }

    // The run that is on its way, and the one that begins behind it.
    private sealed class Lane
    {
        public Turn? Next { get; set; }
    }

    private sealed class Turn
    {
        public TaskCompletionSource<OperationResult> Result { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenSource Abandoned { get; } = new();

        public int Waiting { get; set; }
    }
}
