// Receipts: equal work gives equal receipts, re-execution proves them, and whatever was changed is named.
using System.Security.Cryptography;
using System.Text;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Receipts;

namespace EventSourced.Sandbox.Tests.Receipts;

// The tests of the specification\'s execution chapter have a namespace of this name.
using Execution = EventSourced.Sandbox.Receipts.Execution;

public sealed class ReceiptTests
{
    private static readonly SandboxEngine Shared = new();
    private static readonly byte[] Echo = Repository.Bytes("agents/echo/echo.wasm");

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _content = [];

    [Fact]
    public void Equal_work_gives_equal_receipts_in_other_engines()
    {
        using var other = new SandboxEngine();
        var work = EchoWork();
        Assert.Equal(work.Run(Shared).Receipt.ToJson(), work.Run(other).Receipt.ToJson());
    }

    [Fact]
    public void A_receipt_names_what_ran_and_what_came_out()
    {
        var result = EchoWork().Run(Shared);
        var receipt = result.Receipt;
        Assert.Equal("hello", Encoding.UTF8.GetString(result.Output.Span));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Echo)), receipt.ModuleHash);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("hello"u8)), receipt.InputHash);
        Assert.Equal(receipt.InputHash, receipt.OutputHash);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([])), receipt.ErrorOutputHash);
        Assert.Equal(ExecutionExit.Exited(0), receipt.Exit);
        Assert.Equal(SandboxEngine.Version, receipt.EngineVersion);
        Assert.True(receipt.FuelUsed > 0);
        Assert.True(receipt.MemoryPeakBytes >= 65_536);
    }

    [Theory]
    [InlineData("agents/echo/echo.wasm", "hello")]
    [InlineData("agents/summarizer/summarizer.wasm", "A text has a sentence. It has another one. The text ends.")]
    public void A_run_ends_with_the_fuel_that_it_needs_and_traps_with_one_unit_less(string module, string input)
    {
        Execution With(long fuel) => new()
        {
            Module = Repository.Bytes(module),
            Arguments = ["1"],
            Input = Encoding.UTF8.GetBytes(input),
            Limits = new ExecutionLimits { Fuel = fuel },
        };
        var whole = With(1_000_000_000).Run(Shared).Receipt;
        Assert.Equal(ExecutionExit.Exited(0), whole.Exit);
        var exact = With(whole.FuelUsed).Run(Shared).Receipt;
        Assert.Equal((ExecutionExit.Exited(0), whole.FuelUsed), (exact.Exit, exact.FuelUsed));
        var less = With(whole.FuelUsed - 1).Run(Shared).Receipt;
        Assert.Equal("trapped", less.Exit.Kind);
        Assert.True(less.FuelUsed < whole.FuelUsed, $"expected less than {whole.FuelUsed}, found {less.FuelUsed}");
    }

    [Fact]
    public void A_receipt_is_canonical_JSON_and_reads_back_to_the_same_bytes()
    {
        var json = Work("files", Files()).Run(Shared).Receipt.ToJson();
        Assert.Equal(json, CanonicalJson.Of(json));
        Assert.Equal(json, Receipt.Parse(json, out var hash).ToJson());
        Assert.Contains(hash, Encoding.UTF8.GetString(json));
        // A file of text ends with a line feed.
        Assert.Equal(json, Receipt.Parse((byte[])[.. json, (byte)'\n'], out _).ToJson());
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("files")]
    [InlineData("trap")]
    [InlineData("fuel")]
    [InlineData("depth")]
    [InlineData("malformed")]
    [InlineData("unlinkable")]
    [InlineData("library")]
    [InlineData("exit")]
    public void A_true_receipt_is_verified_however_the_run_ended(string kind)
    {
        var (work, exit) = Kinds()[kind];
        var receipt = Kept(work).Run(Shared).Receipt;
        Assert.Equal(exit, receipt.Exit);
        Assert.Empty(Verify(receipt.ToJson()));
    }

    [Fact]
    public void Every_changed_byte_is_refused_with_a_named_difference()
    {
        var json = Kept(Work("files", Files())).Run(Shared).Receipt.ToJson();
        for (var at = 0; at < json.Length; at++)
        {
            foreach (var other in Others(json[at]))
            {
                var changed = json.ToArray();
                changed[at] = other;
                var differences = Verify(changed);
                Assert.True(differences.Count > 0, $"byte {at} became '{(char)other}' and nobody noticed");
                Assert.All(differences, difference => Assert.NotEmpty(difference.Where));
            }
        }
    }

    [Fact]
    public void A_liar_who_hashes_his_lie_is_named_by_the_run()
    {
        var truth = Kept(EchoWork()).Run(Shared).Receipt;
        var lie = Convert.ToHexStringLower(SHA256.HashData("hullo"u8));
        Names(truth with { OutputHash = lie }, "outputHash");
        Names(truth with { ErrorOutputHash = lie }, "errorOutputHash");
        Names(truth with { FuelUsed = truth.FuelUsed - 1 }, "fuelUsed");
        Names(truth with { MemoryPeakBytes = truth.MemoryPeakBytes + 65_536 }, "memoryPeakBytes");
        Names(truth with { EngineVersion = "eventsourced-wasm/0" }, "engineVersion");
        Names(truth with { Exit = ExecutionExit.Exited(1) }, "exit.code");
        Names(truth with { Exit = ExecutionExit.Trapped("unreachable") }, "exit.kind", "exit.reason", "exit.code");
        Names(truth with { InputHash = lie }, "inputHash");
        Names(truth with { ModuleHash = lie }, "moduleHash");
        Names(truth with { Files = new Dictionary<string, string> { ["a"] = lie } }, "files.a");
    }

    [Fact]
    public void A_difference_says_what_is_claimed_and_what_was_found()
    {
        var truth = Kept(EchoWork()).Run(Shared).Receipt;
        var difference = Assert.Single(Verify((truth with { FuelUsed = 7 }).ToJson()));
        Assert.Equal($"fuelUsed: the receipt claims 7, found {truth.FuelUsed}", difference.ToString());
    }

    [Fact]
    public void Content_under_a_false_hash_is_named()
    {
        var receipt = Kept(EchoWork()).Run(Shared).Receipt;
        _content[receipt.InputHash] = "other"u8.ToArray();
        var difference = Assert.Single(Verify(receipt.ToJson()));
        Assert.Equal("inputHash", difference.Where);
    }

    [Fact]
    public void A_claim_beyond_what_the_verifier_grants_is_named_and_not_run()
    {
        var receipt = Kept(EchoWork()).Run(Shared).Receipt;
        var most = ExecutionLimits.Most;
        Names(receipt with { Limits = receipt.Limits with { Fuel = most } }, "limits.fuel");
        Names(receipt with { Limits = receipt.Limits with { MemoryBytes = most } }, "limits.memoryBytes");
        Names(receipt with { Limits = receipt.Limits with { CallDepth = most } }, "limits.callDepth");
        Names(receipt with { Limits = receipt.Limits with { CallDepth = 0 } }, "limits.callDepth");
        Names(receipt with { Limits = receipt.Limits with { OutputBytes = most } }, "limits.outputBytes");
    }

    [Fact]
    public void Names_that_no_execution_accepts_are_a_fault_of_form()
    {
        var receipt = Kept(EchoWork()).Run(Shared).Receipt;
        Names(receipt with { Environment = new Dictionary<string, string> { ["A=B"] = "c" } }, "form");
        Names(receipt with { Arguments = ["a\0b"] }, "form");
        Names(receipt with { Files = new Dictionary<string, string> { ["../x"] = receipt.InputHash } }, "form");
    }

    [Theory]
    [InlineData("\"schema\":\"eventsourced-execution-receipt/1\"", "\"schema\":\"other/1\"", "schema")]
    [InlineData("\"randomSeed\":\"0\"", "\"randomSeed\":0", "randomSeed")]
    [InlineData("\"randomSeed\":\"0\"", "\"randomSeed\":\"x\"", "randomSeed")]
    [InlineData("\"randomSeed\":\"0\"", "\"randomSeed\":\"00\"", "canonical")]
    [InlineData("\"arguments\":[]", "\"arguments\":{}", "arguments")]
    [InlineData("\"arguments\":[]", "\"arguments\":[1]", "arguments")]
    [InlineData("\"environment\":{}", "\"environment\":[]", "environment")]
    [InlineData("\"environment\":{}", "\"environment\":{},\"extra\":1", "extra")]
    [InlineData("\"environment\":{},", "", "environment")]
    [InlineData("\"kind\":\"exited\"", "\"kind\":\"vanished\"", "exit")]
    [InlineData("\"code\":0", "\"code\":4294967296", "exit.code")]
    [InlineData("\"callDepth\":2000", "\"callDepth\":-1", "callDepth")]
    [InlineData("\"callDepth\":2000", "\"callDepth\": 2000", "canonical")]
    [InlineData("\"callDepth\":2000", "\"callDepth\":2e3", "callDepth")]
    [InlineData("\"clock\":{", "\"clock\":1,\"x\":{", "x")]
    public void What_is_no_receipt_is_refused_and_says_where(string from, string to, string where)
    {
        var json = Encoding.UTF8.GetString(EchoWork().Run(Shared).Receipt.ToJson());
        Assert.Contains(from, json);
        var failure = Assert.Throws<FormatException>(
            () => Receipt.Parse(Encoding.UTF8.GetBytes(json.Replace(from, to)), out _));
        Assert.Contains(where, failure.Message);
        var difference = Assert.Single(Verify(Encoding.UTF8.GetBytes(json.Replace(from, to))));
        Assert.Equal("form", difference.Where);
    }

    [Fact]
    public void A_receipt_that_is_no_JSON_or_endless_is_refused()
    {
        Assert.Equal("form", Assert.Single(Verify("{"u8.ToArray())).Where);
        Assert.Equal("form", Assert.Single(Verify("[]"u8.ToArray())).Where);
        Assert.Equal("form", Assert.Single(Verify(new byte[Receipt.LimitBytes + 1])).Where);
    }

    [Fact]
    public void Everything_given_to_a_run_shows_in_its_receipt()
    {
        var work = EchoWork();
        byte[][] receipts =
        [
            work.Run(Shared).Receipt.ToJson(),
            (work with { Input = "hullo"u8.ToArray() }).Run(Shared).Receipt.ToJson(),
            (work with { Arguments = ["a"] }).Run(Shared).Receipt.ToJson(),
            (work with { Environment = new Dictionary<string, string> { ["A"] = "b" } }).Run(Shared).Receipt.ToJson(),
            (work with { Files = Files() }).Run(Shared).Receipt.ToJson(),
            (work with { RandomSeed = 1 }).Run(Shared).Receipt.ToJson(),
            (work with { ClockStartNanoseconds = 1 }).Run(Shared).Receipt.ToJson(),
            (work with { ClockStepNanoseconds = 1 }).Run(Shared).Receipt.ToJson(),
            (work with { Limits = new ExecutionLimits { Fuel = 1_000_000 } }).Run(Shared).Receipt.ToJson(),
        ];
        Assert.Equal(receipts.Length, receipts.Select(Encoding.UTF8.GetString).Distinct().Count());
    }

    [Fact]
    public void A_cancelled_run_has_no_receipt()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var work = Work("(loop $l (br $l))");
        Assert.Throws<OperationCanceledException>(() => work.Run(Shared, cancelled.Token));
    }

    [Fact]
    public async Task A_content_folder_keeps_bytes_under_their_hash()
    {
        var path = Directory.CreateTempSubdirectory("es-content-");
        try
        {
            var folder = new ContentFolder(Path.Combine(path.FullName, "deep"));
            var hash = await folder.AddAsync("hello"u8.ToArray());
            Assert.Equal(hash, await folder.AddAsync("hello"u8.ToArray()));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("hello"u8)), hash);
            Assert.Equal("hello"u8.ToArray(), folder.Find(hash)!.Value.ToArray());
            Assert.Null(folder.Find(new string('0', 64)));
            Assert.Null(folder.Find($"../deep/{hash}"));
            Assert.Single(path.EnumerateFiles("*", SearchOption.AllDirectories));
        }
        finally
        {
            path.Delete(recursive: true);
        }
    }

    private static byte[] Others(byte one) =>
        [(byte)(one ^ 1), one == (byte)'0' ? (byte)'1' : (byte)'0', (byte)(one ^ 0x80)];

    private static Dictionary<string, (Execution Work, ExecutionExit Exit)> Kinds() => new()
    {
        ["echo"] = (EchoWork(), ExecutionExit.Exited(0)),
        ["files"] = (Work("files", Files()), ExecutionExit.Exited(0)),
        ["trap"] = (Work("unreachable"), ExecutionExit.Trapped("unreachable")),
        ["fuel"] = (
            Work("(loop $l (br $l))") with { Limits = new ExecutionLimits { Fuel = 100_000 } },
            ExecutionExit.Trapped("all fuel consumed")),
        ["depth"] = (Work("(call $start)"), ExecutionExit.Trapped("call stack exhausted")),
        ["malformed"] = (
            new Execution { Module = "no module"u8.ToArray() }, new ExecutionExit("refused", null, "malformed")),
        ["unlinkable"] = (
            new Execution { Module = TextFormat.Module("""(module (import "moon" "phase" (func)))""") },
            new ExecutionExit("refused", null, "unlinkable")),
        ["library"] = (
            new Execution { Module = TextFormat.Module("(module)") }, new ExecutionExit("refused", null, "unlinkable")),
        ["exit"] = (Work("(call $exit (i32.const 3))"), ExecutionExit.Exited(3)),
    };

    private static Dictionary<string, ReadOnlyMemory<byte>> Files() =>
        new() { ["data/a.txt"] = "one"u8.ToArray(), ["b.txt"] = "two"u8.ToArray() };

    private static Execution EchoWork() => new() { Module = Echo, Input = "hello"u8.ToArray() };

    private static Execution Work(string name, Dictionary<string, ReadOnlyMemory<byte>> files) => new()
    {
        Module = Echo,
        Input = Encoding.UTF8.GetBytes(name),
        Arguments = ["x", "größe \"quoted\""],
        Environment = new Dictionary<string, string> { ["B"] = "2", ["A"] = "1" },
        Files = files,
        RandomSeed = ulong.MaxValue,
        ClockStartNanoseconds = 1_700_000_000_000_000_000,
        ClockStepNanoseconds = 1_000,
    };

    private static Execution Work(string body) => new()
    {
        Module = TextFormat.Module(
            $"""
            (module
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (memory (export "memory") 1)
              (func $start (export "_start") {body}))
            """),
    };

    private Execution Kept(Execution work)
    {
        foreach (var bytes in work.Files.Values.Prepend(work.Input).Prepend(work.Module))
            _content[Convert.ToHexStringLower(SHA256.HashData(bytes.Span))] = bytes;
        return work;
    }

    private IReadOnlyList<ReceiptDifference> Verify(byte[] json) =>
        new ReceiptVerifier(Shared, hash => _content.TryGetValue(hash, out var bytes) ? bytes : null).Verify(json);

    private void Names(Receipt lie, params string[] where) =>
        Assert.Equal(where.Order(), Verify(lie.ToJson()).Select(difference => difference.Where).Order());
}
