// A seat of the council and who sits on it. Enters: the timelock's word, first at deployment. Leaves: what `memberAt`
// answers. Always holds: five seats, none ever empty again; that no member sits twice is the contract's care.
namespace EventSourced.Domain;

/// <summary>One of the council's five seats.</summary>
public static class CouncilSeats
{
    /// <summary>How many seats there are.</summary>
    public const byte Count = 5;

    // Events

    /// <summary>How a seat's events reach it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("council-seat", Evolve)
        .On<CouncilMemberSet>(e => e.Seat);

    // State

    /// <summary>A seat.</summary>
    /// <param name="Seat">The seat's number, from 0.</param>
    /// <param name="Member">Who sits on it.</param>
    /// <param name="SeatedAt">Since when.</param>
    public sealed record State(ulong Seat, Address Member, Instant SeatedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => happened switch
    {
        CouncilMemberSet { Seat: < Count, Member.IsZero: false } e when e.Member != state?.Member =>
            new State(e.Seat, e.Member, at.Time),
        _ => null,
    };
}
