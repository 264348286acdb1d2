// The living economy as a program that nobody watches: a line now and then, a line for what went wrong, and on again. A
// chain that was reorganised or cut under the world is no fault: the people that are there now are found again at once.
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
        WorldChain chain, int seed, double pace, double speed, Action<string> say, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var world = await World.JoinAsync(chain, seed, speed, Population.Small, say, cancellation);
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
