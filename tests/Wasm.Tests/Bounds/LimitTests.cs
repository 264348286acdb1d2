// Fuel, depth, memory, tables and the other named limits: each ends in a named trap or refusal, and the host goes on.
using System.Globalization;

namespace EventSourced.Wasm.Tests.Bounds;

public class LimitTests
{
    private const string Loop = """
        (module (func (export "forever") (loop (br 0)))
          (func (export "count") (param i32) (result i32) (local i32)
            (loop (local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if 0 (i32.lt_u (local.get 1) (local.get 0)))) (local.get 1))
          (func $fib (export "fib") (param i32) (result i32)
            (if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0))
              (else (i32.add (call $fib (i32.sub (local.get 0) (i32.const 1))) (call $fib (i32.sub (local.get 0) (i32.const 2))))))))
        """;

    [Fact]
    public void Fuel_is_the_sum_of_the_operators_that_ran_region_by_region()
    {
        // count: local.get at the end 1; each turn: get, const, add, set, get, get, lt, br_if = 8.
        Assert.Equal(8UL * 10 + 1, FuelOf("count", 10));
        Assert.Equal(8UL * 1000 + 1, FuelOf("count", 1000));
        // fib: get, const, lt, if = 4; then 1; else twice get, const, sub and a call of 8, add = 23: small arms are paid
        // whether they run or not.
        Assert.Equal(28UL, FuelOf("fib", 1));
        Assert.Equal(3 * 28UL, FuelOf("fib", 2));
    }

    [Fact]
    public void A_large_arm_is_paid_only_when_it_runs()
    {
        var large = string.Concat(Enumerable.Repeat("(local.set 0 (i32.add (local.get 0) (i32.const 1)))", 7));
        var text = $$"""
            (module (func (export "f") (param i32) (result i32)
              (if (local.get 0) (then {{large}}) (else (local.set 0 (i32.const 7)))) (local.get 0)))
            """;
        var store = new Store(Wat.Engine);
        var instance = Wat.Instance(text, store);
        Assert.Equal("7", Wat.Call(instance, "f", 0));
        Assert.Equal(5UL, store.FuelConsumed);
        Assert.Equal("8", Wat.Call(instance, "f", 1));
        Assert.Equal(5UL + 5 + 28, store.FuelConsumed);
    }

    [Fact]
    public void The_price_of_a_call_covers_a_small_leaf()
    {
        const string text = """
            (module (func $leaf (export "leaf") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
              (func $large (export "large") (param i32) (result i32)
                (i32.mul (i32.add (local.get 0) (i32.const 1)) (i32.add (local.get 0) (i32.add (local.get 0) (i32.const 2)))))
              (func (export "call") (result i32) (call $leaf (i32.const 4))))
            """;
        ulong Cost(string export, params ValueBox[] arguments)
        {
            var store = new Store(Wat.Engine);
            Wat.Call(Wat.Instance(text, store), export, arguments);
            return store.FuelConsumed;
        }

        Assert.Equal([0UL, 9UL, 9UL], new[] { Cost("leaf", 1), Cost("large", 1), Cost("call") });
    }

    [Fact]
    public void Code_behind_a_jump_is_a_region_of_its_own_so_a_switch_pays_one_case()
    {
        const string text = """
            (module (func (export "f") (param i32) (result i32) (local i32)
              (block (block (block (br_table 0 1 2 (local.get 0)))
                (local.set 1 (i32.const 1)) (local.set 1 (i32.const 2)) (local.set 1 (i32.const 3)) (br 1))
                (local.set 1 (i32.const 4)))
              (local.get 1)))
            """;
        ulong Of(int argument)
        {
            var store = new Store(Wat.Engine);
            Wat.Call(Wat.Instance(text, store), "f", argument);
            return store.FuelConsumed;
        }

        // br_table and its index 2, the end 1; case 0 costs 7, case 1 costs 2, the default nothing.
        Assert.Equal([10UL, 5UL, 3UL], new[] { Of(0), Of(1), Of(2) });
    }

    [Fact]
    public void Fuel_that_does_not_suffice_traps_before_the_region_and_is_consumed()
    {
        var store = new Store(Wat.Engine) { Fuel = 1_000 };
        var instance = Wat.Instance(Loop, store);
        Assert.Equal(TrapCode.OutOfFuel, Wat.Trap(instance, "forever"));
        Assert.Equal((0UL, 1_000UL), (store.Fuel, store.FuelConsumed));
        Assert.Equal(TrapCode.OutOfFuel, Wat.Trap(instance, "fib", 20));
        store.Fuel = 81;
        Assert.Equal("10", Wat.Call(instance, "count", 10));
        Assert.Equal(0UL, store.Fuel);
        store.Fuel = 80;
        Assert.Equal(TrapCode.OutOfFuel, Wat.Trap(instance, "count", 10));
    }

