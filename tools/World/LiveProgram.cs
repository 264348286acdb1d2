// The living economy as a program that nobody watches: a line now and then, a line for what went wrong, and on again. A
// chain that was reorganised or cut under the world is no fault: the people that are there now are found again at once.
// With a host, its workshop opens first: its verifiers are the court, so the other people judge nothing.
using System.Diagnostics;

namespace EventSourced.World;

/// <summary>The economy that lives on for ever.</summary>
public static class LiveProgram
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    /// <summary>Ends when cancelled, and for no other reason.</summary>
    public static async Task RunAsync(
        WorldChain chain, int seed, double pace, double speed, WorkshopOptions? workshop, Action<string> say,
        CancellationToken cancellation)
    {
        if (workshop is null)
        {
            await LiveAsync(chain, seed, pace, speed, Population.Small, say, cancellation);
            return;
        }

        using var opened = await OpenAsync(chain, workshop, say, cancellation);
        if (opened is null) return;
        await Task.WhenAll(
            WorkAsync(opened, seed, say, cancellation),
            LiveAsync(chain, seed, pace, speed, Population.Unjudged, say, cancellation));
    }

    private static async Task<Workshop?> OpenAsync(
        WorldChain chain, WorkshopOptions options, Action<string> say, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await Workshop.OpenAsync(chain, options, say, cancellation);
            }
            catch (Exception fault)
            {
                if (cancellation.IsCancellationRequested) return null;
                say($"{fault.Message}; opening the workshop again in {PauseAfterFault.TotalSeconds} s");
                await Task.Delay(PauseAfterFault, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task WorkAsync(
        Workshop workshop, int seed, Action<string> say, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await workshop.RunAsync(seed, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                say($"{fault.Message}; the workshop goes on in {PauseAfterFault.TotalSeconds} s");
                await Task.Delay(PauseAfterFault, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task LiveAsync(
        WorldChain chain, int seed, double pace, double speed, Population people, Action<string> say,
        CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var world = await World.JoinAsync(chain, seed, speed, people, say, cancellation);
                say($"joined the economy at block {world.Stage.Block}, {world.Stage.Events:N0} events so far");
                var line = Stopwatch.StartNew();
                await world.LiveOnAsync(pace * Tick.TotalSeconds, Tick, () => Tell(world, line, say), cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (ChainReplacedException replaced)
            {
                say($"{replaced.Message}; joining the chain that is there now");
                await Task.Delay(Tick, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception fault)
            {
                say($"{fault.Message}; beginning again in {PauseAfterFault.TotalSeconds} s");
                await Task.Delay(PauseAfterFault, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static void Tell(World world, Stopwatch line, Action<string> say)
    {
        if (line.Elapsed < BetweenLines) return;
        say($"{world.Stage.Events:N0} events, block {world.Stage.Block}, {world.Stage.Refused} stories cut short");
        line.Restart();
    }
}
