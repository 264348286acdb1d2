// The block argument: the same block by number, hash, distance and least number, and refusals by name.
namespace EventSourced.Api.Tests;

[Collection(ServedTests.Name)]
public class BlockArgumentTests(ServedWorld world)
{
    [Fact]
    public async Task A_block_by_hash_by_least_number_or_by_distance_is_that_block_and_what_is_missing_is_refused()
    {
        var (chain, database, api) = (world.Chain, world.Database, world.Api);
        var tip = (await database.ProgressAsync()).Tip!.Value;
        var number = await database.CountAsync("select number from es_block order by number desc offset 10 limit 1");
        var header = await chain.Client.GetHeaderAsync((ulong)number, CancellationToken.None);
        const string query =
            "query($block: BlockInput) { tasks(first: 500, block: $block) { totalCount nodes { id status price } } }";
        var expected = (await api.DataAsync(query, new { block = new { number } })).GetRawText();
        Assert.Equal(expected,
            (await api.DataAsync(query, new { block = new { hash = header!.Hash.ToString() } })).GetRawText());
        Assert.Equal(expected,
            (await api.DataAsync(query, new { block = new { ago = (long)tip.Number - number } })).GetRawText());
        Assert.Equal(
            (await api.DataAsync(query)).GetRawText(),
            (await api.DataAsync(query, new { block = new { numberAtLeast = number } })).GetRawText());
        Assert.Equal("BLOCK_NOT_INDEXED", await CodeAsync(new { number = (long)tip.Number + 1 }));
        Assert.Equal("BLOCK_NOT_INDEXED", await CodeAsync(new { numberAtLeast = (long)tip.Number + 1 }));
        Assert.Equal("UNKNOWN_BLOCK", await CodeAsync(new { hash = $"0x{new string('1', 64)}" }));
        Assert.Equal("UNKNOWN_BLOCK", await CodeAsync(new { number = -1 }));
        Assert.Equal("UNKNOWN_BLOCK", await CodeAsync(new { ago = (long)tip.Number + 1 }));

        async Task<string?> CodeAsync(object block) =>
            (await api.ErrorsAsync(query, new { block }))[0].GetProperty("extensions").GetProperty("code").GetString();
    }
}
