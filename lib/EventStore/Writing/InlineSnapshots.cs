// The states that are stored in the transaction of their events. The streams' rows are locked first, so that the state
// folded here is exactly the state after this append; a snapshot that lags (Marten appended) is caught up on the way.
using EventSourced.EventStore.Projections;
using EventSourced.EventStore.Reading;
using Npgsql;

namespace EventSourced.EventStore.Writing;

/// <summary>Folds and writes the inline states of one unit of work.</summary>
internal sealed class InlineSnapshots
{
    private readonly Store _store;
    private readonly List<(Projection Projection, List<StreamAction> Streams)> _work = [];

    internal InlineSnapshots(Store store, IEnumerable<StreamAction> streams)
    {
        _store = store;
        foreach (var projection in store.Options.Projections.Inline)
        {
            var concerned = streams.Where(stream => stream.Events.Any(added => projection.Applies(added.Data))).ToList();
            if (concerned.Count > 0) _work.Add((projection, concerned));
        }
    }

    internal bool IsEmpty => _work.Count == 0;

    /// <summary>Locks the streams, checks them, and answers the commands that store the states after the append.</summary>
    /// <exception cref="ConcurrencyException">A stream is not as expected.</exception>
    internal async Task<List<NpgsqlBatchCommand>> PrepareAsync(
        NpgsqlConnection connection, List<StreamAction> streams, CancellationToken token)
    {
        var snapshots = await LockAndLoadAsync(connection, streams, token).ConfigureAwait(false);
        var commands = new List<NpgsqlBatchCommand>();
        foreach (var ((projection, concerned), stored) in _work.Zip(snapshots))
        {
            await CatchUpAsync(connection, projection, concerned, stored, token).ConfigureAwait(false);
            var documents = concerned.ConvertAll(stream =>
                new Document(stream.Key, stream.Version, projection.Fold(stored.GetValueOrDefault(stream.Key).State, stream.Events)));
            commands.AddRange(_store.Snapshots.WriteCommands(projection, documents));
        }

        return commands;
    }

    private async Task<List<Dictionary<string, Document>>> LockAndLoadAsync(
        NpgsqlConnection connection, List<StreamAction> streams, CancellationToken token)
    {
        string[] existing = [.. streams.Where(stream => stream.Expected != ExpectedVersion.NoStream).Select(stream => stream.Key)];
        var snapshots = _work.ConvertAll(_ => new Dictionary<string, Document>());
        var found = new Dictionary<string, (long Version, bool IsArchived)>(existing.Length);
        if (existing.Length > 0)
        {
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(_store.Appender.LockCommand(existing));
            foreach (var (projection, concerned) in _work)
                batch.BatchCommands.Add(_store.Snapshots.LoadCommand(projection, [.. concerned.Select(stream => stream.Key)]));
            await batch.PrepareAsync(token).ConfigureAwait(false);
            await using var reader = await batch.ExecuteReaderAsync(token).ConfigureAwait(false);
            while (await reader.ReadAsync(token).ConfigureAwait(false))
                found.Add(reader.GetString(0), (reader.GetInt64(1), !reader.IsDBNull(2) && reader.GetBoolean(2)));
            for (var index = 0; index < _work.Count; index++)
            {
                await reader.NextResultAsync(token).ConfigureAwait(false);
                await SnapshotTable.ReadAsync(reader, _work[index].Projection, snapshots[index], token).ConfigureAwait(false);
            }
        }

        foreach (var stream in streams) Check(stream, found.GetValueOrDefault(stream.Key));
        return snapshots;
    }

    private static void Check(StreamAction stream, (long Version, bool IsArchived) found)
    {
        if (found.IsArchived) throw new ArchivedStreamException(stream.Key);
        if (!stream.Expected.IsAny && stream.Expected.Value != found.Version)
            throw new ConcurrencyException(stream.Key, stream.Expected, found.Version);
        stream.Assumed = ExpectedVersion.Of(found.Version);
        stream.Number(found.Version);
    }

    private async Task CatchUpAsync(
        NpgsqlConnection connection,
        Projection projection,
        List<StreamAction> concerned,
        Dictionary<string, Document> stored,
        CancellationToken token)
    {
        var behind = concerned.Where(stream => stored.GetValueOrDefault(stream.Key).Version != stream.Assumed.Value).ToList();
        if (behind.Count == 0) return;
        foreach (var stream in behind)
            if (stored.GetValueOrDefault(stream.Key).Version > stream.Assumed.Value) stored.Remove(stream.Key);
        string[] keys = [.. behind.Select(stream => stream.Key)];
        long[] after = [.. keys.Select(key => stored.GetValueOrDefault(key).Version)];
        foreach (var missed in await _store.Queries.FetchManyAsync(connection, keys, after, token).ConfigureAwait(false))
        {
            var state = projection.Apply(stored.GetValueOrDefault(missed.StreamKey).State, missed);
            stored[missed.StreamKey] = new Document(missed.StreamKey, missed.Version, state);
        }
    }
}
