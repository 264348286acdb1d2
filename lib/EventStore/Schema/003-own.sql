-- What the store needs beyond Marten's tables stands in tables of its own, so that Marten's stay exactly Marten's.

-- The latest state of an aggregate (version = its stream's) or of a document over many streams (version = the sequence).
create table {schema}.es_snapshots (
    type     varchar not null,
    id       varchar not null,
    version  bigint  not null,
    revision integer not null,
    data     jsonb   not null,
    constraint es_snapshots_key primary key (type, id)
) with (fillfactor = 70);

-- Events that a reorganisation cut from the provisional tail, kept for auditors.
create table {schema}.es_orphaned_events (
    orphan_id      bigint generated always as identity constraint es_orphaned_events_key primary key,
    orphaned_at    timestamptz  not null,
    reason         varchar      not null,
    seq_id         bigint       not null,
    id             uuid         not null,
    stream_id      varchar      not null,
    version        bigint       not null,
    data           jsonb        not null,
    type           varchar(500) not null,
    timestamp      timestamptz  not null,
    mt_dotnet_type varchar,
    metadata       jsonb
);

-- Called only to refuse: names the first stream that was not as expected, in a fresh snapshot, and aborts the statement.
create function {schema}.es_refuse(wanted varchar[], expected bigint[], ready varchar[])
returns boolean language plpgsql as $$
declare
    refused record;
begin
    select w.id, w.expected, coalesce(s.version, 0) as version, coalesce(s.is_archived, false) as is_archived
      into refused
      from unnest(wanted, expected) as w(id, expected) left join {schema}.mt_streams s on s.id = w.id
     where w.id <> all (coalesce(ready, '{}'))
     order by w.id limit 1;
    if refused.is_archived then
        raise exception 'stream %: expected a stream that takes events, found an archived one', refused.id
            using errcode = 'MT001', hint = refused.id;
    end if;
    raise exception 'stream %: expected version %, found %', refused.id, refused.expected, refused.version
        using errcode = 'MT003', hint = format('%s %s %s', refused.expected, refused.version, refused.id);
end
$$;
