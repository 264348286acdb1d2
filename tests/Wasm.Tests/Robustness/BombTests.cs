// Modules made to hurt the host: each ends in a named trap or refusal, or runs, in bounded time and memory.
using EventSourced.Wasm.Tests.Binary;

namespace EventSourced.Wasm.Tests.Robustness;

public class BombTests
{
    [Fact]
    public void An_infinite_loop_stops_when_its_fuel_is_gone()
    {
        var store = new Store(Wat.Engine) { Fuel = 10_000_000 };
        var instance = Wat.Instance("""(module (func (export "f") (loop (br 0))))""", store);
        Assert.Equal(TrapCode.OutOfFuel, Wat.Trap(instance, "f"));
        Assert.Equal(0UL, store.Fuel);
    }

    [Fact]
    public void Deep_recursion_with_any_frame_ends_in_a_trap_and_not_in_a_crash()
    {
        foreach (var (locals, operands) in new[] { (0, 1), (14, 1), (100, 10), (2_000, 1), (20, 900) })
        {
            var uses = string.Concat(Enumerable.Range(0, locals).Select(i => $"(local.set {i} (i64.add (local.get {i}) (i64.const {i})))"));
            var pushes = string.Concat(Enumerable.Repeat("(i64.load (i32.const 8)) ", operands));
            var adds = string.Concat(Enumerable.Repeat("(i64.add) ", operands));
            var sums = string.Concat(Enumerable.Range(0, locals).Select(i => $"(i64.add (local.get {i})) "));
            var instance = Wat.Instance($"""
                (module (memory 1) (func $f (export "f") (result i64) (local {string.Join(' ', Enumerable.Repeat("i64", locals))})
                  {uses} {pushes} (call $f) {adds} {sums}))
                """);
            Assert.Equal(TrapCode.StackOverflow, Wat.Trap(instance, "f"));
        }
    }

    [Fact]
    public void Recursion_traps_on_a_thread_with_a_small_stack_too()
    {
        TrapCode? found = null;
        var thread = new Thread(
            () => found = Wat.Trap("""(module (func $f (export "f") (param i64 i64 i64 i64 i64 i64 i64 i64 i64) (result i64) (i64.add (call $f (local.get 8) (local.get 7) (local.get 6) (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0)) (local.get 8))))""", "f", 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L),
            maxStackSize: 1_536 * 1_024);
        thread.Start();
        thread.Join();
        Assert.Equal(TrapCode.StackOverflow, found);
    }

    [Fact]
    public void Growing_memory_without_end_stops_at_the_limit_or_without_fuel()
    {
        const string text = """(module (memory 0) (func (export "f") (loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))))""";
        var store = new Store(Wat.Engine);
        store.SetLimits(memorySize: 16 << 20);
        Wat.Call(Wat.Instance(text, store), "f");
        Assert.Equal(16 << 20, store.MemoryPeakBytes);
        var poor = new Store(Wat.Engine) { Fuel = 1_000_000 };
        Assert.Equal(TrapCode.OutOfFuel, Wat.Trap(Wat.Instance(text, poor), "f"));
        Assert.InRange(poor.MemoryPeakBytes, 1, 64 << 20);
    }

    [Fact]
    public void Millions_of_locals_are_refused_and_tens_of_thousands_run()
    {
        var many = ModuleBytes.WithBody(1, 0xC0, 0x84, 0x3D, 0x7E, 0x0B);
        Assert.Equal(WasmErrorKind.Limit, ModuleBytes.Refusal(many)?.Kind);
        const string text = """(module (func (export "f") (param i32) (result i64) (local {0}) (local.set 40000 (i64.const 6)) (local.get 40000)))""";
        var module = text.Replace("{0}", string.Join(' ', Enumerable.Repeat("i64", 40_001)), StringComparison.Ordinal);
        Assert.Equal("6", Wat.Call(module, "f", 1));
    }

    [Fact]
    public void A_branch_table_of_a_million_is_compiled_and_run_and_a_larger_one_is_refused()
    {
        const int million = 1_000_000;
        Assert.Equal(WasmErrorKind.Limit, ModuleBytes.Refusal(BranchTable(million + 1))?.Kind);
        var instance = new Instance(new Store(Wat.Engine), Module.FromBytes(Wat.Engine, "table", BranchTable(million)));
        // Even numbers go one way, odd ones and all beyond the table the other.
        foreach (var (index, result) in new[] { (0, "10"), (1, "20"), (million - 2, "10"), (million - 1, "20"), (million, "20"), (-1, "20") })
            Assert.Equal(result, Wat.Call(instance, "f", index));
    }

