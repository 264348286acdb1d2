// An owner's votes: the free stake of all its agents, since v1.1 their pledges too. Always holds: the answer of the
// stake's `getVotes`; every change starts where the last one ended. Votes of the past stand in the voter's stream.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one owner's votes.</summary>
public static class Voters
{
    // Events

    /// <summary>Routes changes to a voter.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("voter", Evolve)
        .On<DelegateVotesChanged>(e => e.Delegate);

    // State

    /// <summary>An owner of agents, and its votes.</summary>
    /// <param name="Voter">The owner's address.</param>
    /// <param name="Votes">The number of its votes now.</param>
    /// <param name="FirstAt">The time at which it first had votes.</param>
    /// <param name="ChangedAt">The time of the last change.</param>
    public sealed record State(Address Voter, UInt128 Votes, Instant FirstAt, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, DelegateVotesChanged e) when e.PreviousVotes == 0 => new State(e.Delegate, e.NewVotes, at.Time, at.Time),
        (not null, DelegateVotesChanged e) when e.PreviousVotes == state.Votes =>
            state with { Votes = e.NewVotes, ChangedAt = at.Time },
        _ => null,
    };
}
