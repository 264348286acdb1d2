// Who won a task and did not bring it to an end: it may not bid there again. Enters: vacancies. Leaves: one row for
// each pair of task and agent, as the market's `hasFailed` answers. Always holds: an agent fails a task once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The failures of agents at tasks.</summary>
public static class TaskFailures
{
    // Events

    /// <summary>How a vacancy reaches it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("task-failure", Evolve)
        .Also<TaskVacated>(e => $"{e.TaskId}-{e.AgentId}");

    // State

    /// <summary>Why a winner was out. Stored; never renumber.</summary>
    public enum Cause : byte
    {
        /// <summary>Not used.</summary>
        None,

        /// <summary>It gave the work back.</summary>
        Yielded,

        /// <summary>It did not start in time.</summary>
        NotStarted,

        /// <summary>Its lease ran out.</summary>
        Lapsed,

        /// <summary>It did not deliver in time.</summary>
        Missed,
    }

    /// <summary>A failure.</summary>
    /// <param name="Key">Task and agent: `3-7`.</param>
    /// <param name="TaskId">The task.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Round">The round that it had won.</param>
    /// <param name="Cause">Why it was out.</param>
    /// <param name="VacatedAt">When.</param>
    public sealed record State(string Key, ulong TaskId, ulong AgentId, ushort Round, Cause Cause, Instant VacatedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, TaskVacated { Cause: >= 1 and <= 4 } e) =>
            new State($"{e.TaskId}-{e.AgentId}", e.TaskId, e.AgentId, e.Round, (Cause)e.Cause, at.Time),
        _ => null,
    };
}
