-- The four functions that Marten's own programs call, with its signatures and refusals. Where one exists already (Marten
-- made the database) it is left as it is. {…} parts follow the optional metadata columns.

do $migration$
begin
if to_regprocedure('{schema}.mt_archive_stream(varchar)') is null then
    create function {schema}.mt_archive_stream(streamid varchar) returns void language plpgsql as $$
    begin
        update {schema}.mt_streams set is_archived = true where id = streamid;
        update {schema}.mt_events set is_archived = true where stream_id = streamid;
    end
    $$;
end if;

if to_regprocedure('{schema}.mt_mark_event_progression(varchar, bigint)') is null then
    create function {schema}.mt_mark_event_progression(name varchar, last_encountered bigint)
    returns void language plpgsql as $$
    begin
        insert into {schema}.mt_event_progression as p (name, last_seq_id, last_updated)
        values ($1, $2, transaction_timestamp())
        on conflict on constraint pk_mt_event_progression
            do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated;
    end
    $$;
end if;

-- Moves the high-water mark over a gap, but only from where the caller saw it; answers where it stands afterwards.
if to_regprocedure('{schema}.mt_mark_progression_with_skip(varchar, bigint, bigint)') is null then
    create function {schema}.mt_mark_progression_with_skip(
        shard_name varchar, ending_sequence bigint, starting_sequence bigint)
    returns bigint language plpgsql as $$
    declare
        standing bigint;
    begin
        insert into {schema}.mt_event_progression (name, last_seq_id)
        values ($1, $3) on conflict on constraint pk_mt_event_progression do nothing;
        select p.last_seq_id into standing from {schema}.mt_event_progression p where p.name = $1 for update;
        if standing is distinct from $3 then
            return standing;
        end if;
        update {schema}.mt_event_progression p
           set last_seq_id = $2, last_updated = transaction_timestamp() where p.name = $1;
        insert into {schema}.mt_high_water_skips (ending_sequence, starting_sequence)
        values ($2, $3) on conflict on constraint pkey_mt_high_water_skips_ending_sequence do nothing;
        return $2;
    end
    $$;
end if;

-- One stream's append: refused before the first number is drawn; answers the new version, then each sequence number.
if not exists (select from pg_proc where pronamespace = '{schema_literal}'::regnamespace
               and proname = 'mt_quick_append_events') then
    create function {schema}.mt_quick_append_events(
        stream varchar, stream_type varchar, tenantid varchar, event_ids uuid[], event_types varchar[],
        dotnet_types varchar[], bodies jsonb[], bdatas bytea[], {function_parameters}timestamps timestamptz[],
        expected_version bigint default null)
    returns bigint[] language plpgsql as $$
    declare
        standing {schema}.mt_streams%rowtype;
        reached bigint;
        drawn bigint;
        answer bigint[];
    begin
        select * into standing from {schema}.mt_streams where id = stream;
        reached := coalesce(standing.version, 0);
        if expected_version is not null and expected_version <> reached then
            raise exception 'stream %: expected version %, found %', stream, expected_version, reached
                using errcode = 'MT003';
        end if;
        if standing.is_archived then
            raise exception 'stream %: expected a stream that takes events, found an archived one', stream
                using errcode = 'MT001';
        end if;
        if standing.id is null then
            insert into {schema}.mt_streams (id, type, version, timestamp, tenant_id, is_archived)
            values (stream, stream_type, 0, now(), tenantid, false);
        elsif standing.tenant_id is distinct from tenantid then
            raise exception 'stream %: expected tenant %, found %', stream, tenantid, standing.tenant_id;
        end if;
        for i in 1 .. coalesce(array_length(event_ids, 1), 0) loop
            drawn := nextval('{schema}.mt_events_sequence');
            reached := reached + 1;
            insert into {schema}.mt_events (seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id,
                                            mt_dotnet_type, {metadata_names}is_archived)
            values (drawn, event_ids[i], stream, reached, bodies[i], bdatas[i], event_types[i], timestamps[i], tenantid,
                    dotnet_types[i], {function_values}false);
            answer := answer || drawn;
        end loop;
        update {schema}.mt_streams set version = reached, timestamp = now() where id = stream;
        return reached || answer;
    end
    $$;
end if;
end
$migration$;
