// A seat of the council and its member. Always holds: the answer of the council's `memberAt`; five seats, none empty
// once it was taken.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one seat of the council.</summary>
public static class CouncilSeats
{
    // Events

    /// <summary>Routes appointments to a seat.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("council-seat", Evolve)
        .On<CouncilMemberSet>(e => e.Seat);

    // State

    /// <summary>A seat of the council.</summary>
    /// <param name="Seat">The seat's number, from 0.</param>
    /// <param name="Member">The member in the seat.</param>
    /// <param name="Members">The number of members that it has had.</param>
    /// <param name="SeatedAt">The time at which the member took the seat.</param>
    public sealed record State(ulong Seat, Address Member, ulong Members, Instant SeatedAt);

    // Evolve

    /// <summary>The number of seats of the council.</summary>
    public const byte Seats = 5;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (_, CouncilMemberSet { Seat: < Seats, Member.IsZero: false } e) when e.Member != state?.Member =>
            new State(e.Seat, e.Member, (state?.Members ?? 0) + 1, at.Time),
        _ => null,
    };
}
