// A task, from the need to its end: its client, its winner, its deadlines and its outcome. Its stream holds the task's
// own events and those of its bids. Always holds: at most one match a round, rounds rise, one terminal event; the
// status is the one that the market's `stateOf` answers, and the price is the winning bid's.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.Domain.Work;

namespace EventSourced.Domain.Market;

/// <summary>The aggregate of one task.</summary>
public static class Tasks
{
    // Events

    /// <summary>One of the task's deadlines passed. From now on somebody may take the next step.</summary>
    /// <param name="TaskId">The task.</param>
    /// <param name="Deadline">The kind of deadline: see <see cref="Overdue"/>.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record TaskDeadlinePassed(ulong TaskId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>Routes the task's events to it.</summary>
    public static Fold<ulong, State> Fold { get; } = new Fold<ulong, State>("task", Evolve)
        .On<TaskCreated>(e => e.TaskId)
        .On<BiddingOpened>(e => e.TaskId)
        .On<BidCommitted>(e => e.TaskId)
        .On<BidPlaced>(e => e.TaskId)
        .On<BidWithdrawn>(e => e.TaskId)
        .On<BidLost>(e => e.TaskId)
        .On<TaskMatched>(e => e.TaskId)
        .On<TaskVacated>(e => e.TaskId)
        .On<TaskSubmitted>(e => e.TaskId)
        .On<TaskDisputed>(e => e.TaskId)
        .On<TaskReviewSet>(e => e.TaskId)
        .On<TaskFinalized>(e => e.TaskId)
        .On<TaskCancelled>(e => e.TaskId)
        .On<TaskDeadlinePassed>(e => e.TaskId)
        .Also<WorkLeaseStarted>(e => e.TaskId)
        .Also<WorkflowStepLinked>(e => e.TaskId)
        .Derives<TaskFinalized>((task, _) => StepEnded(task))
        .Derives<TaskCancelled>((task, _) => StepEnded(task))
        .Deadlines(NextDeadline, (task, due) => new TaskDeadlinePassed(task.TaskId, due.Kind, due.Due));

    // State

    /// <summary>The status of a task; the numbers are the market's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>The task is created; its first round opens in the same transaction.</summary>
        Created,

        /// <summary>A round is open for bids.</summary>
        Bidding,

        /// <summary>A bid won; the winner has to start.</summary>
        Matched,

        /// <summary>The winner works under a lease.</summary>
        Running,

        /// <summary>The work is delivered and under review.</summary>
        Verifying,

        /// <summary>The task is before the court.</summary>
        Disputed,

        /// <summary>The winner lost the task, and no new winner is chosen yet.</summary>
        Vacant,

        /// <summary>The work was accepted and paid.</summary>
        Finalized,

