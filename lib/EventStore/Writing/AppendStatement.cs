// The SQL of an append: one statement for any number of streams and events, whose versions the client knows. It moves or
// creates every stream first, refuses before a sequence number is drawn if one of them is not as expected, and only then
// numbers and inserts the events. So a refused append leaves nothing behind, not even a gap in the sequence.
//
// Several streams are held in the order of their keys before any is moved: an update alone takes its rows in whatever
// order the planner likes (once a small table is analyzed, that of the table), and two such updates may deadlock.
using System.Text;

namespace EventSourced.EventStore.Writing;

/// <summary>What happens when a stream is not as expected.</summary>
internal enum WhenRefused
{
    /// <summary>The whole statement fails.</summary>
    FailAll,

    /// <summary>That stream's events are left out and the others written: a group commit of strangers.</summary>
    LeaveOut,
}

/// <summary>Builds the statements of one store once.</summary>
internal sealed class AppendStatement
{
    /// <summary>Parameters before the optional metadata columns.</summary>
    internal const int FixedParameters = 13;

    private const string Held = """
        held as materialized (
                select id from {schema}.mt_streams where id = any($1) order by id for no key update
            ), 
        """;

    private readonly string _schema;
    private readonly MetadataColumn[] _columns;
    private readonly (string One, string Several) _failAll;
    private readonly (string One, string Several) _leaveOut;

    internal AppendStatement(string schema, MetadataConfig metadata)
    {
        _schema = schema;
        _columns = metadata.Columns;
        _failAll = (Build(WhenRefused.FailAll, false), Build(WhenRefused.FailAll, true));
        _leaveOut = (Build(WhenRefused.LeaveOut, false), Build(WhenRefused.LeaveOut, true));
    }

    internal string Text(WhenRefused refused, int streams)
    {
        var (one, several) = refused == WhenRefused.FailAll ? _failAll : _leaveOut;
        return streams == 1 ? one : several;
    }

    private string Build(WhenRefused refused, bool isSeveral)
    {
        var text = new StringBuilder(4096);
        // An expected version below zero is a stream that this transaction made, empty, and holds.
        text.Append("""
            with wanted as (
                select * from unnest($1::varchar[], $2::varchar[], $3::bigint[], $4::bigint[])
                    as w (id, type, expected, added)
            ), {held}moved as (
                update {schema}.mt_streams s
                   set version = s.version + w.added, timestamp = case w.added when 0 then s.timestamp else now() end
                  from wanted w{only held}
                 where w.expected <> 0 and s.id = w.id and s.version = greatest(w.expected, 0)
                   and s.is_archived is not true
                returning s.id
            ), started as (
                insert into {schema}.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
                select id, type, added, now(), now(), '*DEFAULT*', false from wanted where expected = 0
                on conflict (id) do nothing
                returning id
            ), ready as materialized (
                select id from moved union all select id from started
            )
            """);
        if (refused == WhenRefused.FailAll)
        {
            text.Append("""
                , passed as materialized (
                    select case when count(*) = $5 then true else {schema}.es_refuse($1, $3, array_agg(id)) end as yes
                      from ready
                )
                """);
        }

        text.Append(
            ", written as (\ninsert into {schema}.mt_events (seq_id, id, stream_id, version, data, type, timestamp,")
            .Append(" tenant_id, mt_dotnet_type, ").AppendJoin("", _columns.Select(column => column.Name + ", "))
            .Append("is_archived)\nselect nextval('{schema}.mt_events_sequence'), id, stream_id, version, data,")
            .Append(" ($12::varchar[])[type], timestamp, '*DEFAULT*', ($13::varchar[])[type], ")
            .AppendJoin("", _columns.Select(column => $"{column.Name}, ")).Append("false\n from ").Append(Unnest());
        text.Append(refused == WhenRefused.FailAll
            ? "\nwhere (select yes from passed)\nreturning seq_id)\nselect array_agg(seq_id) from written"
            : "\nwhere $5::bigint is not null and stream_id in (select id from ready)"
                + "\nreturning seq_id, version, stream_id)\n"
                + "select seq_id, version, stream_id from written order by seq_id");
        text.Replace("{held}", isSeveral ? Held : "").Replace("{only held}", isSeveral ? " join held on held.id = w.id" : "");
        return text.Replace("{schema}", _schema).ToString();
    }

    private string Unnest()
    {
        var arrays = new StringBuilder(
            "unnest($6::varchar[], $7::bigint[], $8::uuid[], $9::jsonb[], $10::int[], $11::timestamptz[]");
        for (var index = 0; index < _columns.Length; index++)
            arrays.Append($", ${FixedParameters + 1 + index}::{_columns[index].Type}[]");
        return arrays.Append(") as e (stream_id, version, id, data, type, timestamp")
            .AppendJoin("", _columns.Select(column => ", " + column.Name)).Append(')').ToString();
    }
}
