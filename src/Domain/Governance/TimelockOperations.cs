// An operation of the timelock: one call or several, which wait, then can be executed for thirty days. Enters: what
// the timelock says of its calls, and which proposal it carries. Leaves: where it stands, and word to its proposal.
// Always holds: calls are made in their order and all at once; an operation is done once; `StateAt` gives what the
// timelock's `getOperationState` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one operation of the timelock.</summary>
public static class TimelockOperations
{
    // Events

    /// <summary>An operation's delay is over, or its time.</summary>
    /// <param name="Id">The operation.</param>
    /// <param name="Deadline">The part that is over: see <see cref="Overdue"/>.</param>
    /// <param name="Due">When it was.</param>
    public sealed record OperationDeadlinePassed(Word Id, byte Deadline, Instant Due) : DerivedEvent;

    /// <summary>Routes the timelock's events to an operation.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("timelock-operation", Evolve)
        .On<CallScheduled>(e => e.Id)
        .On<CallSalt>(e => e.Id)
        .On<CallExecuted>(e => e.Id)
        .On<Cancelled>(e => e.Id)
        .On<OperationDeadlinePassed>(e => e.Id)
        .Also<Proposals.ProposalScheduled>(e => e.OperationId)
        .Derives<CallScheduled>((operation, e) => Tell(operation, e.Index == 0))
        .Derives<CallExecuted>((operation, _) => Tell(operation, operation.Status == Status.Done))
        .Derives<Cancelled>((operation, _) => Tell(operation, true))
        .Deadlines(NextDeadline, (operation, due) => new OperationDeadlinePassed(operation.Id, due.Kind, due.Due));

    // State

    /// <summary>The status of an operation; the numbers are the timelock's. Stored; never renumber.</summary>
    public enum Status : byte
    {
        /// <summary>Cancelled: the timelock has forgotten it.</summary>
        Unset,

        /// <summary>It waits; in the row also once its delay is over, because nothing says so but time.</summary>
        Waiting,

        /// <summary>Its delay is over.</summary>
        Ready,

        /// <summary>Its calls were made.</summary>
        Done,
    }

    /// <summary>The last deadline that passed without any action; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>None.</summary>
        None,

        /// <summary>The delay is over: execute.</summary>
        Delay,

