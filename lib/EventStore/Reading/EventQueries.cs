// The reads that answer a few events: one stream, the state of streams, an aggregate with its snapshot. Each is one
// prepared statement and one round trip.
using System.Text.Json;
using EventSourced.EventStore.Json;
using EventSourced.EventStore.Projections;
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.EventStore.Reading;

/// <summary>Which events of one stream are wanted; zero and null mean no bound.</summary>
internal readonly record struct StreamRange(string Key, long Version, DateTimeOffset? Timestamp, long FromVersion);

/// <summary>Reads streams.</summary>
internal sealed class EventQueries
{
    private readonly EventTypes _types;
    private readonly MetadataColumn[] _columns;
    private readonly string _select;
    private readonly string _whole;
    private readonly string _many;
    private readonly string _latest;
    private readonly string _states;

    internal EventQueries(string schema, EventTypes types)
    {
        _types = types;
        _columns = types.MetadataConfig.Columns;
        Select = "select seq_id, version, type, case when bdata is null then data end, id, timestamp, is_archived"
            + string.Concat(_columns.Select(column => ", " + column.Name));
        _select = $"{Select} from {schema}.mt_events";
        _whole = $"{_select} where stream_id = $1 order by version";
        _many = $"""
            select e.seq_id, e.version, e.type, case when e.bdata is null then e.data end,
                   e.id, e.timestamp, e.is_archived,
                   {string.Concat(_columns.Select(column => $"e.{column.Name}, "))}e.stream_id
              from unnest($1::varchar[], $2::bigint[]) as w (id, after)
              join {schema}.mt_events e on e.stream_id = w.id and e.version > w.after
             order by e.stream_id, e.version
            """;
        // The first row is the snapshot, if there is one: both parts see the same moment.
        _latest = $"""
            with snapshot as (
                select version, data from {schema}.es_snapshots where type = $2 and id = $1 and revision = $3
            )
            select null::bigint, version, null::varchar, data, null::uuid, null::timestamptz, null::boolean
                   {string.Concat(_columns.Select(column => $", null::{column.Type}"))} from snapshot
            union all
            ({_select} where stream_id = $1 and version > coalesce((select version from snapshot), 0) order by version)
            """;
        _states = $"""
            select id, version, type, timestamp, created, is_archived from {schema}.mt_streams
             where id = any($1) order by id
            """;
    }

    /// <summary>The columns that every read of events begins with.</summary>
    internal string Select { get; }

    internal async Task<IReadOnlyList<Event>> FetchAsync(
        NpgsqlConnection connection, StreamRange range, CancellationToken token)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Text(range);
        command.Parameters.AddTyped(range.Key);
        if (range.Version > 0) command.Parameters.AddTyped(range.Version);
        if (range.Timestamp is { } until) command.Parameters.AddTyped(until.UtcDateTime);
        if (range.FromVersion > 0) command.Parameters.AddTyped(range.FromVersion);
        await command.PrepareAsync(token);
        await using var reader = await command.ExecuteReaderAsync(token);
        var events = new List<Event>();
        while (await reader.ReadAsync(token)) events.Add(Read(reader, range.Key));
        return events;
    }

    /// <summary>The events of several streams, each after a version, in the order of stream and version.</summary>
    internal async Task<IReadOnlyList<Event>> FetchManyAsync(
        NpgsqlConnection connection, string[] keys, long[] after, CancellationToken token)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _many;
        command.Parameters.AddKeys(keys);
        command.Parameters.AddTyped(after);
        await command.PrepareAsync(token);
        await using var reader = await command.ExecuteReaderAsync(token);
        return await ReadManyAsync(reader, token);
    }

    /// <summary>Events of several streams; the stream's key stands last in the row.</summary>
    internal async Task<IReadOnlyList<Event>> ReadManyAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        var events = new List<Event>();
        while (await reader.ReadAsync(token))
            events.Add(Read(reader, reader.GetString(7 + _columns.Length)));
        return events;
    }

    /// <summary>An aggregate's state and version: its snapshot, if one is kept, and the events behind it.</summary>
    internal async Task<(object? State, long Version)> LoadAsync(
        NpgsqlConnection connection, Projection projection, string key, CancellationToken token)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = projection.IsStored ? _latest : _whole;
        command.Parameters.AddTyped(key);
        if (projection.IsStored)
        {
            command.Parameters.AddTyped(projection.Name);
            command.Parameters.AddTyped(projection.Revision);
        }

        await command.PrepareAsync(token);
        await using var reader = await command.ExecuteReaderAsync(token);
        var (state, version) = ((object?)null, 0L);
        while (await reader.ReadAsync(token))
        {
            version = reader.GetInt64(1);
            state = reader.IsDBNull(0)
                ? projection.Read(reader.GetFieldValue<byte[]>(3))
                : projection.Apply(state, Read(reader, key));
        }

        return (state, version);
    }

    internal async Task<IReadOnlyList<StreamState>> StatesAsync(
        NpgsqlConnection connection, string[] keys, CancellationToken token)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _states;
        command.Parameters.AddKeys(keys);
        await command.PrepareAsync(token);
        await using var reader = await command.ExecuteReaderAsync(token);
        var states = new List<StreamState>(keys.Length);
        while (await reader.ReadAsync(token))
        {
            states.Add(new StreamState(
                reader.GetString(0),
                reader.GetInt64(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                !reader.IsDBNull(5) && reader.GetBoolean(5)));
        }

        return states;
    }

    private string Text(StreamRange range)
    {
        if (range is { Version: <= 0, Timestamp: null, FromVersion: <= 0 }) return _whole;
        var number = 1;
        var text = $"{_select} where stream_id = $1";
        if (range.Version > 0) text += $" and version <= ${++number}";
        if (range.Timestamp is not null) text += $" and timestamp <= ${++number}";
        if (range.FromVersion > 0) text += $" and version >= ${++number}";
        return text + " order by version";
    }

    private Event Read(NpgsqlDataReader reader, string key)
    {
        var version = reader.GetInt64(1);
        var alias = reader.GetString(2);
        var type = _types.Find(alias) ?? throw new UnknownEventTypeException(alias, key, version);
        if (reader.IsDBNull(3))
            throw new JsonException($"stream {key}, version {version}: expected an event in JSON, found a binary one");
        var made = type.Wrap(type.ReadData(reader.GetFieldValue<byte[]>(3)));
        made.StreamKey = key;
        made.Sequence = reader.GetInt64(0);
        made.Version = version;
        made.Id = reader.GetGuid(4);
        made.Timestamp = reader.GetFieldValue<DateTimeOffset>(5);
        made.IsArchived = !reader.IsDBNull(6) && reader.GetBoolean(6);
        for (var index = 0; index < _columns.Length; index++)
        {
            if (!reader.IsDBNull(7 + index))
                made.Metadata =
                    _columns[index].Read(made.Metadata ?? new EventMetadata(), reader.GetFieldValue<byte[]>(7 + index));
        }

        return made;
    }
}
