// A proposal to the holders of stake, from its making to its end. Its stream holds the proposal's own events, the votes
// on it, and the moves of its operation in the timelock. Always holds: votes count only while the vote is open; a
// proposal's requirements are fixed when it is made; and `StateAt` gives what the governor's `state` answers, second by
// second.
using System.Numerics;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one proposal.</summary>
public static class Proposals
{
    // Events

    /// <summary>One of the proposal's deadlines passed: other steps are possible from now on.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Deadline">The kind of deadline: see <see cref="Overdue"/>.</param>
    /// <param name="Due">The moment at which the deadline fell.</param>
    public sealed record ProposalDeadlinePassed(Word ProposalId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>The stake that votes at the proposal's snapshot. The quorum is a part of it.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="TotalStake">All stake that votes at the snapshot.</param>
    public sealed record StakeSnapshotTaken(Word ProposalId, UInt128 TotalStake) : DerivedEvent;

    /// <summary>A queued proposal's operation in the timelock.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="OperationId">The operation.</param>
    public sealed record ProposalScheduled(Word ProposalId, Word OperationId) : DerivedEvent;

    /// <summary>A queued proposal's operation was executed, cancelled or scheduled again, by any address.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Status">The status of the operation: see <see cref="TimelockOperations.Status"/>.</param>
    public sealed record ProposalOperationMoved(Word ProposalId, byte Status) : DerivedEvent;

    /// <summary>One call that a proposal would make.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Index">The call's place, from 0.</param>
    /// <param name="Target">The contract that it calls.</param>
    /// <param name="Value">The amount of the chain's own coin that the call sends.</param>
    /// <param name="Data">The data of the call.</param>
    public sealed record ProposalCallStated(Word ProposalId, ulong Index, Address Target, UInt256 Value, Bytes Data)
        : DerivedEvent;

    /// <summary>Routes the proposal's events to it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("proposal", Evolve)
        .On<ProposalCreated>(e => e.ProposalId)
        .On<QuorumFixed>(e => e.ProposalId)
        .On<QuorumFloorFixed>(e => e.ProposalId)
        .On<VoteCast>(e => e.ProposalId)
        .On<VoteCastWithParams>(e => e.ProposalId)
        .On<ProposalQueued>(e => e.ProposalId)
        .On<ProposalExecuted>(e => e.ProposalId)
        .On<ProposalCanceled>(e => e.ProposalId)
        .On<ProposalDeadlinePassed>(e => e.ProposalId)
        .On<StakeSnapshotTaken>(e => e.ProposalId)
        .On<ProposalScheduled>(e => e.ProposalId)
        .On<ProposalOperationMoved>(e => e.ProposalId)
        .Also<Moved>(OfBond)
        .Derives<ProposalCreated>((_, e) => Calls(e))
        .Deadlines(NextDeadline, (proposal, due) => new ProposalDeadlinePassed(proposal.ProposalId, due.Kind, due.Due));

    // State

    /// <summary>
    /// The status of a proposal; the numbers are the governor's. A row has only what events say: Pending, Canceled,
    /// Queued, Executed; <see cref="StateAt"/> has all. Stored; never renumber.
    /// </summary>
    public enum Status : byte
    {
        /// <summary>
        /// The proposal is made. The row keeps this status until the proposal is queued or canceled, because nothing
        /// but votes and time says more.
        /// </summary>
        Pending,

        /// <summary>The vote is open.</summary>
        Active,

        /// <summary>The proposer took the proposal back, or the council vetoed it.</summary>
        Canceled,

        /// <summary>The vote is over and the proposal lost.</summary>
        Defeated,

        /// <summary>The vote is over and the proposal won: it can be queued.</summary>
        Succeeded,

        /// <summary>The proposal waits in the timelock, or can be executed.</summary>
        Queued,

        /// <summary>Nobody queued or executed the proposal within thirty days.</summary>
        Expired,

        /// <summary>The proposal's calls were made.</summary>
        Executed,
    }

    /// <summary>The last deadline that passed; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>No deadline has passed.</summary>
        None,

        /// <summary>The vote is open.</summary>
        VoteBegun,

        /// <summary>The vote is over: queue the proposal if it won.</summary>
        VoteEnded,

        /// <summary>The timelock's delay is over: execute the proposal.</summary>
        Delay,

        /// <summary>Nobody queued or executed the proposal in time: it is void.</summary>
        Expiry,
    }

