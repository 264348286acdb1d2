// The agent that an address works as when it provides for jobs. Always holds: the agent is the one that the door's
// `agentOf` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The aggregate of one provider of jobs.</summary>
public static class JobProviders
{
    // Events

    /// <summary>Routes the door's events to a provider.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("job-provider", Evolve)
        .On<ProviderServes>(e => e.Provider);

    // State

    /// <summary>A provider of jobs and the agent that it works as.</summary>
    /// <param name="Provider">The provider's address.</param>
    /// <param name="AgentId">The agent that the provider works as.</param>
    /// <param name="Changes">The number of times the provider has named an agent.</param>
    /// <param name="ChangedAt">The time at which it last named one.</param>
    public sealed record State(Address Provider, ulong AgentId, ulong Changes, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, ProviderServes { AgentId: not 0 } e) =>
            new State(e.Provider, e.AgentId, (state?.Changes ?? 0) + 1, at.Time),
        _ => null,
    };

    // Commands

    /// <summary>
    /// Names the agent that the signer works as. The agent's own state decides whether the signer may act for it.
    /// </summary>
    public sealed record ServeAs(Address By, ulong AgentId) : Command(By);

    // Decide

    /// <summary>Predicts the door's answer to a command.</summary>
    public static Decision Decide(Command command) => command is ServeAs
        ? Decision.Grant
        : throw new ArgumentException(
            $"expected a command to a provider, found {command.GetType().Name}", nameof(command));
}
