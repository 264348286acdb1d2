using EventSourced.Api.Live;
using EventSourced.Projections;

namespace EventSourced.Api.Tests;

public sealed class RowWishesTests
{
    private static readonly RowWishes Tasks = new(
        null, new RowWish(ReadModels.All[0], ChangeSort.Appended, new RowQuery("query { a }", "{}", ["a"]), false));

    [Fact]
    public void Equal_selections_with_equal_values_are_equal_wishes()
    {
        var same = Tasks with { Arrived = Tasks.Arrived with { Query = new RowQuery("query { a }", "{}", ["a"]) } };
        Assert.Equal(Tasks, same);
        Assert.Equal(Tasks.GetHashCode(), same.GetHashCode());
    }

    [Theory]
    [InlineData("query { b }", "{}", "a")]
    [InlineData("query { a }", """{"x":1}""", "a")]
    [InlineData("query { a }", "{}", "b")]
    public void Another_document_other_values_and_another_name_are_other_wishes(
        string document, string variables, string name)
    {
        var other = Tasks.Arrived with { Query = new RowQuery(document, variables, [name]) };
        Assert.NotEqual(Tasks, Tasks with { Arrived = other });
    }

    [Fact]
    public void What_is_taken_back_is_told_before_what_arrived()
    {
        var retracted = Tasks.Arrived with { Sort = ChangeSort.Retracted };
        Assert.Equal([retracted, Tasks.Arrived], (Tasks with { Retracted = retracted }).InOrder);
        Assert.Equal([Tasks.Arrived], Tasks.InOrder);
    }
}
