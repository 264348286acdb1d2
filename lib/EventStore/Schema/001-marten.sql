-- Marten 9's event tables for string stream identity, column by column, with its names for keys and indexes, so that the
-- real Marten opens this database and finds nothing to change. {schema} and the optional columns are filled in by Migrations.

create table if not exists {schema}.mt_streams (
    id          varchar     not null constraint pkey_mt_streams_id primary key,
    type        varchar,
    version     bigint,
    timestamp   timestamptz not null default now(),
    created     timestamptz not null default now(),
    tenant_id   varchar     default '*DEFAULT*',
    is_archived boolean     default false
);

-- The default of timestamp is a text in Marten's DDL too, folded to the moment of creation: every writer gives its own.
create table if not exists {schema}.mt_events (
    seq_id         bigint       not null constraint pkey_mt_events_seq_id primary key,
    id             uuid         not null,
    stream_id      varchar,
    version        bigint       not null,
    data           jsonb        not null,
    bdata          bytea,
    type           varchar(500) not null,
    timestamp      timestamptz  not null default '(now())',
    tenant_id      varchar      default '*DEFAULT*',
    mt_dotnet_type varchar,
    {metadata_columns}
    is_archived    boolean      default false,
    constraint fkey_mt_events_stream_id foreign key (stream_id) references {schema}.mt_streams (id) on delete cascade
);
-- A database that Marten 8 made has no binary payload yet.
alter table {schema}.mt_events add column if not exists bdata bytea;
create unique index if not exists pk_mt_events_stream_and_version on {schema}.mt_events (stream_id, version);

create sequence if not exists {schema}.mt_events_sequence;
alter sequence {schema}.mt_events_sequence owned by {schema}.mt_events.seq_id;

create table if not exists {schema}.mt_event_progression (
    name         varchar     not null constraint pk_mt_event_progression primary key,
    last_seq_id  bigint,
    last_updated timestamptz default transaction_timestamp()
);

create table if not exists {schema}.mt_high_water_skips (
    ending_sequence   bigint      not null constraint pkey_mt_high_water_skips_ending_sequence primary key,
    starting_sequence bigint      not null,
    timestamp         timestamptz default transaction_timestamp()
);

create table if not exists {schema}.mt_doc_deadletterevent (
    id               uuid        not null constraint pkey_mt_doc_deadletterevent_id primary key,
    data             jsonb       not null,
    mt_last_modified timestamptz default transaction_timestamp(),
    mt_version       uuid        not null default (md5(random()::text || clock_timestamp()::text))::uuid,
    mt_dotnet_type   varchar
);
