// A proposal, from its creation to its end: waiting, voted on, decided, queued, executed. Enters: the governor's
// events, the moments at which votes begin and end, the stake at the snapshot, the moves of its operation in the
// timelock, its bond. Leaves: what `state`, `proposalVotes`, `quorumOf` and `bondOf` answer. Always holds: what it
// needs was fixed when it was made; votes count only inside the window; whoever executes or cancels its operation
// past the governor, the status says what the governor's `state` does.
namespace EventSourced.Domain;

/// <summary>The aggregate of one proposal.</summary>
public static partial class Proposals
{
    // Events

    /// <summary>A moment of the proposal passed: it moved on without anybody's act.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Deadline">Which: see <see cref="Overdue"/>.</param>
    /// <param name="Due">When it was due.</param>
    public sealed record ProposalDeadlinePassed(Word ProposalId, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>All stake together as the vote began: what the quorum is a part of.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="Stake">The stake at the snapshot.</param>
    public sealed record StakeSnapshotTaken(Word ProposalId, UInt128 Stake) : DerivedEvent;

    /// <summary>The proposal's operation moved in the timelock.</summary>
    /// <param name="ProposalId">The proposal.</param>
    /// <param name="OperationId">Its operation.</param>
    /// <param name="Status">Where the operation stands now: see <see cref="TimelockOperations.Status"/>.</param>
    public sealed record ProposalOperationMoved(Word ProposalId, Word OperationId, byte Status) : DerivedEvent;

    /// <summary>How the proposal's events reach it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("proposal", Evolve)
        .On<ProposalCreated>(e => e.ProposalId)
        .On<QuorumFixed>(e => e.ProposalId)
        .On<VoteCast>(e => e.ProposalId)
        .On<VoteCastWithParams>(e => e.ProposalId)
        .On<ProposalQueued>(e => e.ProposalId)
        .On<ProposalExecuted>(e => e.ProposalId)
        .On<ProposalCanceled>(e => e.ProposalId)
        .On<ProposalDeadlinePassed>(e => e.ProposalId)
        .On<StakeSnapshotTaken>(e => e.ProposalId)
        .On<ProposalOperationMoved>(e => e.ProposalId)
        .Also<TimelockOperations.TimelockOperationLinked>(e => e.ProposalId)
        .Also<Moved>(OfBond)
        .Deadlines(NextDeadline, (proposal, due) => new ProposalDeadlinePassed(proposal.ProposalId, due.Kind, due.Due));

    private static bool OfBond(Moved e, out Word proposalId)
    {
        proposalId = e.Ref;
        return e.Reason is SpendBond or BondReturn && (IsBond(e.From) || IsBond(e.To));
    }

    private static bool IsBond(Word account)
    {
        Span<byte> bytes = stackalloc byte[Word.Length];
        account.WriteTo(bytes);
        return bytes[0] == ProposalAccount;
    }

    // State

    /// <summary>Where a proposal stands; the numbers are the governor's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>Made; the vote has not begun.</summary>
        Pending,

        /// <summary>Votes count.</summary>
        Active,

        /// <summary>Taken back, or cancelled by the council.</summary>
        Canceled,

        /// <summary>Voted down, or short of its quorum.</summary>
        Defeated,

        /// <summary>Accepted; anybody may queue it.</summary>
        Succeeded,

        /// <summary>It waits in the timelock.</summary>
        Queued,

        /// <summary>Accepted, and for thirty days nobody queued or executed it.</summary>
        Expired,

        /// <summary>Its calls were made.</summary>
        Executed,
    }

    /// <summary>The moment that passed last. Stored; never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>None yet.</summary>
        None,

        /// <summary>The vote began.</summary>
        VoteBegun,

        /// <summary>The vote ended.</summary>
        VoteEnded,

        /// <summary>The timelock's delay is over: execute.</summary>
        Ready,

