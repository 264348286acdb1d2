// Marten's tables, made by Marten. Always holds: a store of the economy finds nothing to change in what EventTables
// made, and Marten is started only where something is missing.
using EventSourced.Testing;
using Marten;
using Npgsql;

namespace EventSourced.Marten.Tests;

public sealed class SchemaTests
{
    [Fact]
    public async Task Tables_are_made_once_and_found_without_Marten_the_next_time()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        Assert.True(await EventTables.EnsureAsync(source));
        Assert.False(await EventTables.EnsureAsync(source));
        await AssertNothingToChangeAsync(source);
    }

    [Fact]
    public async Task Programs_that_start_at_once_make_the_tables_once()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EventTables.EnsureAsync(source)));
        Assert.Equal(1, made.Count(one => one));
    }

    [Fact]
    public async Task Tables_of_another_version_are_brought_to_this_one_and_their_events_stay()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await EventTables.EnsureAsync(source);
        // What a migration that was killed, or a Marten of long ago, leaves behind.
        await RunAsync(source, """
            insert into mt_streams (id, version) values ('task-1', 1);
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            values (nextval('mt_events_sequence'), gen_random_uuid(), 'task-1', 1, '{}', 'task_created', now());
            alter table mt_events drop column bdata;
            drop index pk_mt_events_stream_and_version;
            drop function mt_archive_stream(varchar);
            comment on table mt_events is 'Marten 8.0.0, layout 1'
            """);

        Assert.True(await EventTables.EnsureAsync(source));

        await AssertNothingToChangeAsync(source);
        await using var count = source.CreateCommand("select count(*) from mt_events where bdata is null");
        Assert.Equal(1L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_store_of_the_economy_makes_nothing_but_the_event_tables()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await EventTables.EnsureAsync(source);
        await using var store = Economy.Open(source);
        await using var session = store.QuerySession();
        Assert.Null(await session.Events.AggregateStreamAsync<Folded<Domain.Market.Tasks.State>>("task-1"));
        await AssertNothingToChangeAsync(source);
        await using var tables = source.CreateCommand(
            "select string_agg(tablename, ' ' order by tablename) from pg_tables where schemaname = 'public'");
        Assert.Equal(
            "mt_doc_deadletterevent mt_event_progression mt_event_projection_floors mt_events mt_high_water_skips "
            + "mt_streams",
            await tables.ExecuteScalarAsync());
    }

    internal static async Task AssertNothingToChangeAsync(NpgsqlDataSource source)
    {
        await using var store = Economy.Open(source);
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
        var migration = await store.Storage.CreateMigrationAsync();
        Assert.Equal(Weasel.Core.SchemaPatchDifference.None, migration.Difference);
    }

    private static async Task RunAsync(NpgsqlDataSource source, string statements)
    {
        await using var command = source.CreateCommand(statements);
        await command.ExecuteNonQueryAsync();
    }
}

internal static class Economy
{
    /// <summary>A store of Marten's on a database of the economy, as any auditor opens it.</summary>
    internal static DocumentStore Open(NpgsqlDataSource source, Action<StoreOptions>? configure = null) =>
        DocumentStore.For(options =>
        {
            options.Connection(source);
            options.AddAgentEconomy();
            configure?.Invoke(options);
        });
}