    [Fact]
    public void A_metered_engine_gives_no_fuel_until_the_host_does()
    {
        using var engine = new Engine(new Config().WithFuelConsumption(true));
        var store = new Store(engine);
        var instance = Wat.Instance(Loop, store);
        Assert.Equal(TrapCode.OutOfFuel, Wat.Trap(instance, "count", 1));
        store.Fuel = 1_000;
        Assert.Equal("1", Wat.Call(instance, "count", 1));
    }

    [Fact]
    public void Bulk_work_and_growth_cost_by_length()
    {
        const string text = """
            (module (memory 1 100) (table 1 1000 externref)
              (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
              (func (export "grow") (param i32) (drop (memory.grow (local.get 0))))
              (func (export "tgrow") (param i32) (drop (table.grow 0 (ref.null extern) (local.get 0)))))
            """;
        var store = new Store(Wat.Engine);
        var instance = Wat.Instance(text, store);
        ulong Cost(string export, int argument)
        {
            var before = store.FuelConsumed;
            Wat.Call(instance, export, argument);
            return store.FuelConsumed - before;
        }

        Assert.Equal(4UL + 1_024, Cost("fill", 32_768));
        Assert.Equal(3UL + 4_096, Cost("grow", 1));
        Assert.Equal(3UL, Cost("grow", 100));
        Assert.Equal(4UL + 50, Cost("tgrow", 99));
        Assert.Equal(4UL, Cost("tgrow", 100_000));
        store.Fuel = 500;
        Assert.Equal(TrapCode.OutOfFuel, Wat.Trap(instance, "fill", 32_768));
    }

    [Fact]
    public async Task A_cancelled_token_interrupts_a_loop_and_a_recursion()
    {
        foreach (var (export, arguments) in new[] { ("forever", Array.Empty<ValueBox>()), ("fib", [(ValueBox)100]) })
        {
            using var source = new CancellationTokenSource();
            using var store = new Store(Wat.Engine) { CancellationToken = source.Token };
            var instance = Wat.Instance(Loop, store);
            var run = Task.Run(() => Wat.Trap(instance, export, arguments));
            await Task.Delay(20);
            await source.CancelAsync();
            Assert.Equal(TrapCode.Interrupt, await run);
            Assert.Equal(TrapCode.Interrupt, Wat.Trap(Wat.Instance(Loop, store), "count", 5));
            store.CancellationToken = CancellationToken.None;
            Assert.Equal("5", Wat.Call(instance, "count", 5));
        }
    }

    [Fact]
    public void Memory_and_table_limits_of_the_store_bound_making_and_growing()
    {
        var store = new Store(Wat.Engine);
        store.SetLimits(memorySize: 2 * 65_536, tableElements: 10);
        var instance = Wat.Instance(
            """
            (module (memory 1) (table 5 funcref) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
              (func (export "tgrow") (param i32) (result i32) (table.grow 0 (ref.null func) (local.get 0))))
            """,
            store);
        Assert.Equal("-1 1 -1", $"{Wat.Call(instance, "grow", 2)} {Wat.Call(instance, "grow", 1)} {Wat.Call(instance, "grow", 1)}");
        Assert.Equal("-1 5", $"{Wat.Call(instance, "tgrow", 6)} {Wat.Call(instance, "tgrow", 5)}");
        Assert.Equal(2 * 65_536, store.MemoryPeakBytes);
        Assert.Equal(WasmErrorKind.Limit, Assert.Throws<WasmException>(() => Wat.Instance("(module (memory 3))", store)).Kind);
        Assert.Equal(WasmErrorKind.Limit, Assert.Throws<WasmException>(() => Wat.Instance("(module (table 11 funcref))", store)).Kind);
        store.SetLimits(instances: 1, memories: 1, tables: 1);
        Assert.Equal(WasmErrorKind.Limit, Assert.Throws<WasmException>(() => Wat.Instance("(module)", store)).Kind);
        store.SetLimits(instances: 10);
        Assert.Equal(WasmErrorKind.Limit, Assert.Throws<WasmException>(() => Wat.Instance("(module (memory 1))", store)).Kind);
        Assert.Equal(WasmErrorKind.Limit, Assert.Throws<WasmException>(() => Wat.Instance("(module (table 1 funcref))", store)).Kind);
    }

