// The states that are stored in the transaction of their events. The streams' rows are locked before, so that the state
// folded here is exactly the state after this append; a snapshot that lags (Marten appended) is caught up on the way.
using EventSourced.EventStore.Projections;
using Npgsql;

namespace EventSourced.EventStore.Writing;

/// <summary>Folds and writes the inline states of one unit of work.</summary>
internal sealed class InlineSnapshots
{
    private readonly Store _store;
    private readonly List<(Projection Projection, List<StreamAction> Streams)> _work = [];

    internal InlineSnapshots(Store store, List<StreamAction> streams)
    {
        _store = store;
        foreach (var projection in store.Options.Projections.Inline)
        {
            var concerned = streams.FindAll(stream => stream.Events.Any(added => projection.Applies(added.Data)));
            if (concerned.Count > 0) _work.Add((projection, concerned));
        }
    }

    internal bool IsEmpty => _work.Count == 0;

    /// <summary>The commands that store the states after the append, of streams that are locked.</summary>
    internal async Task<List<NpgsqlBatchCommand>> FoldAsync(NpgsqlConnection connection, CancellationToken token)
    {
        var commands = new List<NpgsqlBatchCommand>();
        foreach (var (projection, concerned) in _work)
        {
            string[] existing = [.. concerned.Where(stream => stream.Assumed > 0).Select(stream => stream.Key)];
            var stored = existing.Length == 0
                ? []
                : await _store.Snapshots.LoadAsync(connection, projection, existing, token);
            await CatchUpAsync(connection, projection, concerned, stored, token);
            var documents = concerned.ConvertAll(stream =>
                new Document(stream.Key, stream.Version, projection.Fold(
                    stored.GetValueOrDefault(stream.Key).State, stream.Events)));
            commands.AddRange(_store.Snapshots.WriteCommands(projection, documents));
        }

        return commands;
    }

    private async Task CatchUpAsync(
        NpgsqlConnection connection,
        Projection projection,
        List<StreamAction> concerned,
        Dictionary<string, Document> stored,
        CancellationToken token)
    {
        var behind = concerned.FindAll(
            stream => stream.Assumed > 0 && stored.GetValueOrDefault(stream.Key).Version != stream.Assumed);
        if (behind.Count == 0) return;
        foreach (var stream in behind)
            if (stored.GetValueOrDefault(stream.Key).Version > stream.Assumed) stored.Remove(stream.Key);
        string[] keys = [.. behind.Select(stream => stream.Key)];
        long[] after = [.. keys.Select(key => stored.GetValueOrDefault(key).Version)];
        foreach (var missed in await _store.Queries.FetchManyAsync(connection, keys, after, token))
        {
            var state = projection.Apply(stored.GetValueOrDefault(missed.StreamKey).State, missed);
            stored[missed.StreamKey] = new Document(missed.StreamKey, missed.Version, state);
        }
    }
}