        /// <summary>It is too late to queue or execute.</summary>
        Expired,
    }

    /// <summary>A proposal.</summary>
    /// <param name="ProposalId">The proposal's id: the hash of its calls and description.</param>
    /// <param name="Proposer">Who made it.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="CreatedAt">When it was made.</param>
    /// <param name="VoteStart">The snapshot; votes count after it.</param>
    /// <param name="VoteEnd">The last second in which votes count.</param>
    /// <param name="QuorumBps">The part of all stake that must vote for it or abstain, in basis points.</param>
    /// <param name="SnapshotStake">All stake at the snapshot; 0 before.</param>
    /// <param name="Quorum">The votes that it needs, for or abstaining; 0 before the snapshot.</param>
    /// <param name="AgainstVotes">The stake that voted against it.</param>
    /// <param name="ForVotes">The stake that voted for it.</param>
    /// <param name="AbstainVotes">The stake that abstained.</param>
    /// <param name="Voters">How many voted.</param>
    /// <param name="Eta">From when on it may be executed; 0: not queued.</param>
    /// <param name="OperationId">Its operation in the timelock; zero: not queued.</param>
    /// <param name="Bond">What its proposer has locked and not yet got back or lost.</param>
    /// <param name="IsBondLost">Whether the bond went to the treasury.</param>
    /// <param name="IsRecorded">Whether the governor itself recorded the end; else the timelock's operation says it.</param>
    /// <param name="EndedAt">When it ended; 0: it did not.</param>
    /// <param name="Overdue">The moment that passed last.</param>
    public sealed record State(
        Word ProposalId,
        Address Proposer,
        Status Status,
        Instant CreatedAt,
        Instant VoteStart,
        Instant VoteEnd,
        ushort QuorumBps,
        UInt128 SnapshotStake,
        UInt128 Quorum,
        UInt128 AgainstVotes,
        UInt128 ForVotes,
        UInt128 AbstainVotes,
        uint Voters,
        Instant Eta,
        Word OperationId,
        UInt128 Bond,
        bool IsBondLost,
        bool IsRecorded,
        Instant EndedAt,
        Overdue Overdue);

    // Evolve

    private const byte ProposalAccount = 15;
    private const byte BondReturn = 18;
    private const byte SpendBond = 37;
    private const ushort BasisPoints = 10_000;
    private const int MostActions = 10;
    private const ulong EndingWindow = 30 * 86_400;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ProposalCreated e) => Create(e, at),
        (null, _) => null,
        ({ Status: Status.Pending, QuorumBps: 0 }, QuorumFixed { QuorumBps: > 0 and <= BasisPoints } e)
            when at.Time == state.CreatedAt => state with { QuorumBps = e.QuorumBps },
        ({ Status: Status.Active }, VoteCast e) => Count(state, e.Support, e.Weight),
        ({ Status: Status.Active }, VoteCastWithParams e) => Count(state, e.Support, e.Weight),
        ({ Status: Status.Succeeded }, ProposalQueued e) => state with { Status = Status.Queued, Eta = e.EtaSeconds },
        ({ Status: Status.Queued, OperationId.IsZero: true }, TimelockOperations.TimelockOperationLinked e) =>
            state with { OperationId = e.OperationId },
        ({ IsRecorded: false }, ProposalCanceled) when CanBeCanceled(state.Status) =>
            End(state, Status.Canceled, at.Time, true),
        (_, ProposalExecuted) => Executed(state, at),
        (_, ProposalOperationMoved e) when e.OperationId == state.OperationId =>
            state.IsRecorded ? state : Follow(state, (TimelockOperations.Status)e.Status, at),
        (_, ProposalDeadlinePassed e) => Pass(state, (Overdue)e.Deadline, e.Due),
        ({ Status: Status.Active, Overdue: Overdue.VoteBegun }, StakeSnapshotTaken e) =>
            state with { SnapshotStake = e.Stake, Quorum = PartOf(e.Stake, state.QuorumBps) },
        ({ Status: Status.Pending }, Moved { Reason: SpendBond } e) when state.Bond == 0 && IsBond(e.To) =>
            state with { Bond = e.Amount },
        (_, Moved e) when state.Bond != 0 && e.Amount == state.Bond && IsBond(e.From) && !IsOpen(state.Status) =>
            state with { Bond = 0, IsBondLost = e.Reason == SpendBond },
        _ => null,
    };

    private static State? Create(ProposalCreated e, in At at)
    {
        var isWhole = e.Targets.Count == e.Values.Count && e.Targets.Count == e.Calldatas.Count;
        var isBounded = e.Targets.Count is > 0 and <= MostActions;
        if (!isWhole || !isBounded || e.VoteStart <= at.Time || e.VoteEnd <= e.VoteStart) return null;
        return new State(
            e.ProposalId, e.Proposer, Status.Pending, at.Time, e.VoteStart, e.VoteEnd, 0, 0, 0, 0, 0, 0, 0, default, default, 0,
            false, false, default, Overdue.None);
    }

    private static State? Count(State proposal, byte support, UInt128 weight)
    {
        var counted = proposal with { Voters = proposal.Voters + 1 };
        return (Votes.Support)support switch
        {
            Votes.Support.Against => counted with { AgainstVotes = proposal.AgainstVotes + weight },
            Votes.Support.For => counted with { ForVotes = proposal.ForVotes + weight },
            Votes.Support.Abstain => counted with { AbstainVotes = proposal.AbstainVotes + weight },
            _ => null,
        };
    }

    // Its operation's last call ended it in the log before, unless the operation waits in a timelock that nobody follows.
    private static State? Executed(State proposal, in At at) => proposal switch
    {
        { Status: Status.Executed, IsRecorded: false } when proposal.EndedAt == at.Time => proposal with { IsRecorded = true },
        { Status: Status.Queued, OperationId.IsZero: true } => End(proposal, Status.Executed, at.Time, true),
        _ => null,
    };

    private static State? Follow(State proposal, TimelockOperations.Status moved, in At at) => (proposal.Status, moved) switch
    {
        (Status.Queued or Status.Expired, TimelockOperations.Status.Done) => End(proposal, Status.Executed, at.Time, false),
        (Status.Queued or Status.Expired, TimelockOperations.Status.Unset) => End(proposal, Status.Canceled, at.Time, false),
        // What the council cancelled past the governor, another proposer of the timelock may schedule again.
        (Status.Canceled, TimelockOperations.Status.Waiting) => proposal with { Status = Status.Queued, EndedAt = default },
        _ => null,
    };

    private static State? Pass(State proposal, Overdue passed, Instant due) => (proposal.Status, passed) switch
    {
        (Status.Pending, Overdue.VoteBegun) => proposal with { Status = Status.Active, Overdue = passed },
        (Status.Active, Overdue.VoteEnded) when IsAccepted(proposal) =>
            proposal with { Status = Status.Succeeded, Overdue = passed },
        (Status.Active, Overdue.VoteEnded) => End(proposal with { Overdue = passed }, Status.Defeated, due, false),
        (Status.Queued, Overdue.Ready) => proposal with { Overdue = passed },
        (Status.Succeeded or Status.Queued, Overdue.Expired) =>
            End(proposal with { Overdue = passed }, Status.Expired, due, false),
        _ => null,
    };

    private static State End(State proposal, Status status, Instant at, bool isRecorded) =>
        proposal with { Status = status, EndedAt = at, IsRecorded = isRecorded };

    private static bool IsAccepted(State proposal) =>
        proposal.ForVotes > proposal.AgainstVotes && proposal.ForVotes + proposal.AbstainVotes >= proposal.Quorum;

    private static bool IsOpen(Status status) => status is Status.Pending or Status.Active or Status.Succeeded or Status.Queued;

    private static bool CanBeCanceled(Status status) => IsOpen(status) || status == Status.Defeated;

    // The product of stake and basis points may need more than 128 bits.
    private static UInt128 PartOf(UInt128 stake, ushort basisPoints) =>
        stake / BasisPoints * basisPoints + stake % BasisPoints * basisPoints / BasisPoints;

    private static Deadline? NextDeadline(State proposal) => proposal.Status switch
    {
        Status.Pending => new Deadline(proposal.VoteStart.Plus(1), (byte)Overdue.VoteBegun),
        Status.Active => new Deadline(proposal.VoteEnd.Plus(1), (byte)Overdue.VoteEnded),
        Status.Succeeded => new Deadline(proposal.VoteEnd.Plus(EndingWindow), (byte)Overdue.Expired),
        Status.Queued when proposal.Overdue == Overdue.VoteEnded => new Deadline(proposal.Eta, (byte)Overdue.Ready),
        Status.Queued => new Deadline(proposal.Eta.Plus(EndingWindow), (byte)Overdue.Expired),
        _ => null,
    };
}
