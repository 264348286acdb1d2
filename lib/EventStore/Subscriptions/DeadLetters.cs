// Events that a subscription could not handle and was told to pass over, in Marten's document table, so that Marten's
// tools show them too.
using System.Text;
using System.Text.Json;
using EventSourced.EventStore.Json;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.EventStore;

/// <summary>An event that a subscription passed over.</summary>
/// <param name="Id">The dead letter's own identity.</param>
/// <param name="ProjectionName">The subscription.</param>
/// <param name="EventSequence">The event's position.</param>
/// <param name="ExceptionType">What it threw.</param>
/// <param name="ExceptionMessage">What that said.</param>
/// <param name="Timestamp">When.</param>
public sealed record DeadLetter(
    Guid Id, string ProjectionName, long EventSequence, string ExceptionType, string ExceptionMessage,
        DateTimeOffset Timestamp);

/// <summary>Reads and writes <c>mt_doc_deadletterevent</c>.</summary>
internal sealed class DeadLetters(string schema)
{
    private const string DotNetType = "JasperFx.Events.Daemon.DeadLetterEvent";

    internal async Task AddAsync(NpgsqlConnection connection, DeadLetter letter, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"insert into {schema}.mt_doc_deadletterevent (id, data, mt_dotnet_type) values ($1, $2, '{DotNetType}')",
                connection);
        command.Parameters.AddTyped(letter.Id);
        command.Parameters.Add(
            new NpgsqlParameter<byte[]> { NpgsqlDbType = NpgsqlDbType.Jsonb, TypedValue = Write(letter) });
        await command.ExecuteNonQueryAsync(token);
    }

    internal async Task<IReadOnlyList<DeadLetter>> ListAsync(
        NpgsqlConnection connection, string? subscription, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select data from {schema}.mt_doc_deadletterevent
             where $1::varchar is null or data ->> 'ProjectionName' = $1 order by (data ->> 'EventSequence')::bigint, id
            """,
            connection);
        command.Parameters.Add(
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Varchar, Value = (object?)subscription ?? DBNull.Value });
        await using var reader = await command.ExecuteReaderAsync(token);
        var letters = new List<DeadLetter>();
        while (await reader.ReadAsync(token)) letters.Add(Read(reader.GetFieldValue<byte[]>(0)));
        return letters;
    }

    internal async Task<bool> DeleteAsync(NpgsqlConnection connection, Guid id, CancellationToken token)
    {
        await using var command =
            new NpgsqlCommand($"delete from {schema}.mt_doc_deadletterevent where id = $1", connection);
        command.Parameters.AddTyped(id);
        return await command.ExecuteNonQueryAsync(token) == 1;
    }

    private static byte[] Write(DeadLetter letter)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, StorableText.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("Id", letter.Id);
            json.WriteString("ProjectionName", letter.ProjectionName);
            json.WriteString("ShardName", "All");
            json.WriteNumber("EventSequence", letter.EventSequence);
            json.WriteString("ExceptionType", letter.ExceptionType);
            json.WriteString("ExceptionMessage", Storable(letter.ExceptionMessage));
            json.WriteString("Timestamp", letter.Timestamp);
            json.WriteEndObject();
        }

        return output.ToArray();
    }

    private static DeadLetter Read(byte[] data)
    {
        using var document = JsonDocument.Parse(data);
        var root = document.RootElement;
        return new DeadLetter(
            root.GetProperty("Id").GetGuid(),
            root.GetProperty("ProjectionName").GetString()!,
            root.GetProperty("EventSequence").GetInt64(),
            root.GetProperty("ExceptionType").GetString()!,
            root.GetProperty("ExceptionMessage").GetString()!,
            root.GetProperty("Timestamp").GetDateTimeOffset());
    }

    // An exception may quote the very text that cannot be stored.
    private static string Storable(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
