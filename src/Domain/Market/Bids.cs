// A bid: hidden or open, until it wins, loses or is taken back. Its events stand in its task's stream. Always holds:
// the status is the one that the market's `bidOf` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Market;

/// <summary>One bid.</summary>
public static class Bids
{
    // Events

    /// <summary>Routes a bid's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("bid", Evolve)
        .Also<BidCommitted>(e => e.BidId)
        .Also<BidPlaced>(e => e.BidId)
        .Also<BidWithdrawn>(e => e.BidId)
        .Also<BidLost>(e => e.BidId)
        .Also<TaskMatched>(e => e.BidId);

    // State

    /// <summary>The status of a bid; the numbers are the market's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>This value is not used.</summary>
        None,

        /// <summary>The bid is a hidden commitment.</summary>
        Committed,

        /// <summary>The bid is on the board.</summary>
        Standing,

        /// <summary>The bid won and was matched.</summary>
        Won,

        /// <summary>The bidder took the bid back.</summary>
        Withdrawn,

        /// <summary>Better bids pushed it off the board.</summary>
        Outscored,

        /// <summary>Another bid was chosen, or the task was cancelled.</summary>
        Lost,

        /// <summary>The bidder never revealed the bid: part of its lock burned.</summary>
        Forfeited,

        /// <summary>The bid was hidden when the client cancelled: its lock went back.</summary>
        Returned,
    }

    /// <summary>A bid of an agent for a task.</summary>
    /// <param name="BidId">The bid's number, from 1; also its place in the order of bids.</param>
    /// <param name="TaskId">The task that the bid is for.</param>
    /// <param name="AgentId">The agent that bids.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="Commitment">The hash that a hidden bid committed to; zero once the bid is open.</param>
    /// <param name="Price">The price; 0 while hidden.</param>
    /// <param name="Eta">The time at which the agent means to deliver, by its own word.</param>
    /// <param name="ProposalHash">The hash of the agent's proposal.</param>
    /// <param name="Score">The bid's score, fixed when the bid was opened.</param>
    /// <param name="PlacedAt">The time at which the bid was committed or placed.</param>
    public sealed record State(
        ulong BidId,
        ulong TaskId,
        ulong AgentId,
        Status Status,
        Word Commitment,
        UInt128 Price,
        UInt128 Eta,
        Word ProposalHash,
        UInt128 Score,
        Instant PlacedAt);

    // Evolve

    private const byte Outscored = 1;
    private const byte Unrevealed = 2;
    private const byte NotChosen = 3;
    private const byte TaskCancelled = 4;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, BidCommitted e) =>
            new State(e.BidId, e.TaskId, e.AgentId, Status.Committed, e.Commitment, 0, 0, default, 0, at.Time),
        (null, BidPlaced e) =>
            new State(e.BidId, e.TaskId, e.AgentId, Status.Standing, default, e.Price, e.Eta, e.ProposalHash, e.Score,
                at.Time),
        (null, _) => null,
        ({ Status: Status.Committed }, BidPlaced e) => state with
        {
            Status = Status.Standing,
            Commitment = default,
            Price = e.Price,
            Eta = e.Eta,
            ProposalHash = e.ProposalHash,
            Score = e.Score,
        },
        ({ Status: Status.Standing }, BidWithdrawn) => state with { Status = Status.Withdrawn },
        ({ Status: Status.Standing }, TaskMatched e) when e.AgentId == state.AgentId =>
            state with { Status = Status.Won },
        ({ Status: Status.Committed }, BidLost { Cause: Unrevealed }) => Ended(state, Status.Forfeited),
        ({ Status: Status.Committed }, BidLost { Cause: TaskCancelled }) => Ended(state, Status.Returned),
        ({ Status: Status.Standing }, BidLost { Cause: Outscored }) => Ended(state, Status.Outscored),
        ({ Status: Status.Standing }, BidLost { Cause: NotChosen or TaskCancelled }) => Ended(state, Status.Lost),
        _ => null,
    };

    private static State Ended(State bid, Status status) => bid with { Status = status, Commitment = default };
}
