// The living economy as a program that nobody watches: a line now and then, a line for what went wrong, and on again.
using System.Diagnostics;
using EventSourced.Ethereum.Rpc;

namespace EventSourced.World;

internal static class LiveProgram
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    /// <summary>Ends when cancelled, and for no other reason.</summary>
    public static async Task RunAsync(Chain chain, int seed, double pace, double speed, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var world = await World.JoinAsync(chain, seed, speed, Population.Small, Say, cancellation);
                Say($"joined the economy at block {world.Stage.Block}, {world.Stage.Events:N0} events so far");
                var line = Stopwatch.StartNew();
                await world.LiveOnAsync(pace * Tick.TotalSeconds, Tick, () => Tell(world, line), cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is RpcException or InvalidOperationException or TimeoutException or IOException)
            {
                Say($"{fault.Message}; beginning again in {PauseAfterFault.TotalSeconds} s");
                await Task.Delay(PauseAfterFault, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static void Tell(World world, Stopwatch line)
    {
        if (line.Elapsed < BetweenLines) return;
        Say($"{world.Stage.Events:N0} events, block {world.Stage.Block}, {world.Stage.Refused} stories cut short");
        line.Restart();
    }

    private static void Say(string text) => Console.WriteLine($"world: {text}");
}
