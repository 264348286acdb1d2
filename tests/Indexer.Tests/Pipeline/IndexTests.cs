// Which tables have indexes: those that are worth them, and no others.

using EventSourced.Tables;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class IndexTests(EconomyChain economy) : IClassFixture<EconomyChain>
{
    // A table may grow by this before it is looked at again.
    private const int MostUnindexed = 2 * ReadModelSchema.WorthIndexing + 65_536;

    [Fact]
    public async Task A_table_has_its_indexes_once_it_is_worth_them_and_a_small_one_has_none()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain);
        const string tables =
            """
            (select c.oid, c.relname, pg_relation_size(c.oid) as bytes, 'autovacuum_enabled=off' = any(reloptions) is true as is_small,
                    (select count(*) from pg_index i where i.indrelid = c.oid and not i.indisprimary) as indexes
               from pg_class c where c.relkind = 'r' and c.relnamespace = 'model'::regnamespace) t
            """;
        Assert.NotEqual(0, await database.CountAsync($"select count(*) from {tables} where not is_small"));
        Assert.Equal(0,
            await database.CountAsync(
                $"select count(*) from {tables} where is_small and (indexes > 0 or bytes >= {MostUnindexed})"));
        Assert.Equal(0,
            await database.CountAsync(
                $"select count(*) from {tables} where not is_small and bytes < {ReadModelSchema.WorthIndexing}"));
        Assert.Equal(0,
            await database.CountAsync(
                $"select count(*) from {tables} where relname like '%_history' and not is_small and indexes < 2"));
        Assert.Equal(3, await database.CountAsync(
            "select count(*) from pg_indexes where schemaname = 'model' and tablename = 'transfer'"));
        Assert.Equal(1,
            await database.CountAsync(
                "select count(*) from pg_indexes where indexname = 'pk_mt_events_stream_and_version'"));
    }

    [Fact]
    public async Task A_leader_that_was_stopped_in_its_first_load_leaves_the_index_to_the_next_one()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain);
        await using (var connection = await database.Source.OpenConnectionAsync())
        await using (var drop = new Npgsql.NpgsqlCommand(
            "drop index pk_mt_events_stream_and_version; alter table mt_events set (autovacuum_enabled = off)",
            connection))
            await drop.ExecuteNonQueryAsync();
        await economy.Chain.Anvil.MineAsync(2, CancellationToken.None);
        await database.IndexAsync(economy.Chain);
        Assert.Equal(1,
            await database.CountAsync(
                "select count(*) from pg_indexes where indexname = 'pk_mt_events_stream_and_version'"));
    }
}
