// Waiting for what another task brings about. Enters: what must come true. Leaves: it has. Always holds: the wait ends,
// and says what it saw last.
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EventSourced.Testing;

/// <summary>Waits that end.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a test waits for anything: long, for machines that do much else.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(3);

    /// <summary>Waits until a condition holds.</summary>
    public static Task TrueAsync(
        Func<bool> condition, Func<object?>? found = null, Task? running = null,
        [CallerArgumentExpression(nameof(condition))] string expected = "") =>
        TrueAsync(() => Task.FromResult(condition()), found, running, expected);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">What must come true.</param>
    /// <param name="found">What is there instead, for the message.</param>
    /// <param name="running">Who brings it about: its fault ends the wait.</param>
    /// <param name="expected">The condition's text.</param>
    public static async Task TrueAsync(
        Func<Task<bool>> condition, Func<object?>? found = null, Task? running = null,
        [CallerArgumentExpression(nameof(condition))] string expected = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (running is { IsFaulted: true }) await running;
            if (Stopwatch.GetElapsedTime(began) > Limit)
                throw new TimeoutException($"expected {expected.Replace("() => ", "", StringComparison.Ordinal)} within {Limit}, found {found?.Invoke() ?? "it never held"}");
            await Task.Delay(Pause);
        }
    }
}
