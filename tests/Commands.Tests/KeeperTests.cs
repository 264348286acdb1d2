// An economy in which nobody but keepers clears deadlines: tasks go from auction to payment and disputes from evidence
// to settlement. The keepers are processes of their own; some are killed.
using System.Text.Json.Nodes;
using EventSourced.Ethereum;
using EventSourced.Host.Tests;
using EventSourced.Testing;
using static EventSourced.Commands.Tests.EconomyTests;

namespace EventSourced.Commands.Tests;

[Collection(KeptTests.Name)]
public sealed class KeeperTests(CommandWorld world) : IAsyncLifetime
{
    private const ulong Open = 1;

    // Without a court the market takes no task.
    public Task InitializeAsync() => world.CourtAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_task_is_matched_reopened_ended_and_paid_by_keepers_alone()
    {
        await using var keeper = Keep();
        var client = await world.WithCreditsAsync(2_000);
        var agent = await world.AgentAsync(3_000, 1_000);
        var task = await AuctionAsync(client);
        // Nobody bids: the round is over, and the next one opens.
        await PassUntilAsync(client, task, "commitEnd", keeper, data => Round(data) == "2");
        await BidAsync(agent, task);
        await PassUntilAsync(client, task, "revealEnd", keeper, data => Status(data) == "MATCHED");
        // The winner does not start: another one gets its chance.
        await PassUntilAsync(client, task, "startBy", keeper, data => Round(data) == "3");
        agent = await world.AgentAsync(3_000, 1_000);
        await BidAsync(agent, task);
        await PassUntilAsync(client, task, "revealEnd", keeper, data => Status(data) == "MATCHED");
        await agent.RelayAsync("leases.start", new() { ["taskId"] = $"{task}" });
        await client.UntilAsync(Query(task), data => Status(data) == "RUNNING");
        await agent.RelayAsync("tasks.submit", new()
        {
            ["taskId"] = $"{task}",
            ["resultHash"] = Word("result"),
            ["receiptHash"] = Word("receipt"),
            ["resultURI"] = "ipfs://result",
        });
        var before = await BalanceAsync(world, agent.Address);
        await PassUntilAsync(client, task, "reviewEnd", keeper, data => Status(data) == "FINALIZED");
        Assert.True(await BalanceAsync(world, agent.Address) > before, "expected the agent to be paid");
    }

    [Fact]
    public async Task A_lease_that_nobody_beats_is_ended_and_its_task_goes_on_or_home()
    {
        await using var keeper = Keep();
        var client = await world.WithCreditsAsync(2_000);
        var agent = await world.AgentAsync(3_000, 1_000);
        var task = await AuctionAsync(client);
        await BidAsync(agent, task);
        await PassUntilAsync(client, task, "revealEnd", keeper, data => Status(data) == "MATCHED");
        await agent.RelayAsync("leases.start", new() { ["taskId"] = $"{task}" });
        await client.UntilAsync(Query(task), data => Status(data) == "RUNNING");
        await world.PassAsync(3_600 + 60);
        await UntilAsync(client, task, keeper, data => Round(data) == "2");
        // Nobody bids any more: rounds end, and in the end the escrow goes home.
        for (var leap = 0; leap < 60; leap++)
        {
            await world.PassAsync(1_200);
            if (Status(await client.QueryAsync(Query(task))) == "CANCELLED") return;
        }

        await UntilAsync(client, task, keeper, data => Status(data) == "CANCELLED");
    }

