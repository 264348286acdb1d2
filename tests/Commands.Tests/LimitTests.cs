// The limits: buckets that hold for every process and survive restarts, places, ban, and who is let in. Each refusal
// names its limit and says when to come again.
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Limits;
using EventSourced.Ethereum;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class LimitTests(CommandWorld world)
{
    [Fact]
    public async Task A_bucket_gives_its_burst_and_then_its_rate()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var buckets = new Buckets(source);
        await buckets.PrepareAsync(CancellationToken.None);
        var token = new Token(LimitTable.Tasks, "somebody");
        for (var i = 0; i < LimitTable.Tasks.Burst; i++) Assert.Null(
            await buckets.TakeAsync([token], 0, CancellationToken.None));
        var empty = await buckets.TakeAsync([token], 0, CancellationToken.None);
        Assert.Equal(LimitTable.Tasks, empty?.Bucket);
        // One token comes back in 864 seconds.
        Assert.InRange(empty!.RetryAfter.TotalSeconds, 800, 865);
        Assert.Null(await buckets.TakeAsync([token with { Whose = "somebody else" }], 0, CancellationToken.None));
        // A restart is a new pool and a new object: the row is the same. Time passes in the row.
        await LaterAsync(source, token, TimeSpan.FromSeconds(900));
        var after = new Buckets(source);
        await after.PrepareAsync(CancellationToken.None);
        Assert.Null(await after.TakeAsync([token], 0, CancellationToken.None));
        Assert.NotNull(await after.TakeAsync([token], 0, CancellationToken.None));
    }

    [Fact]
    public async Task Whoever_goes_on_is_slowed_then_banned_and_then_let_in_again()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var buckets = new Buckets(source);
        await buckets.PrepareAsync(CancellationToken.None);
        var token = new Token(LimitTable.Registrations, "10.0.0.1");
        Assert.Null(await buckets.TakeAsync([token], 0, CancellationToken.None));
        var plain = await buckets.TakeAsync([token], 0, CancellationToken.None);
        Shortage? last = null;
        for (
            var i = 0; i < LimitTable.GreyFrom; i++) last = await buckets.TakeAsync([token], 0, CancellationToken.None);
        Assert.False(last!.IsBanned);
        Assert.True(last.RetryAfter > 3 * plain!.RetryAfter,
            $"expected a grey key to wait four times as long, found {last.RetryAfter} after {plain.RetryAfter}");
        for (var i = 0; i < LimitTable.BanFrom / LimitTable.ForgeryStrikes; i++)
            last = await buckets.TakeAsync([token], LimitTable.ForgeryStrikes, CancellationToken.None);
        Assert.True(last!.IsBanned);
        await LaterAsync(source, token, TimeSpan.FromDays(1));
        Assert.Null(await buckets.TakeAsync([token], 0, CancellationToken.None));
    }

    [Fact]
    public async Task Two_requests_that_take_the_same_keys_never_wait_for_each_other()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var buckets = new Buckets(source);
        await buckets.PrepareAsync(CancellationToken.None);
        Token[] tokens = [.. Enumerable.Range(0, 6).Select(i => new Token(LimitTable.Submissions, $"{i}"))];
        var taken = await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            buckets.TakeAsync(i % 2 == 0 ? tokens : [.. tokens.Reverse()], 0, CancellationToken.None)));
        Assert.InRange(taken.Count(one => one is null), LimitTable.Submissions.Burst, 59);
    }

    [Fact]
    public void A_place_is_given_back_and_a_key_with_nobody_inside_is_forgotten()
    {
        var room = new AtOnce(new Limit("ROOM", 2, "people", 429, "TooManyAtOnce", ""));
        var first = room.Enter("a");
        using var second = room.Enter("a");
        Assert.Null(room.Enter("a"));
        first!.Dispose();
        first.Dispose();
        Assert.Equal(1, room.Inside("a"));
        using var third = room.Enter("a");
        Assert.NotNull(third);
    }

    [Fact]
    public async Task Refusals_of_load_wait_a_moment_up_to_their_number_and_every_other_answer_does_not()
    {
        var time = new HeldTime();
        var slow = new SlowRefusals(time);
        var refusal = new Reply(429, []);
        foreach (var status in new[] { 200, 202, 400, 404, 422, 500 })
            Assert.True(slow.HoldAsync(new Reply(status, []), CancellationToken.None).IsCompletedSuccessfully);
        Task[] waiting =
        [
            .. Enumerable.Range(0, (int)LimitTable.Held.Most)
                .Select(_ => slow.HoldAsync(refusal, CancellationToken.None)),
        ];
        Assert.DoesNotContain(waiting, one => one.IsCompleted);
        Assert.True(slow.HoldAsync(refusal, CancellationToken.None).IsCompletedSuccessfully);
        time.End();
        await Task.WhenAll(waiting).WaitAsync(Eventually.Limit);
        using var left = new CancellationTokenSource();
        var gone = slow.HoldAsync(new Reply(503, []), left.Token);
        Assert.False(gone.IsCompleted);
        await left.CancelAsync();
        await gone.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task Strangers_are_counted_by_HTTP_and_told_which_limit_and_when_to_come_again()
    {
        await using var host = await world.ServeAsync(("roles", "commands"), ("commandsTrust", "192.0.2.0/24"));
        using var http = new HttpClient { BaseAddress = host.Address };
        await CommandWorld.ReadyAsync(http);
        var person = new Person(world, SigningKey.Generate(), http);
        var answers = new List<Answered>();
        for (var i = 0; i < 3 * LimitTable.Requests.Burst; i++) answers.Add(await person.GetAsync("v1/commands"));
        var refused = answers.First(answer => answer.Status == 429);
        Assert.Equal(("TooManyRequests", "REQUESTS_NETWORK"), (refused.Code, (string?)refused.Body["limit"]));
        Assert.True(int.Parse(refused.RetryAfter!) >= 1);
        await using var forget = world.Source.CreateCommand($"delete from {Buckets.Table}");
        await forget.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task A_place_with_an_allow_list_takes_the_commands_of_nobody_else()
    {
        using var friend = SigningKey.Generate();
        await using var host = await world.ServeAsync(
            ("roles", "commands"), ("commandsTrust", "127.0.0.0/8"), ("commandsAllow", friend.Address.ToString()));
        using var http = new HttpClient { BaseAddress = host.Address };
        await CommandWorld.ReadyAsync(http);
        foreach (var (key, status, code) in new[] { (friend, 202, ""), (SigningKey.Generate(), 403, "NotAllowed") })
        {
            var person = new Person(world, key, http);
            var answer = await person.TryRelayAsync(
                await person.SignAsync("agents.register", new() { ["agentURI"] = "ipfs://x" }));
            Assert.Equal((status, code), (answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_too_deep_or_no_JSON_is_refused_before_it_is_read()
    {
        var person = await world.SomebodyAsync();
        var large = new JsonObject { ["mode"] = new string('x', (int)LimitTable.Body.Most) };
        Assert.Equal((413, "BodyTooLarge"), await OfAsync(person, large));
        JsonNode deep = new JsonObject();
        for (var i = 0; i < LimitTable.Depth.Most + 2; i++) deep = new JsonObject { ["a"] = deep };
        Assert.Equal((400, "InvalidJson"), await OfAsync(person, deep));
        foreach (var (type, text, code) in new[]
        {
            ("application/json", "{\"mode\":\"prepare\",\"mode\":\"relay\"}", "InvalidJson"),
            ("application/json", "{\"mode\":\"\\ud800\"}", "InvalidText"), ("application/json", "[]", "WrongBody"),
            ("text/plain", "{}", "WrongMediaType"), ("application/json", "{", "InvalidJson"),
        })
        {
            using var content = new StringContent(text, System.Text.Encoding.UTF8, type);
            using var answer = await world.Http.PostAsync("v1/commands/agents.register", content);
            Assert.Equal(code, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
        }
    }

    [Fact]
    public void The_page_of_the_limits_is_what_the_code_keeps()
    {
        var page = File.ReadAllText(System.IO.Path.Combine(World.WorldChain.Root, LimitPage.File));
        if (page == LimitPage.Text()) return;
        Assert.Fail(
            $"{LimitPage.File} is not what the code keeps; run ./es host limits. Expected:\n{LimitPage.Text()}");
    }

    private static async Task<(int, string)> OfAsync(Person person, JsonNode body)
    {
        var answer = await person.PostAsync("v1/commands/agents.register", body);
        return (answer.Status, answer.Code);
    }

    private static async Task LaterAsync(NpgsqlDataSource source, Token token, TimeSpan time)
    {
        await using var command = source.CreateCommand(
            $"update {Buckets.Table} set at = at - $1, banned_until = banned_until - $1 where key = $2");
        command.Parameters.Add(new NpgsqlParameter { Value = time });
        command.Parameters.Add(new NpgsqlParameter { Value = token.Key });
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    /// <summary>A time in which every timer waits until it is told to end.</summary>
    private sealed class HeldTime : TimeProvider
    {
        private readonly List<Action> _timers = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(LimitTable.Hold, dueTime);
            _timers.Add(() => callback(state));
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void End() => _timers.ForEach(timer => timer());
    }
}
