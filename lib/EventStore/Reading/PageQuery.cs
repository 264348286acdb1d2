// The next events of a subscription, read inside the transaction that will move its position. A shared lock keeps a
// truncation from slipping between the two: it waits for pages under way and then takes their positions back.
using EventSourced.EventStore.Schema;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.EventStore.Reading;

/// <summary>Reads pages of events in order.</summary>
internal sealed class PageQuery(Store store, IReadOnlyCollection<Type> eventTypes)
{
    private readonly string[]? _aliases = eventTypes.Count == 0 ? null : store.Options.Events.AliasesOf(eventTypes);
    private readonly string _where =
        $"from {store.Schema}.mt_events where seq_id > $1 and seq_id <= $2 and is_archived is not true"
        + (eventTypes.Count == 0 ? "" : " and type = any($3)");

    internal async Task<IReadOnlyList<Event>> ReadAsync(
        NpgsqlConnection connection, long after, long until, int limit, CancellationToken token)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand($"select pg_advisory_xact_lock_shared({AdvisoryLocks.Cut(store.Schema)})"));
        var page = new NpgsqlBatchCommand($"{store.Queries.Select}, stream_id {_where} order by seq_id limit {limit}");
        AddRange(page.Parameters, after, until);
        batch.BatchCommands.Add(page);
        await batch.PrepareAsync(token);
        await using var reader = await batch.ExecuteReaderAsync(token);
        await reader.NextResultAsync(token);
        return await store.Queries.ReadManyAsync(reader, token);
    }

    /// <summary>
    /// The position of the next event in a range, whether or not it can be read; the end if there is none.
    /// </summary>
    internal async Task<long> NextAsync(NpgsqlConnection connection, long after, long until, CancellationToken token)
    {
        await using var command = new NpgsqlCommand($"select coalesce(min(seq_id), $2) {_where}", connection);
        AddRange(command.Parameters, after, until);
        return (long)(await command.ExecuteScalarAsync(token))!;
    }

    /// <summary>The last position of the store.</summary>
    internal async Task<long> LastAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await using var command =
            new NpgsqlCommand($"select coalesce(max(seq_id), 0) from {store.Schema}.mt_events", connection);
        return (long)(await command.ExecuteScalarAsync(token))!;
    }

    private void AddRange(NpgsqlParameterCollection parameters, long after, long until)
    {
        parameters.AddTyped(after);
        parameters.AddTyped(until);
        if (_aliases is not null)
            parameters.AddKeys(_aliases);
    }
}
