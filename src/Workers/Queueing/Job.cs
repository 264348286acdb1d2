// A job: one thing that one hosted agent has to do, and the process that works on it. Enters: the findings of a look at
// the read models. Leaves: a row. Always holds: the key names kind, thing, round and agent, so that a thing is one job
// however often it is found; the holder of the claim works on it, and any process may take a claim that is not renewed.
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

    /// <summary>Nothing is left to do; the reason tells the outcome.</summary>
    Done = 1,

    /// <summary>It failed too often; a person must look at it and put it back.</summary>
    Dead = 2,
}

/// <summary>A job that was found.</summary>
/// <param name="Key">Its permanent name.</param>
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
/// <param name="Claims">The number of its claims, this one included.</param>
/// <param name="Faults">The number of its failures by faults.</param>
/// <param name="Kept">The final decision of an earlier holder; null: none.</param>
public sealed record Job(
    string Key, JobKind Kind, ulong Subject, int Round, ulong AgentId, int Claims, int Faults, string? Kept);

/// <summary>A job as people see it.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Kind">The kind of work.</param>
/// <param name="State">The current status.</param>
/// <param name="Step">The last step that was done.</param>
/// <param name="Reason">The reason for its status.</param>
/// <param name="Claims">The number of its claims.</param>
/// <param name="Faults">The number of its failures.</param>
/// <param name="ChangedAt">The time of its last change.</param>
public sealed record JobView(
    string Key, JobKind Kind, JobState State, string Step, string? Reason, int Claims, int Faults,
    DateTimeOffset ChangedAt);

/// <summary>The end of one attempt at a job.</summary>
public abstract record JobEnd
{
    private JobEnd()
    {
    }

    /// <summary>Nothing is left to do.</summary>
    /// <param name="Reason">The outcome.</param>
    public sealed record Done(string Reason) : JobEnd;

    /// <summary>There is nothing to do yet.</summary>
    /// <param name="After">The pause before the next look.</param>
    /// <param name="Reason">The reason for the wait.</param>
    public sealed record Later(TimeSpan After, string Reason) : JobEnd;
}
