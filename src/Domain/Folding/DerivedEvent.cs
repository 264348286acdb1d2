// Facts that follow from the chain without a log of their own: a deadline passed, or one aggregate's event moved
// another. Stored in streams like every event and rebuilt by replay, so they depend on nothing but chain events in
// their order.
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Folding;

/// <summary>A fact that follows from facts of the chain.</summary>
public abstract record DerivedEvent : ChainEvent;

/// <summary>A moment from which a step becomes possible, though nobody has taken it yet.</summary>
/// <param name="Due">The moment.</param>
/// <param name="Kind">The number of the deadline among those of its aggregate; stored, never renumber.</param>
public readonly record struct Deadline(Instant Due, byte Kind);
