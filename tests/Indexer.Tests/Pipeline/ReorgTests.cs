// Reorgs through the whole pipeline: what was orphaned leaves no trace in any table but the orphans' own, at every
// depth, again and again.
using EventSourced.Indexer.Ingest;
using EventSourced.Testing;
using EventSourced.World;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class ReorgTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Both_kinds_of_reorg_leave_the_rows_of_the_chain_that_won()
    {
        await using var chain = await EconomyChain.TellAsync(2, keepsPast: true);
        await using var database = await IndexedDatabase.CreateAsync();
        // Deeper than all that the cuts and reorgs below reach together: a reorg below finality would stop the indexer.
        var options =
            IndexedDatabase.Options with { Ingestion = IndexedDatabase.Options.Ingestion with { FinalityDepth = 200 } };
        var indexer = database.Indexer(chain, options);
        using var stop = new CancellationTokenSource();
        var running = indexer.RunAsync(stop.Token);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        foreach (var depth in new ulong[] { 1, 2, 5, 17, 33, 64 })
        {
            await chain.Anvil.ReorgAsync(depth, None);
            await chain.Anvil.MineAsync(1, None);
            await IndexedDatabase.UntilTipAsync(indexer, running, chain);
            await chain.Anvil.RollbackAsync(Math.Min(depth, 20), None);
            await chain.Anvil.MineAsync(1, None);
            await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        }

        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
        Assert.True(indexer.Status.Reorgs > 0, "expected reorgs, found none");
        Assert.True(await database.CountAsync("select count(*) from es_orphaned_events") > 0);
        await using var fresh = await IndexedDatabase.OfAsync(chain, options);
        IndexedDatabase.AssertEqual(await fresh.DumpAsync(), await database.DumpAsync());
        Assert.Equal((await fresh.ProgressAsync()).StateRoot, (await database.ProgressAsync()).StateRoot);
    }

    // The status said "3 blocks behind the node" at the node's very head: the head that it named was an orphan.
    [Fact]
    public async Task The_chains_head_goes_down_with_a_chain_that_gets_shorter()
    {
        await using var chain = await EconomyChain.TellAsync(2, keepsPast: true);
        await using var database = await IndexedDatabase.CreateAsync();
        var indexer = database.Indexer(chain);
        using var stop = new CancellationTokenSource();
        var running = indexer.RunAsync(stop.Token);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        var before = indexer.Status.ChainHead;
        await chain.Anvil.RollbackAsync(4, None);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        Assert.Equal((before - 4, 0UL), (indexer.Status.ChainHead, indexer.Status.Lag));
        await chain.Anvil.RollbackAsync(2, None);
        await chain.Anvil.MineAsync(None);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        Assert.Equal((before - 5, 0UL), (indexer.Status.ChainHead, indexer.Status.Lag));
        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
    }

    [Fact]
    public async Task A_reorg_while_the_indexer_is_down_is_found_when_it_starts()
    {
        await using var chain = await EconomyChain.TellAsync(3, keepsPast: true);
        await using var database = await IndexedDatabase.OfAsync(chain);
        await chain.Anvil.RollbackAsync(40, None);
        await chain.Anvil.MineAsync(3, None);
        await database.IndexAsync(chain);
        await using var fresh = await IndexedDatabase.OfAsync(chain);
        IndexedDatabase.AssertEqual(await fresh.DumpAsync(), await database.DumpAsync());
    }

    [Fact]
    public async Task A_reorg_below_the_finalized_block_stops_the_indexer_and_changes_nothing()
    {
        await using var chain = await EconomyChain.TellAsync(4, keepsPast: true);
        var options = IndexedDatabase.Options with
        {
            Ingestion = IndexedDatabase.Options.Ingestion with { FinalityDepth = 4 },
        };
        await using var database = await IndexedDatabase.OfAsync(chain, options);
        var before = await database.DumpAsync();
        await chain.Anvil.RollbackAsync(30, None);
        await chain.Anvil.MineAsync(60, None);
        var indexer = database.Indexer(chain, options);
        await Assert.ThrowsAsync<ReorgBelowFinalityException>(() => indexer.RunAsync(None));
        Assert.Equal(IndexerPhase.Stopped, indexer.Status.Phase);
        Assert.False(indexer.Status.IsReady);
        Assert.Contains("expected the finalized block", indexer.Status.Fault, StringComparison.Ordinal);
        IndexedDatabase.AssertEqual(before, await database.DumpAsync());
    }

    [Fact]
    public async Task A_second_indexer_waits_and_takes_over_when_the_first_one_goes()
    {
        await using var chain = await EconomyChain.TellAsync(5, keepsPast: true);
        await using var database = await IndexedDatabase.CreateAsync();
        var first = database.Indexer(chain);
        var second = database.Indexer(chain);
        using var stopFirst = new CancellationTokenSource();
        using var stopSecond = new CancellationTokenSource();
        var leading = first.RunAsync(stopFirst.Token);
        await IndexedDatabase.UntilTipAsync(first, leading, chain);
        var waiting = second.RunAsync(stopSecond.Token);
        await Eventually.TrueAsync(() => second.Status.Phase == IndexerPhase.Waiting, () => second.Status);
        await stopFirst.CancelAsync();
        await IndexedDatabase.EndAsync(leading);
        await chain.Anvil.MineAsync(2, None);
        await IndexedDatabase.UntilTipAsync(second, waiting, chain);
        Assert.Equal(2, (await database.ProgressAsync()).Epoch);
        await stopSecond.CancelAsync();
        await IndexedDatabase.EndAsync(waiting);
        await using var fresh = await IndexedDatabase.OfAsync(chain);
        IndexedDatabase.AssertEqual(await fresh.DumpAsync(), await database.DumpAsync());
    }

    [Fact]
    public async Task Two_indexers_that_begin_at_once_on_an_empty_database_both_go_on()
    {
        await using var chain = await EconomyChain.TellAsync(6);
        await using var database = await IndexedDatabase.CreateAsync();
        using var stop = new CancellationTokenSource();
        ChainIndexer[] indexers = [database.Indexer(chain), database.Indexer(chain), database.Indexer(chain)];
        Task[] running = [.. indexers.Select(indexer => Task.Run(() => indexer.RunAsync(stop.Token)))];
        await Eventually.TrueAsync(() => indexers.Any(indexer => indexer.Status.Phase == IndexerPhase.Live),
            running: Task.WhenAny(running).Unwrap());
        Assert.DoesNotContain(running, one => one.IsCompleted);
        await stop.CancelAsync();
        foreach (var one in running) await IndexedDatabase.EndAsync(one);
    }

    [Fact]
    public async Task What_does_not_follow_on_the_final_block_is_asked_for_once_a_head_and_then_stops_by_name()
    {
        await using var chain = await WorldChain.FreshAsync(None);
        var genesis = ChainLink.Of((await chain.Client.GetHeaderAsync(0UL, None))!);
        var newest = ChainLink.Of((await chain.Client.GetHeaderAsync(Ethereum.Rpc.BlockTag.Latest, None))!);
        Assert.True(newest.Number > 20, "expected a chain so long that asking for all before each would never end");
        // What anvil did after a restart: the genesis block had another hash than the one that block 1 stands on.
        var follower = new HeadFollower(chain.Client, new IngestionOptions(), genesis with { Hash = newest.Hash });
        await Assert.ThrowsAsync<ReorgBelowFinalityException>(async () =>
        {
            while (true)
                await foreach (var _ in follower.TakeAsync(newest, None)) Assert.Fail("expected no update");
        });
    }
}
