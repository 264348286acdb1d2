// The fields for people beside the chain, the streams and the rows: names of codes, stake, income and scores as the
// contracts answer, the story of a task, the events of a transaction.
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using EventSourced.Api.Model;
using EventSourced.Domain.Court;
using EventSourced.Domain.Market;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Ethereum.Rpc;
using EventSourced.World;

namespace EventSourced.Api.Tests;

[Collection(ServedTests.Name)]
public class PeopleFieldTests(ServedWorld world)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_name_stands_beside_each_code_and_the_code_stays()
    {
        var data = await world.Api.DataAsync(
            """
            { tasks(first: 1000) { nodes { status cause causeName disputeKind disputeKindName ruledKinds ruledKindNames } }
              disputes(first: 1000) { nodes { kind kindName } }
              transfers(first: 1000) { nodes { reason reasonName } aggregates { groupBy(by: [{ field: reasonName }]) { key { reasonName } count } } } }
            """);
        var tasks = Nodes(data, "tasks");
        Assert.All(tasks, task =>
        {
            var kind = task.GetProperty("disputeKind").GetInt32();
            Assert.Equal(kind == 0 ? null : Upper($"{(Disputes.Kind)kind}"), task.GetProperty("disputeKindName").GetString());
            var bits = task.GetProperty("ruledKinds").GetInt32();
            Assert.Equal(
                Enum.GetValues<Disputes.Kind>().Where(one => (bits >> (int)one & 1) == 1).Select(one => Upper($"{one}")),
                task.GetProperty("ruledKindNames").EnumerateArray().Select(one => one.GetString()!));
            Assert.Equal(CauseOf(task), task.GetProperty("causeName").GetString());
        });
        Assert.Contains(tasks, task => task.GetProperty("causeName").GetString() == "ACCEPTED");
        Assert.Contains(tasks, task => task.GetProperty("causeName").GetString() == "CANCELLED_BY_CLIENT");
        Assert.All(Nodes(data, "disputes"), one => Assert.Equal(
            Upper($"{(Disputes.Kind)one.GetProperty("kind").GetInt32()}"), one.GetProperty("kindName").GetString()));
        Assert.All(Nodes(data, "transfers"), one => Assert.NotEqual(JsonValueKind.Null, one.GetProperty("reasonName").ValueKind));
        var groups = data.GetProperty("transfers").GetProperty("aggregates").GetProperty("groupBy").EnumerateArray();
        Assert.Equal(
            await world.ValueAsync<long>("select count(*) from model.transfer where reason = 25"),
            groups.Single(group => group.GetProperty("key").GetProperty("reasonName").GetString() == "PAYMENT")
                .GetProperty("count").GetInt64());
    }

    [Theory]
    [InlineData("tasks(where: { causeName: { eq: ACCEPTED } })", "model.task where status = 7 and cause = 1")]
    [InlineData("tasks(where: { causeName: { eq: null } })", "model.task where cause = 0")]
    [InlineData("tasks(where: { ruledKindNames: { contains: WRONG_RESULT } })", "model.task where ruled_kinds & 2 > 0")]
    [InlineData("disputes(where: { kindName: { in: [POOR_QUALITY, BAD_RECEIPT] } })", "model.dispute where kind in (2, 3)")]
    [InlineData("transfers(where: { reasonName: { neq: FEE } })", "model.transfer where reason <> 24")]
    [InlineData("agents(where: { stake: { gt: \"0\" } })",
        "model.agent a join model.account c on c.account = '\\x04' || decode(lpad(to_hex(a.agent_id), 62, '0'), 'hex') where c.balance > 0")]
    public async Task Rows_are_filtered_by_names_and_by_stake(string question, string rows)
    {
        var data = await world.Api.DataAsync($"{{ found: {question} {{ totalCount }} }}");
        Assert.Equal(
            await world.ValueAsync<long>($"select count(*) from {rows}"),
            data.GetProperty("found").GetProperty("totalCount").GetInt64());
    }

    [Fact]
    public async Task Scores_and_stakes_are_what_the_contracts_answer_at_that_block()
    {
        var contracts = Contracts.Load(world.Chain.Deployment, WorldChain.Root);
        var data = await world.Api.DataAsync(
            """
            { _meta { block { number } }
              agents(first: 1000) { nodes { agentId stake score none: score(domain: "0x00000000000000000000000000000000000000000000000000000000000000aa") } }
              reputations(first: 1000) { nodes { agentId domain score currentScore } } }
            """);
        var block = data.GetProperty("_meta").GetProperty("block").GetProperty("number").GetUInt64();
        var standings = Nodes(data, "reputations");
        var best = new Dictionary<string, BigInteger>(StringComparer.Ordinal);
        foreach (var one in standings)
        {
            var (agent, domain) = (one.GetProperty("agentId").GetString()!, one.GetProperty("domain").GetString()!);
            var expected = Signed(await CallAsync(contracts["Reputation"], "scoreOf", block, Number(agent), Hash32.Parse(domain, null)));
            Assert.Equal($"{expected}", one.GetProperty("currentScore").GetString());
            if (domain.StartsWith("0x737472696b65", StringComparison.Ordinal)) continue;
            best[agent] = best.TryGetValue(agent, out var other) ? BigInteger.Max(other, expected) : expected;
        }

        Assert.Contains(standings, one => one.GetProperty("score").GetString() != one.GetProperty("currentScore").GetString());
        foreach (var agent in Nodes(data, "agents"))
        {
            var id = agent.GetProperty("agentId").GetString()!;
            Assert.Equal($"{best.GetValueOrDefault(id)}", agent.GetProperty("score").GetString());
            Assert.Equal("0", agent.GetProperty("none").GetString());
            Assert.Equal(
                Signed(await CallAsync(contracts["Stake"], "stakeOf", block, Number(id))).ToString(CultureInfo.InvariantCulture),
                agent.GetProperty("stake").GetString());
        }
    }

    [Fact]
    public async Task The_income_of_agents_is_what_escrows_paid_for_their_work()
    {
        var data = await world.Api.DataAsync("{ agents(first: 1000) { nodes { income } aggregates { sum { income } } } }");
        var paid = await world.ValueAsync<decimal>(
            "select sum(amount / 1e12)::numeric(28, 6) from model.transfer where reason = 25 and get_byte(from_account, 0) = 2");
        var sum = BigInteger.Parse(
            data.GetProperty("agents").GetProperty("aggregates").GetProperty("sum").GetProperty("income").GetString()!,
            CultureInfo.InvariantCulture);
        Assert.Equal(paid, (decimal)(sum / 1_000_000) / 1_000_000);
        Assert.Equal(sum, Nodes(data, "agents").Aggregate(
            BigInteger.Zero, (all, one) => all + BigInteger.Parse(
                one.GetProperty("income").GetString()!, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_story_has_every_event_of_every_stream_that_the_task_touched_in_the_order_of_the_chain()
    {
        var task = await DisputedTaskAsync();
        var data = await world.Api.DataAsync(
            """
            query($id: ID!) { task(id: $id) { workLeases { nodes { id } } story(first: 1000) {
              position stage event eventId stream version block logIndex ordinal timestamp isDerived actor recipient amount data } } }
            """, new { id = task });
        var story = data.GetProperty("task").GetProperty("story").EnumerateArray().ToList();
        var streams = new[] { task }.Concat(Nodes(data.GetProperty("task"), "workLeases").Select(one => one.GetProperty("id").GetString()!));
        foreach (var stream in streams)
        {
            var events = Nodes(await world.Api.DataAsync(
                """
                query($id: ID!) { events(stream: $id, first: 1000) { nodes {
                  id position stream version type data block { number timestamp } logIndex ordinal isDerived } } }
                """, new { id = stream }), "events");
            Assert.Equal(
                events.Select(one => (one.GetProperty("id").GetString(), one.GetProperty("position").GetInt64(),
                    one.GetProperty("type").GetString(), one.GetProperty("block").GetProperty("number").GetInt64(),
                    one.GetProperty("block").GetProperty("timestamp").GetString(), one.GetProperty("logIndex").GetInt32(),
                    one.GetProperty("ordinal").GetInt32(), one.GetProperty("isDerived").GetBoolean(), one.GetProperty("version").GetInt64())),
                story.Where(one => one.GetProperty("stream").GetString() == stream).Select(one => (
                    one.GetProperty("eventId").GetString(), one.GetProperty("position").GetInt64(), one.GetProperty("event").GetString(),
                    one.GetProperty("block").GetInt64(), one.GetProperty("timestamp").GetString(), one.GetProperty("logIndex").GetInt32(),
                    one.GetProperty("ordinal").GetInt32(), one.GetProperty("isDerived").GetBoolean(), one.GetProperty("version").GetInt64())));
        }

        var positions = story.Select(one => one.GetProperty("position").GetInt64()).ToList();
        Assert.Equal(positions.Order(), positions);
        var stages = story.Select(one => one.GetProperty("stage").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "CREATED", "BIDDING", "MATCH", "WORK", "DELIVERY", "DISPUTE", "VOTE", "PAYMENT", "END" }, stages);
        Assert.DoesNotContain("OTHER", stages);
        var created = story[0];
        Assert.Equal("task_created", story.First(one => one.GetProperty("stage").GetString() == "CREATED").GetProperty("event").GetString());
        Assert.Contains(story, one => one.GetProperty("actor").GetString()?.StartsWith("credit-holder-0x", StringComparison.Ordinal) == true);
        var payment = story.Last(one => one.GetProperty("event").GetString() == "moved");
        Assert.True(BigInteger.Parse(payment.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture) > 0);
        Assert.StartsWith("account-0x", payment.GetProperty("recipient").GetString(), StringComparison.Ordinal);
        var proven = await world.Api.DataAsync(
            "query($id: ID!) { event(id: $id) { id leaf proof } none: event(id: \"no id\") { id } }", new { id = created.GetProperty("eventId").GetString() });
        Assert.Equal(created.GetProperty("eventId").GetString(), proven.GetProperty("event").GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, proven.GetProperty("none").ValueKind);
    }

    [Fact]
    public async Task A_story_ends_at_the_block_and_is_filtered_and_read_on()
    {
        var task = await DisputedTaskAsync();
        const string entries = "{ position block stage }";
        var whole = Story(await world.Api.DataAsync($"query($id: ID!) {{ task(id: $id) {{ story(first: 1000) {entries} }} }}", new { id = task }));
        var middle = whole[whole.Count / 2];
        var then = Story(await world.Api.DataAsync(
            $"query($id: ID!, $block: Long!) {{ task(id: $id, block: {{ number: $block }}) {{ story(first: 1000) {entries} }} }}",
            new { id = task, block = middle.Block }));
        Assert.Equal(whole.Where(one => one.Block <= middle.Block), then);
        var rest = Story(await world.Api.DataAsync(
            $"query($id: ID!, $behind: Long) {{ task(id: $id) {{ story(first: 3, where: {{ position: {{ gt: $behind }} }}) {entries} }} }}",
            new { id = task, behind = middle.Position }));
        Assert.Equal(whole.Where(one => one.Position > middle.Position).Take(3), rest);
        var votes = Story(await world.Api.DataAsync(
            $"query($id: ID!, $stages: [TaskStage!]) {{ task(id: $id) {{ story(where: {{ stage: {{ in: $stages }} }}) {entries} }} }}",
            new { id = task, stages = new[] { "VOTE" } }));
        Assert.Equal(whole.Where(one => one.Stage == "VOTE"), votes);
    }

    [Fact]
    public async Task Stories_come_in_lists_and_under_the_limits()
    {
        var data = await world.Api.DataAsync("{ tasks(first: 30) { nodes { id story(first: 2) { stream } } } }");
        Assert.All(Nodes(data, "tasks"), one => Assert.InRange(one.GetProperty("story").GetArrayLength(), 1, 2));
        var errors = await world.Api.ErrorsAsync("{ tasks(first: 1000) { nodes { story(first: 1000) { event data } } } }");
        Assert.Equal("COST", errors[0].GetProperty("extensions").GetProperty("limit").GetString());
    }

    [Fact]
    public void Every_event_of_the_streams_of_a_task_has_a_stage()
    {
        string[] streams = ["task", "work-lease", "dispute"];
        var events = EventSourced.Projections.ReadModels.All.Where(model => streams.Contains(model.Fold.Name))
            .SelectMany(model => model.Fold.Routes).Where(route => route.IsHome).Select(route => route.Event).ToList();
        Assert.NotEmpty(events);
        Assert.Empty(events.Except(EventSourced.Api.Model.TaskStory.Told));
    }

    [Fact]
    public async Task A_transaction_leads_to_its_events_and_to_nothing_else()
    {
        var some = Nodes(await world.Api.DataAsync(
            "{ events(types: [\"task_matched\", \"moved\", \"dispute_settled\"], first: 30, order: DESC) { nodes { transaction block { number } } } }"), "events");
        foreach (var group in some.GroupBy(one => one.GetProperty("transaction").GetString()!))
        {
            var found = Nodes(await world.Api.DataAsync(
                "query($hash: Bytes32) { events(transaction: $hash, first: 1000) { nodes { id transaction isDerived } } }",
                new { hash = group.Key }), "events");
            Assert.All(found, one => Assert.Equal(group.Key, one.GetProperty("transaction").GetString()));
            var inBlock = Nodes(await world.Api.DataAsync(
                "query($block: Long) { events(fromBlock: $block, toBlock: $block, first: 1000) { nodes { id transaction } } }",
                new { block = group.First().GetProperty("block").GetProperty("number").GetInt64() }), "events");
            Assert.Equal(
                inBlock.Where(one => one.GetProperty("transaction").GetString() == group.Key)
                    .Select(one => one.GetProperty("id").GetString()),
                found.Select(one => one.GetProperty("id").GetString()));
        }

        var none = await world.Api.DataAsync(
            "query($hash: Bytes32) { events(transaction: $hash) { nodes { id } pageInfo { hasNextPage } } }",
            new { hash = "0x" + new string('7', 64) });
        Assert.Empty(Nodes(none, "events"));
    }

    [Fact]
    public async Task A_block_is_found_by_its_hash()
    {
        var some = Nodes(await world.Api.DataAsync(
            "{ events(first: 1, order: DESC) { nodes { block { number hash timestamp } } } }"), "events")[0].GetProperty("block");
        var found = await world.Api.DataAsync(
            "query($hash: Bytes32!, $other: Bytes32!) { block(hash: $hash) { number hash timestamp } none: block(hash: $other) { number } }",
            new { hash = some.GetProperty("hash").GetString(), other = "0x" + new string('7', 64) });
        Assert.Equal(some.GetRawText(), found.GetProperty("block").GetRawText());
        Assert.Equal(JsonValueKind.Null, found.GetProperty("none").ValueKind);
    }

    [Fact]
    public async Task Without_a_node_a_search_by_transaction_is_refused_in_words()
    {
        await using var api = await ServedApi.OverAsync(world.Database.ConnectionString);
        var errors = await api.ErrorsAsync(
            "query($hash: Bytes32) { events(transaction: $hash) { nodes { id } } }", new { hash = "0x" + new string('7', 64) });
        Assert.Equal("NODE_UNAVAILABLE", errors[0].GetProperty("extensions").GetProperty("code").GetString());
    }

    private static string? CauseOf(JsonElement task)
    {
        var cause = task.GetProperty("cause").GetInt32();
        if (cause == 0) return null;
        var behind = task.GetProperty("status").GetString() switch { "FINALIZED" => 10, "CANCELLED" => 20, _ => 0 };
        return Upper($"{(Tasks.Cause)(behind + cause)}");
    }

    private static string Upper(string name) => EventSourced.Domain.Values.SnakeCase.Upper(name);

    private static List<JsonElement> Nodes(JsonElement data, string field) =>
        [.. data.GetProperty(field).GetProperty("nodes").EnumerateArray()];

    private static List<(long Position, long Block, string? Stage)> Story(JsonElement data) =>
    [
        .. data.GetProperty("task").GetProperty("story").EnumerateArray().Select(one => (
            one.GetProperty("position").GetInt64(), one.GetProperty("block").GetInt64(), one.GetProperty("stage").GetString())),
    ];

    // A finished task about which a panel has voted.
    private async Task<string> DisputedTaskAsync()
    {
        var data = await world.Api.DataAsync(
            """
            { tasks(first: 1, where: { status: { in: [FINALIZED, CANCELLED] }, dispute: { seats: { some: { choice: { neq: NONE } } } } }) {
              nodes { id } } }
            """);
        return Nodes(data, "tasks").Single().GetProperty("id").GetString()!;
    }

    private static UInt256 Number(string text) => UInt256.Parse(text, CultureInfo.InvariantCulture);

    private static BigInteger Signed(byte[] word) => new(word, isUnsigned: false, isBigEndian: true);

    private async Task<byte[]> CallAsync(Contract contract, string view, ulong block, params AbiValue[] arguments) =>
        await world.Chain.Client.CallAsync(
            new CallRequest(contract.Address, contract.Function(view).EncodeCall(arguments)), BlockTag.Number(block),
            None);
}
