// Keeps an asynchronous projection up to the events: the documents that a page touches are loaded together, folded, and
// written in the transaction that moves the position. So every event is folded exactly once.
namespace EventSourced.EventStore.Projections;

/// <summary>Folds pages into stored documents.</summary>
internal sealed class ProjectionHandler(Store store, Projection projection)
{
    internal async Task HandleAsync(EventPage page, CancellationToken token)
    {
        var connection = page.Transaction.Connection!;
        var work = new List<(string Id, Event Event)>(page.Events.Count);
        foreach (var next in page.Events)
        {
            if (projection.Applies(next.Data)
                && projection.Identity(next.StreamKey, projection.TakesEvent ? next : next.Data) is { } id)
                work.Add((id, next));
        }

        if (work.Count == 0) return;
        string[] ids = [.. work.Select(item => item.Id).Distinct()];
        var documents = await store.Snapshots.LoadAsync(connection, projection, ids, token);
        foreach (var (id, next) in work)
        {
            var state = projection.Apply(documents.GetValueOrDefault(id).State, next);
            documents[id] = new Document(id, projection.IsMultiStream ? next.Sequence : next.Version, state);
        }

        await using var batch = new Npgsql.NpgsqlBatch(connection, page.Transaction);
        foreach (var command in store.Snapshots.WriteCommands(projection, documents.Values))
            batch.BatchCommands.Add(command);
        await batch.PrepareAsync(token);
        await batch.ExecuteNonQueryAsync(token);
    }
}
