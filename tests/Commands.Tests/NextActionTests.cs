// Next actions: what an address may do with a thing, and why it may not do the rest; the same now, at a block, by HTTP
// and by GraphQL.
using System.Text.Json.Nodes;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class NextActionTests(CommandWorld world)
{
    [Fact]
    public async Task Everybody_is_told_what_it_may_do_with_a_task_and_why_not_the_rest()
    {
        await world.CourtAsync();
        var client = await world.WithCreditsAsync(500);
        var agent = await world.AgentAsync(1_000, 500);
        var terms = EconomyTests.Terms(await world.NowAsync(), agent.Agent);
        var task =
            $"task-{(string?)(await client.PrepareAsync("tasks.create", terms))["outcome"]!["results"]!["taskId"]}";
        await client.RelayAsync("tasks.create", terms);
        await client.UntilAsync(
            $"{{ task(id: \"{task}\") {{ status }} }}", data => (string?)data["task"]?["status"] == "BIDDING");

        var client1 = await ActionsAsync(client, task);
        Assert.True((bool)client1["tasks.cancel"]!["isLegal"]!);
        Assert.Equal("WrongState", (string?)client1["tasks.accept"]!["reason"]!["code"]);
        Assert.Equal("NotAgent", (string?)client1["tasks.placeBid"]!["reason"]!["code"]);
        var agent1 = await ActionsAsync(agent, task);
        Assert.True((bool)agent1["tasks.placeBid"]!["isLegal"]!);
        Assert.Equal($"{agent.Agent}", (string?)agent1["tasks.placeBid"]!["arguments"]!["agentId"]);
        Assert.Equal("OnlyClient", (string?)agent1["tasks.cancel"]!["reason"]!["code"]);
        // Only the chain decides it, and was asked.
        Assert.False((bool)agent1["leases.start"]!["isLegal"]!);

        // What is said to be legal is granted, and the past says what it said.
        var block = (ulong)(await client.GetAsync($"v1/next-actions?id={task}&as={client.Address}")).Body["block"]!;
        Assert.Equal(
            200, (await client.TryPrepareAsync("tasks.cancel", new() { ["taskId"] = task["task-".Length..] })).Status);
        await client.RelayAsync("tasks.cancel", new() { ["taskId"] = task["task-".Length..] });
        await client.UntilAsync(
            $"{{ task(id: \"{task}\") {{ status }} }}", data => (string?)data["task"]?["status"] == "CANCELLED");
        Assert.Equal("WrongState", (string?)(await ActionsAsync(client, task))["tasks.cancel"]!["reason"]!["code"]);
        Assert.True((bool)(await ActionsAsync(client, task, block))["tasks.cancel"]!["isLegal"]!);
        // What the contract alone decides nobody knows of the past; it is said so, and why.
        var past = (await ActionsAsync(agent, task, block))["leases.start"]!;
        Assert.Null(past["isLegal"]);
        Assert.Equal(("OnlyChainDecides", "a block of the past"),
            ((string?)past["reason"]!["code"], (string?)past["reason"]!["found"]));
    }

    [Fact]
    public async Task Somebody_without_an_agent_may_ask_for_work()
    {
        // A bug of the dashboard's first wallet: the agent that a task is for was looked for among the sender's own.
        var person = await world.SomebodyAsync();
        var actions = (await person.GetAsync($"v1/next-actions?as={person.Address}")).Body["actions"]!.AsArray();
        var create = actions.Single(one => (string)one!["command"]! == "tasks.create")!;
        Assert.Null(create["isLegal"]);
        Assert.Equal("OnlyChainDecides", (string?)create["reason"]!["code"]);
    }

    [Fact]
    public async Task GraphQL_says_what_HTTP_says()
    {
        var person = await world.SomebodyAsync();
        var http = (await person.GetAsync($"v1/next-actions?as={person.Address}")).Body["actions"]!.AsArray();
        var found = await person.QueryAsync(
            $"{{ nextActions(as: \"{person.Address}\") {{ block actions {{ command isLegal reason {{ code expected found }} sender effect arguments }} }} }}");
        var graph = found["nextActions"]!["actions"]!.AsArray();
        Assert.Equal(http.Count, graph.Count);
        foreach (var (one, other) in http.Zip(graph))
            foreach (var field in new[] { "command", "isLegal", "sender", "effect", "arguments", "reason" })
                Assert.True(JsonNode.DeepEquals(one![field], other![field]), $"{field}: expected {one}, found {other}");
    }

    [Fact]
    public async Task Whatever_is_undecided_says_why()
    {
        var person = await world.SomebodyAsync();
        var actions = (await person.GetAsync($"v1/next-actions?as={person.Address}")).Body["actions"]!.AsArray();
        var undecided = actions.Where(action => action!["isLegal"] is null).ToArray();
        Assert.NotEmpty(undecided);
        Assert.All(undecided, action => Assert.Equal("OnlyChainDecides", (string?)action!["reason"]!["code"]));
    }

    [Theory]
    [InlineData("id=nothing-1", "as")]
    [InlineData("id=task-x&as=0x0000000000000000000000000000000000000001", "id")]
    [InlineData("id=nothing-1&as=0x0000000000000000000000000000000000000001", "id")]
    [InlineData("id=task-1&as=0x0000000000000000000000000000000000000001&block=x", "block")]
    public async Task A_question_that_is_none_is_refused_with_its_place(string query, string where)
    {
        var person = await world.SomebodyAsync();
        var answer = await person.GetAsync($"v1/next-actions?{query}");
        Assert.Equal((400, where), (answer.Status, (string?)answer.Body["where"]));
    }

    private static async Task<Dictionary<string, JsonNode>> ActionsAsync(Person person, string id, ulong? block = null)
    {
        var answer = await person.GetAsync(
            $"v1/next-actions?id={id}&as={person.Address}{(block is null ? "" : $"&block={block}")}");
        Assert.True(answer.Status == 200, $"{answer}");
        return answer.Body["actions"]!.AsArray().ToDictionary(one => (string)one!["command"]!, one => one!);
    }
}
