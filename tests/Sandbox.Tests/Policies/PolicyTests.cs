// The three example policies by what they must decide, and the host's side: limits, faults, hashes.
using System.Text;
using System.Text.Json.Nodes;
using EventSourced.Metering;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Policies;
using EventSourced.Testing;

namespace EventSourced.Sandbox.Tests.Policies;

public sealed class PolicyTests
{
    private static readonly SandboxEngine Shared = new();

    [Theory]
    [InlineData("bid_acceptance", "bid")]
    [InlineData("task_admission", "task")]
    [InlineData("data_lease_purpose", "lease")]
    public void Each_policy_allows_its_sample(string policy, string sample)
    {
        var decision = Load(policy).Evaluate(Repository.Bytes($"agents/samples/{sample}.json"));
        Assert.Equal((true, "all_rules_hold", null), (decision.Allow, decision.Reason, decision.Fault));
        Assert.True(decision.FuelUsed > 0);
    }

    [Theory]
    [InlineData("bid.priceWei", "\"5000000000000000001\"", "price_above_budget")]
    [InlineData("bid.priceWei", "\"5000000000000000000\"", "all_rules_hold")]
    [InlineData("bid.priceWei", "\"05\"", "amount_unreadable")]
    [InlineData("bid.priceWei", "42", "amount_unreadable")]
    [InlineData("bid.priceWei", "\"\"", "amount_unreadable")]
    [InlineData("bid.priceWei", "\"-1\"", "amount_unreadable")]
    [InlineData("bid.priceWei", "null", "amount_unreadable")]
    [InlineData("agent.stakeWei", "\"999999999999999999\"", "stake_too_low")]
    [InlineData("agent.reputation", "9", "reputation_too_low")]
    [InlineData("agent.reputation", "-120", "reputation_too_low")]
    [InlineData("agent.reputation", "1.5", "reputation_unreadable")]
    [InlineData("agent.reputation", "1e3", "reputation_unreadable")]
    [InlineData("agent.revoked", "true", "agent_revoked")]
    [InlineData("agent.revoked", "0", "agent_revoked")]
    [InlineData("agent.capabilities", "[\"wasm\"]", "capability_missing")]
    [InlineData("agent.capabilities", "\"wasm vision\"", "capability_missing")]
    [InlineData("agent.capabilities", "[\"w\\u0061sm\",\"vision\"]", "capability_missing")]
    [InlineData("bid.etaSeconds", "3601", "too_slow")]
    [InlineData("bid.etaSeconds", "0", "too_slow")]
    [InlineData("bid.etaSeconds", "\"900\"", "time_unreadable")]
    public void A_bid_wins_only_where_every_term_holds(string member, string value, string reason) =>
        Decides("bid_acceptance", "bid", member, value, reason);

    [Theory]
    [InlineData("client.banned", "true", "client_banned")]
    [InlineData("task.timeoutSeconds", "59", "timeout_out_of_range")]
    [InlineData("task.timeoutSeconds", "86400", "all_rules_hold")]
    [InlineData("task.timeoutSeconds", "86401", "timeout_out_of_range")]
    [InlineData("task.budgetWei", "\"999\"", "budget_too_low")]
    [InlineData("task.budgetWei", "\"90000000000000000001\"", "budget_not_covered")]
    [InlineData("task.inputBytes", "1048577", "input_too_large")]
    [InlineData("client.openTasks", "20", "too_many_open_tasks")]
    [InlineData("client.submissionsToday", "100", "too_many_submissions_today")]
    [InlineData("task.capabilities", "[\"telepathy\"]", "capability_unknown")]
    [InlineData("task.capabilities", "[]", "all_rules_hold")]
    [InlineData("limits.openTasks", "null", "number_unreadable")]
    public void A_task_is_admitted_only_within_the_limits(string member, string value, string reason) =>
        Decides("task_admission", "task", member, value, reason);

