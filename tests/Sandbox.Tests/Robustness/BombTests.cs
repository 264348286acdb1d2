// Modules made to hurt the host: each ends in a named trap or refusal, or runs, in bounded time and memory.
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Receipts;
using EventSourced.Sandbox.Tests.Binary;
using Wasmtime;

namespace EventSourced.Sandbox.Tests.Robustness;

// The tests of the execution chapter have a namespace of this name.
using Execution = EventSourced.Sandbox.Receipts.Execution;

public class BombTests
{
    /// <summary>A test that takes longer hangs: no bomb may hold the host for minutes.</summary>
    private const int PatienceMs = 240_000;

    [Fact]
    public void An_infinite_loop_stops_when_its_fuel_is_gone()
    {
        var guest = Wat.Instance("""(module (func (export "f") (loop (br 0))))""", fuel: 10_000_000);
        Assert.Equal(TrapKind.OutOfFuel, Wat.Trap(guest, "f"));
        Assert.Equal(0, guest.Fuel);
    }

    [Fact]
    public void Deep_recursion_with_any_frame_ends_at_the_meters_depth_and_not_at_the_engines_stack()
    {
        foreach (var (kind, locals, operands) in
            new[]
            {
                ("i64", 0, 1),
                ("i64", 14, 1),
                ("i64", 100, 10),
                ("i64", 900, 1),
                ("i64", 20, 300),
                ("v128", 12, 3),
                ("v128", 200, 1),
            })
        {
            var (add, load) = kind == "i64" ? ("i64.add", "i64.load") : ("i64x2.add", "v128.load");
            var uses = string.Concat(
                Enumerable.Range(0, locals).Select(i => $"(local.set {i} ({load} (i32.const {16 * i})))"));
            var pushes = string.Concat(Enumerable.Repeat($"({load} (i32.const 8)) ", operands));
            var adds = string.Concat(Enumerable.Repeat($"({add}) ", operands));
            var sums = string.Concat(Enumerable.Range(0, locals).Select(i => $"({add} (local.get {i})) "));
            var guest = Wat.Instance($"""
                (module (memory 1) (func $f (export "f") (result {kind}) (local {string.Join(' ', Enumerable.Repeat(kind, locals))})
                  {uses} {pushes} (call $f) {adds} {sums}))
                """);
            Assert.Equal((kind, locals, TrapKind.StackExhausted), (kind, locals, Wat.Trap(guest, "f")));
        }
    }

    [Fact]
    public void Growing_memory_without_end_stops_at_the_limit_or_without_fuel()
    {
        const string text =
            """(module (memory 0) (func (export "f") (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))))""";
        var guest = Wat.Instance(text, memoryBytes: 16 << 20);
        Wat.Call(guest, "f");
        Assert.Equal(16 << 20, guest.Memory!.GetLength());
        var poor = Wat.Instance(text, fuel: 1_000_000);
        Assert.Equal(TrapKind.OutOfFuel, Wat.Trap(poor, "f"));
        Assert.InRange(poor.Memory!.GetLength(), 1, 64 << 20);
    }

    [Fact]
    public void A_small_segment_copied_again_and_again_pays_for_every_byte()
    {
        const string text = """
            (module (memory 16) (func (export "f")
              (loop (memory.copy (i32.const 0) (i32.const 1) (i32.const 1000000)) (br 0))))
            """;
        Assert.Equal(TrapKind.OutOfFuel, Wat.Trap(Wat.Instance(text, fuel: 1_000_000), "f"));
    }

    [Theory]
    [InlineData("ifs that write locals", 10_000, 150)]
    [InlineData("ifs that write locals", 1_900, 1_990)]
    [InlineData("loops in a row", 2_900, 1_000)]
    [InlineData("loops in one another", 900, 3_000)]
    [InlineData("NaNs that show", 12_000, 4)]
    [InlineData("growth", 20_000, 0)]
    public void A_module_that_would_compile_for_long_is_refused_by_name(string kind, int count, int locals)
    {
        var refusal = Assert.Throws<WasmException>(() => Meter.Rewrite(CompileBomb(kind, count, locals)));
        Assert.Equal(WasmErrorKind.Limit, refusal.Kind);
        Assert.Contains("blocks squared", refusal.Message);
    }

    // The largest that pass: they compile, and the test comes to its end.
    [Theory(Timeout = PatienceMs)]
    [InlineData("ifs that write locals", 1_000, 120)]
    [InlineData("ifs that write locals", 4_000, 8)]
    [InlineData("loops in a row", 500, 300)]
    [InlineData("sums", 40_000, 0)]
    [InlineData("NaNs that show", 5_000, 1)]
    public async Task A_module_just_within_the_limits_compiles(string kind, int count, int locals)
    {
        var bomb = CompileBomb(kind, count, locals);
        using var engine = new SandboxEngine(new SandboxOptions { CachedModules = 0, PooledGuests = 0 });
        using var module = await Task.Run(() => engine.Compile(bomb));
        Assert.True(module.Metered.Bytes.Length > bomb.Length);
    }

