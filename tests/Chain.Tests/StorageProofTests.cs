// Proofs of storage, beside Nethereum's verifier: two programs that share no line say the same of what a node answers.
// And bytes of strangers: whatever stands in a proof, it is judged and never thrown about.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Proofs;
using EventSourced.Ethereum.Receipts;
using EventSourced.Testing;
using EventSourced.World;
using Nethereum.Merkle.Patricia;
using Nethereum.RLP;

namespace EventSourced.Chain.Tests;

public class StorageProofTests
{
    private const ulong Words = 12;

    [Fact]
    public async Task What_a_node_proves_is_what_Nethereum_finds_proven_and_no_changed_byte_is()
    {
        await using var chain = await WorldChain.RootedAsync(CancellationToken.None);
        var block = await chain.Client.GetBlockNumberAsync(CancellationToken.None);
        var header = (await ReceiptProof.HeadersAsync(chain.Client, [block], CancellationToken.None))[0]!;
        Assert.Equal(header.Hash, header.Computed);
        var contracts = World.Contracts.Load(chain.Deployment, WorldChain.Root);
        var proven = 0;
        foreach (var name in (string[])["Credit", "Vault", "Parameters", "Directory", "TaskMarket"])
        {
            var contract = contracts[name].Address;
            Hash32[] slots = [.. Enumerable.Range(0, (int)Words).Select(slot => Hash32.FromUInt256((ulong)slot))];
            var proof = await StorageProof.AskAsync(chain.Client, contract, slots, block, CancellationToken.None);
            var (words, fault) = proof.Prove(header.StateRoot, contract, slots);
            Assert.Null(fault);
            for (var i = 0; i < slots.Length; i++)
            {
                if (words[i].IsZero) continue;
                proven++;
                Assert.Equal($"{name} {i}: {words[i]}", $"{name} {i}: {AsNethereumReads(proof.Slots[i], slots[i])}");
            }

            AssertNoByteCanChange(proof, header.StateRoot, contract, slots);
        }

        Assert.True(proven > 0, "expected words that are not zero, found none");
        var nobody = new Address(new byte[Address.ByteCount - 1].Append((byte)9).ToArray());
        var absent = await StorageProof.AskAsync(chain.Client, nobody, [], block, CancellationToken.None);
        Assert.Equal("an account", absent.Prove(header.StateRoot, nobody, []).Fault?.Expected);
    }

    [Fact]
    public void Bytes_that_are_no_node_are_refused_and_throw_nothing() => Seed.Run(random =>
    {
        for (var round = 0; round < 20_000; round++)
        {
            var node = new byte[random.Next(1, 120)];
            random.NextBytes(node);
            // Heads that look like lists and texts of fitting lengths.
            if (random.Next(2) == 0) node[0] = (byte)(0xc0 + Math.Min(55, node.Length - 1));
            if (node.Length > 2 && random.Next(2) == 0) node[1] = (byte)(0x80 + random.Next(0, 34));
            var (value, fault) = TrieProof.Verify(Keccak256.Hash(node), [1], [node]);
            Assert.True(fault is not null || value is null || value.Length < node.Length);
        }
    });

    // Its own verifier puts a value that is missing into the trie and compares roots; its trie alone reads.
    private static UInt256 AsNethereumReads(IReadOnlyList<byte[]> nodes, Hash32 slot)
    {
        var storage = new InMemoryTrieStorage();
        foreach (var node in nodes) storage.Put(Keccak256.Hash(node).Bytes.ToArray(), node);
        var trie = new PatriciaTrie(Keccak256.Hash(nodes[0]).Bytes.ToArray());
        var value = trie.Get(Keccak256.Hash(slot.Bytes).Bytes.ToArray(), storage);
        return value is null ? default : UInt256.FromBigEndianShort(RLP.Decode(value).RLPData);
    }

    private static void AssertNoByteCanChange(
        StorageProof proof, Hash32 root, Address contract, Hash32[] slots)
    {
        var nodes = proof.Account.Concat(proof.Slots.SelectMany(slot => slot)).ToList();
        foreach (var node in nodes)
        {
            for (var at = 0; at < node.Length; at += 7)
            {
                node[at] ^= 1;
                Assert.NotNull(proof.Prove(root, contract, slots).Fault);
                node[at] ^= 1;
            }
        }
    }
}