        /// <summary>Nobody executed in time: void.</summary>
        Execution,
    }

    /// <summary>An operation.</summary>
    /// <param name="Id">The hash that names the operation.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="ProposalId">The proposal that it carries; zero: none.</param>
    /// <param name="Calls">The number of calls that it has.</param>
    /// <param name="CallsMade">The number of were that made.</param>
    /// <param name="Predecessor">What must be done before it; zero: nothing.</param>
    /// <param name="Salt">What tells it from an equal one.</param>
    /// <param name="ScheduledAt">When it was scheduled.</param>
    /// <param name="ReadyAt">When its delay is over.</param>
    /// <param name="EndedAt">When it was executed or cancelled; 0: it waits.</param>
    /// <param name="Overdue">The last deadline that passed without any action since the last step.</param>
    public sealed record State(
        Word Id,
        Status Status,
        Word ProposalId,
        uint Calls,
        uint CallsMade,
        Word Predecessor,
        Word Salt,
        Instant ScheduledAt,
        Instant ReadyAt,
        Instant EndedAt,
        Overdue Overdue);

    // Evolve

    private const ulong ExecutionWindow = 30 * 86_400;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        // What was cancelled may be scheduled again.
        (null or { Status: Status.Unset }, CallScheduled { Index: 0 } e) =>
            Schedule(e.Id, state, at) with { Calls = 1, Predecessor = e.Predecessor, ReadyAt = at.Time.Plus(e.Delay) },
        // An operation without calls has nothing but its salt to be known by; the governor makes none.
        (null or { Status: Status.Unset, Calls: 0 }, CallSalt { Salt.IsZero: false } e) =>
            Schedule(e.Id, state, at) with { Salt = e.Salt },
        (null, _) => null,
        ({ Status: Status.Waiting, Salt.IsZero: true, CallsMade: 0 }, CallScheduled e)
            when e.Index == state.Calls && e.Predecessor == state.Predecessor && at.Time == state.ScheduledAt =>
            state with { Calls = state.Calls + 1 },
        ({ Status: Status.Waiting, Salt.IsZero: true }, CallSalt { Salt.IsZero: false } e)
            when at.Time == state.ScheduledAt =>
            state with { Salt = e.Salt },
        ({ Status: Status.Waiting }, CallExecuted e)
            when e.Index == state.CallsMade && e.Index < state.Calls && IsReady(state, at.Time) =>
            Executed(state, at),
        ({ Status: Status.Waiting, CallsMade: 0 }, Cancelled) =>
            state with { Status = Status.Unset, EndedAt = at.Time, Overdue = Overdue.None },
        ({ Status: Status.Waiting, ProposalId.IsZero: true }, Proposals.ProposalScheduled e) =>
            state with { ProposalId = e.ProposalId },
        ({ Status: Status.Waiting, Overdue: var last }, OperationDeadlinePassed e) when e.Deadline == (byte)last + 1 =>
            state with { Overdue = (Overdue)e.Deadline },
        _ => null,
    };

    private static State Schedule(Word id, State? before, in At at) => new(
        id, Status.Waiting, before?.ProposalId ?? default, 0, 0, default, default, at.Time, default, default,
        Overdue.None);

    private static State Executed(State operation, in At at)
    {
        var made = operation.CallsMade + 1;
        return made < operation.Calls
            ? operation with { CallsMade = made }
            : operation with { CallsMade = made, Status = Status.Done, EndedAt = at.Time, Overdue = Overdue.None };
    }

    private static IEnumerable<DerivedEvent> Tell(State operation, bool moved)
    {
        if (moved && !operation.ProposalId.IsZero)
            yield return new Proposals.ProposalOperationMoved(operation.ProposalId, (byte)operation.Status);
    }

    private static bool IsReady(State operation, Instant now) =>
        now >= operation.ReadyAt && now < operation.ReadyAt.Plus(ExecutionWindow);

    private static Deadline? NextDeadline(State operation) => operation switch
    {
        { Status: not Status.Waiting } or { Calls: 0 } => null,
        { Overdue: Overdue.None } => new Deadline(operation.ReadyAt, (byte)Overdue.Delay),
        { Overdue: Overdue.Delay } => new Deadline(operation.ReadyAt.Plus(ExecutionWindow), (byte)Overdue.Execution),
        _ => null,
    };

    /// <summary>Where an operation stands at a moment, by the timelock's own answer.</summary>
    public static Status StateAt(State operation, Instant now)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation.Status == Status.Waiting && now >= operation.ReadyAt ? Status.Ready : operation.Status;
    }

    /// <summary>
    /// The time from which an operation can no longer be executed; none for one that is cancelled or done.
    /// </summary>
    public static Instant ExpiryOf(State operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation.Status == Status.Waiting ? operation.ReadyAt.Plus(ExecutionWindow) : default;
    }

    // Commands

    /// <summary>Somebody executes a ready operation.</summary>
    public sealed record Execute(Address By, Word Id, bool IsPredecessorDone) : Command(By);

    /// <summary>A canceller cancels a pending one.</summary>
    public sealed record Cancel(Address By, Word Id, bool IsCanceller) : Command(By);

    // Decide

    /// <summary>Predicts the timelock's answer to a command at a moment.</summary>
    public static Decision Decide(State? operation, Command command, Instant now) => (operation, command) switch
    {
        (_, Cancel { IsCanceller: false } c) =>
            Decision.Refuse("AccessControlUnauthorizedAccount", "a canceller", $"{c.By}"),
        (null or { Status: Status.Unset or Status.Done }, Cancel or Execute) =>
            Decision.Refuse(
                "TimelockUnexpectedOperationState", "a pending operation", $"{operation?.Status ?? Status.Unset}"),
        (_, Cancel) => Decision.Grant,
        (_, Execute) when now >= ExpiryOf(operation) =>
            Decision.Refuse("OperationExpired", $"a time before {ExpiryOf(operation)}", $"{now}"),
        (_, Execute) when now < operation.ReadyAt =>
            Decision.Refuse(
                "TimelockUnexpectedOperationState", $"a ready operation, from {operation.ReadyAt}",
                $"a waiting one at {now}"),
        (_, Execute { IsPredecessorDone: false }) when !operation.Predecessor.IsZero =>
            Decision.Refuse("TimelockUnexecutedPredecessor", $"operation {operation.Predecessor} done", "it is not"),
        (_, Execute) => Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command to the timelock, found {command.GetType().Name}", nameof(command)),
    };
}
