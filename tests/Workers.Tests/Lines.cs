// The last lines of a log, for the message of a test that fails.
using Microsoft.Extensions.Logging;

namespace EventSourced.Workers.Tests;

internal sealed class Lines : ILogger
{
    private const int Most = 12;
    private readonly Queue<string> _lines = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Enqueue(formatter(state, exception));
            if (_lines.Count > Most) _lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (_lines) return string.Join("; ", _lines);
    }
}
