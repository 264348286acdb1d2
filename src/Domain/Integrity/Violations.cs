// Events that must not happen and did: an event that its subject's state rules out, or a log that the catalog does not
// know. Enters: the derived event that says so. Leaves: one row a subject, for the first violation only, because the
// subject is quarantined from then on: its events are still stored, and no longer believed.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Integrity;

/// <summary>The record of violations of integrity.</summary>
public static class Violations
{
    // Events

    /// <summary>An event came that the contracts rule out.</summary>
    /// <param name="Subject">The subject: the key of its stream or row.</param>
    /// <param name="Found">The name of the event that came.</param>
    /// <param name="Reason">The expected and the found.</param>
    public sealed record IntegrityViolated(string Subject, string Found, string Reason) : DerivedEvent;

    /// <summary>Keeps the first violation of each subject.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("violation", Evolve)
        .On<IntegrityViolated>(e => e.Subject);

    // State

    /// <summary>A violation of integrity, and the subject that is quarantined for it.</summary>
    /// <param name="Subject">The subject: the key of its stream or row.</param>
    /// <param name="Found">The name of the event that came.</param>
    /// <param name="Reason">The expected and the found.</param>
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
