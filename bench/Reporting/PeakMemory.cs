// The most memory that this process held since it was last told to forget, as the kernel counts it. What a bench did to
// prepare is not what it measures: a world played in the same process would be counted for the indexer's.
using System.Diagnostics;
using System.Runtime;

namespace EventSourced.Reporting;

/// <summary>The peak of the working set.</summary>
public static class PeakMemory
{
    private const string ResetPeak = "5";

    /// <summary>The peak since it was forgotten.</summary>
    public static double Megabytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64 / 1e6;
        }
    }

    /// <summary>Gives back what is free, and begins to count anew.</summary>
    public static void Forget()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        File.WriteAllText("/proc/self/clear_refs", ResetPeak);
    }
}
