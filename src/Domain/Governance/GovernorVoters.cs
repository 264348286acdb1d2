// How often a voter's signature voted: the nonce that its next one needs. Enters: used nonces. Leaves: what `nonces`
// answers. Always holds: nonces are used in their order, none twice.
namespace EventSourced.Domain;

/// <summary>One voter by signature.</summary>
public static class GovernorVoters
{
    // Events

    /// <summary>How a voter's events reach it.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("governor-voter", Evolve)
        .On<AgentGovernorNonceUsed>(e => e.Owner);

    // State

    /// <summary>A voter by signature.</summary>
    /// <param name="Owner">Who signs.</param>
    /// <param name="Nonce">The nonce that the next signature needs.</param>
    /// <param name="UsedAt">When the last one was used.</param>
    public sealed record State(Address Owner, ulong Nonce, Instant UsedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => happened switch
    {
        AgentGovernorNonceUsed e when e.Nonce == (state?.Nonce ?? 0) => new State(e.Owner, e.Nonce + 1, at.Time),
        _ => null,
    };
}
