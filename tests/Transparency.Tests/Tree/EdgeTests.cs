// The right edge of a tree: what is stored of it, and what is refused when it is read again.
using System.Buffers.Binary;
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class EdgeTests
{
    [Fact]
    public void Batches_of_any_sizes_give_the_tree_of_one_batch() =>
        Seed.Run(random =>
        {
            var leaves = Definition.Leaves(3_000);
            var edge = CompactRange.Empty;
            while (edge.Size < leaves.Length)
            {
                var batch = new TreeBatch(edge, random.Next(3) * 100);
                var count = Math.Min(random.Next(1, 700), leaves.Length - (int)edge.Size);
                for (var leaf = 0; leaf < count; leaf++) batch.AddLeaf(leaves[edge.Size + leaf]);
                edge = CompactRange.FromBytes(batch.Edge().ToBytes());
                Assert.Equal(Definition.Root(leaves.AsSpan(0, (int)edge.Size)), edge.Root());
            }
        });

    [Fact]
    public void A_batch_that_is_forgotten_leaves_the_old_edge_as_it_was()
    {
        var edge = MemoryLog.Of(300).Edge;
        var before = edge.ToBytes();
        var forgotten = new TreeBatch(edge);
        for (var entry = 0; entry < 1_000; entry++) forgotten.Add("gone"u8);
        Assert.Equal(before, edge.ToBytes());
        Assert.Equal(300, edge.Size);
    }

    [Fact]
    public void An_empty_batch_grows_nothing()
    {
        using var batch = new LogBatch(MemoryLog.Of(77).Edge);
        Assert.Empty(batch.Tiles());
        Assert.Empty(batch.Bundles());
        Assert.Equal(77, batch.Edge().Size);
    }

    [Fact]
    public void A_tree_that_cannot_grow_says_so()
    {
        var full = new byte[8 + 63 * MerkleHash.ByteCount];
        BinaryPrimitives.WriteInt64BigEndian(full, long.MaxValue);
        var batch = new TreeBatch(CompactRange.FromBytes(full));
        Assert.Throws<InvalidOperationException>(() => batch.AddLeaf(MerkleHash.EmptyRoot));
    }

    [Fact]
    public void Near_the_largest_tree_the_top_peaks_still_merge()
    {
        // 2^62 - 1 leaves of which each perfect subtree hashes to the same bytes: one more leaf closes all of them.
        const long Size = (1L << 62) - 1;
        var bytes = new byte[8 + 62 * MerkleHash.ByteCount];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Size);
        var batch = new TreeBatch(CompactRange.FromBytes(bytes));
        batch.Add("last"u8);
        Assert.Equal(1L << 62, batch.Size);
        Assert.Equal(1, batch.Edge().Peaks.Length);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], batch.Tiles().Select(growth => growth.Tile.Level));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000")]
    [InlineData("0000000000000001")]
    [InlineData("000000000000000100")]
    [InlineData("8000000000000000")]
    [InlineData("000000000000000000")]
    public void Stored_bytes_that_are_no_edge_are_refused(string hex) =>
        Assert.Throws<TransparencyFormatException>(() => CompactRange.FromBytes(Convert.FromHexString(hex)));

    [Fact]
    public void An_entry_of_65535_bytes_is_logged_and_one_more_byte_is_refused_by_name()
    {
        using var batch = new LogBatch(CompactRange.Empty);
        batch.Add(new byte[65_535]);
        var refused = Assert.Throws<TransparencyFormatException>(() => batch.Add(new byte[65_536]));
        Assert.Equal(
            "expected an entry of at most 65535 bytes, found 65536, as leaf 1; log its hash instead", refused.Message);
        Assert.Equal(1, batch.Size);
        Assert.Equal(2 + 65_535, Assert.Single(batch.Bundles()).Added.Length);
    }

    [Fact]
    public void A_hash_has_32_bytes_and_is_compared_by_them()
    {
        var hash = MerkleHash.OfLeaf("a"u8);
        Assert.Throws<ArgumentException>(() => new MerkleHash(new byte[31]));
        Assert.True(hash.Equals((object)new MerkleHash(hash.Bytes)));
        Assert.False(hash.Equals((object)"a"));
        Assert.True(hash != MerkleHash.EmptyRoot);
        Assert.Equal(hash.GetHashCode(), new MerkleHash(hash.Bytes).GetHashCode());
    }

    [Theory]
    [InlineData(1022)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(65_535)]
    public void Leaves_of_any_length_hash_alike(int length)
    {
        var entry = Mutations.Random(new Random(length), length);
        Assert.Equal(
            Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([0, .. entry])),
            Convert.ToHexString(MerkleHash.OfLeaf(entry).Bytes));
    }

    [Fact]
    public void Appending_takes_no_memory_a_leaf_beyond_the_tiles()
    {
        const int Count = 4_096;
        var entry = new byte[300];
        Append(new TreeBatch(CompactRange.Empty, Count), 300);
        var batch = new TreeBatch(CompactRange.Empty, Count);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Append(batch, Count);
        // The upper levels' 16 hashes are all that may be taken.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_048);

        void Append(TreeBatch to, int count)
        {
            for (var leaf = 0; leaf < count; leaf++) to.Add(entry);
        }
    }
}
