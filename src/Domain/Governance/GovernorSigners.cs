// A voter by signature, and the nonce of its next vote. Always holds: the answer of the governor's `nonces`; nonces are
// used one by one.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one signer of votes.</summary>
public static class GovernorSigners
{
    // Events

    /// <summary>Routes used nonces to their signer.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("governor-signer", Evolve)
        .On<AgentGovernorNonceUsed>(e => e.Owner);

    // State

    /// <summary>A voter by signature.</summary>
    /// <param name="Signer">The signer's address.</param>
    /// <param name="Nonce">The nonce of its next vote.</param>
    /// <param name="LastAt">The time of its last vote by signature.</param>
    public sealed record State(Address Signer, UInt128 Nonce, Instant LastAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, AgentGovernorNonceUsed e) when e.Nonce == (state?.Nonce ?? 0) =>
            new State(e.Owner, e.Nonce + UInt128.One, at.Time),
        _ => null,
    };
}
