// What the append must know beforehand: at which version each stream stands. Looked up without a lock where the append
// itself will notice a change, or under one where a state is folded on top of it. Locks are taken in the order of the
// keys, so that writers of the same streams wait for one another and never deadlock.
using EventSourced.EventStore.Reading;
using Npgsql;

namespace EventSourced.EventStore.Writing;

/// <summary>Finds, and if asked locks, the versions of streams.</summary>
internal sealed class StreamVersions(string schema)
{
    // One row for all of them: a thousand rows would cost both sides more than the look-up itself.
    private readonly string _look = $"""
        select array_agg(coalesce(s.version, 0) order by w.place)
          from unnest($1::varchar[]) with ordinality as w (id, place) left join {schema}.mt_streams s on s.id = w.id
        """;

    private readonly string _lock = $"""
        select id, version, is_archived from {schema}.mt_streams where id = any($1) order by id for no key update
        """;

    private readonly string _create = $"""
        insert into {schema}.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        select id, type, 0, now(), now(), '*DEFAULT*', false from unnest($1::varchar[], $2::varchar[]) as w (id, type)
        on conflict (id) do nothing
        """;

    /// <summary>Assumes the expected version of every stream, and where any will do the one that it has now.</summary>
    internal async Task AssumeAsync(NpgsqlConnection connection, List<StreamAction> streams, CancellationToken token)
    {
        var open = streams.FindAll(stream => stream.Expected.IsAny);
        var found = open.Count == 0 ? [] : await LookAsync(connection, Keys(open), token);
        for (var index = 0; index < open.Count; index++) open[index].Assume(found[index]);
        foreach (var stream in streams)
            if (!stream.Expected.IsAny) stream.Assume(stream.Expected.Value);
    }

    /// <summary>Locks every stream that exists or may exist, and checks what was expected of it.</summary>
    /// <exception cref="ConcurrencyException">A stream is not as expected.</exception>
    internal async Task LockAsync(NpgsqlConnection connection, List<StreamAction> streams, CancellationToken token)
    {
        var existing = streams.FindAll(stream => stream.Expected != ExpectedVersion.NoStream);
        var found = await LockRowsAsync(connection, existing, token);
        var missing = existing.FindAll(stream => stream.Expected.IsAny && !found.ContainsKey(stream.Key));
        if (missing.Count > 0)
        {
            await CreateAsync(connection, missing, token);
            foreach (var (key, state) in await LockRowsAsync(connection, missing, token))
                found.Add(key, state);
        }

        foreach (var stream in streams)
        {
            var (version, isArchived) = found.GetValueOrDefault(stream.Key);
            if (isArchived) throw new ArchivedStreamException(stream.Key);
            if (!stream.Expected.IsAny && stream.Expected.Value != version)
                throw new ConcurrencyException(stream.Key, stream.Expected, version);
            stream.Assume(version, isHeld: found.ContainsKey(stream.Key));
        }
    }

    private async Task<long[]> LookAsync(NpgsqlConnection connection, string[] keys, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(_look, connection);
        command.Parameters.AddKeys(keys);
        await command.PrepareAsync(token);
        await using var reader = await command.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        return reader.GetFieldValue<long[]>(0);
    }

    private async Task<Dictionary<string, (long Version, bool IsArchived)>> LockRowsAsync(
        NpgsqlConnection connection, List<StreamAction> streams, CancellationToken token)
    {
        var found = new Dictionary<string, (long, bool)>(streams.Count);
        if (streams.Count == 0) return found;
        await using var command = new NpgsqlCommand(_lock, connection);
        command.Parameters.AddKeys(Keys(streams));
        await command.PrepareAsync(token);
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
            found.Add(reader.GetString(0), (reader.GetInt64(1), !reader.IsDBNull(2) && reader.GetBoolean(2)));
        return found;
    }

    private async Task CreateAsync(NpgsqlConnection connection, List<StreamAction> missing, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(_create, connection);
        command.Parameters.AddKeys(Keys(missing));
        command.Parameters.AddKeys([.. missing.Select(stream => stream.AggregateTypeName!)]);
        await command.ExecuteNonQueryAsync(token);
    }

    private static string[] Keys(List<StreamAction> streams) => [.. streams.Select(stream => stream.Key)];
}
