// What fuel, depth and growth cost, by the rules of docs/metering.md: each number here is part of the version.
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;

namespace EventSourced.Sandbox.Tests.Metering;

public class FuelTests
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
        Assert.Equal((8 * 10) + 1, Cost(Loop, "count", 10));
        Assert.Equal((8 * 1000) + 1, Cost(Loop, "count", 1000));
        // fib: get, const, lt, if = 4; then 1; else twice get, const, sub and a call of 8, add = 23: small arms are
        // paid whether they run or not.
        Assert.Equal(28, Cost(Loop, "fib", 1));
        Assert.Equal(3 * 28, Cost(Loop, "fib", 2));
    }

    [Fact]
    public void A_large_arm_is_paid_only_when_it_runs()
    {
        var large = string.Concat(Enumerable.Repeat("(local.set 0 (i32.add (local.get 0) (i32.const 1)))", 7));
        var text = $$"""
            (module (func (export "f") (param i32) (result i32)
              (if (local.get 0) (then {{large}}) (else (local.set 0 (i32.const 7)))) (local.get 0)))
            """;
        // A body of no more than the price of a call, were it not for the arm, is paid all the same.
        Assert.Equal(5, Cost(text, "f", 0));
        Assert.Equal(5 + 28, Cost(text, "f", 1));
    }

    [Fact]
    public void The_price_of_a_call_covers_a_small_leaf()
    {
        const string text = """
            (module (func $leaf (export "leaf") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
              (func $large (export "large") (param i32) (result i32)
                (i32.mul (i32.add (local.get 0) (i32.const 1)) (i32.add (local.get 0) (i32.add (local.get 0) (i32.const 2)))))
              (func (export "call") (param i32) (result i32) (call $leaf (i32.const 4))))
            """;
        Assert.Equal([0L, 9L, 9L], new[] { Cost(text, "leaf", 1), Cost(text, "large", 1), Cost(text, "call", 1) });
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
        // br_table and its index 2, the end 1; case 0 costs 7, case 1 costs 2, the default nothing.
        Assert.Equal([10L, 5L, 3L], new[] { Cost(text, "f", 0), Cost(text, "f", 1), Cost(text, "f", 2) });
    }

    [Fact]
    public void Fuel_that_does_not_suffice_traps_before_the_region_and_is_consumed()
    {
        var guest = Wat.Instance(Loop, fuel: 1_000);
        Assert.Equal(TrapKind.OutOfFuel, Wat.Trap(guest, "forever"));
        Assert.Equal((0L, 1_000L), (guest.Fuel, guest.FuelUsed));
        Assert.Equal(TrapKind.OutOfFuel, Wat.Trap(guest, "fib", 20));
        guest.SetFuel(81);
        Assert.Equal("10", Wat.Call(guest, "count", 10));
        Assert.Equal(0, guest.Fuel);
        guest.SetFuel(80);
        Assert.Equal(TrapKind.OutOfFuel, Wat.Trap(guest, "count", 10));
    }

    [Fact]
    public void Bulk_work_and_growth_cost_by_length()
    {
        const string text = """
            (module (memory 1 100) (table 1 1000 externref)
              (func (export "fill") (param i32) (memory.fill (i32.const 0) (i32.const 1) (local.get 0)))
              (func (export "copy") (param i32) (memory.copy (i32.const 0) (i32.const 1) (local.get 0)))
              (func (export "grow") (param i32) (drop (memory.grow (local.get 0))))
              (func (export "tfill") (param i32) (table.fill 0 (i32.const 0) (ref.null extern) (local.get 0)))
              (func (export "tgrow") (param i32) (drop (table.grow 0 (ref.null extern) (local.get 0)))))
            """;
        var guest = Wat.Instance(text);
        Assert.Equal(4 + 1_024, Cost(guest, "fill", 32_768));
        Assert.Equal(4 + 1_024, Cost(guest, "copy", 32_768));
        Assert.Equal(3 + 2_048, Cost(guest, "grow", 1));
        Assert.Equal(3, Cost(guest, "grow", 100));
        Assert.Equal(4 + 50, Cost(guest, "tgrow", 99));
        Assert.Equal(4 + 40, Cost(guest, "tfill", 80));
        Assert.Equal(4, Cost(guest, "tgrow", 100_000));
        guest.SetFuel(500);
        Assert.Equal(TrapKind.OutOfFuel, Wat.Trap(guest, "fill", 32_768));
        // The length is paid before the bounds are looked at.
        Assert.Equal(TrapKind.OutOfFuel, Wat.Trap(guest, "fill", -1));
    }

    [Fact]
    public void Segments_are_paid_at_instantiation_before_the_start_function()
    {
        const string text = """
            (module (memory 1) (table 8 funcref) (global $g (mut i32) (i32.const 0))
              (data (i32.const 0) "0123456789012345678901234567890123456789012345678901234567890123") (data "passive")
              (elem (i32.const 0) $start $start $start $start)
              (func $start (global.set $g (i32.const 5)) (global.set $g (i32.add (global.get $g) (i32.const 7))) (global.set $g (i32.const 5)))
              (start $start))
            """;
        // 64 bytes are 2, 4 elements 2, the start function 8: its price is covered as a leaf's.
        Assert.Equal(4, Wat.Instance(text).FuelUsed);
        Assert.Equal(TrapKind.OutOfFuel, Assert.Throws<GuestTrapException>(() => Wat.Instance(text, fuel: 3)).Type);
    }

    [Fact]
    public void Depth_is_counted_by_the_weight_of_frames_and_given_back()
    {
        const string text = """
            (module (func $f (export "f") (param i32) (result i32)
              (if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 0))))
              (func (export "early") (param i32) (result i32) (drop (call $f (i32.const 1))) (return (i32.const 3))))
            """;
        var guest = Wat.Instance(text, depth: 10);
        for (var again = 0; again < 3; again++)
        {
            Assert.Equal("9", Wat.Call(guest, "f", 9));
            Assert.Equal("3", Wat.Call(guest, "early", 0));
            Assert.Equal(TrapKind.StackExhausted, Wat.Trap(guest, "f", 10));
        }
    }

    [Fact]
    public void Memory_grows_to_the_hosts_limit_on_any_engine()
    {
        const string text =
            """(module (memory 1) (func (export "f") (param i32) (result i32) (memory.grow (local.get 0))))""";
        var guest = Wat.Instance(text, memoryBytes: 5 << 16);
        Assert.Equal("-1", Wat.Call(guest, "f", 5));
        Assert.Equal("1", Wat.Call(guest, "f", 4));
        Assert.Equal("-1", Wat.Call(guest, "f", 1));
        Assert.Equal(WasmErrorKind.Limit,
            Assert.Throws<WasmException>(() => Wat.Instance("(module (memory 6))", memoryBytes: 5 << 16)).Kind);
    }

    [Theory]
    [InlineData("(module (func) (export \"eventsourced-meter/1 fuel\" (func 0)))")]
    [InlineData("(module (func) (export \"eventsourced-meter/2\" (func 0)))")]
    public void An_export_with_a_name_of_the_meters_is_refused(string text) =>
        Assert.Equal(WasmErrorKind.Reserved, Assert.Throws<WasmException>(() => Meter.Rewrite(Wat.Bytes(text))).Kind);

    [Fact]
    public void Rewriting_is_a_function_of_the_bytes()
    {
        var bytes = Repository.Bytes("agents/auditor/auditor.wasm");
        Assert.Equal(Meter.Rewrite(bytes).Bytes.ToArray(), Meter.Rewrite(bytes).Bytes.ToArray());
    }

    private static long Cost(string text, string export, int argument) => Cost(Wat.Instance(text), export, argument);

    private static long Cost(Guest guest, string export, int argument)
    {
        var before = guest.FuelUsed;
        Wat.Call(guest, export, argument);
        return guest.FuelUsed - before;
    }
}
