// Policies in the path of commands, and content that rows name: a second host on the same chain keeps content and asks
// the modules of agents/policies.
using System.Text;
using System.Text.Json.Nodes;
using EventSourced.Chain.Encoding;
using EventSourced.Content;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Host.Serving;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Policies;
using EventSourced.Workers.Policies;
using EventSourced.World;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public sealed class PolicyTests(CommandWorld world) : IDisposable
{
    private const string Terms =
        """{"limits":{"openTasks":20,"submissionsPerDay":100,"inputBytes":1048576,"minimumBudgetWei":"1000","capabilities":["code"]},"terms":{"minimumStakeWei":"1"}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("policies-").FullName;

    private string ContentFolder => Path.Combine(_folder, "content");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_policy_admits_tasks_and_bids_and_its_refusal_carries_its_reason()
    {
        var (tasks, bids) = (await KeepAsync("task_admission"), await KeepAsync("bid_acceptance"));
        var terms = Path.Combine(_folder, "terms.json");
        await File.WriteAllTextAsync(terms, Terms);
        await using var host = await world.ServeAsync(
            ("roles", "commands"), ("commandsTrust", "127.0.0.1/32"), ("content", ContentFolder),
            ("policyTasks", $"{tasks}"), ("policyBids", $"{bids}"), ("policyTerms", terms));
        using var http = new HttpClient { BaseAddress = host.Address };
        await CommandWorld.ReadyAsync(http);
        await world.CourtAsync();
        var client = await world.WithCreditsAsync(500);
        var agent = await world.AgentAsync(1_000, 500);
        var asking = new Person(world, client.Key, http);
        var now = await world.NowAsync();

        Assert.Equal(200, (await asking.TryPrepareAsync("tasks.create", EconomyTests.Terms(now, agent.Agent))).Status);
        var poor = EconomyTests.Terms(now, agent.Agent);
        poor["terms"]!["domain"] = Hex.ToText([.. "telepathy"u8, .. new byte[23]]);
        var refused = await asking.TryPrepareAsync("tasks.create", poor);
        Assert.Equal((422, "PolicyRefused"), (refused.Status, refused.Code));
        Assert.Equal("'capability_unknown'", (string?)refused.Body["found"]);
        Assert.Equal($"{tasks}", (string?)refused.Body["arguments"]!["policy"]);
        // Who prepares elsewhere and hands in here meets the policy, too.
        var signed = await client.SignAsync("tasks.create", poor);
        var late = await asking.TryRelayAsync(signed);
        Assert.Equal((422, "PolicyRefused"), (late.Status, late.Code));

        var task = ulong.Parse((string)(await client.PrepareAsync("tasks.create", EconomyTests.Terms(now, agent.Agent)))
            ["outcome"]!["results"]!["taskId"]!);
        await client.RelayAsync("tasks.create", EconomyTests.Terms(now, agent.Agent));
        await client.UntilAsync($"{{ task(id: \"task-{task}\") {{ status }} }}", data => data["task"] is not null);
        var bidding = new Person(world, agent.Key, http);
        var bid = new JsonObject
        {
            ["taskId"] = $"{task}",
            ["agentId"] = $"{agent.Agent}",
            ["price"] = EconomyTests.Credits(80),
            ["eta"] = $"{now + 600}",
            ["proposalHash"] = $"{Keccak256.Hash("proposal")}",
        };
        var unknown = await bidding.TryPrepareAsync("tasks.placeBid", bid);
        Assert.Equal("'capability_missing'", (string?)unknown.Body["found"]);
        await agent.RelayAsync("agents.setMetadata", new()
        {
            ["agentId"] = $"{agent.Agent}",
            ["metadataKey"] = "capabilities",
            ["metadataValue"] = Hex.ToText("vision, code"u8),
        });
        await agent.UntilAsync(
            $"{{ agent(id: \"agent-{agent.Agent}\") {{ metadata {{ nodes {{ metadataKey }} }} }} }}",
            data => data["agent"]!["metadata"]!.ToJsonString().Contains("capabilities", StringComparison.Ordinal));
        var admitted = await bidding.TryPrepareAsync("tasks.placeBid", bid);
        Assert.True(admitted.Status == 200, $"expected the bid to be admitted, found {admitted}");
        bid["eta"] = $"{now + 90_000}";
        Assert.Equal("'too_slow'", (string?)(await bidding.TryPrepareAsync("tasks.placeBid", bid)).Body["found"]);
    }

    [Fact]
    public async Task A_hidden_bid_meets_the_policy_when_it_is_opened()
    {
        const ulong window = 600;
        var bids = await KeepAsync("bid_acceptance");
        var terms = Path.Combine(_folder, "terms.json");
        await File.WriteAllTextAsync(terms, Terms);
        await using var host = await world.ServeAsync(
            ("roles", "commands"), ("commandsTrust", "127.0.0.1/32"), ("content", ContentFolder),
            ("policyBids", $"{bids}"), ("policyTerms", terms));
        using var http = new HttpClient { BaseAddress = host.Address };
        await CommandWorld.ReadyAsync(http);
        await world.CourtAsync();
        var client = await world.WithCreditsAsync(500);
        var agent = await world.AgentAsync(1_000, 500);
        var now = await world.NowAsync();
        var auction = EconomyTests.Terms(now, 0);
        auction["terms"]!["mode"] = "2";
        auction["terms"]!["revealWindow"] = $"{window}";
        var task = ulong.Parse((string)(await client.PrepareAsync("tasks.create", auction))
            ["outcome"]!["results"]!["taskId"]!);
        await client.RelayAsync("tasks.create", auction);
        await client.UntilAsync($"{{ task(id: \"task-{task}\") {{ status }} }}", data => data["task"] is not null);

        var (price, eta) = ((UInt256)80UL * 1_000_000_000_000_000_000UL, now + 2 * window + 600);
        var (proposal, salt) = (Keccak256.Hash("a proposal"), Keccak256.Hash("salt"));
        var commitment = Keccak256.Hash(AbiEncoder.Encode(
            AbiType.ParseAll(
                "uint256", "address", "uint256", "uint16", "uint256", "uint256", "uint64", "bytes32", "bytes32"),
            [world.Contracts.ChainId, world.Contracts["TaskMarket"].Address, task, 1UL, agent.Agent, price, eta,
                proposal, salt]));
        var committing = new JsonObject
        {
            ["taskId"] = $"{task}",
            ["agentId"] = $"{agent.Agent}",
            ["commitment"] = $"{commitment}",
        };
        var bid = (string)(await agent.PrepareAsync("tasks.commitBid", committing))["outcome"]!["results"]!["bidId"]!;
        await agent.RelayAsync("tasks.commitBid", committing);
        await agent.UntilAsync($"{{ bid(id: \"bid-{bid}\") {{ status }} }}", data => data["bid"] is not null);
        await world.PassAsync(window + 1);
        var opening = new JsonObject
        {
            ["bidId"] = bid,
            ["price"] = $"{price}",
            ["eta"] = $"{eta}",
            ["proposalHash"] = $"{proposal}",
            ["salt"] = $"{salt}",
        };
        var bidding = new Person(world, agent.Key, http);
        var unknown = await bidding.TryPrepareAsync("tasks.revealBid", opening);
        Assert.Equal((422, "PolicyRefused"), (unknown.Status, unknown.Code));
        Assert.Equal("'capability_missing'", (string?)unknown.Body["found"]);
        await agent.RelayAsync("agents.setMetadata", new()
        {
            ["agentId"] = $"{agent.Agent}",
            ["metadataKey"] = "capabilities",
            ["metadataValue"] = Hex.ToText("code"u8),
        });
        await agent.UntilAsync(
            $"{{ agent(id: \"agent-{agent.Agent}\") {{ metadata {{ nodes {{ metadataKey }} }} }} }}",
            data => data["agent"]!["metadata"]!.ToJsonString().Contains("capabilities", StringComparison.Ordinal));
        var opened = await bidding.TryPrepareAsync("tasks.revealBid", opening);
        Assert.True(opened.Status == 200, $"expected the bid to be opened, found {opened}");
    }

    [Fact]
    public async Task A_purpose_of_data_is_admitted_under_the_consent_of_its_owner_and_refused_beyond_it()
    {
        var policy = await KeepAsync("data_lease_purpose");
        await using var host = await world.ServeAsync(
            ("roles", "commands"), ("commandsTrust", "127.0.0.1/32"), ("content", ContentFolder),
            ("policyData", $"{policy}"));
        using var http = new HttpClient { BaseAddress = host.Address };
        await CommandWorld.ReadyAsync(http);
        var (owner, grantee) = (await world.AgentAsync(1_000, 500), await world.AgentAsync(1_000, 500));
        var now = await world.NowAsync();
        using var store = new ContentStore(new ContentOptions { Folder = ContentFolder });
        var consent = await HashAsync(
            store,
            $$"""
            {"purposes":["research"],"parties":["did:es:{{grantee.Agent}}"],"retentionSeconds":900000,
             "validFrom":0,"validUntil":{{now + 9_000_000}},"training":false}
            """);
        var publishing = new JsonObject
        {
            ["ownerAgentId"] = $"{owner.Agent}",
            ["name"] = Hex.ToText([.. "readings"u8, .. new byte[24]]),
            ["manifestHash"] = consent,
            ["uri"] = "ipfs://consent",
        };
        var dataset = (string)(await owner.PrepareAsync("dataLeases.setManifest", publishing))
            ["outcome"]!["results"]!["datasetId"]!;
        await owner.RelayAsync("dataLeases.setManifest", publishing);
        await owner.UntilAsync("{ datasets { totalCount } }", data => (int)data["datasets"]!["totalCount"]! > 0);

        var asking = new Person(world, grantee.Key, http);
        JsonObject Request(string purposeHash) => new()
        {
            ["datasetId"] = dataset,
            ["granteeId"] = $"{grantee.Agent}",
            ["manifestHash"] = consent,
            ["purposeHash"] = purposeHash,
            ["price"] = EconomyTests.Credits(20),
            ["leastBps"] = "5000",
            ["ttl"] = "86400",
            ["requestUntil"] = $"{now + 86_400}",
        };
        var research = await HashAsync(store, """{"purpose":"research","training":false}""");
        var admitted = await asking.TryPrepareAsync("dataLeases.request", Request(research));
        Assert.True(admitted.Status == 200, $"expected the purpose to be admitted, found {admitted}");
        var training = await HashAsync(store, """{"purpose":"research","training":true}""");
        var refused = await asking.TryPrepareAsync("dataLeases.request", Request(training));
        Assert.Equal((422, "PolicyRefused"), (refused.Status, refused.Code));
        Assert.Equal("'training_not_consented'", (string?)refused.Body["found"]);
        var selling = await HashAsync(store, """{"purpose":"advertising","training":false}""");
        Assert.Equal("'purpose_not_consented'",
            (string?)(await asking.TryPrepareAsync("dataLeases.request", Request(selling))).Body["found"]);
        var missing = await asking.TryPrepareAsync(
            "dataLeases.request", Request($"{Keccak256.Hash("a purpose that nobody keeps")}"));
        Assert.Equal((422, "DocumentMissing"), (missing.Status, missing.Code));
    }

    [Fact]
    public async Task What_a_live_task_names_is_in_use_with_all_that_its_documents_name()
    {
        using var store = new ContentStore(new ContentOptions { Folder = ContentFolder });
        var module = (await store.PutAsync("a module"u8.ToArray(), default)).Cid;
        var input = (await store.PutAsync("an input"u8.ToArray(), default)).Cid;
        var digits = Convert.ToHexStringLower(input.Digest);
        var document = $$$"""{"work":{"module":"{{{module}}}","inputHash":"{{{digits}}}"}}""";
        var specification = (await store.PutAsync(Encoding.UTF8.GetBytes(document), default)).Cid;
        var stranger = (await store.PutAsync("nobody names it"u8.ToArray(), default)).Cid;
        var use = new ContentUse(world.Source, store);
        Assert.Empty(await use.FindAsync(default));

        await world.CourtAsync();
        var client = await world.WithCreditsAsync(500);
        var terms = EconomyTests.Terms(await world.NowAsync(), 0);
        terms["terms"]!["mode"] = "1";
        terms["terms"]!["specHash"] = Hex.ToText(specification.Digest);
        var task = (string)(await client.PrepareAsync("tasks.create", terms))["outcome"]!["results"]!["taskId"]!;
        await client.RelayAsync("tasks.create", terms);
        await client.UntilAsync($"{{ task(id: \"task-{task}\") {{ status }} }}", data => data["task"] is not null);
        Assert.Equal(
            new[] { module, input, specification }.Order(), (await use.FindAsync(default)).Order());

        await client.RelayAsync("tasks.cancel", new() { ["taskId"] = task });
        await client.UntilAsync(
            $"{{ task(id: \"task-{task}\") {{ status }} }}", data => (string?)data["task"]?["status"] == "CANCELLED");
        Assert.Empty(await use.FindAsync(default));
        // What an operator pins keeps what it names, too.
        await store.PinAsync(specification, default);
        Assert.Equal(new[] { module, input }.Order(), (await use.FindAsync(default)).Order());
        Assert.NotNull(store.Find(stranger));
    }

    [Fact]
    public async Task A_policy_that_is_missing_or_no_policy_decides_against_and_the_desk_holds_a_bounded_number()
    {
        using var store = new ContentStore(new ContentOptions { Folder = ContentFolder });
        using var engine = new SandboxEngine();
        var loads = 0;
        var desk = new PolicyDesk(engine, (cid, cancellation) =>
        {
            Interlocked.Increment(ref loads);
            return store.ReadAsync(cid, cancellation);
        });
        var sample = await File.ReadAllBytesAsync(Path.Combine(WorldChain.Root, "agents/samples/task.json"));
        var admission = Path.Combine(WorldChain.Root, "agents/policies/task_admission.wasm");
        var cid = Cid.Of(await File.ReadAllBytesAsync(admission));

        var missing = await desk.DecideAsync(cid, sample, default);
        Assert.Equal((false, PolicyDecision.FailedReason), (missing.Allow, missing.Reason));
        await KeepAsync("task_admission");
        // What was missing may come: it is looked for again.
        var decision = await desk.DecideAsync(cid, sample, default);
        Assert.Equal((true, "all_rules_hold", null), (decision.Allow, decision.Reason, decision.Fault));
        var other = await desk.DecideAsync(Cid.Parse("QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"), sample, default);
        Assert.Contains("dag-pb", other.Fault, StringComparison.Ordinal);

        for (var i = 0; i < PolicyDesk.MostReady + 10; i++)
        {
            var none = (await store.PutAsync(Encoding.UTF8.GetBytes($"no module {i}"), default)).Cid;
            Assert.Equal(PolicyDecision.FailedReason, (await desk.DecideAsync(none, sample, default)).Reason);
            // What is no policy is judged once.
            var before = loads;
            await desk.DecideAsync(none, sample, default);
            Assert.Equal(before, loads);
        }

        Assert.Equal(PolicyDesk.MostReady, desk.Held);
        Assert.True((await desk.DecideAsync(cid, sample, default)).Allow);
    }

    private static async Task<string> HashAsync(ContentStore store, string document) =>
        Hex.ToText((await store.PutAsync(Encoding.UTF8.GetBytes(document), default)).Cid.Digest);

    private async Task<Cid> KeepAsync(string policy)
    {
        using var store = new ContentStore(new ContentOptions { Folder = ContentFolder });
        var bytes = await File.ReadAllBytesAsync(Path.Combine(WorldChain.Root, $"agents/policies/{policy}.wasm"));
        return (await store.PutAsync(bytes, default)).Cid;
    }
}
