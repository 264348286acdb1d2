// An operation of the timelock: one call or several, which wait and then can be executed for thirty days. Enters: the
// timelock's events about its calls, and the proposal that it carries. Leaves: its status, and word of each change to
// its proposal. Always holds: calls are made in their order and all at once; an operation is done once; `StateAt` gives
// what the timelock's `getOperationState` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one operation of the timelock.</summary>
public static class TimelockOperations
{
    // Events

    /// <summary>An operation's delay is over, or the time in which it can be executed.</summary>
    /// <param name="Id">The operation.</param>
    /// <param name="Deadline">The part that is over: see <see cref="Overdue"/>.</param>
    /// <param name="Due">The moment at which it was over.</param>
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
        /// <summary>The operation was cancelled, and the timelock has forgotten it.</summary>
        Unset,

        /// <summary>
        /// The operation waits. The row keeps this status after the delay, too, because nothing but time announces its
        /// end.
        /// </summary>
        Waiting,

        /// <summary>The operation's delay is over.</summary>
        Ready,

        /// <summary>The operation's calls were made.</summary>
        Done,
    }

    /// <summary>The last deadline that passed without any action; stored, never renumber.</summary>
    public enum Overdue : byte
    {
        /// <summary>No deadline has passed.</summary>
        None,

        /// <summary>The delay is over: execute the operation.</summary>
        Delay,

        /// <summary>Nobody executed the operation in time: it is void.</summary>
        Execution,
    }

    /// <summary>An operation of the timelock.</summary>
    /// <param name="Id">The hash that names the operation.</param>
    /// <param name="Status">The current status.</param>
    /// <param name="ProposalId">The proposal that the operation carries; zero: none.</param>
    /// <param name="Calls">The number of calls that it has.</param>
    /// <param name="CallsMade">The number of calls that were made.</param>
    /// <param name="Predecessor">The operation that must be done first; zero: none.</param>
    /// <param name="Salt">The salt that tells the operation from an equal one.</param>
    /// <param name="ScheduledAt">The time at which the operation was scheduled.</param>
    /// <param name="ReadyAt">The time at which the delay is over.</param>
    /// <param name="EndedAt">The time at which the operation was executed or cancelled; 0: it waits.</param>
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
        // A cancelled operation may be scheduled again.
        (null or { Status: Status.Unset }, CallScheduled { Index: 0 } e) =>
            Schedule(e.Id, state, at) with { Calls = 1, Predecessor = e.Predecessor, ReadyAt = at.Time.Plus(e.Delay) },
        // An operation without calls is known by its salt alone; the governor makes none.
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

    /// <summary>The status of an operation at a moment, as the timelock answers it.</summary>
    public static Status StateAt(State operation, Instant now)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation.Status == Status.Waiting && now >= operation.ReadyAt ? Status.Ready : operation.Status;
    }

    /// <summary>
    /// The time from which an operation can no longer be executed; none for an operation that is cancelled or done.
    /// </summary>
    public static Instant ExpiryOf(State operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation.Status == Status.Waiting ? operation.ReadyAt.Plus(ExecutionWindow) : default;
    }

    // Commands

    /// <summary>Executes a ready operation.</summary>
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
