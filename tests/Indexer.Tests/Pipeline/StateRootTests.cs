// The state root beside its definition, and hashes in lanes beside the runtime's own. Enters: things and texts at
// random. Always holds: both ways give the same.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EventSourced.Domain.Values;
using EventSourced.Indexer.Hashing;
using EventSourced.Indexer.Prove;
using EventSourced.Testing;
using EventSourced.Transparency;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class StateRootTests
{
    private const int MostTexts = 40;
    private const int LongestText = 400;
    private const int Things = 3_000;

    [Fact]
    public void Many_texts_have_the_hashes_that_each_has_alone() => Seed.Run(random =>
    {
        for (var count = 0; count < MostTexts; count++)
        {
            var lengths = Enumerable.Range(0, count).Select(_ => Length(random)).ToArray();
            var ends = lengths.Select((_, i) => lengths[..(i + 1)].Sum()).ToArray();
            var texts = new byte[lengths.Sum()];
            random.NextBytes(texts);
            var hashes = new Word[count];
            ManyHashes.Hash(texts, ends, hashes);
            Assert.Equal(
                ends.Select((end, i) => new Word(SHA256.HashData(texts.AsSpan((end - lengths[i])..end)))), hashes);
        }
    });

    [Fact]
    public void The_root_is_that_of_its_definition() => Seed.Run(random =>
    {
        var root = new StateRoot();
        var states = new SortedDictionary<Word, Word>();
        Assert.Equal(Definition(1, states), root.Compute());
        for (var thing = 0; thing < Things; thing++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"thing-{random.Next(Things)}");
            var key = new Word(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            if (random.Next(4) == 0)
            {
                root.Remove(name);
                states.Remove(key);
            }
            else
            {
                root.Set(name, states[key] = new Word(SHA256.HashData(BitConverter.GetBytes(random.Next()))));
            }

            if (random.Next(100) == 0) root.Compute();
        }

        // The tree that makes proofs is another program of the same definition.
        var proving = new StateTree();
        foreach (var (key, state) in states)
            proving.Set(new MerkleHash(key.ToArray()), new MerkleHash(state.ToArray()));
        Assert.Equal(proving.Root(), new MerkleHash(root.Compute().ToArray()));

        Assert.Equal(Definition(1, states), root.Compute());
        Assert.Equal(states.Count, root.Count);
    });

    // Most lengths stand beside the end of a block, where the padding takes another one.
    private static int Length(Random random) =>
        random.Next(2) == 0 ? random.Next(LongestText) : Math.Max(0, 64 * random.Next(5) - random.Next(12));

    private static Word Definition(int node, SortedDictionary<Word, Word> states)
    {
        var leaves = new List<byte>[StateRoot.Buckets];
        foreach (var (key, state) in states)
        {
            var bytes = new byte[2 * Word.Length];
            key.WriteTo(bytes);
            state.WriteTo(bytes.AsSpan(Word.Length));
            (leaves[bytes[0] << 8 | bytes[1]] ??= [0]).AddRange(bytes);
        }

        return Of(node);

        Word Of(int at)
        {
            if (at >= StateRoot.Buckets) return leaves[at - StateRoot.Buckets] is { } leaf
                ? new Word(SHA256.HashData([.. leaf])) : default;
            var inner = new byte[1 + 2 * Word.Length];
            inner[0] = 1;
            Of(2 * at).WriteTo(inner.AsSpan(1));
            Of(2 * at + 1).WriteTo(inner.AsSpan(1 + Word.Length));
            return new Word(SHA256.HashData(inner));
        }
    }
}
