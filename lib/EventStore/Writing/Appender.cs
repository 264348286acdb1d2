// Puts appends into batches and reads their answers. Streams go in the order of their keys and are locked in it, so that
// writers of the same streams wait for one another and never deadlock.
using EventSourced.EventStore.Reading;
using Npgsql;

namespace EventSourced.EventStore.Writing;

/// <summary>The commands of an append.</summary>
internal sealed class Appender(string schema, MetadataConfig metadata)
{
    private readonly AppendStatement _statement = new(schema, metadata);

    internal NpgsqlBatchCommand LockCommand(string[] keys)
    {
        var command = new NpgsqlBatchCommand(_statement.Lock);
        command.Parameters.Add(EventQueries.Keys(keys));
        return command;
    }

    /// <summary>Adds the append to a batch; answers how many results come before its own.</summary>
    internal int AddTo(NpgsqlBatch batch, List<StreamAction> streams, bool locked = false, WhenRefused refused = WhenRefused.FailAll)
    {
        var before = 0;
        if (!locked && streams.Count > 1)
        {
            string[] existing = [.. streams.Where(stream => stream.Assumed != ExpectedVersion.NoStream).Select(stream => stream.Key)];
            if (existing.Length > 1)
            {
                batch.BatchCommands.Add(LockCommand(existing));
                before = 1;
            }
        }

        var numberedByServer = refused == WhenRefused.LeaveOut || streams.Exists(stream => stream.Assumed.IsAny);
        var append = new NpgsqlBatchCommand(_statement.Text(refused, numberedByServer));
        new AppendParameters(streams, metadata, numberedByServer).AddTo(append.Parameters);
        batch.BatchCommands.Add(append);
        return before;
    }

    /// <summary>Reads version and sequence of every event.</summary>
    internal static async Task ReadAllAsync(NpgsqlDataReader reader, List<StreamAction> streams, CancellationToken token)
    {
        foreach (var stream in streams)
        {
            foreach (var added in stream.Events)
            {
                if (!await reader.ReadAsync(token).ConfigureAwait(false))
                    throw new InvalidOperationException($"stream {stream.Key}: expected a row for each event, found fewer");
                added.Sequence = reader.GetInt64(0);
                added.Version = stream.Version = reader.GetInt64(1);
            }
        }
    }

    /// <summary>Writes the streams that are as expected in one statement, and answers which those were.</summary>
    internal async Task<HashSet<string>> AppendReadyAsync(
        NpgsqlConnection connection, List<StreamAction> streams, CancellationToken token)
    {
        streams.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        foreach (var stream in streams) stream.Assumed = stream.Expected;
        await using var batch = new NpgsqlBatch(connection);
        var before = AddTo(batch, streams, refused: WhenRefused.LeaveOut);
        await batch.PrepareAsync(token).ConfigureAwait(false);
        await using var reader = await batch.ExecuteReaderAsync(token).ConfigureAwait(false);
        for (var result = 0; result < before; result++) await reader.NextResultAsync(token).ConfigureAwait(false);
        var byKey = streams.ToDictionary(stream => stream.Key);
        var written = new HashSet<string>();
        var at = 0;
        while (await reader.ReadAsync(token).ConfigureAwait(false))
        {
            var key = reader.GetString(2);
            at = written.Add(key) ? 0 : at + 1;
            var added = byKey[key].Events[at];
            added.Sequence = reader.GetInt64(0);
            added.Version = byKey[key].Version = reader.GetInt64(1);
        }

        return written;
    }
}
