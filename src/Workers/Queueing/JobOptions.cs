// The pace and the bounds of the loop of jobs. Every wait, batch and retry of it is bounded by a name in this file.
namespace EventSourced.Workers.Queueing;

/// <summary>The bounds of work on jobs.</summary>
public sealed record JobOptions
{
    /// <summary>
    /// The number of jobs that this process works on at once. Most of them wait for a block; Turns limits the ones that
    /// compute.
    /// </summary>
    public int Parallel { get; init; } = 32;

    /// <summary>The share of one kind among these jobs, in hundredths: no kind keeps all others waiting.</summary>
    public int KindPercent { get; init; } = 75;

    /// <summary>
    /// The time that a claim holds without renewal. Within this time and one look another process takes over.
    /// </summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The interval at which claims are renewed.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromMilliseconds(750);

    /// <summary>The interval of looks for jobs without a notification.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The shortest time between two looks.</summary>
    public TimeSpan LeastPause { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The pause of a job after its first fault; each further fault doubles it.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause of a job.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The number of faults after which a job is dead.</summary>
    public int MostFaults { get; init; } = 12;

    /// <summary>The time limit of one attempt at a job.</summary>
    public TimeSpan LongestGo { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The interval at which old finished jobs are forgotten.</summary>
    public TimeSpan ForgetEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The number of jobs of one kind that this process works on at once.</summary>
    public int ParallelOfKind => Math.Max(1, Parallel * KindPercent / 100);

    /// <summary>The pause after a number of faults.</summary>
    public TimeSpan PauseAfter(int faults)
    {
        var pause = FirstPause * Math.Pow(2, Math.Clamp(faults, 0, 16));
        return pause < LongestPause ? pause : LongestPause;
    }
}
