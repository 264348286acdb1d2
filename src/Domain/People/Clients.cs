// A client as reputation knows it: what it has settled, and so how far it is a subject of its own and not one of the
// crowd. Always holds: the numbers are the ones that the contract's `settledBy` answers; what was settled on a day
// counts from the next.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one client's history.</summary>
public static class Clients
{
    // Events

    /// <summary>How weighed completions reach their client.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("client", Evolve)
        .On<CompletionWeighed>(e => e.Client);

    // State

    /// <summary>A client's history.</summary>
    /// <param name="Client">The client.</param>
    /// <param name="Settled">What it has settled in all, net of fees, in base units.</param>
    /// <param name="Earlier">What it had settled before the day of its last task.</param>
    /// <param name="Completions">How many of its tasks were finalized and weighed.</param>
    /// <param name="LastTaskId">The last one.</param>
    /// <param name="FirstAt">When the first one was.</param>
    /// <param name="LastAt">When the last one was.</param>
    public sealed record State(
        Address Client, UInt128 Settled, UInt128 Earlier, ulong Completions, ulong LastTaskId, Instant FirstAt,
        Instant LastAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, CompletionWeighed { Weight: var weight } e) when weight == 0 =>
            new State(e.Client, e.Settled, 0, 1, e.TaskId, at.Time, at.Time),
        (not null, CompletionWeighed e)
            when e.Settled >= state.Settled && e.Weight == WeightAt(state, at.Time) => state with
            {
                Settled = e.Settled,
                Earlier = EarlierAt(state, at.Time),
                Completions = state.Completions + 1,
                LastTaskId = e.TaskId,
                LastAt = at.Time,
            },
        _ => null,
    };

    // Weights at any time

    /// <summary>How far a client is a subject of its own at a moment, in ppm.</summary>
    /// <param name="client">The client; null: it has settled nothing.</param>
    /// <param name="now">A moment from its last task on.</param>
    public static UInt128 WeightAt(State? client, Instant now) =>
        client is null ? 0 : Esteem.Weight(EarlierAt(client, now));

    private static UInt128 EarlierAt(State client, Instant now) =>
        Esteem.DayOf(client.LastAt) == Esteem.DayOf(now) ? client.Earlier : client.Settled;
}
