// The statements on es_snapshots: load some, write some. A snapshot is only a shortcut: losing one loses nothing.
using System.Buffers;
using System.Text.Json;
using EventSourced.EventStore.Json;
using EventSourced.EventStore.Reading;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.EventStore.Projections;

/// <summary>A state with the version that it was folded to; a null state is to be deleted.</summary>
internal readonly record struct Document(string Id, long Version, object? State);

/// <summary>Reads and writes stored states.</summary>
internal sealed class SnapshotTable(string schema)
{
    private readonly string _load = $"""
        select id, version, data from {schema}.es_snapshots where type = $1 and revision = $2 and id = any($3)
        """;

    private readonly string _write = $"""
        insert into {schema}.es_snapshots as n (type, id, version, revision, data)
        select $1, u.id, u.version, $2, u.data
          from unnest($3::varchar[], $4::bigint[], $5::jsonb[]) as u (id, version, data)
        on conflict on constraint es_snapshots_key
            do update set version = excluded.version, revision = excluded.revision, data = excluded.data
        """;

    private readonly string _delete = $"delete from {schema}.es_snapshots where type = $1 and id = any($2)";

    internal NpgsqlBatchCommand LoadCommand(Projection projection, string[] ids)
    {
        var command = new NpgsqlBatchCommand(_load);
        command.Parameters.AddTyped(projection.Name);
        command.Parameters.AddTyped(projection.Revision);
        command.Parameters.AddKeys(ids);
        return command;
    }

    internal static async Task ReadAsync(
        NpgsqlDataReader reader, Projection projection, Dictionary<string, Document> into, CancellationToken token)
    {
        while (await reader.ReadAsync(token))
        {
            var id = reader.GetString(0);
            into.Add(id, new Document(id, reader.GetInt64(1), projection.Read(reader.GetFieldValue<byte[]>(2))));
        }
    }

    internal async Task<Dictionary<string, Document>> LoadAsync(
        NpgsqlConnection connection, Projection projection, string[] ids, CancellationToken token)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(LoadCommand(projection, ids));
        await batch.PrepareAsync(token);
        await using var reader = await batch.ExecuteReaderAsync(token);
        var documents = new Dictionary<string, Document>(ids.Length);
        await ReadAsync(reader, projection, documents, token);
        return documents;
    }

    internal async Task<object?> LoadAsync(
        NpgsqlConnection connection, Projection projection, string id, CancellationToken token) =>
        (await LoadAsync(connection, projection, [id], token)).GetValueOrDefault(id).State;

    /// <summary>The commands that make the table hold these states.</summary>
    internal IEnumerable<NpgsqlBatchCommand> WriteCommands(
        Projection projection, IReadOnlyCollection<Document> documents)
    {
        Document[] kept = [.. documents.Where(document => document.State is not null)];
        if (kept.Length > 0) yield return WriteCommand(projection, kept);
        if (kept.Length == documents.Count) yield break;
        var delete = new NpgsqlBatchCommand(_delete);
        delete.Parameters.AddTyped(projection.Name);
        delete.Parameters.AddKeys(
            [.. documents.Where(document => document.State is null).Select(document => document.Id)]);
        yield return delete;
    }

    private NpgsqlBatchCommand WriteCommand(Projection projection, Document[] documents)
    {
        var output = new ArrayBufferWriter<byte>(documents.Length * 256);
        var ends = new int[documents.Length];
        using (var json = new Utf8JsonWriter(output, StorableText.WriterOptions))
        {
            for (var index = 0; index < documents.Length; index++)
            {
                projection.Write(json, documents[index].State!);
                json.Flush();
                json.Reset();
                ends[index] = output.WrittenCount;
            }
        }

        var data = new ReadOnlyMemory<byte>[documents.Length];
        for (var (index, start) = (0, 0); index < ends.Length; start = ends[index++])
            data[index] = output.WrittenMemory[start..ends[index]];
        var command = new NpgsqlBatchCommand(_write);
        command.Parameters.AddTyped(projection.Name);
        command.Parameters.AddTyped(projection.Revision);
        command.Parameters.AddKeys(Array.ConvertAll(documents, document => document.Id));
        command.Parameters.AddTyped(Array.ConvertAll(documents, document => document.Version));
        command.Parameters.AddArray(NpgsqlDbType.Jsonb, data);
        return command;
    }
}
