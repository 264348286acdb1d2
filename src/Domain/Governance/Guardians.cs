// The accounts that may trip the breaker. Always holds: the answer of the breaker's `isGuardian`.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one guardian.</summary>
public static class Guardians
{
    // Events

    /// <summary>Routes appointments to a guardian.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("guardian", Evolve)
        .On<GuardianSet>(e => e.Guardian);

    // State

    /// <summary>A present or former guardian of the breaker.</summary>
    /// <param name="Guardian">The guardian's address.</param>
    /// <param name="IsTrusted">Whether it is a guardian now.</param>
    /// <param name="ChangedAt">The time at which the timelock, or the deployment, last changed that.</param>
    public sealed record State(Address Guardian, bool IsTrusted, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, GuardianSet e) => new State(e.Guardian, e.Trusted, at.Time),
        _ => null,
    };
}
