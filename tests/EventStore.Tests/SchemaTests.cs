// The created schema against marten-layout.md, column by column. The verified texts were written from that document,
// not
// from this program's output: where the two differ, the program is wrong.
using System.Text;
using System.Text.RegularExpressions;
using EventSourced.Testing;

namespace EventSourced.EventStore.Tests;

public sealed partial class SchemaTests(Database database) : IClassFixture<Database>
{
    private const string MartenTables =
        "('mt_streams', 'mt_events', 'mt_event_progression', 'mt_high_water_skips', 'mt_doc_deadletterevent')";

    [Fact]
    public async Task The_default_schema_is_martens()
    {
        await using var store = await database.StoreAsync();

        Snapshot.Matches(await DumpAsync(store));
    }

    [Fact]
    public async Task The_schema_with_all_metadata_is_martens()
    {
        await using var store =
            await database.StoreAsync(configure: options => options.Events.MetadataConfig.EnableAll());

        Snapshot.Matches(await DumpAsync(store));
    }

    [Fact]
    public async Task Migrating_twice_changes_nothing()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderShipped("owl"));
        var before = await DumpAsync(store);

        Assert.Equal(0, await store.MigrateAsync());

        Assert.Equal(before, await DumpAsync(store));
        Assert.Single(await store.AllAsync());
    }

    [Fact]
    public async Task Programs_that_start_together_migrate_once()
    {
        var schema = $"s{Guid.NewGuid():N}";
        await using var store = Database.Orders(database.ConnectionString, schema);

        var steps = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var starting = Database.Orders(database.ConnectionString, schema);
            return await starting.MigrateAsync();
        })));

        Assert.Equal(1, steps.Count(count => count > 0));
        await store.AppendAsync("a", new OrderShipped("owl"));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_untouched()
    {
        await using var store = await database.StoreAsync();
        await store.RunAsync("insert into {s}.es_migrations (step, name) values (99, '099-future.sql')");
        var before = await DumpAsync(store);

        var refusal = await Assert.ThrowsAsync<DatabaseIsNewerException>(() => store.MigrateAsync());

        Assert.Equal($"schema {store.Schema}: expected migration 3 or older, found 99; run the program that made it",
            refusal.Message);
        Assert.Equal(before, await DumpAsync(store));
    }

    [Fact]
    public async Task Columns_enabled_later_are_added_and_old_events_stay_readable()
    {
        await using var before = await database.StoreAsync();
        await before.AppendAsync("a", new OrderShipped("owl"));
        await using var after = Database.Orders(
            database.ConnectionString, before.Schema, configure: options =>
                options.Events.MetadataConfig.HeadersEnabled = true);
        await after.MigrateAsync();

        await using var session = after.LightweightSession();
        session.SetHeader("k", "v");
        session.Events.Append("a", new OrderShipped("cat"));
        await session.SaveChangesAsync();

        var events = await session.Events.FetchStreamAsync("a");
        Assert.Null(events[0].Metadata);
        Assert.Equal("v", events[1].Metadata!.Headers!["k"].GetString());
    }

    [Fact]
    public async Task Tables_that_marten_8_made_are_taken_over()
    {
        var schema = $"s{Guid.NewGuid():N}";
        await using var store = Database.Orders(database.ConnectionString, schema);
        await store.RunAsync("""
            create schema {s};
            create table {s}.mt_streams (id varchar constraint pkey_mt_streams_id primary key, type varchar, version bigint,
                timestamp timestamptz default now() not null, snapshot jsonb, snapshot_version integer,
                created timestamptz default now() not null, tenant_id varchar default '*DEFAULT*', is_archived bool default false);
            create table {s}.mt_events (seq_id bigint constraint pkey_mt_events_seq_id primary key, id uuid not null,
                stream_id varchar, version bigint not null, data jsonb not null, type varchar(500) not null,
                timestamp timestamptz default '(now())' not null, tenant_id varchar default '*DEFAULT*', mt_dotnet_type varchar,
                is_archived bool default false);
            create sequence {s}.mt_events_sequence;
            insert into {s}.mt_streams (id, version) values ('old', 1);
            insert into {s}.mt_events (seq_id, id, stream_id, version, data, type)
            values (nextval('{s}.mt_events_sequence'), gen_random_uuid(), 'old', 1, '{"Carrier":"owl"}', 'order_shipped');
            """);

        await store.MigrateAsync();
        await store.AppendAsync("old", new OrderShipped("cat"));

        Assert.Equal([new OrderShipped("owl"), new OrderShipped("cat")], (await store.AllAsync()).Select(e => e.Data));
    }

    [Fact]
    public async Task Martens_own_append_function_writes_beside_us()
    {
        await using var store = await database.StoreAsync();
        await store.AppendAsync("a", new OrderPlaced("ann", 1));
        const string append = """
            select {s}.mt_quick_append_events('{stream}', 'order', '*DEFAULT*', array[gen_random_uuid(), gen_random_uuid()],
                array['order_shipped', 'order_shipped']::varchar[], array['x', 'x']::varchar[],
                array['{"Carrier":"owl"}', '{"Carrier":"cat"}']::jsonb[], array[null, null]::bytea[],
                array[now(), now()]{expected})
            """;

        Assert.Equal(new long[] { 3, 2, 3 }, await store.ScalarAsync<long[]>(
            append.Replace("{stream}", "a").Replace("{expected}", ", 1")));
        Assert.Equal(new long[] { 2, 4, 5 }, await store.ScalarAsync<long[]>(
            append.Replace("{stream}", "b").Replace("{expected}", "")));
        var stale = await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => store.ScalarAsync<long[]>(append.Replace("{stream}", "a").Replace("{expected}", ", 1")));
        Assert.Equal("MT003", stale.SqlState);
        await store.RunAsync("select {s}.mt_archive_stream('b')");
        var archived = await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => store.ScalarAsync<long[]>(append.Replace("{stream}", "b").Replace("{expected}", "")));
        Assert.Equal("MT001", archived.SqlState);

        await store.AppendAsync("a", new OrderCancelled());
        var events = await store.AllAsync();
        Assert.Equal([1, 2, 3, 4, 5, 6], events.Select(e => e.Sequence));
        Assert.Equal([1, 2, 3, 1, 2, 4], events.Select(e => e.Version));
    }

    [Fact]
    public async Task The_mark_moves_over_a_gap_only_from_where_it_stands()
    {
        await using var store = await database.StoreAsync();
        await store.RunAsync("select {s}.mt_mark_event_progression('HighWaterMark', 5)");
        Assert.Equal(
            9, await store.ScalarAsync<long>("select {s}.mt_mark_progression_with_skip('HighWaterMark', 9, 5)"));
        Assert.Equal(
            9, await store.ScalarAsync<long>("select {s}.mt_mark_progression_with_skip('HighWaterMark', 12, 5)"));
        Assert.Equal(1, await store.ScalarAsync<long>(
            "select count(*) from {s}.mt_high_water_skips where starting_sequence = 5 and ending_sequence = 9"));
    }

    private static async Task<string> DumpAsync(Store store)
    {
        var text = new StringBuilder();
        await AddAsync($"""
            select format('%s %s %s %s %s default %s', table_name, ordinal_position, column_name,
                          data_type || coalesce('(' || character_maximum_length || ')', ''),
                          case is_nullable when 'YES' then 'null' else 'not null' end, coalesce(column_default, 'none'))
              from information_schema.columns where table_schema = '{store.Schema}' and table_name in {MartenTables}
             order by table_name, ordinal_position
            """);
        await AddAsync($"""
            select format('%s constraint %s %s', r.relname, c.conname, pg_get_constraintdef(c.oid))
              from pg_constraint c join pg_class r on r.oid = c.conrelid
             where c.connamespace = '{store.Schema}'::regnamespace and r.relname in {MartenTables} order by r.relname, c.conname
            """);
        await AddAsync($"select indexdef from pg_indexes where schemaname = '{store.Schema}' and tablename in {MartenTables} order by indexname");
        await AddAsync($"""
            select format('sequence %s start %s increment %s cache %s owned by %s', s.sequencename, s.start_value, s.increment_by,
                          s.cache_size, (select a.attrelid::regclass || '.' || a.attname from pg_depend d
                          join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                          where d.objid = '{store.Schema}.mt_events_sequence'::regclass and d.deptype = 'a'))
              from pg_sequences s where s.schemaname = '{store.Schema}' and s.sequencename = 'mt_events_sequence'
            """);
        await AddAsync($"""
            select format('function %s(%s) returns %s', p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid))
              from pg_proc p where p.pronamespace = '{store.Schema}'::regnamespace and p.proname like 'mt\_%' order by p.proname
            """);
        return Frozen().Replace(text.ToString().Replace(store.Schema + ".", ""), "a frozen moment");

        async Task AddAsync(string query)
        {
            await using var command = store.DataSource.CreateCommand(query);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) text.AppendLine(reader.GetString(0));
            text.AppendLine();
        }
    }

    [GeneratedRegex("'[0-9: .+-]+'::timestamp with time zone")]
    private static partial Regex Frozen();
}
