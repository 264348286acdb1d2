// The state root beside its definition. Enters: things at random. Always holds: both ways give the same.
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
    private const int Things = 3_000;

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
