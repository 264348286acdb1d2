// The parts of a storm, each with a name and a limit, so that one that hangs is named and not waited for. Enters: work.
// Leaves: its result, or a fault that says which phase took too long and what everybody was doing then. Always holds:
// it ends within the limit and the grace.
using System.Diagnostics;

namespace EventSourced.Simulation.Tests;

/// <summary>A named part of a storm.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Limit">How long it may take.</param>
internal sealed record Phase(string Name, TimeSpan Limit)
{
    // What is cancelled may take so long to end before it is left behind.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Chain and people.</summary>
    internal static Phase Founding { get; } = new("founding", TimeSpan.FromSeconds(60));

    /// <summary>
    /// The storm itself: about 20 s on two idle cores; it goes on until it has met enough, however slow the machine is.
    /// </summary>
    internal static Phase Storm { get; } = new("storm", TimeSpan.FromSeconds(180));

    /// <summary>The end of every contender's life.</summary>
    internal static Phase Clearing { get; } = new("clearing", TimeSpan.FromSeconds(20));

    /// <summary>An index to the tip in good weather.</summary>
    internal static Phase Calm { get; } = new("calm", TimeSpan.FromSeconds(60));

    /// <summary>An index of the same chain that never saw a fault.</summary>
    internal static Phase Fresh { get; } = new("fresh index", TimeSpan.FromSeconds(60));

    /// <summary>The comparison of both.</summary>
    internal static Phase Comparison { get; } = new("comparison", TimeSpan.FromSeconds(30));

    /// <summary>The verifier.</summary>
    internal static Phase Verification { get; } = new("verification", TimeSpan.FromSeconds(60));

    /// <summary>Does work within the limit.</summary>
    internal async Task RunAsync(Func<CancellationToken, Task> work, Func<string> doing)
    {
        var clock = Stopwatch.StartNew();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await work(limit.Token).WaitAsync(Limit + Grace, CancellationToken.None);
        }
        catch (Exception slow)
            when (limit.IsCancellationRequested && slow is OperationCanceledException or TimeoutException)
        {
            throw new TimeoutException(
                $"expected the phase '{Name}' to end within {Limit.TotalSeconds} s, found it at {clock.Elapsed.TotalSeconds:F0} s: {doing()}", slow);
        }
    }
}
