// The clients that have rated an agent, with the number of their ratings. Always holds: the ratings of one client are
// numbered from 1 without a gap; the last number is the one that the registry's `getLastIndex` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>One client's ratings of one agent.</summary>
public static class FeedbackClients
{
    // Events

    /// <summary>Routes ratings, which have streams of their own, to their client.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("feedback-client", Evolve)
        .Also<NewFeedback>(e => KeyOf(e.AgentId, e.ClientAddress));

    /// <summary>The key: agent and client.</summary>
    public static string KeyOf(ulong agentId, Address client) => $"{agentId}-{client}";

    // State

    /// <summary>A client that has rated an agent.</summary>
    /// <param name="Key">The agent and the client, joined.</param>
    /// <param name="AgentId">The agent.</param>
    /// <param name="Client">The client.</param>
    /// <param name="LastIndex">The number of the client's last rating.</param>
    /// <param name="FirstAt">The time of its first rating.</param>
    /// <param name="LastAt">The time of its last rating.</param>
    public sealed record State(
        string Key, ulong AgentId, Address Client, ulong LastIndex, Instant FirstAt, Instant LastAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, NewFeedback { FeedbackIndex: 1 } e) =>
            new State(KeyOf(e.AgentId, e.ClientAddress), e.AgentId, e.ClientAddress, 1, at.Time, at.Time),
        (not null, NewFeedback e) when e.FeedbackIndex == state.LastIndex + 1 =>
            state with { LastIndex = e.FeedbackIndex, LastAt = at.Time },
        _ => null,
    };
}
