// An operation of the timelock: calls that wait and are made together, or cancelled. Enters: scheduling, execution
// and cancellation, and which proposal it carries out. Leaves: what `getTimestamp` and `expiryOf` answer; a proposal
// hears of its operation's moves, because anybody may execute it here, past the governor, and the council may cancel
// it. Always holds: calls are made in their order, in one transaction, inside the window of thirty days; what is done
// stays done, what was cancelled may be scheduled again.
namespace EventSourced.Domain;

/// <summary>The aggregate of one operation of the timelock.</summary>
public static class TimelockOperations
{
    // Events

    /// <summary>An operation carries out a proposal.</summary>
    /// <param name="OperationId">The operation.</param>
    /// <param name="ProposalId">The proposal.</param>
    public sealed record TimelockOperationLinked(Word OperationId, Word ProposalId) : DerivedEvent;

    /// <summary>How an operation's events reach it.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("timelock-operation", Evolve)
        .On<CallScheduled>(e => e.Id)
        .On<CallSalt>(e => e.Id)
        .On<CallExecuted>(e => e.Id)
        .On<Cancelled>(e => e.Id)
        .On<TimelockOperationLinked>(e => e.OperationId)
        .Derives<CallScheduled>((operation, e) => e.Index == 0 ? Tell(operation) : [])
        .Derives<CallExecuted>((operation, _) => operation.Status == Status.Done ? Tell(operation) : [])
        .Derives<Cancelled>((operation, _) => Tell(operation));

    private static IEnumerable<DerivedEvent> Tell(State operation) => operation.ProposalId.IsZero
        ? []
        : [new Proposals.ProposalOperationMoved(operation.ProposalId, operation.OperationId, (byte)operation.Status)];

    // State

    /// <summary>Where an operation stands, by the timelock's numbers; its 2, ready, is a matter of time. Stored.</summary>
    public enum Status : byte
    {
        /// <summary>Cancelled: as if it had never been scheduled.</summary>
        Unset,

        /// <summary>Scheduled: it may be executed from the moment that it is ready.</summary>
        Waiting,

        /// <summary>Executed.</summary>
        Done = 3,
    }

    /// <summary>An operation.</summary>
    /// <param name="OperationId">The operation's id: the hash of its calls, predecessor and salt.</param>
    /// <param name="Status">Where it stands.</param>
    /// <param name="ProposalId">The proposal that it carries out; zero: none.</param>
    /// <param name="Predecessor">The operation that must be done before; zero: none.</param>
    /// <param name="Salt">What tells it from an equal operation.</param>
    /// <param name="CallCount">How many calls it has.</param>
    /// <param name="ExecutedCalls">How many of them were made.</param>
    /// <param name="ScheduledAt">When it was last scheduled.</param>
    /// <param name="ReadyAt">From when on it may be executed.</param>
    /// <param name="ExpiresAt">From when on it no longer may.</param>
    /// <param name="EndedAt">When it was executed or cancelled; 0: it waits.</param>
    public sealed record State(
        Word OperationId,
        Status Status,
        Word ProposalId,
        Word Predecessor,
        Word Salt,
        uint CallCount,
        uint ExecutedCalls,
        Instant ScheduledAt,
        Instant ReadyAt,
        Instant ExpiresAt,
        Instant EndedAt);

    // Evolve

