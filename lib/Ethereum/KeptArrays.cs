// Large arrays between two uses. Always holds: at most a named number of each size is kept. The shared pool keeps one
// of each size for each thread besides those for each core, which came to hundreds of megabytes of answers that nobody
// needed any more.
using System.Buffers;

namespace EventSourced.Ethereum;

internal static class KeptArrays<T>
{
    private const int Longest = 1 << 26;
    private const int MostOfOneSize = 4;

    internal static ArrayPool<T> Pool { get; } = ArrayPool<T>.Create(Longest, MostOfOneSize);
}