    /// <summary>A proposal to the holders of stake.</summary>
    /// <param name="ProposalId">The hash that names the proposal.</param>
    /// <param name="Proposer">The address that made the proposal.</param>
    /// <param name="Status">The current status, as far as events tell it.</param>
    /// <param name="Calls">The number of calls that it would make.</param>
    /// <param name="VoteStart">The snapshot. The vote is open from the next second on.</param>
    /// <param name="VoteEnd">The last second of the vote.</param>
    /// <param name="QuorumBps">The part of all stake that the quorum needs, in basis points.</param>
    /// <param name="TotalStake">All stake that votes at the snapshot; 0 before it.</param>
    /// <param name="QuorumVotes">The number of votes that the quorum needs; before the snapshot the least that it can
    /// need.</param>
    /// <param name="AgainstVotes">The votes against the proposal.</param>
    /// <param name="ForVotes">The votes for the proposal.</param>
    /// <param name="AbstainVotes">The votes that count for the quorum alone.</param>
    /// <param name="Voters">The number of voters.</param>
    /// <param name="IsCarried">Whether the vote is over and the proposal won.</param>
    /// <param name="Bond">The bond that is locked for the proposal.</param>
    /// <param name="IsBondLost">Whether the bond went to the treasury.</param>
    /// <param name="OperationId">The proposal's operation in the timelock; zero: not queued.</param>
    /// <param name="Operation">The status of the operation.</param>
    /// <param name="Eta">The time from which the proposal can be executed; 0: not queued.</param>
    /// <param name="CreatedAt">The time at which the proposal was made.</param>
    /// <param name="EndedAt">The time at which the proposal was executed or canceled; 0: neither.</param>
    /// <param name="Overdue">The last deadline that passed.</param>
    public sealed record State(
        Word ProposalId,
        Address Proposer,
        Status Status,
        uint Calls,
        Instant VoteStart,
        Instant VoteEnd,
        ushort QuorumBps,
        UInt128 TotalStake,
        UInt128 QuorumVotes,
        UInt128 AgainstVotes,
        UInt128 ForVotes,
        UInt128 AbstainVotes,
        ulong Voters,
        bool IsCarried,
        UInt128 Bond,
        bool IsBondLost,
        Word OperationId,
        TimelockOperations.Status Operation,
        Instant Eta,
        Instant CreatedAt,
        Instant EndedAt,
        Overdue Overdue);

    // Evolve

