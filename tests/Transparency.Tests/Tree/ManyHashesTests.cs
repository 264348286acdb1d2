// Hashes made many at a time beside those that are made alone: of texts, and of trees that grow in any portions.
using System.Security.Cryptography;
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class ManyHashesTests
{
    private const int MostTexts = 40;
    private const int LongestText = 400;
    private const int MostLeaves = 1_500;

    [Fact]
    public void Many_texts_have_the_hashes_that_each_has_alone() => Seed.Run(random =>
    {
        for (var count = 0; count < MostTexts; count++)
        {
            var lengths = Enumerable.Range(0, count).Select(_ => Length(random)).ToArray();
            var ends = lengths.Select((_, i) => lengths[..(i + 1)].Sum()).ToArray();
            var texts = new byte[lengths.Sum()];
            random.NextBytes(texts);
            var hashes = new MerkleHash[count];
            ManyHashes.Hash(texts, ends, hashes);
            Assert.Equal(
                ends.Select((end, i) => new MerkleHash(SHA256.HashData(texts.AsSpan((end - lengths[i])..end)))),
                hashes);
        }
    });

    [Fact]
    public void A_tree_that_grew_in_any_portions_is_the_one_that_grew_leaf_by_leaf() => Seed.Run(random =>
    {
        var leaves = Enumerable.Range(0, random.Next(1, MostLeaves)).Select(i =>
        {
            var leaf = new byte[Length(random)];
            random.NextBytes(leaf);
            return leaf;
        }).ToList();
        var (edge, texts) = (CompactRange.Empty, new LeafTexts());
        var tiles = new SortedDictionary<string, List<byte>>(StringComparer.Ordinal);
        for (var from = 0; from < leaves.Count;)
        {
            var to = Math.Min(leaves.Count, from + random.Next(1, 700));
            var batch = new TreeBatch(edge, random.Next(2) * (to - from));
            // Some are hashed together, some alone, and sometimes the edge is asked for between them.
            for (var at = from; at < to; at++)
            {
                if (random.Next(3) == 0)
                {
                    batch.AddAll(texts);
                    batch.Add(leaves[at]);
                }
                else
                {
                    texts.Add(leaves[at]);
                }

                if (random.Next(200) == 0) Assert.Equal(batch.Size, batch.Edge().Size);
            }

            batch.AddAll(texts);
            edge = batch.Edge();
            foreach (var growth in batch.Tiles())
            {
                var key = $"{growth.Tile.Level} {growth.Tile.Index}";
                if (!tiles.TryGetValue(key, out var bytes)) tiles.Add(key, bytes = []);
                Assert.Equal(growth.WidthBefore * MerkleHash.ByteCount, bytes.Count);
                bytes.AddRange(growth.Added.ToArray());
            }

            from = to;
            Assert.Equal(
                Definition.Root([.. leaves[..from].Select(leaf => MerkleHash.OfLeaf(leaf))]), edge.Root());
        }

        Assert.Equal(leaves.Count, edge.Size);
        Assert.Equal(
            leaves.Take(TilePath.FullWidth).SelectMany(leaf => MerkleHash.OfLeaf(leaf).Bytes.ToArray()), tiles["0 0"]);
    });

    // Most lengths stand beside the end of a block, where the padding takes another one.
    private static int Length(Random random) =>
        random.Next(2) == 0 ? random.Next(LongestText) : Math.Max(0, 64 * random.Next(5) - random.Next(12));
}