    [Fact]
    public async Task A_dispute_is_opened_drawn_resolved_and_settled_by_keepers_who_collect_their_fees()
    {
        var client = await world.WithCreditsAsync(5_000);
        var agent = await world.AgentAsync(4_000, 1_000);
        var court = await world.CourtAsync();
        await using var keeper = Keep();
        var fees = await BalanceAsync(world, world.Courier);
        var task = await AuctionAsync(client);
        await BidAsync(agent, task);
        await PassUntilAsync(client, task, "revealEnd", keeper, data => Status(data) == "MATCHED");
        await agent.RelayAsync("leases.start", new() { ["taskId"] = $"{task}" });
        await client.UntilAsync(Query(task), data => Status(data) == "RUNNING");
        await agent.RelayAsync("tasks.submit", new()
        {
            ["taskId"] = $"{task}",
            ["resultHash"] = Word("wrong"),
            ["receiptHash"] = Word("receipt"),
            ["resultURI"] = "ipfs://result",
        });
        await client.RelayAsync("disputes.open", new()
        {
            ["kind"] = "3",
            ["subjectId"] = $"{task}",
            ["challengerId"] = "0",
            ["claimHash"] = Word("claim"),
        });
        var opened = await client.UntilAsync(
            $"{{ task(id: \"task-{task}\") {{ dispute {{ id }} }} }}", data => data["task"]?["dispute"] is not null);
        var dispute = ulong.Parse(((string)opened["task"]!["dispute"]!["id"]!)["dispute-".Length..]);
        await PassDisputeAsync(client, dispute, "evidenceEnd", keeper, found => Phase(found) == "DRAW");
        await DrawnAsync(client, dispute, keeper);
        await VotedAsync(client, dispute, court);
        await PassDisputeAsync(client, dispute, "revealEnd", keeper, found => Phase(found) == "APPEAL");
        await PassDisputeAsync(client, dispute, "appealEnd", keeper, found => Phase(found) == "SETTLED");
        Assert.True(await BalanceAsync(world, world.Courier) > fees, "expected fees for the draw and the settlement");
        var (code, output) = await HostProcess.RunAsync(["keep", "--explain", "--json", .. Flags()]);
        Assert.Equal(0, code);
        Assert.NotEqual("0", (string)JsonNode.Parse(output)!["feesCollected"]!);
    }

    [Fact]
    public async Task Keepers_of_which_one_is_killed_miss_nothing_and_do_nothing_twice()
    {
        const int count = 24;
        var client = await world.WithCreditsAsync(5_000);
        var tasks = new List<ulong>();
        for (var i = 0; i < count; i++) tasks.Add(await AuctionAsync(client));
        await world.PassAsync(700);
        // What is due is explained before anybody acts.
        var (code, output) = await HostProcess.RunAsync(["keep", "--explain", "--json", "--most", "1000", .. Flags()]);
        Assert.True(code == 0, output);
        var due = JsonNode.Parse(output)!["due"]!.AsArray();
        foreach (var task in tasks)
            Assert.Contains(due, one => (string?)one!["keeper"] == "reopen" && (string?)one["thing"] == $"{task}"
                && (string?)one["command"] == "tasks.reopen" && one["stops"] is null);
        var first = Keep();
        await using var second = Keep();
        await Eventually.TrueAsync(
            async () => await CountAsync("select count(*) from commands.duty where keeper = 'reopen'") > 0,
            () => first.Output + second.Output);
        await first.KillAsync();
        await first.DisposeAsync();
        foreach (var task in tasks) await UntilAsync(client, task, second, data => Round(data) == "2");
        Assert.Equal(count, await CountAsync(
            $"select count(*) from commands.request where name = 'tasks.reopen' and key like 'keep/reopen/%/1.%' and split_part(key, '/', 3)::int = any(array[{string.Join(",", tasks)}])"));
        Assert.Equal(0, await CountAsync(
            "select count(*) from commands.command c join commands.request r using (id) where r.key like 'keep/reopen/%' and not c.succeeded"));
    }

