// One call of a timelock's operation, with its data. Enters: its scheduling and its execution. Leaves: what voters
// and watchers read before it is made. Always holds: the operation's id is the hash of its calls, so a call that is
// scheduled again is the same; it is made at most once.
namespace EventSourced.Domain;

/// <summary>One call of one operation of the timelock.</summary>
public static class TimelockCalls
{
    // Events

    /// <summary>How a call's events reach it.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("timelock-call", Evolve)
        .Also<CallScheduled>(e => KeyOf(e.Id, e.Index))
        .Also<CallExecuted>(e => KeyOf(e.Id, e.Index));

    /// <summary>The key of a call.</summary>
    public static string KeyOf(Word operationId, ulong index) => $"{operationId}-{index}";

    // State

    /// <summary>A call.</summary>
    /// <param name="Id">Operation and place: 0x…-0.</param>
    /// <param name="OperationId">The operation.</param>
    /// <param name="Index">The call's place in it, from 0.</param>
    /// <param name="Target">Which contract it calls.</param>
    /// <param name="Value">How much ether it sends.</param>
    /// <param name="Data">With which data.</param>
    /// <param name="ExecutedAt">When it was made; 0: not made.</param>
    public sealed record State(
        string Id, Word OperationId, ulong Index, Address Target, UInt256 Value, Bytes Data, Instant ExecutedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CallScheduled e) => new State(KeyOf(e.Id, e.Index), e.Id, e.Index, e.Target, e.Value, e.Data, default),
        (null or { ExecutedAt.IsNone: false }, _) => null,
        (_, CallScheduled e) when e.Target == state.Target && e.Value == state.Value && e.Data == state.Data => state,
        (_, CallExecuted e) when e.Target == state.Target && e.Value == state.Value && e.Data == state.Data =>
            state with { ExecutedAt = at.Time },
        _ => null,
    };
}
