// The agents that won a task and did not bring it to an end. Such an agent may not bid for the task again. Enters:
// vacancies. Leaves: one row for each pair of task and agent, as the market's `hasFailed` answers. Always holds: an
// agent fails a task once.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The failures of agents at tasks.</summary>
public static class TaskFailures
{
    // Events

    /// <summary>Routes a vacancy to it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("task-failure", Evolve)
        .Also<TaskVacated>(e => $"{e.TaskId}-{e.AgentId}");

    // State

    /// <summary>The reason for which a winner lost its task; stored, never renumber.</summary>
    public enum Cause : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The agent gave the work back.</summary>
        Yielded,

        /// <summary>The agent did not start in time.</summary>
        NotStarted,

        /// <summary>The agent's lease ran out.</summary>
        Lapsed,

        /// <summary>The agent did not deliver in time.</summary>
        Missed,
    }

    /// <summary>An agent's failure at a task.</summary>
    /// <param name="Key">Task and agent: `3-7`.</param>
    /// <param name="TaskId">The task.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Round">The round that the agent had won.</param>
    /// <param name="Cause">The reason for which the agent lost the task.</param>
    /// <param name="VacatedAt">The time at which the agent lost the task.</param>
    public sealed record State(string Key, ulong TaskId, ulong AgentId, ushort Round, Cause Cause, Instant VacatedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, TaskVacated { Cause: >= 1 and <= 4 } e) =>
            new State($"{e.TaskId}-{e.AgentId}", e.TaskId, e.AgentId, e.Round, (Cause)e.Cause, at.Time),
        _ => null,
    };
}
