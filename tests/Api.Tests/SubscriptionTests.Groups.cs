// Those who follow rows, told in groups: what is read for whom, who is cut, and what a fault ends.
using System.Collections.Concurrent;
using System.Threading.Channels;
using EventSourced.Api.Live;
using EventSourced.GraphQL.Errors;
using EventSourced.Projections;
using EventSourced.Testing;

namespace EventSourced.Api.Tests;

public sealed partial class SubscriptionTests
{
    [Fact]
    public async Task Rows_are_read_once_for_all_who_follow_them_and_a_group_ends_with_its_last()
    {
        var model = ReadModels.All.Single(one => one.TypeName == "Task");
        var moved = (await MovedTasksAsync()).ConvertAll(id => id["task-".Length..]);
        var read = new ConcurrentQueue<(RowWish Wish, string Key)>();
        await using var feed = new ChangeFeed(_database.Source, 64, fault => Assert.Fail(fault.Message));
        feed.Start();
        var followers = new RowFollowers(feed, (_, wish, keys) =>
        {
            foreach (var key in keys) read.Enqueue((wish, key));
            return Task.FromResult<RowChange?[]>(Changes(keys));
        });
        var one = await followers.FollowAsync(Wishes("{ one }"), moved[0], default);
        var twin = await followers.FollowAsync(Wishes("{ one }"), moved[0], default);
        var every = await followers.FollowAsync(Wishes("{ every }"), null, default);
        Assert.Equal(2, followers.Groups);
        await GoOnAsync();

        var missing = moved.ToHashSet();
        while (missing.Count > 0)
            foreach (var change in await every.Changes.ReadAsync()) missing.Remove(change.Id);
        var told = Assert.Single(await one.Changes.ReadAsync());
        Assert.Equal(moved[0], told.Id);
        Assert.Same(told, Assert.Single(await twin.Changes.ReadAsync()));
        var (ofOne, ofEvery) = (read.Where(by => by.Wish == Wishes("{ one }").Arrived).ToList(),
            read.Where(by => by.Wish == Wishes("{ every }").Arrived).ToList());
        Assert.All(ofOne, by => Assert.Equal(moved[0], by.Key));
        Assert.Equal(ofEvery.Count(by => by.Key == moved[0]), ofOne.Count);

        twin.Dispose();
        Assert.Equal(2, followers.Groups);
        one.Dispose();
        Assert.Equal(1, followers.Groups);
        every.Dispose();
        Assert.Equal(0, followers.Groups);
        await Eventually.TrueAsync(() => feed.Subscribers == 0, () => feed.Subscribers);

        RowWishes Wishes(string document) => new(
            null, new RowWish(model, ChangeSort.Appended, new RowQuery(document, "{}", ["a"]), false));
    }

    [Fact]
    public async Task Who_follows_rows_and_does_not_read_is_cut_alone()
    {
        var model = ReadModels.All.Single(one => one.TypeName == "Account");
        await using var feed = new ChangeFeed(_database.Source, 4, fault => Assert.Fail(fault.Message));
        feed.Start();
        var changes = new RowChange[] { new("APPENDED", "x", null, [], null) };
        var followers = new RowFollowers(feed, (_, _, keys) => Task.FromResult<RowChange?[]>(
            [.. keys.Select(_ => changes[0])]));
        var wishes = new RowWishes(null, new RowWish(model, ChangeSort.Appended, null, false));
        using var slow = await followers.FollowAsync(wishes, null, default);
        using var quick = await followers.FollowAsync(wishes, null, default);
        for (var told = 0; told <= feed.MostQueued; told++) slow.Tell(changes, feed.MostQueued);
        await GoOnAsync();
        Assert.NotEmpty(await quick.Changes.ReadAsync());
        for (var told = 0; told < feed.MostQueued; told++) Assert.Same(changes, await slow.Changes.ReadAsync());
        var cut = await Assert.ThrowsAsync<ChannelClosedException>(async () => await slow.Changes.ReadAsync());
        Assert.Contains("QUEUE", Assert.IsType<GraphQLException>(cut.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_the_reading_ends_the_group_with_it_and_the_next_follower_begins_another()
    {
        var model = ReadModels.All.Single(one => one.TypeName == "Account");
        var fails = true;
        await using var feed = new ChangeFeed(_database.Source, 64, fault => Assert.Fail(fault.Message));
        feed.Start();
        var followers = new RowFollowers(feed, (_, _, keys) => fails
            ? throw new GraphQLException(new GraphQLError("expected rows, found a fault", "INTERNAL"))
            : Task.FromResult<RowChange?[]>(Changes(keys)));
        var wishes = new RowWishes(null, new RowWish(model, ChangeSort.Appended, null, false));
        using var first = await followers.FollowAsync(wishes, null, default);
        _window.Last += Hidden / 2;
        var ended = await Assert.ThrowsAsync<ChannelClosedException>(async () => await first.Changes.ReadAsync());
        Assert.IsType<GraphQLException>(ended.InnerException);
        fails = false;
        using var second = await followers.FollowAsync(wishes, null, default);
        await GoOnAsync();
        Assert.NotEmpty(await second.Changes.ReadAsync());
    }

    private static RowChange[] Changes(IEnumerable<string> keys) =>
        [.. keys.Select(key => new RowChange("APPENDED", key, null, [], null))];
}
