// Messages that failed for good, as Wolverine keeps them. Enters: a database. Leaves: their list; letters marked so
// that a node takes them up again. Always holds: a duty that the keepers gave up on begins anew before its letter is
// tried again.
using System.Text.Json;
using EventSourced.Workers.Keeping;
using Npgsql;
using NpgsqlTypes;
using Wolverine.Runtime.Serialization;

namespace EventSourced.Host.Messaging;

/// <summary>A message that failed for good.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Message">The message's name.</param>
/// <param name="SentAt">The time at which it was sent.</param>
/// <param name="Why">The fault of its last try.</param>
/// <param name="IsRequeued">Whether a node will take it up again.</param>
public sealed record DeadLetter(Guid Id, string Message, DateTimeOffset? SentAt, string Why, bool IsRequeued);

/// <summary>Reads and requeues dead letters.</summary>
public sealed class DeadLetters(NpgsqlDataSource source)
{
    /// <summary>The most letters of one list.</summary>
    public const int Most = 1_000;

    private const string Table = WriteSide.Schema + ".wolverine_dead_letters";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The newest letters.</summary>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"""
            select id, message_type, sent_at, coalesce(exception_type, '') || ': ' || coalesce(exception_message, ''), replayable
              from {Table} order by sent_at desc nulls last limit {Most}
            """);
        await using var disposing = command.ConfigureAwait(false);
        var found = new List<DeadLetter>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            found.Add(new DeadLetter(
                reader.GetGuid(0), reader.GetString(1),
                await reader.IsDBNullAsync(2, cancellation).ConfigureAwait(false)
                    ? null : reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetString(3),
                !await reader.IsDBNullAsync(4, cancellation).ConfigureAwait(false) && reader.GetBoolean(4)));
        return found;
    }

    /// <summary>Marks letters to be tried again; null: all of them.</summary>
    /// <returns>The number of letters that were marked.</returns>
    public async Task<int> RequeueAsync(IReadOnlyList<Guid>? ids, CancellationToken cancellation)
    {
        await DutyTable.ReviveAsync(
            source, await DutiesAsync(ids, cancellation).ConfigureAwait(false), cancellation).ConfigureAwait(false);
        var command = source.CreateCommand(
            $"update {Table} set replayable = true where $1::uuid[] is null or id = any($1::uuid[])");
        await using var disposing = command.ConfigureAwait(false);
        Add(command, ids);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<IReadOnlyCollection<Duty>> DutiesAsync(
        IReadOnlyList<Guid>? ids, CancellationToken cancellation)
    {
        var command = source.CreateCommand(
            $"select body from {Table} where message_type = '{Duty.Stored}' and ($1::uuid[] is null or id = any($1::uuid[]))");
        await using var disposing = command.ConfigureAwait(false);
        Add(command, ids);
        var duties = new HashSet<Duty>();
        var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var reading = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
            if (EnvelopeSerializer.Deserialize(reader.GetFieldValue<byte[]>(0)).Data is { } data
                && JsonSerializer.Deserialize<Duty>(data, Json) is { } duty)
                duties.Add(duty);
        return duties;
    }

    private static void Add(NpgsqlCommand command, IReadOnlyList<Guid>? ids) =>
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = ids is null ? DBNull.Value : ids.ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
        });
}
