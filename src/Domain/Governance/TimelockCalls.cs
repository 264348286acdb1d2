// One call of an operation of the timelock, with its data. Its events stand in its operation's stream. Always holds:
// what was executed is what was scheduled.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>One call of an operation.</summary>
public static class TimelockCalls
{
    // Events

    /// <summary>Routes an operation's events to its calls.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("timelock-call", Evolve)
        .Also<CallScheduled>(e => KeyOf(e.Id, e.Index))
        .Also<CallExecuted>(e => KeyOf(e.Id, e.Index));

    /// <summary>The key: operation and place.</summary>
    public static string KeyOf(Word id, ulong index) => $"{id}-{index}";

    // State

    /// <summary>A call of an operation of the timelock.</summary>
    /// <param name="Key">The operation and the place, joined.</param>
    /// <param name="OperationId">The operation.</param>
    /// <param name="Index">The call's place in its operation, from 0.</param>
    /// <param name="Target">The contract that it calls.</param>
    /// <param name="Value">The amount of the chain's own coin that the call sends.</param>
    /// <param name="Data">The data of the call.</param>
    /// <param name="ScheduledAt">The time at which the call was last scheduled.</param>
    /// <param name="ExecutedAt">The time at which the call was made; 0: not yet.</param>
    public sealed record State(
        string Key,
        Word OperationId,
        ulong Index,
        Address Target,
        UInt256 Value,
        Bytes Data,
        Instant ScheduledAt,
        Instant ExecutedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null or { ExecutedAt.IsNone: true }, CallScheduled e) =>
            new State(KeyOf(e.Id, e.Index), e.Id, e.Index, e.Target, e.Value, e.Data, at.Time, default),
        ({ ExecutedAt.IsNone: true }, CallExecuted e)
            when e.Target == state.Target && e.Value == state.Value && e.Data == state.Data =>
                state with { ExecutedAt = at.Time },
        _ => null,
    };
}
