// A whole economy, by HTTP alone: people register, stake, ask for work, bid, work, are paid, quarrel and are judged.
// What the commands answer is compared with what the index and the chain say.
using System.Text.Json.Nodes;
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.World;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class EconomyTests(CommandWorld world)
{
    internal static string Credits(ulong count) => $"{(UInt128)count * 1_000_000_000_000_000_000}";

    [Fact]
    public async Task A_task_lives_from_registration_to_payout_by_relayed_commands()
    {
        await world.CourtAsync();
        var client = await world.WithCreditsAsync(2_000);
        var agent = await world.AgentAsync(1_000, 500);
        var task = await TaskAsync(client, agent);
        await MatchedAsync(client, agent, task);
        await DeliveredAsync(agent, task);
        var before = await BalanceAsync(world, agent.Address);
        await client.RelayAsync("tasks.accept", new() { ["taskId"] = $"{task}" });
        var found = await client.UntilAsync($"{{ task(id: \"task-{task}\") {{ status price agent {{ id }} }} }}",
            data => (string?)data["task"]?["status"] == "FINALIZED");
        Assert.Equal($"agent-{agent.Agent}", (string?)found["task"]!["agent"]!["id"]);
        // The price less the market's fee.
        Assert.True(
            await BalanceAsync(world, agent.Address) - before > UInt128.Parse(Credits(60)),
            "expected the agent to be paid");
        var again = await client.TryPrepareAsync("tasks.accept", new() { ["taskId"] = $"{task}" });
        Assert.Equal((422, "WrongState", "Verifying", "Finalized"),
            (again.Status, again.Code, (string)again.Body["expected"]!, (string)again.Body["found"]!));
    }

    [Fact]
    public async Task A_dispute_is_judged_by_a_panel_appealed_judged_by_a_second_panel_and_settled()
    {
        var client = await world.WithCreditsAsync(5_000);
        var agent = await world.AgentAsync(4_000, 1_000);
        await world.CourtAsync();
        var task = await TaskAsync(client, agent);
        await MatchedAsync(client, agent, task);
        await DeliveredAsync(agent, task);
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
        await client.RelayAsync("disputes.submitEvidence", Evidence(dispute, "1"));
        await agent.RelayAsync("disputes.submitEvidence", Evidence(dispute, "2"));
        await world.PassAsync(4 * 3_600);
        await client.RelayAsync("disputes.startRound", Of(dispute));
        var first = await JudgedAsync(client, dispute, round: 1, choice: 2, seatedBefore: 0);
        // Only who lost may appeal, and a second panel is larger than the first.
        var winner = await client.TryPrepareAsync("disputes.appeal", Appeal(dispute, "1"));
        Assert.Equal(422, winner.Status);
        await agent.RelayAsync("disputes.appeal", Appeal(dispute, "2"));
        await client.UntilAsync($"{{ dispute(id: \"dispute-{dispute}\") {{ round }} }}",
            data => data["dispute"]!["round"]!.ToString() == "2");
        var second = await JudgedAsync(client, dispute, round: 2, choice: 2, seatedBefore: first);
        Assert.True(second > first, $"expected more than {first} seats in the second panel, found {second}");
        await world.PassAsync(await LeftAsync(client, dispute, "appealEnd"));
        await client.RelayAsync("disputes.settle", Of(dispute));
        var settled = await client.UntilAsync(
            $"{{ dispute(id: \"dispute-{dispute}\") {{ phase ruling round }} task(id: \"task-{task}\") {{ status }} }}",
            data => (string?)data["dispute"]!["phase"] == "SETTLED");
        Assert.Equal(("CANCELLED", "2"),
            ((string?)settled["task"]!["status"], settled["dispute"]!["round"]!.ToString()));
    }

    // From the draw to the ruling; how many were seated.
    private async Task<int> JudgedAsync(
        Person client, ulong dispute, ulong round, ulong choice, int seatedBefore)
    {
        // The index keeps the seats of all panels, in their order.
        var panel = (await PanelAsync(client, dispute))[seatedBefore..];
        Person[] judges = [.. (await world.CourtAsync()).Where(one => panel.Contains(one.Agent))];
        Assert.Equal(panel.Length, judges.Length);
        foreach (var judge in judges)
            await judge.RelayAsync("disputes.commitVote", new()
            {
                ["disputeId"] = $"{dispute}",
                ["verifierId"] = $"{judge.Agent}",
                ["commitment"] = Commitment(dispute, round, judge.Agent, choice).ToString(),
            });
        await world.PassAsync(await LeftAsync(client, dispute, "commitEnd"));
        foreach (var judge in judges)
            await judge.RelayAsync("disputes.revealVote", new()
            {
                ["disputeId"] = $"{dispute}",
                ["verifierId"] = $"{judge.Agent}",
                ["choice"] = $"{choice}",
                ["salt"] = Word($"salt {judge.Agent}"),
                ["justificationHash"] = Word("why"),
            });
        await world.PassAsync(await LeftAsync(client, dispute, "revealEnd"));
        await client.RelayAsync("disputes.resolveRound", Of(dispute));
        await client.UntilAsync($"{{ dispute(id: \"dispute-{dispute}\") {{ phase }} }}",
            data => (string?)data["dispute"]!["phase"] == "APPEAL");
        return panel.Length;
    }

    private async Task<ulong> TaskAsync(Person client, Person agent)
    {
        var now = await world.NowAsync();
        var prepared = await client.PrepareAsync("tasks.create", Terms(now, agent.Agent));
        Assert.Contains("100 credits", (string)prepared["effect"]!, StringComparison.Ordinal);
        var task = ulong.Parse((string)prepared["outcome"]!["results"]!["taskId"]!);
        await client.RelayAsync("tasks.create", Terms(now, agent.Agent));
        return task;
    }

    private async Task MatchedAsync(Person client, Person agent, ulong task)
    {
        await agent.RelayAsync("tasks.placeBid", new()
        {
            ["taskId"] = $"{task}",
            ["agentId"] = $"{agent.Agent}",
            ["price"] = Credits(70),
            ["eta"] = $"{await world.NowAsync() + 600}",
            ["proposalHash"] = Word("proposal"),
        });
        await client.UntilAsync(
            $"{{ task(id: \"task-{task}\") {{ status }} }}", data => (string?)data["task"]?["status"] == "MATCHED");
    }

    private static async Task DeliveredAsync(Person agent, ulong task)
    {
        var started = await agent.RelayAsync("leases.start", new() { ["taskId"] = $"{task}" });
        Assert.NotNull(started["transaction"]);
        var found = await agent.UntilAsync(
            $"{{ task(id: \"task-{task}\") {{ status workLeases {{ nodes {{ id }} }} }} }}", data =>
                (string?)data["task"]?["status"] == "RUNNING");
        var lease = ((string)found["task"]!["workLeases"]!["nodes"]![0]!["id"]!)["work-lease-".Length..];
        await agent.RelayAsync("leases.heartbeat", new() { ["leaseId"] = lease, ["progressHash"] = Word("half") });
        await agent.RelayAsync("tasks.submit", new()
        {
            ["taskId"] = $"{task}",
            ["resultHash"] = Word("result"),
            ["receiptHash"] = Word("receipt"),
            ["resultURI"] = "ipfs://result",
        });
    }

    // A panel that is not full waits for a later seed.
    private async Task<ulong[]> PanelAsync(Person client, ulong dispute)
    {
        Answered? refused = null;
        for (var draw = 0; draw < 8; draw++)
        {
            var found = (await client.UntilAsync(
                $"{{ dispute(id: \"dispute-{dispute}\") {{ phase seedBlock seated }} }}", data =>
                    (string?)data["dispute"]!["phase"] != "EVIDENCE"))["dispute"]!;
            if ((string?)found["phase"] == "VOTING") return [.. found["seated"]!.AsArray()
                .Select(id => ulong.Parse(id!.ToString()))];
            var drawn = ulong.Parse(found["seedBlock"]!.ToString()) + 17;
            var block = await world.Chain.Client.GetBlockNumberAsync(CancellationToken.None);
            if (drawn > block) await world.Chain.Anvil.MineAsync(drawn - block, CancellationToken.None);
            refused = await client.TryPrepareAsync("disputes.draw", Of(dispute));
            if (refused.Status != 200) continue;
            await client.RelayAsync("disputes.draw", Of(dispute));
            await client.UntilAsync($"{{ dispute(id: \"dispute-{dispute}\") {{ phase seedBlock }} }}", data =>
                (string?)data["dispute"]!["phase"] == "VOTING"
                    || data["dispute"]!["seedBlock"]!.ToString() != found["seedBlock"]!.ToString());
        }

        throw new InvalidOperationException($"expected a panel within 8 draws, found {refused}");
    }

    private async Task<ulong> LeftAsync(Person client, ulong dispute, string until)
    {
        var found = await client.UntilAsync(
            $"{{ dispute(id: \"dispute-{dispute}\") {{ {until} }} }}", data => data["dispute"]![until] is not null);
        var end = (ulong)DateTimeOffset.Parse((string)found["dispute"]![until]!).ToUnixTimeSeconds();
        var now = await world.NowAsync();
        return end > now ? end - now : 0;
    }

    internal static async Task<UInt128> BalanceAsync(CommandWorld world, Address holder)
    {
        var account = Domain.Money.Accounts.Credit(new Domain.Values.Address(holder.Bytes));
        var answer = await world.Chain.Client.CallAsync(
            new(world.Contracts["Vault"].Address,
                AbiFunction.Parse("function balanceOf(bytes32 account) view returns (uint256)")
                    .EncodeCall(new Hash32(account.ToArray()))),
            default, CancellationToken.None);
        return (UInt128)UInt256.FromBigEndian(answer);
    }

    internal static JsonObject Terms(ulong now, ulong agent) => new()
    {
        ["agentId"] = $"{agent}",
        ["terms"] = new JsonObject
        {
            ["mode"] = "0",
            ["verification"] = "0",
            ["domain"] = Hex.ToText([.. "code"u8, .. new byte[28]]),
            ["maxPrice"] = Credits(100),
            ["agentBond"] = Credits(24),
            ["minReputation"] = "-1000000000",
            ["bidWindow"] = "600",
            ["revealWindow"] = "0",
            ["startWindow"] = "1200",
            ["deliverWindow"] = "6000",
            ["reviewWindow"] = "36000",
            ["challengeWindow"] = "600",
            ["leaseTtl"] = "3600",
            ["grace"] = "30",
            ["expiresAt"] = $"{now + 36_000}",
            ["specHash"] = Word("spec"),
            ["specURI"] = "ipfs://spec",
        },
    };

    private Hash32 Commitment(ulong dispute, ulong round, ulong verifier, ulong choice) =>
        VoteOf(world, dispute, round, 1, verifier, choice);

    /// <summary>What a verifier commits to.</summary>
    internal static Hash32 VoteOf(
        CommandWorld world, ulong dispute, ulong round, ulong attempt, ulong verifier, ulong choice) =>
        Keccak256.Hash(AbiEncoder.Encode(
            AbiType.ParseAll("uint256", "address", "uint256", "uint8", "uint8", "uint256", "uint8", "bytes32"),
            [world.Contracts.ChainId, world.Contracts["Disputes"].Address, dispute, round, attempt, verifier, choice,
                Keccak256.Hash($"salt {verifier}")]));

    private static JsonObject Of(ulong dispute) => new() { ["disputeId"] = $"{dispute}" };

    private static JsonObject Appeal(ulong dispute, string side) =>
        new() { ["disputeId"] = $"{dispute}", ["side"] = side };

    private static JsonObject Evidence(ulong dispute, string side) =>
        new() { ["disputeId"] = $"{dispute}", ["side"] = side, ["evidence"] = $"ipfs://evidence/{side}" };

    internal static string Word(string text) => Keccak256.Hash(text).ToString();
}