    [Fact]
    public void A_function_too_large_for_the_optimizing_compiler_runs_and_one_beyond_the_limit_is_refused()
    {
        // The first is one expression of 300,000 sums, the second 80,000 blocks.
        List<byte> sums = [0, 0x20, 0], blocks = [0];
        for (var i = 0; i < 300_000; i++)
            sums.AddRange([0x41, 3, 0x6A]);
        for (var i = 0; i < 80_000; i++)
            blocks.AddRange([0x20, 0, 0x04, 0x40, 0x20, 0, 0x41, 1, 0x6B, 0x21, 0, 0x0B]);
        Assert.Equal("900001", Wat.Call(Of([.. sums, 0x0B]), "f", 1));
        Assert.Equal("20000", Wat.Call(Of([.. blocks, 0x20, 0, 0x0B]), "f", 100_000));
        for (var i = 0; i < 50_000; i++)
            sums.AddRange([0x41, 3, 0x6A]);
        Assert.Equal(WasmErrorKind.Limit, ModuleBytes.Refusal(Unary([.. sums, 0x0B]))?.Kind);

        static Instance Of(List<byte> body) => new(new Store(Wat.Engine), Module.FromBytes(Wat.Engine, "huge", Unary(body)));
    }

    [Fact]
    public void Deep_nesting_is_bounded()
    {
        var deep = ModuleBytes.WithMemoryAndBody(0, 0x0B);
        Assert.Null(ModuleBytes.Refusal(deep));
        Assert.Equal(WasmErrorKind.Limit, ModuleBytes.Refusal(Nested(20_000))?.Kind);
        Assert.Null(ModuleBytes.Refusal(Nested(9_000)));
        Assert.NotNull(new Instance(new Store(Wat.Engine), Module.FromBytes(Wat.Engine, "nested", Nested(2_000))));
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
    public void A_small_segment_copied_again_and_again_pays_for_every_byte()
    {
        const string text = """
            (module (memory 16) (func (export "f")
              (loop (memory.copy (i32.const 0) (i32.const 1) (i32.const 1000000)) (br 0))))
            """;
        var store = new Store(Wat.Engine) { Fuel = 1_000_000 };
        Assert.Equal(TrapCode.OutOfFuel, Wat.Trap(Wat.Instance(text, store), "f"));
    }

    private static byte[] BranchTable(int targets)
    {
        var body = new List<byte> { 0, 0x02, 0x40, 0x02, 0x40, 0x20, 0, 0x0E };
        body.AddRange(Leb(targets));
        for (var i = 0; i < targets; i++)
            body.Add((byte)(i & 1));
        body.AddRange([1, 0x0B, 0x41, 10, 0x0F, 0x0B, 0x41, 20, 0x0B]);
        return Unary(body);
    }

    /// <summary>A module that exports one function from i32 to i32 as "f".</summary>
    private static byte[] Unary(List<byte> body)
    {
        var size = Leb(body.Count);
        return
        [
            .. ModuleBytes.Of(ModuleBytes.Section(1, 1, 0x60, 1, 0x7F, 1, 0x7F), ModuleBytes.Section(3, 1, 0)),
            7, 5, 1, 1, (byte)'f', 0, 0,
            10, .. Leb(1 + size.Length + body.Count), 1, .. size, .. body,
        ];
    }

    private static byte[] Nested(int depth)
    {
        var body = new List<byte> { 0 };
        for (var i = 0; i < depth; i++)
            body.AddRange([0x02, 0x40]);
        body.AddRange(Enumerable.Repeat((byte)0x0B, depth + 1));
        return Body(body);
    }

    private static byte[] Body(List<byte> body)
    {
        var size = Leb(body.Count);
        return
        [
            .. ModuleBytes.Of(ModuleBytes.Section(1, 1, 0x60, 0, 0), ModuleBytes.Section(3, 1, 0)),
            10, .. Leb(1 + size.Length + body.Count), 1, .. size, .. body,
        ];
    }

    private static byte[] Leb(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
