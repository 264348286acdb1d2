// A client as reputation knows it: the money that it settled, which decides how far it counts as a subject of its own
// and not as one of the crowd. Always holds: the numbers are the ones that the contract's `settledBy` answers; money
// settled on a day counts from the next day.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one client's history.</summary>
public static class Clients
{
    // Events

    /// <summary>Routes weighed completions to their client.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("client", Evolve)
        .On<CompletionWeighed>(e => e.Client);

    // State

    /// <summary>A client's history of settled tasks.</summary>
    /// <param name="Client">The client.</param>
    /// <param name="Settled">The amount that the client has settled in all, net of fees, in base units.</param>
    /// <param name="Earlier">The amount that the client had settled before the day of its last task.</param>
    /// <param name="Completions">The number of its tasks that were finalized and weighed.</param>
    /// <param name="LastTaskId">The last of these tasks.</param>
    /// <param name="FirstAt">The time of the first of these tasks.</param>
    /// <param name="LastAt">The time of the last of these tasks.</param>
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

    /// <summary>The degree to which a client is a subject of its own at a moment, in ppm.</summary>
    /// <param name="client">The client; null: it has settled nothing.</param>
    /// <param name="now">A moment not before its last task.</param>
    public static UInt128 WeightAt(State? client, Instant now) =>
        client is null ? 0 : Esteem.Weight(EarlierAt(client, now));

    private static UInt128 EarlierAt(State client, Instant now) =>
        Esteem.DayOf(client.LastAt) == Esteem.DayOf(now) ? client.Earlier : client.Settled;
}
