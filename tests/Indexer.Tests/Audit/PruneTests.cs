// Pruning against an archive: what goes, what stays, and that nothing goes which no archive holds. Each test prunes a
// database of its own.
using EventSourced.Indexer.Archive;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Prove;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Projections;
using EventSourced.Tables;

namespace EventSourced.Indexer.Tests.Audit;

[Collection(ArchivedTests.Name)]
public class PruneTests(ArchivedEconomy economy)
{
    private const string Past = "select count(*) from model.task_history";

    [Fact]
    public async Task What_was_pruned_is_replayed_from_the_archive_and_the_index_goes_on()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain, economy.Options);
        var before = await database.ProgressAsync();
        var events = await database.CountAsync("select count(*) from mt_events");
        var past = await database.CountAsync(Past);
        var pruned = await new Pruning(database.Source, economy.Trusted()).RunAsync(5, isWindow: true, default);
        Assert.Equal(events - pruned.Events, await database.CountAsync("select count(*) from mt_events"));
        Assert.True(pruned.Events > events / 2, $"expected most of {events} events to go, found {pruned}");
        Assert.True(await database.CountAsync(Past) < past, "expected past rows of tasks to go, found them all");
        Assert.Equal(0, await database.CountAsync(
            $"select count(*) from mt_events where seq_id <= {pruned.Sequence} and stream_id not like 'contract-%'"));
        Assert.Equal(0, await database.CountAsync($"{Past} where valid_to <= {pruned.Block}"));
        // Streams, rows and the index itself go on.
        await database.IndexAsync(economy.Chain, economy.Options);
        Assert.Equal(before.LastSequence, (await database.ProgressAsync()).LastSequence);
        var replayed = await ReplayAsync(database, withArchive: true);
        Assert.Null(replayed.Difference);
        Assert.Equal(before.StateRoot, replayed.StateRoot);
        Assert.Null(await new RowComparison(
            database.Source, "replay", ReadModelSchema.Serving, replayed.ToBlock, pruned.Block)
            .FirstAsync(ReadModels.All, default));
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ReplayAsync(database, withArchive: false));
        Assert.Contains(
            $"expected an archive of the events up to {pruned.Sequence}, which were dropped from this database",
            fault.Message, StringComparison.Ordinal);
        Assert.Equal(
            new Pruned(pruned.Block, pruned.Sequence, 0, 0),
            await new Pruning(database.Source, economy.Trusted()).RunAsync(5, isWindow: true, default));
    }

    [Fact]
    public async Task Bug_a_cut_behind_pruned_events_takes_every_stream_back_to_its_version()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain, economy.Options);
        var final = economy.Archived.Size;
        var expected = await database.TextAsync(
            $"select stream_id, max(version) from mt_events where seq_id <= {final} group by 1 order by 1");
        await new Pruning(database.Source, economy.Trusted()).RunAsync(0, isWindow: true, default);
        await using (var connection = await database.Source.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await EconomyStore.Open(database.Source).TruncateTailAsync(transaction, final, "a reorg", true);
            await transaction.CommitAsync();
        }

        Assert.Equal(expected, await database.TextAsync("select id, version from mt_streams order by 1"));
    }

    [Fact]
    public async Task Nothing_goes_that_the_archive_does_not_hold()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain, economy.Options);
        var count = await database.CountAsync("select count(*) from mt_events");
        var copy = ArchiveTests.Copy(economy.Folder);
        var file = Directory.EnumerateFiles(Path.Combine(copy, "event")).Order(StringComparer.Ordinal).First();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await RefusedAsync<FormatException>(copy, "with the hash");
        File.Copy(Path.Combine(economy.Folder, Path.GetRelativePath(copy, file)), file, overwrite: true);
        File.Delete(Path.Combine(copy, "log/tile/entries/000"));
        await RefusedAsync<FormatException>(copy, "expected tile/entries/000 as the database has it, found none");
        await database.CountAsync(
            "with c as (update mt_events set data = jsonb_set(data, '{spoiled}', '1'), version = version + 1000 where seq_id = 3 returning 1) select count(*) from c");
        await RefusedAsync<FormatException>(economy.Folder, "expected event 3 as the database has it");
        await database.CountAsync(
            "with c as (update es_indexer set deployment = 'another' returning 1) select count(*) from c");
        await RefusedAsync<InvalidOperationException>(economy.Folder, "expected an archive of deployment another");
        Directory.Delete(copy, recursive: true);

        async Task RefusedAsync<TFault>(string folder, string words)
            where TFault : Exception
        {
            var fault = await Assert.ThrowsAnyAsync<TFault>(() =>
                new Pruning(database.Source, economy.Trusted(folder)).RunAsync(0, isWindow: true, default));
            Assert.Contains(words, fault.Message, StringComparison.Ordinal);
            Assert.Equal(count, await database.CountAsync("select count(*) from mt_events"));
        }
    }

    [Fact]
    public async Task A_block_behind_the_archive_is_refused()
    {
        var last = economy.Archived.Block;
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            new Pruning(economy.Database.Source, economy.Trusted()).RunAsync(last + 1, isWindow: false, default));
        Assert.Contains($"expected a block up to {last}, the archive's last", fault.Message, StringComparison.Ordinal);
    }

    private Task<Replayed> ReplayAsync(IndexedDatabase database, bool withArchive) => new Replayer(
        database.Source, EconomyStore.Open(database.Source),
        new ReplayOptions { Archive = withArchive ? economy.Trusted() : null }).FromStreamsAsync(default);
}
