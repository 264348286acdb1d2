// What the floors of the session benches send: the plainest unnest statements that keep Marten's tables right, with
// JSON that was serialized beforehand.
using Npgsql;
using NpgsqlTypes;

namespace EventSourced.Bench.Store;

internal sealed class FloorArrays(string schema)
{
    private readonly string _start = $"""
        insert into {schema}.mt_streams (id, type, version, tenant_id, is_archived)
        select id, 'account', version, '*DEFAULT*', false from unnest($1::varchar[], $2::bigint[]) as s (id, version)
        """;

    private readonly string _move = $"""
        update {schema}.mt_streams s set version = w.version, timestamp = now()
          from unnest($1::varchar[], $2::bigint[]) as w (id, version) where s.id = w.id and s.version = w.version - 1
        """;

    private readonly string _events = $"""
        insert into {schema}.mt_events
            (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
        select nextval('{schema}.mt_events_sequence'), id, stream_id, version, data, type, now(), '*DEFAULT*',
               dotnet, false
          from unnest($1::uuid[], $2::varchar[], $3::bigint[], $4::jsonb[], $5::varchar[], $6::varchar[])
            as e (id, stream_id, version, data, type, dotnet)
        """;

    private readonly string _load =
        $"select id, version, data from {schema}.es_snapshots where type = 'account' and id = any($1)";

    private readonly string _store = $"""
        insert into {schema}.es_snapshots (type, id, version, revision, data)
        select 'account', id, version, 1, data
          from unnest($1::varchar[], $2::bigint[], $3::jsonb[]) as u (id, version, data)
        on conflict on constraint es_snapshots_key do update set version = excluded.version, data = excluded.data
        """;

    internal NpgsqlBatchCommand Start(string[] keys, long[] versions) => Command(_start, Text(keys), Numbers(versions));

    internal NpgsqlBatchCommand Move(string[] keys, long[] versions) => Command(_move, Text(keys), Numbers(versions));

    internal NpgsqlBatchCommand Load(string[] keys) => Command(_load, Text(keys));

    internal NpgsqlBatchCommand Store(string[] keys, long[] versions, byte[][] data) =>
        Command(_store, Text(keys), Numbers(versions), Json(data));

    internal NpgsqlBatchCommand Events(string[] keys, long[] versions, byte[][] data, bool[] opened) => Command(
        _events,
        new NpgsqlParameter<Guid[]> { TypedValue = Array.ConvertAll(keys, _ => Guid.NewGuid()) },
        Text(keys),
        Numbers(versions),
        Json(data),
        Text(Array.ConvertAll(opened, first => first ? "account_opened" : "amount_moved")),
        Text(Array.ConvertAll(opened, first => first
            ? "EventSourced.Bench.Store.AccountOpened, EventSourced.Bench.Store"
            : "EventSourced.Bench.Store.AmountMoved, EventSourced.Bench.Store")));

    private static NpgsqlBatchCommand Command(string text, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter<string[]> Text(string[] values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar, TypedValue = values };

    private static NpgsqlParameter<long[]> Numbers(long[] values) => new() { TypedValue = values };

    private static NpgsqlParameter<byte[][]> Json(byte[][] values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb, TypedValue = values };
}
