// The SQL of an append: one statement for any number of streams and events. It checks or creates every stream first,
// refuses before a sequence number is drawn if one of them is not as expected, and only then numbers and inserts the
// events. So a refused append leaves nothing behind, not even a gap in the sequence.
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

    private readonly string _schema;
    private readonly MetadataColumn[] _columns;
    private readonly string[] _texts;

    internal AppendStatement(string schema, MetadataConfig metadata)
    {
        _schema = schema;
        _columns = metadata.Columns;
        _texts = [Build(WhenRefused.FailAll, false), Build(WhenRefused.FailAll, true), Build(WhenRefused.LeaveOut, true)];
        Lock = $"select id, version, is_archived from {schema}.mt_streams where id = any($1) order by id for no key update";
    }

    /// <summary>
    /// Takes the rows of several existing streams in one order, so that writers of the same streams wait for one another
    /// instead of locking each other out.
    /// </summary>
    internal string Lock { get; }

    /// <summary>The statement; versions are numbered by the server if a stream may have any version.</summary>
    internal string Text(WhenRefused refused, bool numberedByServer) =>
        refused == WhenRefused.LeaveOut ? _texts[2] : _texts[numberedByServer ? 1 : 0];

    private string Build(WhenRefused refused, bool joined)
    {
        var text = new StringBuilder(4096);
        text.Append("""
            with wanted as (
                select * from unnest($1::varchar[], $2::varchar[], $3::bigint[], $4::bigint[]) with ordinality
                    as w (id, type, expected, added, place)
            ), started as (
                insert into {schema}.mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
                select id, type, added, now(), now(), '*DEFAULT*', false from wanted where expected = 0 order by place
                on conflict (id) do nothing
                returning id, version
            ), moved as (
                update {schema}.mt_streams s
                   set version = s.version + w.added, timestamp = case w.added when 0 then s.timestamp else now() end
                  from wanted w
                 where w.expected > 0 and s.id = w.id and s.version = w.expected and s.is_archived is not true
                returning s.id, s.version
            ), joined as (
                insert into {schema}.mt_streams as s (id, type, version, timestamp, created, tenant_id, is_archived)
                select id, type, added, now(), now(), '*DEFAULT*', false from wanted where expected < 0 order by place
                on conflict (id) do update set version = s.version + excluded.version, timestamp = excluded.timestamp
                    where s.is_archived is not true
                returning s.id, s.version
            ), ready as materialized (
                select id, version from started union all select id, version from moved
                union all select id, version from joined
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

        text.Append("insert into {schema}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id,")
            .Append(" mt_dotnet_type, ").AppendJoin("", _columns.Select(column => column.Name + ", ")).Append("is_archived)\n")
            .Append("select nextval('{schema}.mt_events_sequence'), e.id, e.stream_id, ")
            .Append(joined ? "e.final + e.place_in_stream" : "e.place_in_stream")
            .Append(", e.data, ($12::varchar[])[e.type], e.timestamp, '*DEFAULT*', ($13::varchar[])[e.type], ")
            .AppendJoin("", _columns.Select(column => $"e.{column.Name}, ")).Append("false\n");
        var unnest = Unnest();
        if (joined)
        {
            // Numbers are drawn above the sort, so that they follow the order of the events.
            text.Append("from (select e.*, r.version as final from ").Append(unnest)
                .Append(" join ready r on r.id = e.stream_id\n");
            if (refused == WhenRefused.FailAll) text.Append("where (select yes from passed) ");
            else text.Append("where $5::bigint is not null ");
            text.Append("order by e.place) e\n");
        }
        else
        {
            text.Append("from ").Append(unnest).Append("\nwhere (select yes from passed)\n");
        }

        text.Append(refused == WhenRefused.LeaveOut ? "returning seq_id, version, stream_id" : "returning seq_id, version");
        return text.Replace("{schema}", _schema).ToString();
    }

    private string Unnest()
    {
        var arrays = new StringBuilder("unnest($6::varchar[], $7::bigint[], $8::uuid[], $9::jsonb[], $10::int[], $11::timestamptz[]");
        for (var index = 0; index < _columns.Length; index++)
            arrays.Append($", ${FixedParameters + 1 + index}::{_columns[index].Type}[]");
        return arrays.Append(") with ordinality as e (stream_id, place_in_stream, id, data, type, timestamp, ")
            .AppendJoin("", _columns.Select(column => column.Name + ", ")).Append("place)").ToString();
    }
}
