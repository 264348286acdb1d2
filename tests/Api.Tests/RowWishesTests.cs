using EventSourced.Api.Live;
using EventSourced.Projections;

namespace EventSourced.Api.Tests;

public sealed class RowWishesTests
{
    private static readonly RowWish Tasks = new(
        ReadModels.All[0], ChangeSort.Appended, new RowQuery("query { a }", "{}", ["a"]), false);

    private readonly RowWishes _wishes = new();

    [Fact]
    public void Only_rows_that_somebody_asks_for_are_among_the_moved()
    {
        using var one = _wishes.Hold([Tasks], "3");
        using var another = _wishes.Hold([Tasks], "1");
        using var elsewhere = _wishes.Hold([Tasks with { Sort = ChangeSort.Finalized }], "2");
        Assert.Equal(["1", "3"], Among("4", "3", "2", "1"));
        Assert.Empty(Among("4"));
    }

    [Fact]
    public void Who_asks_for_every_row_is_given_every_row()
    {
        using var one = _wishes.Hold([Tasks], "3");
        using (_wishes.Hold([Tasks], null)) Assert.Equal(["1", "2"], Among("2", "1"));
        Assert.Empty(Among("2", "1"));
    }

    [Fact]
    public void Wishes_end_with_the_last_who_holds_them()
    {
        var first = _wishes.Hold([Tasks], "1");
        var second = _wishes.Hold([Tasks with { Query = new RowQuery("query { a }", "{}", ["a"]) }], "1");
        Assert.Equal(1, _wishes.Count);
        first.Dispose();
        Assert.Equal(["1"], Among("1"));
        second.Dispose();
        Assert.Equal(0, _wishes.Count);
    }

    [Theory]
    [InlineData("query { b }", "{}", "a")]
    [InlineData("query { a }", """{"x":1}""", "a")]
    [InlineData("query { a }", "{}", "b")]
    public void Another_document_other_values_and_another_name_are_other_wishes(
        string document, string variables, string name)
    {
        using var other = _wishes.Hold([Tasks with { Query = new RowQuery(document, variables, [name]) }], null);
        Assert.Empty(Among("1"));
    }

    private string[] Among(params string[] keys) => _wishes.Among(keys.ToHashSet(), Tasks);
}