    [Fact]
    public async Task What_keepers_give_up_is_a_dead_letter_that_is_listed_and_requeued()
    {
        var client = await world.WithCreditsAsync(2_000);
        var task = await AuctionAsync(client);
        await world.PassAsync(700);
        var found = await client.UntilAsync(Query(task), data => data["task"]?["revealEnd"] is not null);
        var due = DateTimeOffset.Parse((string)found["task"]!["revealEnd"]!).ToUnixTimeSeconds();
        // As if its commands had failed as often as they may.
        await using (var command = world.Source.CreateCommand(
            $"insert into commands.duty (keeper, thing, round, due, state, tries, next_at, said) values ('reopen', '{task}', '1.1', {due}, 0, 6, now(), 'a test')"))
            await command.ExecuteNonQueryAsync();
        await using var keeper = Keep();
        string[] database = ["--database", world.Database];
        var listed = "";
        await Eventually.TrueAsync(
            async () =>
            {
                listed = (await HostProcess.RunAsync(["dead", "list", "--json", .. database])).Output;
                return listed.Contains("keeper-duty", StringComparison.Ordinal);
            },
            () => listed + keeper.Output);
        Assert.Contains($"keeper reopen to clear {task}", listed, StringComparison.Ordinal);
        var (code, output) = await HostProcess.RunAsync(["dead", "requeue", "--all", .. database]);
        Assert.True(code == 0, output);
        await UntilAsync(client, task, keeper, data => Round(data) == "2");
    }

    [Fact]
    public async Task The_newest_checkpoint_of_the_log_is_posted_drawn_for_signed_and_accepted_by_keepers()
    {
        const int accepted = 3;
        var poster = await world.AgentAsync(4_000, 3_000);
        var court = await world.CourtAsync();
        foreach (var one in court.Prepend(poster))
            await one.RelayAsync(
                "agents.setApprovalForAll", new() { ["operator"] = world.Courier.ToString(), ["approved"] = true });
        await using var keeper = Keep(
            "--keeper-agents", string.Join(',', court.Prepend(poster).Select(one => one.Agent)),
            "--keeper-epoch-hours", "0");
        // Blocks come: events become final and are signed, a seed block is there, the panel signs.
        await Eventually.TrueAsync(
            async () =>
            {
                // As fast as keepers can follow: a seed's window is 64 blocks.
                await world.Chain.Anvil.MineAsync(4, CancellationToken.None);
                await Task.Delay(1_000);
                return await CountAsync(
                    "select count(*) from model.checkpoint_candidate where quorum > 0 and signatures >= quorum") > 0;
            },
            () => keeper.Output);
        await world.PassAsync(86_400 + 60);
        await Eventually.TrueAsync(
            async () => await CountAsync(
                $"select count(*) from model.checkpoint k join commands.statement n on n.size = k.event_count and n.root = k.log_root and n.state_root = k.state_root where k.status = {accepted} and k.poster_id = {poster.Agent}") > 0,
            () => keeper.Output);
    }

    private HostProcess Keep(params string[] more) => HostProcess.Start(["keep", "--port", "0", .. Flags(), .. more]);

    private string[] Flags() =>
    [
        "--database", world.Database, "--rpc", world.Chain.Endpoint.ToString(), "--deployment",
        world.Chain.Deployment, "--keeper-account", world.Courier.ToString(),
    ];