    private const ulong ExecutionWindow = 30 * 86_400;

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null or { Status: Status.Unset }, CallScheduled { Index: 0 } e) => Schedule(state, e, at),
        ({ Status: Status.Waiting, CallCount: > 0, ExecutedCalls: 0 }, CallScheduled e)
            when e.Index == state.CallCount && state.ScheduledAt == at.Time => state with { CallCount = state.CallCount + 1 },
        ({ Status: Status.Waiting, CallCount: > 0, ExecutedCalls: 0, Salt.IsZero: true }, CallSalt e)
            when state.ScheduledAt == at.Time => state with { Salt = e.Salt },
        // An operation without calls says nothing but its salt when it is scheduled, and nothing at all without one.
        (null or { Status: Status.Unset, CallCount: 0 }, CallSalt e) => Empty(e.Id, Status.Waiting, e.Salt, at.Time, default),
        (null or { Status: Status.Unset, CallCount: 0 }, Cancelled e) => Empty(e.Id, Status.Unset, default, default, at.Time),
        ({ Status: Status.Waiting, ExecutedCalls: 0 }, Cancelled) => state with { Status = Status.Unset, EndedAt = at.Time },
        ({ Status: Status.Waiting }, CallExecuted e)
            when e.Index == state.ExecutedCalls && e.Index < state.CallCount && IsReady(state, at.Time) => Execute(state, at),
        ({ Status: Status.Waiting, ProposalId.IsZero: true }, TimelockOperationLinked e) =>
            state with { ProposalId = e.ProposalId },
        _ => null,
    };

    private static State Schedule(State? cancelled, CallScheduled e, in At at)
    {
        var ready = at.Time.Plus(e.Delay);
        return new State(
            e.Id, Status.Waiting, cancelled?.ProposalId ?? default, e.Predecessor, default, 1, 0, at.Time, ready,
            ready.Plus(ExecutionWindow), default);
    }

    private static State Empty(Word id, Status status, Word salt, Instant scheduledAt, Instant endedAt) =>
        new(id, status, default, default, salt, 0, 0, scheduledAt, default, default, endedAt);

    private static bool IsReady(State operation, Instant now) => operation.ReadyAt <= now && now < operation.ExpiresAt;

    private static State Execute(State operation, in At at)
    {
        var executed = operation.ExecutedCalls + 1;
        return executed < operation.CallCount
            ? operation with { ExecutedCalls = executed }
            : operation with { ExecutedCalls = executed, Status = Status.Done, EndedAt = at.Time };
    }

    // Commands

    /// <summary>Somebody has the calls made; whether the predecessor is done is said beside it.</summary>
    public sealed record ExecuteOperation(Address By, Word OperationId, bool IsPredecessorDone) : Command(By);

    /// <summary>Who may cancel does.</summary>
    public sealed record CancelOperation(Address By, Word OperationId, bool IsCanceller) : Command(By);

    // Decide

    /// <summary>Says what the timelock would answer to a command at a moment, as far as the operation decides it.</summary>
    public static Decision Decide(State? state, Command command, Instant now) => (state, command) switch
    {
        (_, CancelOperation { IsCanceller: false }) =>
            Decision.Refuse("AccessControlUnauthorizedAccount", "a canceller", $"{command.By}"),
        (null, ExecuteOperation or CancelOperation) =>
            Decision.Refuse("TimelockUnexpectedOperationState", "an operation of that id", "none"),
        ({ Status: not Status.Waiting }, ExecuteOperation or CancelOperation) =>
            Decision.Refuse("TimelockUnexpectedOperationState", "one that waits", $"one that is {state.Status}"),
        (_, CancelOperation) => Decision.Grant,
        (_, ExecuteOperation) when now >= state.ExpiresAt =>
            Decision.Refuse("OperationExpired", $"a time before {state.ExpiresAt}", $"{now}"),
        (_, ExecuteOperation) when now < state.ReadyAt =>
            Decision.Refuse("TimelockUnexpectedOperationState", $"a time from {state.ReadyAt}", $"{now}"),
        (_, ExecuteOperation { IsPredecessorDone: false }) when !state.Predecessor.IsZero =>
            Decision.Refuse("TimelockUnexecutedPredecessor", "a predecessor that is done", $"{state.Predecessor}"),
        (_, ExecuteOperation) => Decision.Grant,
        _ => throw new ArgumentException($"expected a command to a timelock, found {command?.GetType().Name}", nameof(command)),
    };
}
