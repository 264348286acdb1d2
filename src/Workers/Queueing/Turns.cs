// Turns at the processor. Enters: work that computes. Leaves: its result. Always holds: no more runs at once than there
// are turns, so that a process that waits for many blocks computes and takes memory for only a few jobs at once.
namespace EventSourced.Workers.Queueing;

/// <summary>Limits the number of runs that compute at once.</summary>
/// <param name="atOnce">The number of turns.</param>
public sealed class Turns(int atOnce) : IDisposable
{
    /// <summary>The smallest number of turns: a long run must not keep all short ones waiting.</summary>
    public const int Least = 4;

    private readonly SemaphoreSlim _free = new(atOnce, atOnce);

    /// <summary>Turns for the processors of this machine.</summary>
    public static Turns OfThisMachine() => new(Math.Max(Least, Environment.ProcessorCount));

    /// <summary>Computes on a thread of its own when its turn comes.</summary>
    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