        /// <summary>The task was cancelled and the client refunded.</summary>
        Cancelled,
    }

    /// <summary>
    /// The cause for which a task lost its winner, was paid or was cancelled. The market counts the causes of each end
    /// from 1; here those of a payment follow 10, and those of a cancellation follow 20.
    /// </summary>
    public enum Cause : byte
    {
        /// <summary>The winner gave the work back.</summary>
        Yielded = 1,

        /// <summary>The winner did not start in time.</summary>
        NotStarted,

        /// <summary>The winner's lease ran out.</summary>
        Lapsed,

        /// <summary>The winner did not deliver in time.</summary>
        Missed,

        /// <summary>Paid: the client accepted.</summary>
        Accepted = 11,

        /// <summary>Paid: the review ended without an objection.</summary>
        ReviewOver,

        /// <summary>Paid in part: the court split the price.</summary>
        SplitByCourt,

        /// <summary>Refunded: the client cancelled it.</summary>
        CancelledByClient = 21,

        /// <summary>Refunded: it expired.</summary>
        Expired,

        /// <summary>Refunded: the court upheld a challenge.</summary>
        CancelledByCourt,
    }

    /// <summary>The way in which a task finds its agent.</summary>
    public enum Mode : byte
    {
        /// <summary>The client names one agent, and that agent alone may take the task.</summary>
        Direct,

        /// <summary>Agents bid, and every bid is public.</summary>
        Open,

        /// <summary>Agents commit to hidden bids first and reveal them later.</summary>
        Sealed,
    }

    /// <summary>The last deadline that passed without any action; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>No deadline has passed since the last step.</summary>
        None,

        /// <summary>Bidding is over: match a bid or reopen the task.</summary>
        Bidding,

        /// <summary>The winner did not start: vacate or reopen the task.</summary>
        Start,

        /// <summary>The work is late: vacate or reopen the task.</summary>
        Delivery,

        /// <summary>The review is over: finalize the task.</summary>
        Review,

        /// <summary>The task expired: cancel it.</summary>
        Expiry,
    }

    /// <summary>A task that a client wants done for a price.</summary>
    /// <param name="TaskId">The task's number, from 1.</param>
    /// <param name="Client">The address that posted the task and pays for it.</param>
    /// <param name="NamedAgentId">The agent that a direct task names; 0: open to bids.</param>
    /// <param name="Mode">The way in which the task finds its agent.</param>
    /// <param name="IsOptimistic">Whether outsiders may challenge the result within the challenge window.</param>
    /// <param name="Domain">The domain in which the task asks for reputation and earns it.</param>
    /// <param name="MaxPrice">The highest price that the client pays, held in escrow.</param>
    /// <param name="AgentBond">The bond that the winning agent pledges.</param>
    /// <param name="MinReputation">The lowest reputation that a bidder may have, in micropoints.</param>
    /// <param name="ExpiresAt">The time from which anyone may cancel the task.</param>
    /// <param name="ChallengeWindow">The number of seconds for which outsiders may challenge a result.</param>
    /// <param name="CreatedAt">The time at which the task was created.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="Round">The current round of bidding, from 1.</param>
    /// <param name="BidCount">The number of bids that were committed or placed in all rounds.</param>
    /// <param name="Board">The standing bids, best first, in the words that the market stores.</param>
    /// <param name="OpenedAt">The time at which the current round opened.</param>
    /// <param name="CommitEnd">The end of the time in which bids are taken.</param>
    /// <param name="RevealEnd">The end of the time in which hidden bids are revealed.</param>
    /// <param name="AgentId">The winning agent; 0: none now.</param>
    /// <param name="BidId">The winning bid; 0: none now.</param>
    /// <param name="Price">The winner's price.</param>
    /// <param name="StartBy">The time by which the winner must start.</param>
    /// <param name="DeliverBy">The time by which the winner must deliver.</param>
    /// <param name="ReviewEnd">The end of the client's review. After it, silence pays the agent.</param>
    /// <param name="ChallengeEnd">The end of the time in which outsiders may challenge the result.</param>
    /// <param name="DisputeId">The last dispute; 0: none.</param>
    /// <param name="DisputeKind">The kind of the last dispute.</param>
    /// <param name="RuledKinds">Bit k is set when a challenge of kind k was raised. A challenge of that kind cannot be
    /// raised again.</param>
    /// <param name="Cause">The cause of the last vacancy or of the end.</param>
    /// <param name="WorkflowId">The workflow of which the task is a step; 0: none.</param>
    /// <param name="WorkflowStep">The number of that step.</param>
    /// <param name="Overdue">The last deadline that passed without any action since the last step.</param>
    public sealed record State(
        ulong TaskId,
        Address Client,
        ulong NamedAgentId,
        Mode Mode,
        bool IsOptimistic,
        Word Domain,
        UInt128 MaxPrice,
        UInt128 AgentBond,
        Int128 MinReputation,
        Instant ExpiresAt,
        uint ChallengeWindow,
        Instant CreatedAt,
        Status Status,
        ushort Round,
        uint BidCount,
        Sequence<UInt256> Board,
        Instant OpenedAt,
        Instant CommitEnd,
        Instant RevealEnd,
        ulong AgentId,
        ulong BidId,
        UInt128 Price,
        Instant StartBy,
        Instant DeliverBy,
        Instant ReviewEnd,
        Instant ChallengeEnd,
        ulong DisputeId,
        byte DisputeKind,
        byte RuledKinds,
        byte Cause,
        ulong WorkflowId,
        ushort WorkflowStep,
        Overdue Overdue);

    // Evolve

    private const byte ReviewResumed = 2;
    private const byte ReviewWithdrawn = 3;
    private const byte Outscored = 1;
    private const byte Unrevealed = 2;
    private const byte NotChosen = 3;
    private const byte LostToCancellation = 4;
    private const byte EndedBySplit = 3;
    private const byte EndedByUphold = 3;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, TaskCreated e) => Create(e, at),
        (null, _) => null,
        ({ Status: Status.Created or Status.Bidding or Status.Vacant }, BiddingOpened e)
            when e.Round == state.Round + 1 && state.Board.Count == 0 => state with
            {
                Status = Status.Bidding,
                Round = e.Round,
                OpenedAt = at.Time,
                CommitEnd = e.CommitEnd,
                RevealEnd = e.RevealEnd,
                Overdue = Overdue.None,
            },
        ({ Status: Status.Bidding, Mode: Mode.Sealed }, BidCommitted) => state with { BidCount = state.BidCount + 1 },
        ({ Status: Status.Bidding }, BidPlaced e) => state with
        {
            // A revealed bid was counted when it was committed.
            BidCount = state.Mode == Mode.Sealed ? state.BidCount : state.BidCount + 1,
            Board = Market.Board.Insert(state.Board, Market.Board.Row(e.Score, e.Price, e.BidId)),
        },
        ({ Status: Status.Bidding, Mode: Mode.Open }, BidWithdrawn e)
            when Market.Board.Find(state.Board, e.BidId) is not null =>
            state with { Board = Market.Board.Remove(state.Board, e.BidId) },
        // A forfeited commitment can end long after its round, in any state of the task.
        (_, BidLost e) when MayLose(state, e.Cause) => state with { Board = Market.Board.Remove(state.Board, e.BidId) },
        ({ Status: Status.Bidding }, TaskMatched e)
            when e.Round == state.Round && Market.Board.Find(state.Board, e.BidId) is { } price => state with
            {
                Status = Status.Matched,
                Board = Market.Board.Remove(state.Board, e.BidId),
                AgentId = e.AgentId,
                BidId = e.BidId,
                Price = price,
                StartBy = e.StartBy,
                DeliverBy = e.DeliverBy,
                Overdue = Overdue.None,
            },
        ({ Status: Status.Matched }, WorkLeaseStarted e) when e.AgentId == state.AgentId =>
            state with { Status = Status.Running, Overdue = Overdue.None },
        ({ Status: Status.Matched or Status.Running }, TaskVacated { Cause: >= 1 and <= 4 } e)
            when e.AgentId == state.AgentId && e.Round == state.Round => state with
            {
                Status = Status.Vacant,
                AgentId = 0,
                BidId = 0,
                Price = 0,
                Cause = e.Cause,
                Overdue = Overdue.None,
            },
        ({ Status: Status.Running }, TaskSubmitted e) when e.AgentId == state.AgentId => state with
        {
            Status = Status.Verifying,
            ReviewEnd = e.ReviewEnd,
            ChallengeEnd = at.Time.Plus(state.ChallengeWindow),
            Overdue = Overdue.None,
        },
        ({ Status: Status.Verifying }, TaskDisputed { Kind: >= 1 and <= 4 } e)
            when (state.RuledKinds >> e.Kind & 1) == 0 => state with
            {
                Status = Status.Disputed,
                DisputeId = e.DisputeId,
                DisputeKind = e.Kind,
                RuledKinds = (byte)(state.RuledKinds | 1 << e.Kind),
                Overdue = Overdue.None,
            },
        ({ Status: Status.Verifying }, TaskReviewSet { Cause: not (ReviewResumed or ReviewWithdrawn) } e) =>
            state with { ReviewEnd = e.ReviewEnd, Overdue = Overdue.None },
        ({ Status: Status.Disputed }, TaskReviewSet { Cause: ReviewResumed or ReviewWithdrawn } e) => state with
        {
            Status = Status.Verifying,
            ReviewEnd = e.ReviewEnd,
            ChallengeEnd = at.Time.Plus(state.ChallengeWindow),
            // A withdrawn challenge was not ruled on: it may be raised again.
            RuledKinds = e.Cause == ReviewWithdrawn
                ? (byte)(state.RuledKinds & ~(1 << state.DisputeKind)) : state.RuledKinds,
        },
        ({ Status: Status.Verifying or Status.Disputed }, TaskFinalized e)
            when e.AgentId == state.AgentId && e.Cause == EndedBySplit == (state.Status == Status.Disputed) =>
            state with { Status = Status.Finalized, Cause = e.Cause, Overdue = Overdue.None },
        ({ Status: Status.Bidding or Status.Vacant or Status.Disputed }, TaskCancelled e)
            when e.Cause == EndedByUphold == (state.Status == Status.Disputed) =>
            state with { Status = Status.Cancelled, Cause = e.Cause, Overdue = Overdue.None },
        ({ WorkflowId: 0, Status: Status.Bidding, Round: 1 }, WorkflowStepLinked e) =>
            state with { WorkflowId = e.WorkflowId, WorkflowStep = e.Step },
        (_, TaskDeadlinePassed e) when NextDeadline(state)?.Kind == e.Deadline =>
            state with { Overdue = (Overdue)e.Deadline },
        _ => null,
    };

    private static bool MayLose(State task, byte cause) => cause switch
    {
        Outscored => task.Status == Status.Bidding,
        Unrevealed => task.Status != Status.Created,
        NotChosen => task.Status == Status.Matched,
        LostToCancellation => task.Status == Status.Cancelled,
        _ => false,
    };

    private static State Create(TaskCreated e, At at) => new(
        e.TaskId, e.Client, e.AgentId, (Mode)e.Terms.Mode, e.Terms.Verification == 1, e.Terms.Domain, e.Terms.MaxPrice,
        e.Terms.AgentBond, (Int128)e.Terms.MinReputation.ToBigInteger(), e.Terms.ExpiresAt, e.Terms.ChallengeWindow,
        at.Time, Status.Created, 0, 0, [], default, default, default, 0, 0, 0, default, default, default, default, 0, 0,
        0, 0, 0, 0, Overdue.None);

    private static DerivedEvent[] StepEnded(State task) => task.WorkflowId == 0
        ? []
        : [new Workflows.WorkflowStepEnded(
            task.WorkflowId, task.WorkflowStep, task.TaskId, task.Status == Status.Finalized)];

    private static Deadline? NextDeadline(State task) => task.Status switch
    {
        Status.Bidding when task.Overdue == Overdue.None => new Deadline(task.RevealEnd, (byte)Overdue.Bidding),
        Status.Bidding or Status.Vacant when task.Overdue != Overdue.Expiry =>
            new Deadline(task.ExpiresAt, (byte)Overdue.Expiry),
        Status.Matched when task.Overdue == Overdue.None => new Deadline(task.StartBy, (byte)Overdue.Start),
        Status.Running when task.Overdue == Overdue.None => new Deadline(task.DeliverBy, (byte)Overdue.Delivery),
        Status.Matched or Status.Running when task.Overdue != Overdue.Expiry =>
            new Deadline(task.ExpiresAt, (byte)Overdue.Expiry),
        Status.Verifying when task.Overdue == Overdue.None => new Deadline(task.ReviewEnd, (byte)Overdue.Review),
        _ => null,
    };

    // Commands

    /// <summary>Places a public bid, or takes a direct task.</summary>
    public sealed record PlaceBid(Address By, ulong TaskId, ulong AgentId, UInt128 Price) : Command(By);

    /// <summary>Commits to a bid in a sealed auction.</summary>
    public sealed record CommitBid(Address By, ulong TaskId, ulong AgentId, Word Commitment) : Command(By);

    /// <summary>The client chooses a bid before the window ends.</summary>
    public sealed record Pick(Address By, ulong TaskId, ulong BidId) : Command(By);

    /// <summary>Matches the best bid.</summary>
    public sealed record MatchBest(Address By, ulong TaskId) : Command(By);

    /// <summary>The client takes the task back.</summary>
    public sealed record Cancel(Address By, ulong TaskId) : Command(By);

    /// <summary>The agent delivers its result.</summary>
    public sealed record Submit(Address By, ulong TaskId, ulong AgentId, Word ResultHash) : Command(By);

    /// <summary>The client accepts the result.</summary>
    public sealed record Accept(Address By, ulong TaskId) : Command(By);

    /// <summary>Pays the agent once the review is over.</summary>
    public sealed record Finalize(Address By, ulong TaskId) : Command(By);

    /// <summary>
    /// Returns the escrow and the bids' locks when no agent can be found any more before the task expires.
    /// </summary>
    public sealed record CancelExpired(Address By, ulong TaskId) : Command(By);

    // Decide

    /// <summary>Predicts the market's answer to a command at a moment, as far as the task alone decides it.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null, _) => Decision.Refuse("UnknownTask", "a task of that number", "none"),
        (_, PlaceBid or CommitBid or Pick or MatchBest) when state.Status != Status.Bidding => Wrong(state, "Bidding"),
        (_, Accept or Finalize) when state.Status != Status.Verifying => Wrong(state, "Verifying"),
        (_, Pick or Cancel or Accept) when command.By != state.Client =>
            Decision.Refuse("OnlyClient", $"the client {state.Client}", $"{command.By}"),
        (_, PlaceBid) when state.Mode == Mode.Sealed =>
            Decision.Refuse("WrongMode", "a direct or open task", "a sealed one"),
        (_, PlaceBid c) when c.Price > state.MaxPrice =>
            Decision.Refuse("PriceAboveReserve", $"at most {state.MaxPrice}", $"{c.Price}"),
        (_, PlaceBid c) => Bid(state, c.AgentId, now),
        (_, CommitBid) when state.Mode != Mode.Sealed =>
            Decision.Refuse("WrongMode", "a sealed task", $"a task of mode {state.Mode}"),
        (_, CommitBid c) => Bid(state, c.AgentId, now),
        (_, Pick) when state.Mode != Mode.Open =>
            Decision.Refuse("WrongMode", "an open task", $"a task of mode {state.Mode}"),
        (_, Pick c) => Moments.Before(now, state.CommitEnd)
            ?? (Market.Board.Find(state.Board, c.BidId) is null
                ? Decision.Refuse("NotOnBoard", "a standing bid", $"bid {c.BidId}") : Decision.Grant),
        (_, MatchBest) => Moments.From(now, state.RevealEnd)
            ?? (state.Board.Count == 0 ? Decision.Refuse("NoBid", "a standing bid", "none") : Decision.Grant),
        (_, Cancel) =>
            state.Status is Status.Bidding or Status.Vacant ? Decision.Grant : Wrong(state, "Bidding or Vacant"),
        (_, Submit c) when c.AgentId != state.AgentId =>
            Decision.Refuse("NotAgent", $"agent {state.AgentId}", $"agent {c.AgentId}"),
        (_, Submit) when state.Status != Status.Running => Wrong(state, "Running"),
        (_, Submit) => Moments.Before(now, state.ExpiresAt) ?? Decision.Grant,
        (_, Accept) => Decision.Grant,
        (_, Finalize) => Moments.From(now, state.ReviewEnd) ?? Decision.Grant,
        // The task's terms decide, too, whether a match is still possible before the task expires.
        (_, CancelExpired) => state.Status switch
        {
            Status.Bidding => Moments.From(now, state.RevealEnd) ?? Decision.Grant,
            Status.Matched => Moments.From(now, state.StartBy) ?? Decision.Grant,
            Status.Running => Moments.From(now, state.DeliverBy) ?? Decision.Grant,
            Status.Vacant => Decision.Grant,
            _ => Wrong(state, "a task without delivered work"),
        },
        _ => throw new ArgumentException(
            $"expected a command to a task, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision Bid(State task, ulong agentId, Instant now) =>
        Moments.Before(now, task.CommitEnd)
        ?? (task.NamedAgentId != 0 && task.NamedAgentId != agentId
            ? Decision.Refuse("OnlyNamedAgent", $"agent {task.NamedAgentId}", $"agent {agentId}") : Decision.Grant);

    private static Decision Wrong(State task, string needed) => Decision.Refuse("WrongState", needed, $"{task.Status}");
}
