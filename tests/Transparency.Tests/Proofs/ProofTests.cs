// Proofs of trees of any size: what the prover makes is what the definition says, holds, and holds for nothing else.
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class ProofTests
{
    private static readonly MerkleHash[] Leaves = Definition.Leaves(1_100);
    private static readonly MemoryLog Log = MemoryLog.Of(1_100);

    [Fact]
    public async Task Every_leaf_of_every_small_tree_is_proven_as_the_definition_says()
    {
        for (var size = 1; size <= 40; size++)
        {
            for (var index = 0; index < size; index++) await IncludedAsync(index, size);
        }
    }

    [Fact]
    public async Task Every_two_small_trees_are_consistent_as_the_definition_says()
    {
        for (var size = 1; size <= 40; size++)
        {
            for (var old = 1; old <= size; old++) await ExtendedAsync(old, size);
        }
    }

    [Fact]
    public Task Any_leaf_of_any_tree_is_proven() =>
        Seed.RunAsync(async random =>
        {
            for (var round = 0; round < 60; round++)
            {
                var size = random.Next(1, Leaves.Length + 1);
                await IncludedAsync(random.Next(size), size);
                await ExtendedAsync(random.Next(1, size + 1), size);
            }
        });

    [Fact]
    public Task Any_flipped_bit_of_an_inclusion_proof_spoils_it() =>
        Seed.RunAsync(async random =>
        {
            for (var round = 0; round < 40; round++)
            {
                var size = random.Next(2, Leaves.Length + 1);
                var index = random.Next(size);
                var (prover, root) = At(size);
                var proof = (await prover.IncludeAsync(index)).Siblings.ToArray();
                var bad = Flipped(random, proof);
                Assert.False(MerkleProof.Includes(Leaves[index], index, size, root, bad));
                Assert.False(MerkleProof.Includes(Flipped(random, [Leaves[index]])[0], index, size, root, proof));
                Assert.False(MerkleProof.Includes(Leaves[index], index, size, Flipped(random, [root])[0], proof));
                Assert.False(MerkleProof.Includes(Leaves[index], index, size, root, [.. proof, root]));
                Assert.False(MerkleProof.Includes(Leaves[index], index, size, root, proof.AsSpan(1)));
                // The way of another leaf has other turns, whatever the size claims.
                var other = (index + 1 + random.Next(size - 1)) % size;
                Assert.False(MerkleProof.Includes(Leaves[index], other, size, root, proof));
            }
        });

    [Fact]
    public Task Any_flipped_bit_of_a_consistency_proof_spoils_it() =>
        Seed.RunAsync(async random =>
        {
            for (var round = 0; round < 40; round++)
            {
                var size = random.Next(2, Leaves.Length + 1);
                var old = random.Next(1, size);
                var (prover, root) = At(size);
                var oldRoot = Definition.Root(Leaves.AsSpan(0, old));
                var proof = (await prover.ExtendAsync(old)).ToArray();
                Assert.False(MerkleProof.Extends(old, oldRoot, size, root, Flipped(random, proof)));
                Assert.False(MerkleProof.Extends(old, Flipped(random, [oldRoot])[0], size, root, proof));
                Assert.False(MerkleProof.Extends(old, oldRoot, size, Flipped(random, [root])[0], proof));
                Assert.False(MerkleProof.Extends(old, oldRoot, size, root, [.. proof, root]));
                Assert.False(MerkleProof.Extends(old, oldRoot, size, root, proof.AsSpan(1)));
                Assert.False(MerkleProof.Extends(old, oldRoot, size, root, proof.AsSpan(0, proof.Length - 1)));
            }
        });

    [Fact]
    public void A_fork_is_consistent_with_nothing_that_it_left()
    {
        var fork = Definition.Leaves(20);
        fork[3] = MerkleHash.OfLeaf("another event"u8);
        for (var old = 4; old < 20; old++)
        {
            var proof = Definition.Consistency(fork, old);
            Assert.True(
                MerkleProof.Extends(old, Definition.Root(fork.AsSpan(0, old)), 20, Definition.Root(fork), [.. proof]));
            Assert.False(MerkleProof.Extends(
                old, Definition.Root(Leaves.AsSpan(0, old)), 20, Definition.Root(fork), [.. proof]));
        }
    }

    [Fact]
    public void Odd_numbers_are_answered_with_no()
    {
        var root = Definition.Root(Leaves.AsSpan(0, 8));
        var empty = MerkleHash.EmptyRoot;
        Assert.False(MerkleProof.Includes(Leaves[0], -1, 8, root, []));
        Assert.False(MerkleProof.Includes(Leaves[0], 8, 8, root, []));
        Assert.False(MerkleProof.Includes(Leaves[0], 0, 0, empty, []));
        Assert.False(MerkleProof.Includes(Leaves[0], 0, long.MaxValue, root, [root]));
        Assert.False(MerkleProof.Extends(-1, empty, 8, root, []));
        Assert.False(MerkleProof.Extends(9, root, 8, root, []));
        Assert.False(MerkleProof.Extends(0, root, 8, root, []));
        Assert.False(MerkleProof.Extends(0, empty, 8, root, [root]));
        Assert.True(MerkleProof.Extends(0, empty, 8, root, []));
        Assert.True(MerkleProof.Extends(0, empty, 0, empty, []));
        Assert.False(MerkleProof.Extends(0, root, 0, root, []));
        Assert.True(MerkleProof.Extends(8, root, 8, root, []));
        Assert.False(MerkleProof.Extends(8, root, 8, root, [root]));
        Assert.False(MerkleProof.Extends(7, root, 8, root, []));
    }

    [Fact]
    public async Task The_empty_beginning_and_the_whole_need_no_proof()
    {
        var prover = Log.Prover();
        Assert.Empty(await prover.ExtendAsync(0));
        Assert.Empty(await prover.ExtendAsync(Log.Edge.Size));
        Assert.Equal(MerkleHash.EmptyRoot, await prover.RootAsync(0));
        Assert.Equal(Log.Root, await prover.RootAsync(Log.Edge.Size));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => prover.RootAsync(Log.Edge.Size + 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => prover.ExtendAsync(Log.Edge.Size + 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => prover.IncludeAsync(Log.Edge.Size));
    }

    [Fact]
    public Task A_prover_makes_no_proof_from_a_tile_that_was_tampered_with() =>
        Seed.RunAsync(async random =>
        {
            for (var round = 0; round < 40; round++)
            {
                var log = MemoryLog.Of(700);
                var hash = random.Next(700);
                log.Flip(
                    TilePath.OfHashes(0, hash / 256), hash % 256 * 32 + random.Next(32), (byte)(1 << random.Next(8)));
                await Assert.ThrowsAsync<TransparencyFormatException>(() => log.Prover().IncludeAsync(hash));
                // The sibling's way leads over the same hash.
                await Assert.ThrowsAsync<TransparencyFormatException>(() => log.Prover().IncludeAsync(hash ^ 1));
            }
        });

    [Fact]
    public async Task A_prover_proves_no_extension_from_a_tampered_tile()
    {
        var log = MemoryLog.Of(700);
        log.Flip(TilePath.OfHashes(1, 0), 40);
        await Assert.ThrowsAsync<TransparencyFormatException>(() => log.Prover().ExtendAsync(600));
    }

    [Fact]
    public async Task A_tile_of_another_width_is_refused_by_its_path()
    {
        var prover = new TileProver(
            (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(new byte[31]), 300, MerkleHash.EmptyRoot);
        var refused = await Assert.ThrowsAsync<TransparencyFormatException>(() => prover.IncludeAsync(299));
        Assert.Equal("expected 44 hashes, found 31 bytes, in tile/0/001.p/44", refused.Message);
    }

    [Fact]
    public async Task A_check_of_a_whole_log_passes_and_tells_its_progress()
    {
        var seen = new List<long>();
        Assert.Null(await LogCheck.RunAsync(Log.ReadAsync, Log.Edge.Size, Log.Root, seen.Add));
        Assert.Equal([256, 512, 768, 1024, 1100], seen);
        // A checkpoint of an older size is checked against the beginning of the same tiles.
        var (_, root) = At(900);
        Assert.Null(await LogCheck.RunAsync(Log.ReadAsync, 900, root));
        Assert.Null(await LogCheck.RunAsync(Log.ReadAsync, 0, MerkleHash.EmptyRoot));
    }

    [Fact]
    public Task A_flipped_bit_in_any_tile_is_found_and_named() =>
        Seed.RunAsync(async random =>
        {
            foreach (var tile in Log.Paths.Where(tile => !tile.IsEntries).ToList())
            {
                var log = MemoryLog.Of(1_100);
                var hash = random.Next(tile.Width);
                log.Flip(tile, hash * 32 + random.Next(32), (byte)(1 << random.Next(8)));
                var difference = await LogCheck.RunAsync(log.ReadAsync, 1_100, Log.Root);
                Assert.Equal($"hash {hash} of {tile}", difference?.Where);
                Assert.NotEqual(difference!.Expected, difference.Found);
            }
        });

    [Fact]
    public async Task A_changed_entry_a_short_tile_and_a_wrong_root_are_found()
    {
        var changed = await LogCheck.RunAsync(
            async (tile, cancellation) =>
            {
                var bytes = (await Log.ReadAsync(tile, cancellation)).ToArray();
                // The last byte of the last bundle is a digit of the last entry.
                if (tile is { IsEntries: true, Index: 4 }) bytes[^1] ^= 1;
                return bytes;
            },
            1_100,
            Log.Root);
        Assert.Equal("hash 75 of tile/0/004.p/76", changed?.Where);
        var cut = await LogCheck.RunAsync(
            async (tile, cancellation) => tile is { Level: 1 }
                ? ReadOnlyMemory<byte>.Empty
                : await Log.ReadAsync(tile, cancellation),
            1_100,
            Log.Root);
        Assert.Equal(new LogDifference("tile/1/000.p/4", "128 bytes", "0"), cut);
        var other = await LogCheck.RunAsync(Log.ReadAsync, 1_100, MerkleHash.EmptyRoot);
        Assert.Equal(
            new LogDifference("the checkpoint's root", MerkleHash.EmptyRoot.ToString(), Log.Root.ToString()), other);
    }

    private static async Task IncludedAsync(int index, int size)
    {
        var (prover, root) = At(size);
        var proof = await prover.IncludeAsync(index);
        Assert.Equal(Definition.Inclusion(Leaves.AsSpan(0, size), index), proof.Siblings);
        Assert.Equal((index, Leaves[index]), (proof.Index, proof.Leaf));
        Assert.True(MerkleProof.Includes(Leaves[index], index, size, root, [.. proof.Siblings]));
    }

    private static async Task ExtendedAsync(int old, int size)
    {
        var (prover, root) = At(size);
        var proof = await prover.ExtendAsync(old);
        Assert.Equal(Definition.Consistency(Leaves.AsSpan(0, size), old), proof);
        Assert.True(MerkleProof.Extends(old, Definition.Root(Leaves.AsSpan(0, old)), size, root, [.. proof]));
    }

    private static (TileProver Prover, MerkleHash Root) At(int size)
    {
        var root = Definition.Root(Leaves.AsSpan(0, size));
        return (new TileProver(Log.ReadAsync, size, root), root);
    }

    private static MerkleHash[] Flipped(Random random, MerkleHash[] hashes)
    {
        var changed = random.Next(hashes.Length);
        var bytes = hashes[changed].Bytes.ToArray();
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return [.. hashes[..changed], new MerkleHash(bytes), .. hashes[(changed + 1)..]];
    }
}
