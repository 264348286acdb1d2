// The same chain gives the same rows, whatever the batches, the memory and the restarts.
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Projections;
using EventSourced.Tables;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class DeterminismTests(EconomyChain economy) : IClassFixture<EconomyChain>
{
    [Fact]
    public async Task Every_story_of_the_world_is_indexed_without_a_violation_of_integrity()
    {
        await using var database = await IndexedDatabase.CreateAsync();
        var status = await database.IndexAsync(economy.Chain);
        Assert.Equal(0, await database.CountAsync("select count(*) from model.violation"));
        Assert.True(status.IsReady, $"expected a ready indexer, found {status.Phase}: {status.Fault}");
        Assert.Equal(status.LastSequence, await database.CountAsync("select count(*) from mt_events"));
        foreach (var model in ReadModels.All.Where(model => model.Table != "violation"))
            Assert.True(
                await database.CountAsync($"select count(*) from model.{model.Table}") > 0,
                $"expected rows in {model.Table}, found none");
    }

    [Fact]
    public async Task Batches_of_1_7_and_1000_events_give_the_same_rows_and_the_same_root()
    {
        await using var expected = await IndexedDatabase.OfAsync(economy.Chain);
        var dump = await expected.DumpAsync();
        var root = (await expected.ProgressAsync()).StateRoot;
        Assert.NotNull(root);
        foreach (var size in new[] { 1, 7, 1000 })
        {
            await using var found = await IndexedDatabase.OfAsync(
                economy.Chain, IndexedDatabase.Options with { BatchEvents = size, RootEvery = 100 });
            IndexedDatabase.AssertEqual(dump, await found.DumpAsync());
            Assert.Equal(root, (await found.ProgressAsync()).StateRoot);
        }
    }

    // Each of the last 70 blocks was a transaction of its own, at every first start.
    [Fact]
    public async Task Blocks_that_are_not_final_and_known_already_are_written_together()
    {
        await using var database = await IndexedDatabase.CreateAsync();
        var status = await database.IndexAsync(economy.Chain);
        Assert.True(status.Tip!.Value.Number - status.Finalized!.Value.Number == 70,
            $"expected a tail of 70 blocks, found {status.Tip} on {status.Finalized}");
        Assert.InRange(status.Batches, 2, 10);
    }

    [Fact]
    public async Task A_cache_that_forgets_almost_everything_changes_no_row()
    {
        await using var expected = await IndexedDatabase.OfAsync(economy.Chain);
        await using var found = await IndexedDatabase.OfAsync(
            economy.Chain, IndexedDatabase.Options with { CachedThings = 20, BatchEvents = 50 });
        IndexedDatabase.AssertEqual(await expected.DumpAsync(), await found.DumpAsync());
        Assert.Equal((await expected.ProgressAsync()).StateRoot, (await found.ProgressAsync()).StateRoot);
    }

    [Fact]
    public Task Stops_at_random_moments_change_no_row() => Seed.RunAsync(async random =>
    {
        await using var expected = await IndexedDatabase.OfAsync(economy.Chain);
        await using var found = await IndexedDatabase.CreateAsync();
        for (var stop = 0; stop < 12; stop++)
        {
            var indexer = found.Indexer(economy.Chain, IndexedDatabase.Options with { BatchEvents = 40 });
            using var cancel = new CancellationTokenSource(random.Next(30, 400));
            await IndexedDatabase.EndAsync(indexer.RunAsync(cancel.Token));
        }

        await found.IndexAsync(economy.Chain);
        IndexedDatabase.AssertEqual(await expected.DumpAsync(), await found.DumpAsync());
        Assert.Equal((await expected.ProgressAsync()).StateRoot, (await found.ProgressAsync()).StateRoot);
    });

    [Fact]
    public async Task A_replay_from_the_streams_and_one_from_the_chain_make_the_same_rows()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain);
        var ledger = await database.ProgressAsync();
        var store = EconomyStore.Open(database.Source);
        var options = new ReplayOptions { Schema = "again" };
        var streams = await new Replayer(database.Source, store, options).FromStreamsAsync(CancellationToken.None);
        Assert.Null(streams.Difference);
        Assert.Equal(ledger.LastSequence, streams.Events);
        Assert.Equal(ledger.StateRoot, streams.StateRoot);
        IndexedDatabase.AssertEqual(await database.DumpAsync(), await database.DumpAsync("again"));

        var book = await Genesis.ReadAsync(
            Deployment.Load(economy.Chain.Deployment), economy.Chain.Client, IndexedDatabase.Options.Ingestion,
            CancellationToken.None);
        var ingestion = IndexedDatabase.Options.Ingestion with { Source = book };
        var backfill = new Backfill(new RangeReader(economy.Chain.Client, ingestion), ingestion);
        var chain = await new Replayer(database.Source, store, options with { CachedThings = 50, LastingBytes = 1_000 })
            .FromChainAsync(backfill, book, CancellationToken.None);
        Assert.Null(chain.Difference);
        Assert.Equal(ledger.StateRoot, chain.StateRoot);
        Assert.Null(await new RowComparison(database.Source, "again", ReadModelSchema.Serving, chain.ToBlock)
            .FirstAsync(ReadModels.All, CancellationToken.None));
    }

    // The rows are committed before they are indexed, on two connections: what follows must not leave them, nor the
    // lock.
    [Fact]
    public async Task A_replay_whose_rows_cannot_be_indexed_leaves_nothing_behind()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain);
        var store = EconomyStore.Open(database.Source);
        await database.Source.CreateCommand(
            """
            create function refuse() returns event_trigger language plpgsql as $$ begin raise 'no room for an index'; end $$;
            create event trigger refuse on ddl_command_start when tag in ('CREATE INDEX') execute function refuse()
            """).ExecuteNonQueryAsync();
        var replayer = new Replayer(database.Source, store, new ReplayOptions { Schema = "again", Serves = true });
        var failure = await Assert.ThrowsAsync<PostgresException>(
            () => replayer.FromStreamsAsync(CancellationToken.None));
        Assert.Equal("no room for an index", failure.MessageText);
        Assert.Equal(0, await database.CountAsync("select count(*) from pg_namespace where nspname = 'again'"));
        await database.Source.CreateCommand("drop event trigger refuse").ExecuteNonQueryAsync();
        Assert.Null((await replayer.FromStreamsAsync(CancellationToken.None)).Difference);
    }

    [Fact]
    public async Task Two_replays_into_one_schema_take_turns()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain);
        var store = EconomyStore.Open(database.Source);
        var replayer = new Replayer(database.Source, store, new ReplayOptions { Schema = "again" });
        var replays = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => replayer.FromStreamsAsync(CancellationToken.None)));
        Assert.Single(replays.Distinct());
        Assert.Null(replays[0].Difference);
        IndexedDatabase.AssertEqual(await database.DumpAsync(), await database.DumpAsync("again"));
        Assert.Equal(0,
            await database.CountAsync("select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"));
    }

    [Fact]
    public async Task A_replay_finds_an_event_and_a_row_that_somebody_changed()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain);
        var store = EconomyStore.Open(database.Source);
        await database.Source.CreateCommand(
            "update model.task set max_price = max_price + 1 where task_id = 3").ExecuteNonQueryAsync();
        var replayer = new Replayer(database.Source, store, new ReplayOptions { Schema = "again" });
        var replayed = await replayer.FromStreamsAsync(CancellationToken.None);
        var row = await new RowComparison(database.Source, "again", ReadModelSchema.Serving, replayed.ToBlock)
            .FirstAsync(ReadModels.All, CancellationToken.None);
        Assert.Contains("table task, row 3", row!.Where, StringComparison.Ordinal);
        Assert.Contains("max_price", row.Where, StringComparison.Ordinal);

        await database.Source.CreateCommand(
            """update mt_events set data = jsonb_set(data, '{Deadline}', '5') where type = 'task_deadline_passed'""")
                .ExecuteNonQueryAsync();
        var changed = await replayer.FromStreamsAsync(CancellationToken.None);
        Assert.Contains("task_deadline_passed",
            changed.Difference!.Found.ToLowerInvariant().Replace(
                "taskdeadlinepassed", "task_deadline_passed", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_models_of_another_program_are_built_anew_beside_and_change_places()
    {
        await using var expected = await IndexedDatabase.OfAsync(economy.Chain);
        await using var found = await IndexedDatabase.OfAsync(economy.Chain);
        await found.Source.CreateCommand(
            """
            alter table model.task drop column price;
            create table model.gone (id bigint);
            update es_indexer set models = 'task:older'
            """).ExecuteNonQueryAsync();
        await found.IndexAsync(economy.Chain);
        IndexedDatabase.AssertEqual(await expected.DumpAsync(), await found.DumpAsync());
        Assert.Equal(0, await found.CountAsync(
            "select count(*) from pg_tables where schemaname in ('model_old', 'model_next') or tablename = 'gone'"));
        Assert.Equal((await expected.ProgressAsync()).Models, (await found.ProgressAsync()).Models);
    }
}
