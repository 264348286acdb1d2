// The head machine over values: each named case, and thousands of random trees of blocks in which it must end on the
// canonical branch whatever the order of the news.
using EventSourced.Ethereum;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Testing;

namespace EventSourced.Indexer.Tests.Ingestion;

public sealed class HeadChainTests
{
    private static readonly ChainLink Genesis = Block(10, "g", default);

    [Fact]
    public void A_block_on_the_tip_is_next()
    {
        var next = Assert.IsType<HeadStep.Next>(HeadChain.From(Genesis).Judge(Block(11, "a", Genesis.Hash)));
        Assert.Equal(11ul, next.Chain.Tip.Number);
        Assert.Equal(Genesis, next.Chain.Finalized);
    }

    [Fact]
    public void A_known_block_is_a_duplicate()
    {
        var chain = Chain(Genesis, "a", "b", "c");
        foreach (var known in chain.Unfinalized.Add(Genesis)) Assert.IsType<HeadStep.Duplicate>(chain.Judge(known));
    }

    [Fact]
    public void A_block_further_on_is_a_gap_of_the_numbers_between() =>
        Assert.Equal(new HeadStep.Gap(14, 16), Chain(Genesis, "a", "b", "c").Judge(Block(17, "x", default)));

    [Fact]
    public void A_block_on_an_older_parent_is_a_reorg_that_names_what_is_dropped_newest_first()
    {
        var chain = Chain(Genesis, "a", "b", "c");
        var fork = Block(12, "B", chain.At(11)!.Value.Hash);
        var reorg = Assert.IsType<HeadStep.Reorg>(chain.Judge(fork));
        Assert.Equal(chain.At(11), reorg.Ancestor);
        Assert.Equal([13ul, 12ul], reorg.Dropped.Select(block => block.Number));
        Assert.Equal(fork, Assert.Single(reorg.Added));
        Assert.Equal(fork, reorg.Chain.Tip);
    }

    [Fact]
    public void A_block_of_an_unknown_branch_asks_for_its_parent_until_the_fork_is_found()
    {
        var chain = Chain(Genesis, "a", "b", "c");
        var b = Block(12, "B", chain.At(11)!.Value.Hash);
        var c = Block(13, "C", b.Hash);
        var d = Block(14, "D", c.Hash);
        Assert.Equal(new HeadStep.MissingParent(13, c.Hash), chain.Judge(d));
        Assert.Equal(new HeadStep.MissingParent(12, b.Hash), chain.Judge([c, d]));
        var reorg = Assert.IsType<HeadStep.Reorg>(chain.Judge([b, c, d]));
        Assert.Equal((2, 3, d), (reorg.Dropped.Length, reorg.Added.Length, reorg.Chain.Tip));
    }

    [Fact]
    public void A_branch_that_forks_below_the_finalized_block_is_refused()
    {
        var chain = Chain(Genesis, "a");
        Assert.IsType<HeadStep.BelowFinality>(chain.Judge(Block(11, "A", Keccak256.Hash("other"))));
        Assert.IsType<HeadStep.BelowFinality>(chain.Judge(Block(10, "G", default)));
        Assert.IsType<HeadStep.BelowFinality>(chain.Judge(Block(9, "f", default)));
        Assert.IsType<HeadStep.BelowFinality>(chain.CutTo(Block(9, "f", default)));
    }

    [Fact]
    public void Finalizing_forgets_what_lies_below_and_ignores_what_is_not_reached()
    {
        var chain = Chain(Genesis, "a", "b", "c");
        var final = chain.Finalize(12);
        Assert.Equal((12ul, 13ul, 1), (final.Finalized.Number, final.Tip.Number, final.Unfinalized.Length));
        Assert.Same(chain, chain.Finalize(10));
        Assert.Same(chain, chain.Finalize(14));
        Assert.True(chain.Agrees(12, chain.At(12)!.Value.Hash));
        Assert.False(chain.Agrees(14, default));
    }

    [Fact]
    public void A_shorter_chain_is_cut_to_its_newest_block()
    {
        var chain = Chain(Genesis, "a", "b", "c");
        var cut = Assert.IsType<HeadStep.Reorg>(chain.CutTo(chain.At(11)!.Value));
        Assert.Equal((11ul, 2), (cut.Chain.Tip.Number, cut.Dropped.Length));
        Assert.IsType<HeadStep.Duplicate>(chain.CutTo(chain.Tip));
    }

    [Fact]
    public void Random_trees_end_on_the_canonical_branch_by_linked_steps() => Seed.Run(random =>
    {
        for (var round = 0; round < 300; round++)
        {
            var node = new List<ChainLink> { Genesis };
            var byHash = new Dictionary<Hash32, ChainLink> { [Genesis.Hash] = Genesis };
            var chain = HeadChain.From(Genesis);
            var serial = 0;
            for (var step = 0; step < 60; step++)
            {
                // The node loses up to 8 blocks and mines up to 4 new ones, often fewer: the chain gets shorter too.
                if (random.Next(3) == 0)
                {
                    var lost = Math.Min(random.Next(1, 9), node.Count - 1);
                    node.RemoveRange(node.Count - lost, lost);
                }

                for (var mined = random.Next(1, 5); mined > 0; mined--)
                {
                    var block = Block(node[^1].Number + 1, $"{round}.{serial++}", node[^1].Hash);
                    node.Add(block);
                    byHash[block.Hash] = block;
                }

                chain = Follow(chain, node, byHash, node[^1]);
            }

            Assert.Equal(node, chain.Unfinalized.Insert(0, Genesis));
        }
    });

    /// <summary>What the follower does, without a node.</summary>
    private static HeadChain Follow(
        HeadChain chain, List<ChainLink> node, Dictionary<Hash32, ChainLink> byHash, ChainLink head)
    {
        System.Collections.Immutable.ImmutableArray<ChainLink> branch = [head];
        while (true)
        {
            switch (chain.Judge(branch))
            {
                case HeadStep.Duplicate:
                    return chain;
                case HeadStep.Gap gap:
                    for (var number = gap.From; number <= gap.To; number++)
                        chain = Follow(chain, node, byHash, node[(int)(number - Genesis.Number)]);
                    break;
                case HeadStep.MissingParent missing:
                    branch = branch.Insert(0, byHash[missing.Hash]);
                    break;
                case HeadStep.Next next:
                    Assert.Equal(chain.Tip.Hash, next.Chain.Tip.ParentHash);
                    return next.Chain;
                case HeadStep.Reorg reorg:
                    Assert.Equal(reorg.Ancestor.Hash, reorg.Added[0].ParentHash);
                    Assert.Equal(chain.Tip, reorg.Dropped.IsEmpty ? chain.Tip : reorg.Dropped[0]);
                    return reorg.Chain;
                case var other:
                    throw new InvalidOperationException($"expected a step that can be followed, found {other}");
            }
        }
    }

    private static HeadChain Chain(ChainLink from, params string[] names)
    {
        var chain = HeadChain.From(from);
        foreach (var name in names)
            chain = ((HeadStep.Next)chain.Judge(Block(chain.Tip.Number + 1, name, chain.Tip.Hash))).Chain;
        return chain;
    }

    private static ChainLink Block(ulong number, string name, Hash32 parent) =>
        new(number, Keccak256.Hash($"{number} {name}"), parent, 1_000 + number);
}
