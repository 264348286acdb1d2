// The work that was delivered for a task. Enters: the delivery. Leaves: one row a task, apart from the task's own row
// because the texts are long. Always holds: a task is delivered at most once, because no way leads back from review to
// work.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The delivered work of a task.</summary>
public static class Submissions
{
    // Events

    /// <summary>Routes the delivery to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("submission", Evolve)
        .Also<TaskSubmitted>(e => e.TaskId);

    // State

    /// <summary>The delivered work of a task.</summary>
    /// <param name="TaskId">The task.</param>
    /// <param name="AgentId">The agent that delivered.</param>
    /// <param name="ResultHash">The hash of the result.</param>
    /// <param name="ReceiptHash">The hash of the receipt that proves how the result was made.</param>
    /// <param name="ResultUri">The place where the result can be read.</param>
    /// <param name="SubmittedAt">The time of the delivery.</param>
    public sealed record State(
        ulong TaskId,
        ulong AgentId,
        Word ResultHash,
        Word ReceiptHash,
        string ResultUri,
        Instant SubmittedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, TaskSubmitted e) => new State(e.TaskId, e.AgentId, e.ResultHash, e.ReceiptHash, e.ResultURI, at.Time),
        _ => null,
    };
}
