// Contracts that the directory registers when the chain is long under way: each is read from its registration's block
// on, by whichever way the block reaches the indexer, and a reorg that takes the registration back takes what it said.
using EventSourced.Ethereum;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.World;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class RegistrationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_contract_that_is_registered_later_is_read_from_its_registration_on_and_the_old_one_stays()
    {
        await using var chain = await WorldChain.FreshAsync(None);
        await using var live = await IndexedDatabase.CreateAsync();
        await using var stopped = await IndexedDatabase.CreateAsync();
        var indexer = live.Indexer(chain);
        using var stop = new CancellationTokenSource();
        var running = indexer.RunAsync(stop.Token);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        var acts = new RegisteringChain(chain);
        var second = await acts.DeployCreditAsync();
        await acts.ApproveAsync(second, 1);
        await acts.ApproveAsync(acts.FirstCredit, 2);
        await acts.RegisterAsync("credit", second);
        // A name that the catalog does not have is the people's own.
        await acts.RegisterAsync("oracle", second);
        await acts.ApproveAsync(second, 3);
        await acts.ApproveAsync(acts.FirstCredit, 4);
        await stopped.IndexAsync(chain);
        await chain.Anvil.MineAsync(80, None);
        await stopped.IndexAsync(chain);
        await acts.ApproveAsync(second, 5);
        await acts.ApproveAsync(acts.FirstCredit, 6);
        await chain.Anvil.MineAsync(80, None);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
        await stopped.IndexAsync(chain);

        await using var backfilled = await IndexedDatabase.OfAsync(chain);
        Assert.Equal([2, 3, 4, 5, 6], await SpendersAsync(backfilled));
        Assert.Equal(0, await backfilled.CountAsync("select count(*) from model.violation"));
        Assert.Equal(29, await backfilled.CountAsync("select count(*) from model.contract"));
        var dump = await backfilled.DumpAsync();
        IndexedDatabase.AssertEqual(dump, await live.DumpAsync());
        IndexedDatabase.AssertEqual(dump, await stopped.DumpAsync());
        await AssertReplaysAsync(chain, backfilled);
    }

    [Fact]
    public async Task A_deployment_that_names_the_directory_alone_gives_the_same_rows_and_is_the_same_one()
    {
        await using var chain = await WorldChain.FreshAsync(None);
        await using var expected = await IndexedDatabase.OfAsync(chain);
        var whole = Deployment.Load(chain.Deployment);
        using var file = new DeploymentFile($$"""
            { "chainId": {{whole.ChainId}}, "firstBlock": {{whole.FirstBlock}}, "contracts": { "directory": "{{whole.Directory}}" } }
            """);
        await using var alone = WorldChain.At(chain.Endpoint, file.Path);
        await using var found = await IndexedDatabase.OfAsync(alone);
        IndexedDatabase.AssertEqual(await expected.DumpAsync(), await found.DumpAsync());
        Assert.Equal((await expected.ProgressAsync()).Deployment, (await found.ProgressAsync()).Deployment);
        Assert.Equal(28, (await BookAsync(alone)).Known.Addresses.Count);
    }

    [Fact]
    public async Task A_reorg_that_takes_a_registration_back_takes_the_contract_back()
    {
        await using var chain = await WorldChain.FreshAsync(None, shared: true);
        var acts = new RegisteringChain(chain);
        var second = await acts.DeployCreditAsync();
        await chain.Anvil.MineAsync(5, None);
        await using var database = await IndexedDatabase.CreateAsync();
        var indexer = database.Indexer(chain);
        using var stop = new CancellationTokenSource();
        var running = indexer.RunAsync(stop.Token);
        await acts.RegisterAsync("credit", second);
        await acts.ApproveAsync(second, 1);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        Assert.Equal([1], await SpendersAsync(database));

        await chain.Anvil.RollbackAsync(2, None);
        await acts.ApproveAsync(second, 2);
        await acts.ApproveAsync(acts.FirstCredit, 3);
        await chain.Anvil.MineAsync(2, None);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        Assert.Equal([3], await SpendersAsync(database));

        await acts.RegisterAsync("credit", second);
        await acts.ApproveAsync(second, 4);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
        Assert.Equal([3, 4], await SpendersAsync(database));
        Assert.True(indexer.Status.Reorgs > 0, "expected a reorg, found none");
        await using var fresh = await IndexedDatabase.OfAsync(chain);
        IndexedDatabase.AssertEqual(await fresh.DumpAsync(), await database.DumpAsync());
    }

    [Fact]
    public async Task A_file_that_names_another_address_than_the_directory_is_refused()
    {
        await using var chain = await WorldChain.FreshAsync(None);
        var whole = Deployment.Load(chain.Deployment);
        var vault = whole.Contracts[Domain.Events.ContractName.Vault];
        using var file = new DeploymentFile(
            (await File.ReadAllTextAsync(chain.Deployment)).Replace(
                $"{vault}", $"{Address.Zero}", StringComparison.OrdinalIgnoreCase));
        await using var database = await IndexedDatabase.CreateAsync();
        var indexer = new ChainIndexer(
            Deployment.Load(file.Path), chain.Client, database.Source, IndexedDatabase.Options);
        var refusal = await Assert.ThrowsAsync<FormatException>(() => indexer.RunAsync(None));
        Assert.Contains($"expected Vault at {vault}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"found {Address.Zero}", refusal.Message, StringComparison.Ordinal);
    }

    private static Task<ContractBook> BookAsync(WorldChain chain) =>
        Genesis.ReadAsync(Deployment.Load(chain.Deployment), chain.Client, IndexedDatabase.Options.Ingestion, None);

    private static async Task AssertReplaysAsync(WorldChain chain, IndexedDatabase database)
    {
        var store = EconomyStore.Open(database.Source);
        var replayer = new Replayer(database.Source, store, new ReplayOptions { Schema = "again" });
        var root = (await database.ProgressAsync()).StateRoot;
        var streams = await replayer.FromStreamsAsync(None);
        Assert.Null(streams.Difference);
        Assert.Equal(root, streams.StateRoot);
        var book = await BookAsync(chain);
        var ingestion = IndexedDatabase.Options.Ingestion with { Source = book };
        var logs = await replayer.FromChainAsync(
            new Backfill(new RangeReader(chain.Client, ingestion), ingestion), book, None);
        Assert.Null(logs.Difference);
        Assert.Equal(root, logs.StateRoot);
        Assert.Equal(2, book.Of(Domain.Events.ContractName.Credit).Count());
    }

    // Whom the owner has approved, by their numbers.
    private static async Task<IReadOnlyList<int>> SpendersAsync(IndexedDatabase database)
    {
        var text = await database.TextAsync(
            $"select get_byte(spender, 19) from model.allowance where owner = '\\x{RegisteringChain.Owner.ToString()[2..]}' order by 1");
        return [.. text.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line.Trim('(', ')'), null))];
    }
}
