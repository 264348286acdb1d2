// Receipts made on Wasmtime and verified by V8 alone: the module counts, not the engine.
using System.Text.Json.Nodes;
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using EventSourced.Sandbox.Receipts;

namespace EventSourced.Sandbox.Tests.Receipts;

// The tests of the execution chapter have a namespace of this name.
using Execution = EventSourced.Sandbox.Receipts.Execution;

public sealed class V8Tests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("es-v8-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("echo", "article.txt", 10_000_000_000)]
    [InlineData("summarizer", "article.txt", 10_000_000_000)]
    [InlineData("auditor", "vault.sol", 10_000_000_000)]
    [InlineData("caption", "meadow.ppm", 10_000_000_000)]
    [InlineData("hash", "lamp.bmp", 10_000_000_000)]
    [InlineData("matrix", "matrices.txt", 10_000_000_000)]
    [InlineData("matrix", "article.txt", 10_000_000_000)]
    [InlineData("auditor", "vault.sol", 20_000)]
    public async Task V8_alone_finds_what_the_receipt_says(string agent, string sample, long fuel)
    {
        var module = Repository.Bytes($"agents/{agent}/{agent}.wasm");
        var input = Repository.Bytes($"agents/samples/{sample}");
        var limits = new ExecutionLimits { Fuel = fuel };
        var receipt = new Execution { Module = module, Input = input, Limits = limits }.Run(Wat.Engine).Receipt;
        await MustAgreeAsync(receipt, module, input);
    }

    [Theory]
    [InlineData("unreachable")]
    [InlineData("(i32.div_u (i32.const 1) (i32.const 0)) drop")]
    [InlineData("(i32.div_s (i32.const -2147483648) (i32.const -1)) drop")]
    [InlineData("(i32.trunc_f64_s (f64.const nan)) drop")]
    [InlineData("(i32.load (i32.const 70000)) drop")]
    [InlineData("(call_indirect (i32.const 0))")]
    [InlineData("(call_indirect (i32.const 9))")]
    [InlineData("(call $again)")]
    [InlineData("(loop (br 0))")]
    [InlineData("(memory.grow (i32.const 3)) drop (memory.grow (i32.const 9000)) drop")]
    public async Task V8_alone_finds_how_a_run_ended(string body)
    {
        var module = TextFormat.Module($"""
            (module (memory (export "memory") 1) (table 2 funcref)
              (func $again (call $again)) (func (export "_start") {body}))
            """);
        var limits = new ExecutionLimits { Fuel = 1_000_000 };
        var receipt = new Execution { Module = module, Limits = limits }.Run(Wat.Engine).Receipt;
        await MustAgreeAsync(receipt, module, []);
    }

    private async Task MustAgreeAsync(Receipt receipt, byte[] module, byte[] input)
    {
        string File(string name) => Path.Combine(_folder.FullName, name);
        await System.IO.File.WriteAllBytesAsync(File("receipt"), receipt.ToJson());
        await System.IO.File.WriteAllBytesAsync(File("module"), Meter.Rewrite(module).Bytes.ToArray());
        await System.IO.File.WriteAllBytesAsync(File("input"), input);
        var script = Repository.Path("tests/Sandbox.Tests/Receipts/v8.mjs");
        var output = await Repository.AskAsync("node", [script, File("receipt"), File("module"), File("input")]);
        var said = JsonNode.Parse(receipt.ToJson())!.AsObject();
        foreach (var (name, found) in JsonNode.Parse(output)!.AsObject())
            Assert.Equal($"{name}: {said[name]!.ToJsonString()}", $"{name}: {found!.ToJsonString()}");
    }
}