    [Fact]
    public void Too_many_functions_targets_blocks_or_bytes_are_refused_by_name()
    {
        var limits = new MeterLimits();
        var many = string.Concat(Enumerable.Repeat("(func)", limits.Functions + 1));
        Assert.Contains("function", Refusal($"(module {many})"));
        var targets = string.Concat(Enumerable.Repeat(" 0", limits.BranchTargets + 2));
        Assert.Contains("targets", Refusal($"(module (func (block (br_table {targets} (i32.const 0)))))"));
        var nested = string.Concat(Enumerable.Repeat("(block ", limits.Nesting + 1));
        Assert.Contains("nested", Refusal($"(module (func {nested} {new string(')', limits.Nesting + 1)}))"));
        var nops = string.Concat(Enumerable.Repeat("nop ", limits.FunctionBytes));
        Assert.Contains("function body", Refusal($"(module (func {nops}))"));
        Assert.Contains("elements", Refusal("(module (table 4000000000 funcref))"));

        static string Refusal(string text)
        {
            var refusal = Assert.Throws<WasmException>(() => Meter.Rewrite(Wat.Bytes(text)));
            Assert.Equal(WasmErrorKind.Limit, refusal.Kind);
            return refusal.Message;
        }
    }

    [Fact]
    public void Counts_that_promise_more_than_the_bytes_hold_allocate_nothing()
    {
        for (byte section = 1; section <= 11; section++)
        {
            var bytes = ModuleBytes.Of([section, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.NotNull(ModuleBytes.Refusal(bytes));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Fact]
    public async Task A_cancelled_token_interrupts_a_long_run_and_no_other()
    {
        using var engine = new SandboxEngine();
        var loop = TextFormat.Module(
            """(module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))""");
        var other = TextFormat.Module(
            """
            (module (memory (export "memory") 1) (func (export "_start") (local i32)
              (loop (br_if 0 (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 300000000))))))
            """);
        using var stop = new CancellationTokenSource();
        using var patience = new CancellationTokenSource(PatienceMs);
        var limits = new ExecutionLimits { Fuel = ExecutionLimits.Most };
        var spared = Task.Run(() => new Execution { Module = other, Limits = limits }.Run(engine, patience.Token));
        var stopped = Task.Run(() => new Execution { Module = loop, Limits = limits }.Run(engine, stop.Token));
        await Task.Delay(100);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => stopped);
        Assert.Equal(ExecutionExit.Exited(0), (await spared).Receipt.Exit);
    }

    [Fact]
    public void A_full_pool_is_the_engines_trouble_and_never_the_modules()
    {
        using var engine = new SandboxEngine(new SandboxOptions { PooledGuests = 1 });
        var module = engine.Compile(Wat.Bytes("(module (memory 1))"));
        using var first = new GuestStore(engine);
        using var second = new GuestStore(engine);
        var limits = new GuestLimits(1_000, 100, 1 << 20);
        engine.OnGuestThread(() => Guest.Instantiate(module, first.Native, engine.WasiFunctions, limits));
        var refusal = Assert.Throws<WasmException>(() => engine.OnGuestThread(
            () => Guest.Instantiate(module, second.Native, engine.WasiFunctions, limits)));
        Assert.Equal(WasmErrorKind.Engine, refusal.Kind);
    }

    private static byte[] CompileBomb(string kind, int count, int locals)
    {
        string Local(int i) => $"{1 + (i % locals)}";
        var item = kind switch
        {
            "ifs that write locals" => Each(i => $"(if (local.get 0) (then (local.set {Local(i)} (local.get 0))))"),
            "loops in a row" => Each(i =>
                $"(loop (br_if 0 (local.tee {Local(7 * i)} (i32.add (local.get {Local(i)}) (i32.const 1)))))"),
            "loops in one another" => Each(i => $"(loop (local.set {Local(i)} (local.get 0))")
                + Each(i => $"(br_if 0 (local.get {Local(i)})))"),
            "NaNs that show" => Each(_ => "(drop (i64.reinterpret_f64 (f64.sqrt (f64.load (local.get 0)))))"),
            "growth" => Each(_ => "(drop (memory.grow (local.get 0)))"),
            _ => "(drop (local.get 0)" + Each(_ => "(i32.add (i32.const 3))") + ")",
        };
        if (kind == "sums")
            item = "(local.get 0)" + Each(_ => "(i32.const 3) (i32.add)") + "(drop)";
        var uses = string.Concat(
            Enumerable.Range(1, locals).Select(i => $"(local.set 0 (i32.add (local.get {i}) (local.get 0)))"));
        var declared = string.Join(' ', Enumerable.Repeat("i32", locals));
        return Wat.Bytes($"(module (memory 1) (func (export \"f\") (param i32) (local {declared}) {item} {uses}))");

        string Each(Func<int, string> write) => string.Concat(Enumerable.Range(0, count).Select(write));
    }
}
