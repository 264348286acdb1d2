// The number of tasks of one client that an agent has finalized. It damps the reputation that one client can give.
// Always holds: the count is the one that the contract's `completionsOf` answers, and rises one by one.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of an agent's completions for one client.</summary>
public static class Completions
{
    // Events

    /// <summary>Routes completions to their pair.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("completion", Evolve)
        .On<CompletionCounted>(e => KeyOf(e.AgentId, e.Client));

    /// <summary>The key: agent and client.</summary>
    public static string KeyOf(ulong agentId, Address client) => $"{agentId}-{client}";

    // State

    /// <summary>An agent's finalized tasks for one client.</summary>
    /// <param name="Key">The agent and the client, joined.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Client">The client.</param>
    /// <param name="Count">The number of finalized tasks.</param>
    /// <param name="LastTaskId">The last of these tasks.</param>
    /// <param name="FirstAt">The time of the first of these tasks.</param>
    /// <param name="LastAt">The time of the last of these tasks.</param>
    public sealed record State(
        string Key, ulong AgentId, Address Client, UInt128 Count, ulong LastTaskId, Instant FirstAt, Instant LastAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CompletionCounted e) when e.Completions == 1 =>
            new State(KeyOf(e.AgentId, e.Client), e.AgentId, e.Client, 1, e.TaskId, at.Time, at.Time),
        (not null, CompletionCounted e) when e.Completions == state.Count + 1 =>
            state with { Count = e.Completions, LastTaskId = e.TaskId, LastAt = at.Time },
        _ => null,
    };
}
