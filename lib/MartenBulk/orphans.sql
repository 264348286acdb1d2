-- Events that a reorganisation cut from the provisional tail, kept for auditors. A table of our own: Marten's stay exactly Marten's.
create table if not exists {schema}.es_orphaned_events (
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
