// Tiles, their paths and bundles of entries, after the examples of C2SP tlog-tiles.
using EventSourced.Testing;

namespace EventSourced.Transparency.Tests;

public class TileTests
{
    [Fact]
    public void A_tree_of_70000_has_the_tiles_of_the_specification()
    {
        var tiles = TilePath.Of(70_000).Where(tile => !tile.IsEntries).ToList();
        Assert.Equal(273, tiles.Count(tile => tile is { Level: 0, IsPartial: false }));
        Assert.Equal(
            ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"],
            tiles.Where(tile => tile.IsPartial).Select(tile => tile.ToString()));
        Assert.Equal(["tile/1/000"], tiles.Where(tile => tile is { Level: 1, IsPartial: false }).Select(
            tile => tile.ToString()));
        Assert.Equal("tile/entries/273.p/112", TilePath.Of(70_000).Last().ToString());
    }

    [Fact]
    public void A_tree_of_256_has_a_full_tile_and_a_partial_one_above() =>
        Assert.Equal(
            ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"], TilePath.Of(256).Select(tile => tile.ToString()));

    [Fact]
    public void An_empty_tree_has_no_tile() => Assert.Empty(TilePath.Of(0));

    [Fact]
    public void A_batch_grows_exactly_the_tiles_of_the_tree() =>
        Seed.Run(random =>
        {
            var log = new MemoryLog();
            while (log.Edge.Size < 70_000)
            {
                log.Append(random.Next(1, 20_000));
                Assert.Equal(
                    TilePath.Of(log.Edge.Size).Select(tile => tile.ToString()).Order(StringComparer.Ordinal),
                    log.Paths.Select(tile => tile.ToString()).Order(StringComparer.Ordinal));
            }
        });

    [Theory]
    [InlineData("tile/0/x001/x234/067", 0, 1_234_067, 256)]
    [InlineData("tile/63/000.p/1", 63, 0, 1)]
    [InlineData("tile/entries/x001/000.p/255", -1, 1_000, 255)]
    [InlineData("tile/0/x999/x999/x999/x999/x999/999", 0, 999_999_999_999_999_999, 256)]
    public void A_path_is_read_and_written(string path, int level, long index, int width)
    {
        var tile = TilePath.Parse(path);
        Assert.Equal((level, index, width), (tile.Level, tile.Index, tile.Width));
        Assert.Equal((level < 0, width < 256), (tile.IsEntries, tile.IsPartial));
        Assert.Equal(path, tile.ToString());
        Assert.Equal(256, tile.Full.Width);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tile")]
    [InlineData("/tile/0/000")]
    [InlineData("tile/0")]
    [InlineData("tile/64/000")]
    [InlineData("tile/00/000")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/+1/000")]
    [InlineData("tile/1000/000")]
    [InlineData("tile/data/000")]
    [InlineData("tile/0/00")]
    [InlineData("tile/0/0000")]
    [InlineData("tile/0/x000/000")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/0/001/000")]
    [InlineData("tile/0/x01/000")]
    [InlineData("tile/0/xx01/000")]
    [InlineData("tile/0/x0a1/000")]
    [InlineData("tile/0/0a0")]
    [InlineData("tile/0/x001/000/")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/0/000.p/")]
    [InlineData("tile/0/000.p/1/")]
    [InlineData("tile/0/000.p")]
    [InlineData("tile/0/x001/x001/x001/x001/x001/x001/001")]
    [InlineData("tile/0/٠٠٠")]
    [InlineData("tile/entries/../checkpoint")]
    public void A_path_with_another_spelling_is_refused(string path)
    {
        Assert.False(TilePath.TryParse(path, out _));
        Assert.Throws<TransparencyFormatException>(() => TilePath.Parse(path));
    }

    [Fact]
    public void Mutated_paths_are_refused_or_are_the_one_spelling_of_their_tile() =>
        Seed.Run(random =>
        {
            for (var round = 0; round < 20_000; round++)
            {
                var tile = TilePath.OfHashes(
                    random.Next(64), random.NextInt64(1L << random.Next(1, 50)), random.Next(1, 257));
                var path = System.Text.Encoding.Latin1.GetString(Mutations.Of(random, Keys.Utf8(tile)));
                if (TilePath.TryParse(path, out var read)) Assert.Equal(path, read.ToString());
            }
        });

    [Theory]
    [InlineData(-2, 0, 1)]
    [InlineData(64, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 257)]
    public void A_tile_that_cannot_be_is_not_made(int level, long index, int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TilePath.OfHashes(level, index, width));

    [Fact]
    public void A_hash_outside_of_a_tree_is_held_by_no_tile()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TilePath.Holding(0, 10, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => TilePath.Holding(1, 0, 255));
        Assert.Throws<ArgumentOutOfRangeException>(() => TilePath.Holding(63, 0, long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => TilePath.Holding(0, -1, 10));
        Assert.Equal("tile/0/000.p/10", TilePath.Holding(0, 9, 10).ToString());
    }

    [Fact]
    public void A_bundle_holds_its_entries_behind_their_lengths()
    {
        using var batch = new LogBatch(CompactRange.Empty, 3, 10);
        foreach (var entry in new[] { "one", "", "three" }) batch.Add(Keys.Utf8(entry));
        var bundle = Assert.Single(batch.Bundles());
        Assert.Equal("00036F6E65000000057468726565", Convert.ToHexString(bundle.Added.Span));
        Assert.Equal(TilePath.OfEntries(0, 3), bundle.Tile);
        var entries = new List<string>();
        foreach (var entry in EntryBundle.Read(bundle.Added.Span))
            entries.Add(System.Text.Encoding.UTF8.GetString(entry));
        Assert.Equal(["one", "", "three"], entries);
        Assert.Equal("00036F6E650000", Convert.ToHexString(EntryBundle.First(bundle.Added.Span, 2)));
    }

    [Theory]
    [InlineData("00", 1)]
    [InlineData("0001", 1)]
    [InlineData("000361", 1)]
    [InlineData("000000", 1)]
    [InlineData("0000", 2)]
    [InlineData("00000000", 1)]
    [InlineData("", 1)]
    public void A_bundle_that_is_not_what_its_path_says_is_refused(string hex, int width) =>
        Assert.Throws<TransparencyFormatException>(
            () => EntryBundle.Check(TilePath.OfEntries(0, width), Convert.FromHexString(hex)));
}
