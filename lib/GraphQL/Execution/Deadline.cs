// The end of a request's time, together with the client's own leaving.
namespace EventSourced.GraphQL.Execution;

internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource? _timer;
    private readonly CancellationTokenSource? _linked;
    private readonly TimeProvider _clock;
    private readonly long _start;

    public Deadline(ExecutionOptions options, CancellationToken cancellation)
    {
        _clock = options.Clock;
        _start = _clock.GetTimestamp();
        Token = cancellation;
        if (options.Limits.Timeout == Timeout.InfiniteTimeSpan)
            return;
        _timer = new(options.Limits.Timeout, options.Clock);
        _linked = cancellation.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, _timer.Token)
            : null;
        Token = _linked?.Token ?? _timer.Token;
    }

    public CancellationToken Token { get; }

    public bool IsOver => _timer?.IsCancellationRequested ?? false;

    public TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    public void Dispose()
    {
        _linked?.Dispose();
        _timer?.Dispose();
    }
}
