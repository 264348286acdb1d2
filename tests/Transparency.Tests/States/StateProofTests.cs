// Proofs of states: what the tree makes verifies under the checkpoint that states its root, and under nothing else.
using System.Globalization;
using System.Text;
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class StateProofTests
{
    private const int Things = 2_000;

    private static readonly StateTree Tree = TreeOf(Things);

    [Fact]
    public void Every_thing_is_proven_and_the_proof_is_read_as_it_is_written() => Seed.Run(random =>
    {
        for (var round = 0; round < 50; round++)
        {
            var proof = Prove(random.Next(Things));
            var read = StateProof.Parse(Keys.Utf8(proof));
            Assert.Equal($"{proof}", $"{read}");
            Assert.True(read.Judge(Policy(Keys.Log)).Holds);
            Assert.False(read.Judge(Policy(Keys.Of(Keys.Origin, SignatureType.Ed25519))).Holds);
        }
    });

    [Fact]
    public void No_letter_of_a_proof_can_be_changed() => Seed.Run(random =>
    {
        var text = Keys.Utf8(Prove(random.Next(Things)));
        for (var at = 0; at < text.Length; at++)
        {
            var spoiled = text.ToArray();
            spoiled[at] = text[at] == (byte)'A' ? (byte)'B' : (byte)'A';
            Assert.False(Holds(spoiled), $"letter {at} of\n{Encoding.UTF8.GetString(text)}");
        }
    });

    [Fact]
    public void The_state_of_another_thing_or_of_another_time_is_not_proven()
    {
        var proof = Prove(7);
        Assert.False(new StateProof("thing-8", proof.State, proof.Others, proof.Siblings, proof.Checkpoint).Holds);
        Assert.False(new StateProof(
            proof.Thing, StateOf(8), proof.Others, proof.Siblings, proof.Checkpoint).Holds);
        var later = TreeOf(Things);
        later.Set(StateTree.KeyOf("thing-7"), StateTree.HashOf("{}"u8));
        Assert.NotEqual(Tree.Root(), later.Root());
        Assert.False(new StateProof(
            proof.Thing, proof.State, proof.Others, proof.Siblings, Signed(later)).Holds);
        Assert.Null(Tree.Prove(StateTree.KeyOf("thing-nowhere")));
    }

    [Fact]
    public void A_bucket_that_names_a_thing_twice_or_a_thing_of_elsewhere_is_refused()
    {
        var proof = Prove(7);
        var own = new StateEntry(StateTree.KeyOf(proof.Thing), StateTree.HashOf(proof.State.Span));
        Assert.False(new StateProof(
            proof.Thing, proof.State, [.. proof.Others, own], proof.Siblings, proof.Checkpoint).Holds);
        var other = new StateEntry(StateTree.KeyOf("thing-8"), own.State);
        Assert.False(new StateProof(
            proof.Thing, proof.State, [.. proof.Others, other], proof.Siblings, proof.Checkpoint).Holds);
        Assert.False(new StateProof(
            proof.Thing, proof.State, proof.Others, [.. proof.Siblings.Skip(1)], proof.Checkpoint).Holds);
    }

    [Fact]
    public void The_root_does_not_depend_on_the_order_or_on_how_often_it_was_asked_for() => Seed.Run(random =>
    {
        var tree = new StateTree();
        foreach (var thing in Enumerable.Range(0, Things).OrderBy(_ => random.Next()))
        {
            tree.Set(StateTree.KeyOf(NameOf(thing)), StateTree.HashOf("{}"u8));
            tree.Set(StateTree.KeyOf(NameOf(thing)), StateTree.HashOf(StateOf(thing)));
            if (random.Next(100) == 0) tree.Root();
        }

        Assert.Equal(Tree.Root(), tree.Root());
    });

    private static string NameOf(int thing) => string.Create(CultureInfo.InvariantCulture, $"thing-{thing}");

    private static byte[] StateOf(int thing) => Keys.Utf8($"{{\"id\":\"{thing}\"}}");

    private static StateTree TreeOf(int things)
    {
        var tree = new StateTree();
        for (var thing = 0; thing < things; thing++)
            tree.Set(StateTree.KeyOf(NameOf(thing)), StateTree.HashOf(StateOf(thing)));
        return tree;
    }

    private static StateProof Prove(int thing)
    {
        var (others, siblings) = Tree.Prove(StateTree.KeyOf(NameOf(thing)))!.Value;
        return new StateProof(NameOf(thing), StateOf(thing), others, siblings, Signed(Tree));
    }

    private static SignedCheckpoint Signed(StateTree tree) =>
        Keys.Signed(MemoryLog.Of(3), [Checkpoint.StateRootExtension(tree.Root())], Keys.Log);

    private static TrustPolicy Policy(SigningKey key) => TrustPolicy.Of(key.Verifier, [], 0);

    private static bool Holds(byte[] proof)
    {
        try
        {
            return StateProof.Parse(proof).Judge(Policy(Keys.Log)).Holds;
        }
        catch (TransparencyFormatException)
        {
            return false;
        }
    }
}
