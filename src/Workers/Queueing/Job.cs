// A job: one thing that one hosted agent has to do, and who is at it. Enters: what a look at the read models finds.
// Leaves: a row. Always holds: the key names kind, thing, round and agent, so that a thing is one job however often it
// is found; whoever holds the claim works, and a claim that is not renewed is anybody's.
namespace EventSourced.Workers.Queueing;

/// <summary>The kind of work. Stored; never renumber.</summary>
public enum JobKind : short
{
    /// <summary>Bid for a task, or take one.</summary>
    Bid = 1,

    /// <summary>Do a task.</summary>
    Execute = 2,

    /// <summary>Check delivered work.</summary>
    Check = 3,

    /// <summary>Vote on a panel.</summary>
    Vote = 4,
}

/// <summary>The status of a job. Stored; never renumber.</summary>
public enum JobState : short
{
    /// <summary>To be done.</summary>
    Open = 0,

    /// <summary>Nothing is left to do; the reason says what came of it.</summary>
    Done = 1,

    /// <summary>It failed too often; a person looks and puts it back.</summary>
    Dead = 2,
}

/// <summary>A job that was found.</summary>
/// <param name="Key">Its name for ever.</param>
/// <param name="Kind">The kind of work.</param>
/// <param name="Subject">The task or the dispute.</param>
/// <param name="Round">The round.</param>
/// <param name="AgentId">The agent that has the job; 0: any of ours.</param>
public sealed record FoundJob(string Key, JobKind Kind, ulong Subject, int Round, ulong AgentId);

/// <summary>A job that this process holds.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Kind">The kind of work.</param>
/// <param name="Subject">The task or the dispute.</param>
/// <param name="Round">The round.</param>
/// <param name="AgentId">The agent that has the job.</param>
/// <param name="Claims">How often it was claimed, this time included.</param>
/// <param name="Faults">How often it failed by faults.</param>
/// <param name="Kept">The decision that an earlier holder made for good; null: none.</param>
public sealed record Job(
    string Key, JobKind Kind, ulong Subject, int Round, ulong AgentId, int Claims, int Faults, string? Kept);

/// <summary>A job as people see it.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Kind">The kind of work.</param>
/// <param name="State">The current status.</param>
/// <param name="Step">The last step that was done.</param>
/// <param name="Reason">Why it stands there.</param>
/// <param name="Claims">How often it was claimed.</param>
/// <param name="Faults">How often it failed.</param>
/// <param name="ChangedAt">When anything happened to it last.</param>
public sealed record JobView(
    string Key, JobKind Kind, JobState State, string Step, string? Reason, int Claims, int Faults,
    DateTimeOffset ChangedAt);

/// <summary>How one go at a job ended.</summary>
public abstract record JobEnd
{
    private JobEnd()
    {
    }

    /// <summary>Nothing is left to do.</summary>
    /// <param name="Reason">The outcome.</param>
    public sealed record Done(string Reason) : JobEnd;

    /// <summary>There is nothing to do yet.</summary>
    /// <param name="After">When to look again.</param>
    /// <param name="Reason">The reason for the wait.</param>
    public sealed record Later(TimeSpan After, string Reason) : JobEnd;
}