    [Fact]
    public void A_memory_beyond_what_an_array_holds_is_refused_and_growth_to_it_fails()
    {
        Assert.Equal(WasmErrorKind.Limit, Assert.Throws<WasmException>(() => Wat.Instance("(module (memory 40000))")).Kind);
        const string text = """(module (memory 1) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))""";
        Assert.Equal("-1", Wat.Call(text, "grow", 65_535));
        Assert.Equal("-1", Wat.Call(text, "grow", 32_768));
    }

    [Fact]
    public void The_depth_of_a_store_may_be_set_below_the_engines()
    {
        var store = new Store(Wat.Engine);
        var instance = Wat.Instance(
            """(module (func $f (export "f") (param i32) (result i32) (if (result i32) (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 7)))))""",
            store);
        Assert.Equal("7", Wat.Call(instance, "f", 1_000));
        store.SetCallDepth(100);
        Assert.Equal(TrapCode.StackOverflow, Wat.Trap(instance, "f", 1_000));
        Assert.Equal("7", Wat.Call(instance, "f", 99));
    }

    [Theory]
    [InlineData("(module (func) (func) (func))", "functions")]
    [InlineData("(module (type (func (param i32))) (type (func (param i64))) (type (func)))", "types")]
    [InlineData("(module (func (param i32 i32 i32)))", "parameters")]
    [InlineData("(module (func (result i32 i32 i32) (unreachable)))", "results")]
    [InlineData("(module (func (local i32 i32 i32 i32 i32)))", "locals")]
    [InlineData("(module (global i32 (i32.const 1)) (global i32 (i32.const 1)) (global i32 (i32.const 1)))", "globals")]
    [InlineData("""(module (import "a" "b" (func)) (import "a" "b" (func)) (import "a" "b" (func)))""", "imports")]
    [InlineData("""(module (func) (export "a" (func 0)) (export "b" (func 0)) (export "c" (func 0)))""", "exports")]
    [InlineData("(module (table 1 funcref) (table 1 funcref) (table 1 funcref))", "tables")]
    [InlineData("(module (func (block (br_table 0 0 0 0 (i32.const 1)))))", "targets of br_table")]
    [InlineData("(module (func (block (block (block (block))))))", "nested blocks")]
    [InlineData("(module (memory 1) (data \"a\") (data \"b\") (data \"c\"))", "data segments")]
    [InlineData("(module (func) (elem func 0) (elem func 0) (elem func 0))", "element segments")]
    [InlineData("(module (func) (elem func 0 0 0 0 0 0 0))", "elements in segments")]
    [InlineData("(module (func (drop (i32.add (i32.const 1) (i32.add (i32.const 1) (i32.add (i32.const 1) (i32.add (i32.const 1) (i32.const 1))))))))", "operands")]
    [InlineData("(module (func nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop nop))", "a function body")]
    public void A_module_beyond_a_limit_is_refused_by_its_name(string text, string what)
    {
        var limits = new Limits
        {
            Functions = 2,
            Types = 2,
            Parameters = 2,
            Results = 2,
            Locals = 4,
            Globals = 2,
            Imports = 2,
            Exports = 2,
            Tables = 2,
            BranchTargets = 2,
            Nesting = 4,
            DataSegments = 2,
            ElementSegments = 2,
            SegmentElements = 6,
            Operands = 4,
            FunctionBytes = 40,
        };
        using var engine = new Engine(new Config().WithLimits(limits));
        var refusal = Wasm.Module.Validate(engine, Wat.Bytes(text));
        Assert.Equal(WasmErrorKind.Limit, refusal?.Kind);
        Assert.Contains(what, refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_larger_than_allowed_is_not_even_read()
    {
        using var engine = new Engine(new Config().WithLimits(new Limits { ModuleBytes = 100 }));
        Assert.Equal(WasmErrorKind.Limit, Wasm.Module.Validate(engine, new byte[101])?.Kind);
        Assert.Equal(WasmErrorKind.Malformed, Wasm.Module.Validate(engine, new byte[100])?.Kind);
    }

    [Fact]
    public void Without_canonical_nans_results_are_still_nans()
    {
        using var engine = new Engine(new Config().WithNanCanonicalization(false).WithInterruption(false).WithMaximumCallDepth(50));
        var instance = Wat.Instance(
            """(module (func (export "f") (param f64) (result f64) (f64.sub (local.get 0) (local.get 0))))""", new Store(engine));
        Assert.True(double.IsNaN(instance.GetFunction<double, double>("f")!(double.PositiveInfinity)));
    }

    private static ulong FuelOf(string export, int argument)
    {
        var store = new Store(Wat.Engine);
        Wat.Call(Wat.Instance(Loop, store), export, argument);
        Assert.Equal(argument.ToString(CultureInfo.InvariantCulture).Length > 0, store.FuelConsumed > 0);
        return store.FuelConsumed;
    }
}
