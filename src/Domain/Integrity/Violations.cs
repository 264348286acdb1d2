// What must not happen and did: an event that its thing's state rules out, or a log that the catalog does not know.
// Enters: the derived event that says so. Leaves: one row a thing, for the first time only, because the thing is
// quarantined from then on: its events are still stored, and no longer believed.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Integrity;

/// <summary>The record of violations of integrity.</summary>
public static class Violations
{
    // Events

    /// <summary>Something was found that the contracts rule out.</summary>
    /// <param name="Subject">The thing: the key of its stream or row.</param>
    /// <param name="Found">What came: the event's name.</param>
    /// <param name="Reason">What was expected, what was found.</param>
    public sealed record IntegrityViolated(string Subject, string Found, string Reason) : DerivedEvent;

    /// <summary>How violations are kept.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("violation", Evolve)
        .On<IntegrityViolated>(e => e.Subject);

    // State

    /// <summary>A violation.</summary>
    /// <param name="Subject">The thing that is quarantined since.</param>
    /// <param name="Found">The event that came.</param>
    /// <param name="Reason">What was expected, what was found.</param>
    /// <param name="Block">The block of the event.</param>
    /// <param name="LogIndex">The event's place in the block.</param>
    /// <param name="HappenedAt">The block's time.</param>
    public sealed record State(
        string Subject, string Found, string Reason, ulong Block, uint LogIndex, Instant HappenedAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, IntegrityViolated e) => new State(e.Subject, e.Found, e.Reason, at.Block, at.LogIndex, at.Time),
        _ => null,
    };
}
