// The sum of all votes, the measure of quorums. One row. Enters: changes of owners' votes, and the moments at which
// votes begin. Leaves: the total, and for each proposal the total at its snapshot. Always holds: the total is the sum
// of all owners' votes, which is what the stake answers for the past second: free stake (v1.0), or free and pledged
// stake (v1.1).
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of all votes.</summary>
public static class VoteTotals
{
    /// <summary>The key of the one row.</summary>
    public const string Key = "all";

    // Events

    /// <summary>Routes changes of votes and the beginnings of votes to the total.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("vote-total", Evolve)
        .Also<DelegateVotesChanged>(_ => Key)
        .Also<Proposals.ProposalDeadlinePassed>(OfSnapshot)
        .Derives<Proposals.ProposalDeadlinePassed>(
            (total, e) => [new Proposals.StakeSnapshotTaken(e.ProposalId, total.Total)]);

    // State

    /// <summary>The total of all votes.</summary>
    /// <param name="Id">The key of the one row: all.</param>
    /// <param name="Total">The number of votes, one for each base unit of stake.</param>
    /// <param name="ChangedAt">The time at which an owner's votes last changed.</param>
    public sealed record State(string Id, UInt128 Total, Instant ChangedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, DelegateVotesChanged e) when e.PreviousVotes == 0 => new State(Key, e.NewVotes, at.Time),
        // A proposer has votes: a vote cannot begin before there are any.
        (null, _) => null,
        (_, DelegateVotesChanged e) when e.PreviousVotes <= state.Total =>
            state with { Total = state.Total - e.PreviousVotes + e.NewVotes, ChangedAt = at.Time },
        (_, Proposals.ProposalDeadlinePassed) => state,
        _ => null,
    };

    private static bool OfSnapshot(Proposals.ProposalDeadlinePassed e, out string key)
    {
        key = Key;
        return e.Deadline == (byte)Proposals.Overdue.VoteBegun;
    }
}
