// What follows from the chain without a log of its own: a deadline passed, one aggregate's event moved another. Stored
// in streams like every event and rebuilt by replay, so it depends on nothing but chain events in their order.
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Folding;

/// <summary>A fact that follows from facts of the chain.</summary>
public abstract record DerivedEvent : ChainEvent;

/// <summary>A moment at which something becomes possible, though nobody has done it yet.</summary>
/// <param name="Due">When.</param>
/// <param name="Kind">Which of the aggregate's deadlines; the aggregate's own numbering, stored, never
/// renumber.</param>
public readonly record struct Deadline(Instant Due, byte Kind);