    private const int MostCalls = 10;
    private const ulong EndingWindow = 30 * 86_400;
    private const uint Bps = 10_000;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ProposalCreated { Targets.Count: > 0 and <= MostCalls } e)
            when e.Values.Count == e.Targets.Count && e.Calldatas.Count == e.Targets.Count => Create(e, at),
        (null, _) => null,
        ({ QuorumBps: 0 }, QuorumFixed { QuorumBps: > 0 } e) when at.Time == state.CreatedAt =>
            state with { QuorumBps = e.QuorumBps },
        // The first governor had no floor for the quorum.
        ({ QuorumBps: > 0, QuorumVotes: var none }, QuorumFloorFixed { Floor: var floor })
            when none == 0 && floor != 0 && at.Time == state.CreatedAt => state with { QuorumVotes = floor },
        (_, VoteCast e) => Count(state, e.Support, e.Weight, at),
        (_, VoteCastWithParams e) => Count(state, e.Support, e.Weight, at),
        (_, ProposalQueued e) when StateAt(state, at.Time) == Status.Succeeded =>
            state with { Status = Status.Queued, Eta = e.EtaSeconds },
        ({ Status: Status.Queued, OperationId.IsZero: true }, ProposalScheduled e) =>
            state with { OperationId = e.OperationId, Operation = TimelockOperations.Status.Waiting },
        ({ OperationId.IsZero: false }, ProposalOperationMoved e)
            when CanMove(state.Operation, (TimelockOperations.Status)e.Status) =>
            state with { Operation = (TimelockOperations.Status)e.Status, EndedAt = EndOf(state, e, at) },
        // The timelock makes the calls before the governor announces the execution.
        ({ Status: Status.Queued, Operation: TimelockOperations.Status.Done }, ProposalExecuted)
            when at.Time == state.EndedAt =>
            state with { Status = Status.Executed },
        (_, ProposalCanceled)
            when StateAt(state, at.Time) is not (Status.Canceled or Status.Expired or Status.Executed) =>
            state with { Status = Status.Canceled, EndedAt = at.Time },
        (_, Moved e) => MoveBond(state, e, at),
        ({ Status: Status.Pending, Overdue: Overdue.VoteBegun }, StakeSnapshotTaken e) => state with
        {
            TotalStake = e.TotalStake,
            QuorumVotes = UInt128.Max(state.QuorumVotes, PartOf(state with { TotalStake = e.TotalStake })),
        },
        (_, ProposalDeadlinePassed e) when NextDeadline(state) is { } due && due.Kind == e.Deadline =>
            Pass(state, (Overdue)e.Deadline),
        _ => null,
    };

    private static State Create(ProposalCreated e, in At at) => new(
        e.ProposalId, e.Proposer, Status.Pending, (uint)e.Targets.Count, e.VoteStart, e.VoteEnd, 0, 0, 0, 0, 0, 0, 0,
        false, 0, false,
        default, TimelockOperations.Status.Unset, default, at.Time, default, Overdue.None);

    private static State? Count(State proposal, byte support, UInt128 weight, in At at)
    {
        if (StateAt(proposal, at.Time) != Status.Active) return null;
        var counted = proposal with { Voters = proposal.Voters + 1 };
        return (Votes.Support)support switch
        {
            Votes.Support.Against => counted with { AgainstVotes = proposal.AgainstVotes + weight },
            Votes.Support.For => counted with { ForVotes = proposal.ForVotes + weight },
            Votes.Support.Abstain => counted with { AbstainVotes = proposal.AbstainVotes + weight },
            _ => null,
        };
    }

    private static bool CanMove(TimelockOperations.Status from, TimelockOperations.Status to) => from switch
    {
        TimelockOperations.Status.Waiting => to is TimelockOperations.Status.Unset or TimelockOperations.Status.Done,
        TimelockOperations.Status.Unset => to == TimelockOperations.Status.Waiting,
        _ => false,
    };

    // An operation that was executed or cancelled past the governor is over. The governor announces its own executions.
    private static Instant EndOf(State proposal, ProposalOperationMoved e, in At at) => proposal.Status switch
    {
        Status.Queued => e.Status == (byte)TimelockOperations.Status.Waiting ? default : at.Time,
        _ => proposal.EndedAt,
    };

    private static State? MoveBond(State proposal, Moved e, in At at)
    {
        if (e.To == Accounts.Proposal(proposal.ProposalId))
            return proposal.Bond == 0 && proposal.CreatedAt == at.Time ? proposal with { Bond = e.Amount } : null;
        return e.Amount == proposal.Bond && !IsOpen(StateAt(proposal, at.Time))
            ? proposal with { Bond = 0, IsBondLost = e.To == Accounts.Treasury } : null;
    }

    private static State Pass(State proposal, Overdue deadline) => proposal with
    {
        Overdue = deadline,
        IsCarried = proposal.IsCarried || (deadline == Overdue.VoteEnded && Carries(proposal)),
    };

    private static bool IsOpen(Status status) =>
        status is Status.Pending or Status.Active or Status.Succeeded or Status.Queued;

    // The account of a bond has only the lower part of the proposal's id; the move's reference has all of it.
    private static bool OfBond(Moved e, out Word proposalId)
    {
        proposalId = e.Ref;
        return Accounts.KindOf(e.From) == Accounts.Kind.Proposal || Accounts.KindOf(e.To) == Accounts.Kind.Proposal;
    }

    private static IEnumerable<DerivedEvent> Calls(ProposalCreated e)
    {
        for (var i = 0; i < e.Targets.Count; i++)
            yield return new ProposalCallStated(e.ProposalId, (ulong)i, e.Targets[i], e.Values[i], e.Calldatas[i]);
    }

    // A deadline of the governor's own is the last second before a change.
    private static Deadline? NextDeadline(State proposal) => proposal switch
    {
        { Status: Status.Pending, Overdue: Overdue.None } => new Deadline(
            proposal.VoteStart.Plus(1), (byte)Overdue.VoteBegun),
        { Status: Status.Pending, Overdue: Overdue.VoteBegun } => new Deadline(
            proposal.VoteEnd.Plus(1), (byte)Overdue.VoteEnded),
        { Status: Status.Pending, Overdue: Overdue.VoteEnded, IsCarried: true } =>
            new Deadline(ExpiryOf(proposal), (byte)Overdue.Expiry),
        { Status: Status.Queued, Operation: TimelockOperations.Status.Waiting, Overdue: Overdue.VoteEnded } =>
            new Deadline(proposal.Eta, (byte)Overdue.Delay),
        { Status: Status.Queued, Operation: TimelockOperations.Status.Waiting, Overdue: Overdue.Delay } =>
            new Deadline(ExpiryOf(proposal), (byte)Overdue.Expiry),
        _ => null,
    };

    private static UInt128 PartOf(State proposal) =>
        (UInt128)((BigInteger)proposal.TotalStake * proposal.QuorumBps / Bps);

    private static bool Carries(State proposal) =>
        proposal.ForVotes + proposal.AbstainVotes >= proposal.QuorumVotes && proposal.ForVotes > proposal.AgainstVotes;

    /// <summary>The time from which an unqueued or unexecuted proposal is void.</summary>
    public static Instant ExpiryOf(State proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        return (proposal.Eta.IsNone ? proposal.VoteEnd : proposal.Eta).Plus(EndingWindow);
    }

    /// <summary>
    /// Whether the votes lose the bond: voters with the quorum's part of the stake, whatever its floor, and two thirds
    /// of them against.
    /// </summary>
    public static bool IsRejected(State proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var votes = proposal.AgainstVotes + proposal.ForVotes + proposal.AbstainVotes;
        return votes != 0 && votes >= PartOf(proposal)
            && (BigInteger)proposal.AgainstVotes * 3 >= (BigInteger)votes * 2;
    }

    /// <summary>The status of a proposal at a moment, as the governor answers it.</summary>
    public static Status StateAt(State proposal, Instant now)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        if (proposal.Status is Status.Executed or Status.Canceled) return proposal.Status;
        if (proposal.VoteStart >= now) return Status.Pending;
        if (proposal.VoteEnd >= now) return Status.Active;
        if (!Carries(proposal)) return Status.Defeated;
        var found = (proposal.Status, proposal.Operation) switch
        {
            (not Status.Queued, _) => Status.Succeeded,
            (_, TimelockOperations.Status.Waiting or TimelockOperations.Status.Ready) => Status.Queued,
            (_, TimelockOperations.Status.Done) => Status.Executed,
            _ => Status.Canceled,
        };
        return found is Status.Succeeded or Status.Queued && now >= ExpiryOf(proposal) ? Status.Expired : found;
    }

    // Commands

    /// <summary>Casts a vote.</summary>
    public sealed record CastVote(Address By, Word ProposalId, byte Support, bool HasVoted) : Command(By);

    /// <summary>Puts a proposal that won into the timelock.</summary>
    public sealed record Queue(Address By, Word ProposalId) : Command(By);

    /// <summary>Makes the calls of a queued proposal.</summary>
    public sealed record Execute(Address By, Word ProposalId) : Command(By);

    /// <summary>
    /// Cancels a proposal: the proposer takes it back, or the council vetoes it. The council cannot veto a vote on one
    /// of its own seats.
    /// </summary>
    public sealed record Cancel(Address By, Word ProposalId, bool IsCouncil, bool IsOnSeat) : Command(By);

    /// <summary>Settles the bond of an ended proposal.</summary>
    public sealed record ReleaseBond(Address By, Word ProposalId) : Command(By);

    // Decide

    /// <summary>Predicts the governor's answer to a command at a moment.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (null, _) => Decision.Refuse("GovernorNonexistentProposal", "a proposal of that id", "none"),
        (_, CastVote c) => In(state, now, Status.Active)
            ?? (c.HasVoted ? Decision.Refuse("GovernorAlreadyCastVote", "who has not voted yet", $"{c.By}")
                : c.Support > (byte)Votes.Support.Abstain
                    ? Decision.Refuse("GovernorInvalidVoteType", "0 against, 1 for or 2 abstaining", $"{c.Support}")
                    : Decision.Grant),
        (_, Queue) => In(state, now, Status.Succeeded) ?? Decision.Grant,
        (_, Execute) => In(state, now, Status.Queued)
            ?? (now >= state.Eta ? Decision.Grant : Decision.Refuse(
                "TimelockUnexpectedOperationState", $"a ready operation, from {state.Eta}", $"a waiting one at {now}")),
        (_, Cancel { IsCouncil: false } c) when c.By != state.Proposer || StateAt(state, now) != Status.Pending =>
            Decision.Refuse(
                "GovernorUnableToCancel", $"the council, or the proposer {state.Proposer} before the vote", $"{c.By}"),
        (_, Cancel { IsCouncil: true, IsOnSeat: true }) =>
            Decision.Refuse("BeyondVeto", "a vote on something else than a seat of the council", "one on a seat"),
        (_, Cancel) => StateAt(state, now) is (Status.Canceled or Status.Expired or Status.Executed) and var ended
            ? Decision.Refuse(
                "GovernorUnexpectedProposalState", "a proposal that has not ended", $"{ended}") : Decision.Grant,
        (_, ReleaseBond) when state.Bond == 0 => Decision.Refuse("NoBond", "a bond", "none"),
        (_, ReleaseBond) => StateAt(state, now) is var found && IsOpen(found)
            ? Decision.Refuse("NotEnded", "a proposal that has ended", $"{found}") : Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to a proposal, found {command.GetType().Name}", nameof(command)),
    };

    private static Decision? In(State proposal, Instant now, Status needed) =>
        StateAt(proposal, now) is var found && found == needed
            ? null : Decision.Refuse("GovernorUnexpectedProposalState", $"{needed}", $"{found}");
}
