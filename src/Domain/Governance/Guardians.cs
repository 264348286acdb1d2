// A guardian: who may trip the breaker. Enters: the timelock's word, first at deployment. Leaves: what `isGuardian`
// answers. Always holds: one row for everybody who ever was one; the last word counts.
namespace EventSourced.Domain;

/// <summary>One guardian of the economy.</summary>
public static class Guardians
{
    // Events

    /// <summary>How a guardian's events reach it.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("guardian", Evolve)
        .On<GuardianSet>(e => e.Guardian);

    // State

    /// <summary>A guardian.</summary>
    /// <param name="Guardian">Who.</param>
    /// <param name="IsTrusted">Whether it may trip the breaker now.</param>
    /// <param name="SetAt">When the timelock last named or dismissed it.</param>
    public sealed record State(Address Guardian, bool IsTrusted, Instant SetAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => happened switch
    {
        GuardianSet e => new State(e.Guardian, e.Trusted, at.Time),
        _ => null,
    };
}