    [Theory]
    [InlineData("consent.revoked", "true", "consent_revoked")]
    [InlineData("now", "1699999999", "consent_not_yet_valid")]
    [InlineData("now", "1800000000", "consent_expired")]
    [InlineData("request.purpose", "\"advertising\"", "purpose_not_consented")]
    [InlineData("request.purpose", "\"resear\"", "purpose_not_consented")]
    [InlineData("request.party", "\"did:es:8\"", "party_not_consented")]
    [InlineData("request.retentionSeconds", "86401", "retention_too_long")]
    [InlineData("now", "1799999000", "retention_outlives_consent")]
    [InlineData("request.training", "true", "training_not_consented")]
    [InlineData("consent.validUntil", "\"never\"", "time_unreadable")]
    [InlineData("request.party", "7", "request_unreadable")]
    public void Data_is_leased_only_for_what_its_owner_consented_to(string member, string value, string reason) =>
        Decides("data_lease_purpose", "lease", member, value, reason);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("{\"task\":1,\"task\":2}")]
    [InlineData("[1,]")]
    [InlineData("[01]")]
    [InlineData("\"\\x\"")]
    [InlineData("{\"a\":tru}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a:1}")]
    [InlineData("[\"\n\"]")]
    [InlineData("1.")]
    [InlineData("1e")]
    [InlineData("-")]
    [InlineData("\"\\u12g4\"")]
    public void What_is_not_JSON_is_forbidden(string input)
    {
        var decision = Load("bid_acceptance").Evaluate(Encoding.UTF8.GetBytes(input));
        Assert.Equal((false, "malformed_input"), (decision.Allow, decision.Reason));
    }

    [Fact]
    public void Deep_nesting_and_many_members_end_in_a_decision()
    {
        var policy = Load("bid_acceptance");
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "1" + new string('}', 5_000);
        var wide = "{" + string.Join(',', Enumerable.Range(0, 300).Select(i => $"\"m{i}\":0")) + "}";
        var doubling = "1";
        for (var i = 0; i < 30; i++) doubling = $"{{\"a\":{doubling},\"b\":0}}";
        Assert.Equal(("malformed_input", null), Decided(deep));
        Assert.Equal(("malformed_input", null), Decided(wide));
        Assert.Equal(("amount_unreadable", null), Decided(doubling));

        (string, string?) Decided(string input)
        {
            var decision = policy.Evaluate(Encoding.UTF8.GetBytes(input));
            return (decision.Reason, decision.Fault);
        }
    }

    // The policies' JSON reader beside System.Text.Json: both say whether a mutated sample is JSON.
    [Fact]
    public void The_policies_and_dotnet_agree_on_what_is_JSON() => Seed.Run(random =>
    {
        var policy = Load("bid_acceptance");
        var sample = Repository.Bytes("agents/samples/bid.json").AsSpan().TrimEnd((byte)'\n').ToArray();
        var alphabet = "{}[]\",:0123456789.-eE+ntfalsru\\ \n"u8.ToArray();
        for (var round = 0; round < 1_000; round++)
        {
            var mutated = sample.ToArray();
            for (var change = 0; change <= random.Next(2); change++)
                mutated[random.Next(mutated.Length)] = alphabet[random.Next(alphabet.Length)];
            var malformed = policy.Evaluate(mutated).Reason == "malformed_input";
            Assert.True(malformed != IsJson(mutated), Encoding.UTF8.GetString(mutated));
        }
    });

    [Fact]
    public void The_same_input_costs_the_same_fuel_in_another_engine()
    {
        var input = Repository.Bytes("agents/samples/bid.json");
        using var other = new SandboxEngine();
        var again = Policy.Load(other, Repository.Bytes("agents/policies/bid_acceptance.wasm")).Evaluate(input);
        Assert.Equal(Load("bid_acceptance").Evaluate(input), again);
    }

    [Fact]
    public void A_set_decides_by_hash_and_forbids_what_it_does_not_know()
    {
        var set = new PolicySet(Shared);
        var hash = set.Add(Repository.Bytes("agents/policies/task_admission.wasm"));
        Assert.Equal(hash, set.Add(Repository.Bytes("agents/policies/task_admission.wasm")));
        Assert.Equal([hash], set.Hashes);
        Assert.Contains($"{hash}  policies/task_admission.wasm", Repository.Text("agents/modules.sha256"));

        var input = Repository.Bytes("agents/samples/task.json");
        Assert.True(set.Evaluate(hash, input).Allow);
        var unknown = set.Evaluate(new string('0', 64), input);
        Assert.Equal((false, PolicyDecision.FailedReason), (unknown.Allow, unknown.Reason));
        Assert.Contains("0000", unknown.Fault);
    }

    [Theory]
    [InlineData("(unreachable)", "unreachable")]
    [InlineData("(loop $l (br $l)) (i64.const 0)", "all fuel consumed")]
    [InlineData("(call $evaluate (local.get 0) (local.get 1))", "call stack exhausted")]
    [InlineData("(i64.const 0x00000400_00100000)", "expected a decision of at most")]
    [InlineData("(i64.const 0x0000ffff_00000002)", "expected a decision of at most")]
    [InlineData("(i64.const -1)", "expected a decision of at most")]
    [InlineData("(i64.const 0x00000800_00000002)", "another shape")]
    [InlineData("(i64.const 0x00000800_00000001)", "expected a decision as JSON")]
    [InlineData("(drop (memory.grow (i32.const 1000))) (i64.load (i32.const 65536))", "out of bounds memory access")]
    public void A_policy_that_fails_has_decided_against(string body, string fault)
    {
        var decision = Policy.Load(Shared, TextFormat.Module(
            $$"""
            (module
              (memory (export "memory") 1)
              (data (i32.const 2048) "[]")
              (func (export "allocate") (param i32) (result i32) (i32.const 1024))
              (func $evaluate (export "evaluate") (param i32 i32) (result i64) {{body}}))
            """)).Evaluate("{}"u8);
        Assert.Equal((false, PolicyDecision.FailedReason), (decision.Allow, decision.Reason));
        Assert.Contains(fault, decision.Fault);
    }

    [Fact]
    public void A_decision_that_names_allow_twice_is_none()
    {
        const string Decision = """{\"allow\":true,\"allow\":false,\"reason\":\"x\"}""";
        var decision = Policy.Load(Shared, TextFormat.Module(
            $$"""
            (module
              (memory (export "memory") 1)
              (data (i32.const 2048) "{{Decision}}")
              (func (export "allocate") (param i32) (result i32) (i32.const 1024))
              (func (export "evaluate") (param i32 i32) (result i64) (i64.const {{(2048L << 32) | 41}})))
            """)).Evaluate("{}"u8);
        Assert.Equal((false, PolicyDecision.FailedReason), (decision.Allow, decision.Reason));
    }

    [Fact]
    public void Nothing_is_remembered_from_one_evaluation_to_the_next()
    {
        // Allows the first evaluation of an instance alone.
        var policy = Policy.Load(Shared, TextFormat.Module(
            """
            (module
              (memory (export "memory") 1)
              (global $calls (mut i32) (i32.const 0))
              (data (i32.const 2048) "{\"allow\":true,\"reason\":\"first\"}")
              (func (export "allocate") (param i32) (result i32) (i32.const 1024))
              (func (export "evaluate") (param i32 i32) (result i64)
                (if (global.get $calls) (then (unreachable)))
                (global.set $calls (i32.const 1))
                (i64.const 0x00000800_0000001f)))
            """));
        Assert.Equal(policy.Evaluate("{}"u8), policy.Evaluate("{}"u8));
        Assert.True(policy.Evaluate("{}"u8).Allow);
    }

    [Fact]
    public void An_input_beyond_the_limit_or_without_room_is_forbidden()
    {
        var limits = new PolicyLimits { InputBytes = 10 };
        var policy = Policy.Load(Shared, Repository.Bytes("agents/policies/bid_acceptance.wasm"), limits);
        Assert.Contains("at most 10 bytes", policy.Evaluate(new byte[11]).Fault);

        var wide = new PolicyLimits { InputBytes = 70_000 };
        policy = Policy.Load(Shared, Repository.Bytes("agents/policies/bid_acceptance.wasm"), wide);
        Assert.Contains("found none", policy.Evaluate(new byte[65_537]).Fault);
    }

    [Fact]
    public void A_cancelled_evaluation_is_no_decision()
    {
        var policy = Policy.Load(
            Shared,
            TextFormat.Module(
                """
                (module
                  (memory (export "memory") 1)
                  (func (export "allocate") (param i32) (result i32) (i32.const 1024))
                  (func (export "evaluate") (param i32 i32) (result i64) (loop $l (br $l)) (i64.const 0)))
                """),
            new PolicyLimits { Fuel = SandboxEngine.ShortFuel });
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => policy.Evaluate("{}"u8, cancelled.Token));
    }

    [Theory]
    [InlineData("(module)", "exports 'memory'")]
    [InlineData("""(module (memory (export "memory") 1))""", "exports 'allocate'")]
    [InlineData("""(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32))))""", "without imports")]
    public void A_module_that_is_no_policy_does_not_load(string text, string words) =>
        Assert.Contains(
            words, Assert.Throws<WasmException>(() => Policy.Load(Shared, TextFormat.Module(text))).Message);

    [Fact]
    public void Functions_of_other_types_than_the_ABI_decide_against()
    {
        var decision = Policy.Load(Shared, TextFormat.Module(
            """
            (module
              (memory (export "memory") 1)
              (func (export "allocate") (result i32) (i32.const 0))
              (func (export "evaluate") (param i32) (result i64) (i64.const 0)))
            """)).Evaluate("{}"u8);
        Assert.Contains("found other types", decision.Fault);
    }

    private static Policy Load(string name) => Policy.Load(Shared, Repository.Bytes($"agents/policies/{name}.wasm"));

    private static void Decides(string policy, string sample, string member, string value, string reason)
    {
        var input = JsonNode.Parse(Repository.Bytes($"agents/samples/{sample}.json"))!;
        var path = member.Split('.');
        // The value is written into the text, since escapes must reach the policy as they are.
        var parent = path[..^1].Aggregate(input, (node, name) => node[name]!);
        parent[path[^1]] = "\u2603";
        var text = input.ToJsonString(new System.Text.Json.JsonSerializerOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }).Replace("\"\u2603\"", value);
        var decision = Load(policy).Evaluate(Encoding.UTF8.GetBytes(text));
        Assert.Equal((reason == "all_rules_hold", reason, null), (decision.Allow, decision.Reason, decision.Fault));
    }

    private static bool IsJson(byte[] text)
    {
        try
        {
            var options = new System.Text.Json.JsonDocumentOptions { AllowDuplicateProperties = false };
            using var document = System.Text.Json.JsonDocument.Parse(text, options);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
