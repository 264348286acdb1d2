// What a subscription's handler gets: some events in order, and the transaction in which the position will move.
// What the
// handler writes in that transaction happens exactly once; what it does elsewhere happens at least once.
using Npgsql;

namespace EventSourced.EventStore;

/// <summary>The next events of a subscription.</summary>
/// <param name="Events">The events, in order; never empty.</param>
/// <param name="Floor">The position before them.</param>
/// <param name="Ceiling">The position after them.</param>
/// <param name="Transaction">Moves the position when it commits, which the subscription does after the handler.</param>
public sealed record EventPage(IReadOnlyList<Event> Events, long Floor, long Ceiling, NpgsqlTransaction Transaction);

/// <summary>Handles the next events of a subscription.</summary>
public delegate Task EventPageHandler(EventPage page, CancellationToken token);
