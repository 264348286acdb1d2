// The handler of beats. Enters: a beat from the durable inbox. Leaves: the pulse's row and the next beat, scheduled.
// Always holds: row, next beat and the mark "handled" in the inbox are one transaction; a repeated beat changes nothing
// the second time.
using Marten;
using Wolverine;

namespace EventSourced.Workers.Pulses;

/// <summary>The number by which the nodes of the cluster know this process.</summary>
public delegate int NodeNumber();

/// <summary>Handles a <see cref="Beat"/>.</summary>
public static class BeatHandler
{
    /// <summary>Writes the row, and orders the next beat.</summary>
    /// <returns>The next beat; null: this one was handled before.</returns>
    public static async Task<ScheduledMessage<Beat>?> HandleAsync(
        Beat beat, IDocumentSession session, NodeNumber node, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(beat);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(time);
        var last = await session.LoadAsync<Pulse>(beat.Pulse, cancellation).ConfigureAwait(false);
        var now = time.GetUtcNow();
        if (Pulse.After(last, beat, now, node()) is not { } pulse) return null;
        // Two handlers of one beat cannot both write: the second one fails, on the key of an insert or on the revision
        // of an update.
        if (last is null) session.Insert(pulse);
        else session.UpdateRevision(pulse, pulse.Number);
        var next = beat.Next(now);
        return next.ScheduledAt(next.Due);
    }
}
