// Puts appends into batches and reads their answers. Streams go in the order of their keys.
using Npgsql;

namespace EventSourced.EventStore.Writing;

/// <summary>The command of an append.</summary>
internal sealed class Appender(string schema, MetadataConfig metadata)
{
    private readonly AppendStatement _statement = new(schema, metadata);

    internal static void Sort(List<StreamAction> streams) =>
        streams.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));

    internal NpgsqlBatchCommand Command(List<StreamAction> streams, WhenRefused refused = WhenRefused.FailAll)
    {
        var command = new NpgsqlBatchCommand(_statement.Text(refused, streams.Count));
        new AppendParameters(streams, metadata).AddTo(command.Parameters);
        return command;
    }

    /// <summary>Reads the sequence of every event.</summary>
    internal static async Task ReadAsync(NpgsqlDataReader reader, List<StreamAction> streams, CancellationToken token)
    {
        await reader.ReadAsync(token);
        var sequences = reader.IsDBNull(0) ? [] : reader.GetFieldValue<long[]>(0);
        var at = 0;
        foreach (var stream in streams)
            foreach (var added in stream.Events) added.Sequence = sequences[at++];
    }

    /// <summary>Writes the streams that are as expected in one statement, and answers which those were.</summary>
    internal async Task<HashSet<string>> AppendReadyAsync(
        NpgsqlConnection connection, List<StreamAction> streams, CancellationToken token)
    {
        Sort(streams);
        foreach (var stream in streams) stream.Assume(stream.Expected.Value);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(streams, WhenRefused.LeaveOut));
        await batch.PrepareAsync(token);
        await using var reader = await batch.ExecuteReaderAsync(token);
        var byKey = streams.ToDictionary(stream => stream.Key);
        var written = new HashSet<string>();
        while (await reader.ReadAsync(token))
        {
            var stream = byKey[reader.GetString(2)];
            written.Add(stream.Key);
            stream.Events[(int)(reader.GetInt64(1) - stream.Events[0].Version)].Sequence = reader.GetInt64(0);
        }

        return written;
    }
}