    private async Task<long> CountAsync(string query)
    {
        await using var command = world.Source.CreateCommand(query);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<ulong> AuctionAsync(Person client)
    {
        var terms = Terms(await world.NowAsync(), 0);
        terms["terms"]!["mode"] = $"{Open}";
        var prepared = await client.PrepareAsync("tasks.create", terms);
        await client.RelayAsync("tasks.create", terms);
        var task = ulong.Parse((string)prepared["outcome"]!["results"]!["taskId"]!);
        await client.UntilAsync(Query(task), data => data["task"] is not null);
        return task;
    }

    private async Task BidAsync(Person agent, ulong task) => await agent.RelayAsync("tasks.placeBid", new()
    {
        ["taskId"] = $"{task}",
        ["agentId"] = $"{agent.Agent}",
        ["price"] = Credits(70),
        ["eta"] = $"{await world.NowAsync() + 600}",
        ["proposalHash"] = Word("proposal"),
    });

    private async Task PassUntilAsync(
        Person client, ulong task, string until, HostProcess keeper, Func<JsonNode, bool> isThere)
    {
        var found = await client.UntilAsync(Query(task), data => data["task"]?[until] is not null);
        await PassToAsync((string)found["task"]![until]!);
        await UntilAsync(client, task, keeper, isThere);
    }

    private async Task PassDisputeAsync(
        Person client, ulong dispute, string until, HostProcess keeper, Func<JsonNode, bool> isThere)
    {
        var found = await client.UntilAsync(DisputeQuery(dispute), data => data["dispute"]?[until] is not null);
        await PassToAsync((string)found["dispute"]![until]!);
        await Eventually.TrueAsync(
            async () => isThere(found = await client.QueryAsync(DisputeQuery(dispute))),
            () => $"{found.ToJsonString()}\n{keeper.Output}");
    }

    private async Task PassToAsync(string time)
    {
        var end = (ulong)DateTimeOffset.Parse(time).ToUnixTimeSeconds();
        var now = await world.NowAsync();
        if (end >= now) await world.PassAsync(end - now + 1);
    }

    // Blocks come, and keepers name later seeds where a panel is not full.
    private async Task DrawnAsync(Person client, ulong dispute, HostProcess keeper)
    {
        for (var draw = 0; draw < 8; draw++)
        {
            var found = (await client.QueryAsync(DisputeQuery(dispute)))["dispute"]!;
            if (Phase(new JsonObject { ["dispute"] = found.DeepClone() }) == "VOTING") return;
            var seed = found["seedBlock"]!.ToString();
            var drawn = ulong.Parse(seed) + 2;
            var block = await world.Chain.Client.GetBlockNumberAsync(CancellationToken.None);
            if (drawn > block) await world.Chain.Anvil.MineAsync(drawn - block, CancellationToken.None);
            JsonNode? now = null;
            await Eventually.TrueAsync(
                async () => Phase(now = await client.QueryAsync(DisputeQuery(dispute))) == "VOTING"
                    || now["dispute"]!["seedBlock"]!.ToString() != seed,
                () => $"{now?.ToJsonString()}\n{keeper.Output}");
        }
    }

    private async Task VotedAsync(Person client, ulong dispute, IReadOnlyList<Person> court)
    {
        var seated = (await client.UntilAsync(DisputeQuery(dispute), data => Phase(data) == "VOTING"))["dispute"]!;
        ulong[] panel = [.. seated["seated"]!.AsArray().Select(id => ulong.Parse(id!.ToString()))];
        var attempt = ulong.Parse(seated["attempt"]!.ToString());
        Person[] judges = [.. court.Where(one => panel.Contains(one.Agent))];
        foreach (var judge in judges)
            await judge.RelayAsync("disputes.commitVote", new()
            {
                ["disputeId"] = $"{dispute}",
                ["verifierId"] = $"{judge.Agent}",
                ["commitment"] = VoteOf(world, dispute, 1, attempt, judge.Agent, 2).ToString(),
            });
        await PassToAsync((string)seated["commitEnd"]!);
        foreach (var judge in judges)
            await judge.RelayAsync("disputes.revealVote", new()
            {
                ["disputeId"] = $"{dispute}",
                ["verifierId"] = $"{judge.Agent}",
                ["choice"] = "2",
                ["salt"] = Word($"salt {judge.Agent}"),
                ["justificationHash"] = Word("why"),
            });
    }

    private static async Task UntilAsync(
        Person client, ulong task, HostProcess keeper, Func<JsonNode, bool> isThere)
    {
        JsonNode? found = null;
        await Eventually.TrueAsync(
            async () => isThere(found = await client.QueryAsync(Query(task))),
            () => $"{found?.ToJsonString()}\n{keeper.Output}");
    }

    private static string Query(ulong task) =>
        $"{{ task(id: \"task-{task}\") {{ status round commitEnd revealEnd startBy deliverBy reviewEnd }} }}";

    private static string DisputeQuery(ulong dispute) =>
        $"{{ dispute(id: \"dispute-{dispute}\") {{ phase round attempt seedBlock seated evidenceEnd commitEnd revealEnd appealEnd }} }}";

    private static string? Status(JsonNode data) => (string?)data["task"]?["status"];

    private static string? Round(JsonNode data) => data["task"]?["round"]?.ToString();

    private static string? Phase(JsonNode data) => (string?)data["dispute"]?["phase"];
}
