// As which agent an address provides for jobs. Always holds: the agent is the one that the door's `agentOf` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>The aggregate of one provider of jobs.</summary>
public static class JobProviders
{
    // Events

    /// <summary>How the door's events reach a provider.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("job-provider", Evolve)
        .On<ProviderServes>(e => e.Provider);

    // State

    /// <summary>A provider.</summary>
    /// <param name="Provider">Who.</param>
    /// <param name="AgentId">As which agent.</param>
    /// <param name="Changes">How often it has said so.</param>
    /// <param name="ChangedAt">When it last said so.</param>
    public sealed record State(Address Provider, ulong AgentId, ulong Changes, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, ProviderServes { AgentId: not 0 } e) =>
            new State(e.Provider, e.AgentId, (state?.Changes ?? 0) + 1, at.Time),
        _ => null,
    };

    // Commands

    /// <summary>Names the agent; whether the signer may act for it is the agent's to say.</summary>
    public sealed record ServeAs(Address By, ulong AgentId) : Command(By);

    // Decide

    /// <summary>Says what the door would answer to a command.</summary>
    public static Decision Decide(Command command) => command is ServeAs
        ? Decision.Grant
        : throw new ArgumentException(
            $"expected a command to a provider, found {command.GetType().Name}", nameof(command));
}
