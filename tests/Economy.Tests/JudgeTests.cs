// The verdict's table of docs/execution.md, line by line, over content in memory.
using EventSourced.Ethereum;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Receipts;
using EventSourced.Workers.Documents;
using EventSourced.Workers.Queueing;
using EventSourced.Workers.Verifying;

namespace EventSourced.Economy.Tests;

public sealed class JudgeTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly byte[] Echo = Town.Repository("agents/echo/echo.wasm");
    private static readonly byte[] Text = "what is asked"u8.ToArray();

    private readonly SandboxEngine _engine = new();
    private readonly Turns _turns = Turns.OfThisMachine();
    private readonly Dictionary<Hash32, byte[]> _store = [];

    public void Dispose()
    {
        _engine.Dispose();
        _turns.Dispose();
    }

    [Fact]
    public async Task Honest_work_is_right_and_its_finding_has_no_difference()
    {
        var made = Assert.IsType<Judgement.Made>(await JudgeAsync(Spec(), Run(Text)));
        Assert.True(made.Finding.IsRight, string.Join("; ", made.Finding.Differences));
        Assert.Equal(made.Finding.ReceiptHash, made.Finding.Found);
        Assert.Null(made.Proof);
    }

    [Fact]
    public async Task Equal_findings_have_equal_bytes()
    {
        var one = Assert.IsType<Judgement.Made>(await JudgeAsync(Spec(), Run("other"u8.ToArray())));
        var other = Assert.IsType<Judgement.Made>(await JudgeAsync(Spec(), Run("other"u8.ToArray())));
        Assert.Equal(one.Finding.ToJson(), other.Finding.ToJson());
        Assert.False(one.Finding.IsRight);
    }

    [Fact]
    public async Task Work_on_another_input_is_wrong_by_kind_1()
    {
        var made = Assert.IsType<Judgement.Made>(await JudgeAsync(Spec(), Run("other"u8.ToArray())));
        Assert.Null(made.Proof);
        Assert.Contains(made.Finding.Differences, difference => difference.Where == "inputHash");
        Assert.Contains(made.Finding.Differences, difference => difference.Where == "outputHash");
    }

    [Fact]
    public async Task A_receipt_that_is_changed_in_any_member_is_wrong()
    {
        var honest = Run(Text).Receipt;
        foreach (var lie in new[]
        {
            honest with { FuelUsed = honest.FuelUsed + 1 },
            honest with { MemoryPeakBytes = 1 },
            honest with { EngineVersion = "another/1" },
            honest with { RandomSeed = 7 },
            honest with { Arguments = ["more"] },
            honest with { Limits = honest.Limits with { Fuel = 5_000_000 } },
        })
        {
            var made = Assert.IsType<Judgement.Made>(
                await JudgeAsync(Spec(), lie.HashedText(), Keep(Run(Text).Output)));
            Assert.False(made.Finding.IsRight);
            Assert.Null(made.Proof);
        }
    }

    [Fact]
    public async Task A_receipt_that_states_another_output_than_the_result_is_a_proof_of_kind_2()
    {
        var text = Run(Text).Receipt.HashedText();
        var made = Assert.IsType<Judgement.Made>(await JudgeAsync(Spec(), text, Keep("a lie"u8.ToArray())));
        Assert.Equal(text, made.Proof!.Value.ToArray());
    }

    [Fact]
    public async Task A_receipt_that_is_none_is_wrong()
    {
        var made = Assert.IsType<Judgement.Made>(
            await JudgeAsync(Spec(), "no receipt"u8.ToArray(), Keep(Run(Text).Output)));
        Assert.Equal("form", Assert.Single(made.Finding.Differences).Where);
        made = Assert.IsType<Judgement.Made>(
            await JudgeAsync(Spec(), Run(Text).Receipt.ToJson(), Keep(Run(Text).Output)));
        Assert.False(made.Finding.IsRight);
    }

    [Fact]
    public async Task A_receipt_that_is_in_no_store_is_wrong_once_it_had_time_to_come()
    {
        var made = Assert.IsType<Judgement.Made>(await new Judge(_engine, Find, _turns).JudgeAsync(
            new Delivered(1, Spec(), Keep(Text), ContentIds.HashOf("nowhere"u8)), None));
        Assert.False(made.Finding.IsRight);
        Assert.True(made.IsMissing);
    }

    [Fact]
    public async Task What_the_client_owes_is_never_held_against_the_agent()
    {
        var spec = Keep(new TaskSpecification(null, null, new Work(ContentIds.HashOf("gone"u8)) { Module = Keep(Echo) })
            .ToJson());
        var open = Assert.IsType<Judgement.Open>(await JudgeAsync(spec, Run(Text)));
        Assert.True(open.IsMissing);
        open = Assert.IsType<Judgement.Open>(await JudgeAsync(ContentIds.HashOf("no specification"u8), Run(Text)));
        Assert.True(open.IsMissing);
        open = Assert.IsType<Judgement.Open>(await JudgeAsync(Keep("what you like"u8.ToArray()), Run(Text)));
        Assert.False(open.IsMissing);
    }

    [Fact]
    public async Task A_run_that_did_not_end_well_is_no_work()
    {
        var work = new Work(Keep(Text)) { Module = Keep(Echo), Limits = Work.Usual with { Fuel = 10 } };
        var result = work.Over(Echo, Text, new Dictionary<string, ReadOnlyMemory<byte>>()).Run(_engine);
        var made = Assert.IsType<Judgement.Made>(
            await JudgeAsync(Keep(new TaskSpecification(null, null, work).ToJson()), result));
        Assert.Equal("exit", Assert.Single(made.Finding.Differences).Where);
    }

    [Fact]
    public async Task An_agent_that_may_choose_its_module_is_judged_by_the_one_it_chose()
    {
        var spec = Keep(new TaskSpecification(null, null, new Work(Keep(Text))).ToJson());
        Keep(Echo);
        Assert.True(Assert.IsType<Judgement.Made>(await JudgeAsync(spec, Run(Text))).Finding.IsRight);
        Assert.False(Assert.IsType<Judgement.Made>(await JudgeAsync(spec, Run("other"u8.ToArray()))).Finding.IsRight);
        var call = new CallReceipt(1, 2, new Uri("http://service.example/"), Keep(Text), Keep(Text), 200, null);
        Assert.False(Assert.IsType<Judgement.Open>(await JudgeAsync(spec, call.ToJson(), Keep(Text))).IsMissing);
        // Where the module is named, a call proves nothing.
        var named = Assert.IsType<Judgement.Made>(await JudgeAsync(Spec(), call.ToJson(), Keep(Text)));
        Assert.False(named.Finding.IsRight);
    }

    [Theory]
    [InlineData("[]", "expected an object with the schema")]
    [InlineData("{\"schema\":\"another/1\",\"work\":{}}", "schema: expected eventsourced-task/1, found 'another/1'")]
    [InlineData("{\"schema\":\"eventsourced-task/1\"}", "work: expected an object, found none")]
    [InlineData("{\"schema\":\"eventsourced-task/1\",\"work\":{}}", "work.input: expected a CID, found none")]
    [InlineData("{\"schema\":\"eventsourced-task/1\",\"work\":{\"input\":\"Qm\"}}", "work.input: expected the CID")]
    [InlineData("{\"schema\":\"eventsourced-task/1\",\"work\":{\"input\":\"$\",\"fuel\":1}}", "found 'fuel'")]
    [InlineData(
        "{\"schema\":\"eventsourced-task/1\",\"work\":{\"input\":\"$\",\"limits\":{\"fuel\":0}}}", "expected 1 to")]
    [InlineData(
        "{\"schema\":\"eventsourced-task/1\",\"work\":{\"input\":\"$\",\"limits\":{\"fuel\":10000000001}}}",
        "expected 1 to")]
    [InlineData("{\"schema\":\"eventsourced-task/1\",\"work\":{\"input\":\"$\",\"arguments\":[1]}}", "expected text")]
    [InlineData("{\"schema\":\"eventsourced-task/1\",\"work\":{\"input\":\"$\",\"randomSeed\":\"-1\"}}", "randomSeed")]
    [InlineData("{\"schema\":\"eventsourced-task/1\",\"work\":{\"input\":\"$\",\"input\":\"$\"}}", "as JSON")]
    public void A_specification_that_is_wrong_says_where(string json, string expected)
    {
        var text = json.Replace("$", ContentIds.CidOf(Keep(Text)), StringComparison.Ordinal);
        var fault = Assert.Throws<FormatException>(
            () => TaskSpecification.Parse(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_specification_reads_back_as_it_was_written()
    {
        var work = new Work(Keep(Text))
        {
            Module = Keep(Echo),
            Arguments = ["a", "b c"],
            Environment = new Dictionary<string, string> { ["LANG"] = "C" },
            Files = new Dictionary<string, Hash32> { ["notes/one.txt"] = Keep(Text) },
            RandomSeed = ulong.MaxValue,
            ClockStartNanoseconds = 5,
            ClockStepNanoseconds = 6,
            Limits = Work.Most,
        };
        var text = new TaskSpecification("title", "summarize", work).ToJson();
        Assert.Equal(text, TaskSpecification.Parse(text).ToJson());
    }

    private Hash32 Spec() => Keep(
        new TaskSpecification(null, null, new Work(Keep(Text)) { Module = Keep(Echo) }).ToJson());

    private ExecutionResult Run(byte[] input) =>
        new Execution { Module = Echo, Input = input, Limits = Work.Usual }.Run(_engine);

    private Task<Judgement> JudgeAsync(Hash32 spec, ExecutionResult result) =>
        JudgeAsync(spec, result.Receipt.HashedText(), Keep(result.Output));

    private Task<Judgement> JudgeAsync(Hash32 spec, byte[] receipt, Hash32 result) =>
        new Judge(_engine, Find, _turns).JudgeAsync(new Delivered(1, spec, result, Keep(receipt)), None);

    private Hash32 Keep(ReadOnlyMemory<byte> bytes)
    {
        var hash = ContentIds.HashOf(bytes.Span);
        _store[hash] = bytes.ToArray();
        return hash;
    }

    private Task<ReadOnlyMemory<byte>?> Find(Hash32 hash, CancellationToken cancellation) =>
        Task.FromResult(_store.TryGetValue(hash, out var bytes) ? (ReadOnlyMemory<byte>?)bytes : null);
}
