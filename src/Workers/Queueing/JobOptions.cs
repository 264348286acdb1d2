// The bounds and the pace of the loop of jobs. Every wait, batch and retry of it is bounded by a name that stands here.
namespace EventSourced.Workers.Queueing;

/// <summary>How jobs are worked on.</summary>
public sealed record JobOptions
{
    /// <summary>
    /// Jobs that this process works on at once. Most of them wait for a block; what computes is bounded by itself.
    /// </summary>
    public int Parallel { get; init; } = 32;

    /// <summary>Jobs of one kind at once, in hundredths of all: no kind keeps all others waiting.</summary>
    public int KindPercent { get; init; } = 75;

    /// <summary>How long a claim holds without renewal: within this and one look another process takes over.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often claims are renewed.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>How often jobs are looked for without a notification.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two looks.</summary>
    public TimeSpan LeastPause { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long the first fault pauses a job; each further one twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause of a job.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how many faults a job is dead.</summary>
    public int MostFaults { get; init; } = 12;

    /// <summary>How long one go at a job may take.</summary>
    public TimeSpan LongestGo { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How often jobs that are over for long are forgotten.</summary>
    public TimeSpan ForgetEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many jobs of one kind this process works on at once.</summary>
    public int ParallelOfKind => Math.Max(1, Parallel * KindPercent / 100);

    /// <summary>The pause after so many faults.</summary>
    public TimeSpan PauseAfter(int faults)
    {
        var pause = FirstPause * Math.Pow(2, Math.Clamp(faults, 0, 16));
        return pause < LongestPause ? pause : LongestPause;
    }
}
