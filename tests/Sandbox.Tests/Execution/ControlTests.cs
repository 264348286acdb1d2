// Blocks, loops, branches and returns. Specification 4.4.8 (control instructions).
namespace EventSourced.Sandbox.Tests.Execution;

[Trait("Specification", "4.4.8")]
public class ControlTests
{
    [Theory]
    [InlineData("(block (result i32) (i32.const 7))", "7")]
    [InlineData("(block (result i32) (br 0 (i32.const 7)) (i32.const 8))", "7")]
    [InlineData("(block (result i32) (block (br 1 (i32.const 7))) (i32.const 8))", "7")]
    [InlineData("(i32.add (block (result i32) (i32.const 1)) (block (result i32) (br 0 (i32.const 2))))", "3")]
    [InlineData("(block (result i32) (i32.add (i32.const 1) (br 0 (i32.const 9))))", "9")]
    [InlineData(
        "(i32.add (i32.const 5) (block (result i32) (drop (br_if 0 (i32.const 1) (i32.const 1))) (i32.const 2)))", "6")]
    [InlineData(
        "(i32.add (i32.const 5) (block (result i32) (drop (br_if 0 (i32.const 1) (i32.const 0))) (i32.const 2)))", "7")]
    [InlineData("(loop (result i32) (i32.const 3))", "3")]
    [InlineData("(if (result i32) (i32.const 0) (then (i32.const 1)) (else (i32.const 2)))", "2")]
    [InlineData("(if (result i32) (i32.const 8) (then (i32.const 1)) (else (i32.const 2)))", "1")]
    [InlineData("(if (result i32) (i32.const 1) (then (br 0 (i32.const 5))) (else (unreachable)))", "5")]
    [InlineData("(return (i32.const 4)) (i32.const 5)", "4")]
    [InlineData("(i32.add (i32.const 1) (return (i32.const 4)))", "4")]
    [InlineData("(block (result i32) (drop (i32.const 1)) (i32.ctz (return (i32.const 50))))", "50")]
    [InlineData("(block (result i32) (br_table 0 0 0 (i32.const 50) (i32.const 1)))", "50")]
    [InlineData("(select (i32.const 1) (i32.const 2) (i32.const 0))", "2")]
    [InlineData("(select (i32.const 1) (i32.const 2) (i32.const -1))", "1")]
    public void A_structured_expression_gives_its_value(string body, string expected) =>
        Assert.Equal(expected, Wat.Call($"(module (func (export \"f\") (result i32) {body}))", "f"));

    [Fact]
    public void A_loop_runs_until_no_branch_goes_back()
    {
        const string text = """
            (module (func (export "factorial") (param i64) (result i64) (local i64)
              (local.set 1 (i64.const 1))
              (block (loop (br_if 1 (i64.eqz (local.get 0)))
                (local.set 1 (i64.mul (local.get 1) (local.get 0)))
                (local.set 0 (i64.sub (local.get 0) (i64.const 1))) (br 0)))
              (local.get 1)))
            """;
        Assert.Equal("7034535277573963776", Wat.Call(text, "factorial", 25L));
        Assert.Equal("1", Wat.Call(text, "factorial", 0L));
    }

    [Fact]
    public void A_loop_with_parameters_gets_what_the_branch_carries()
    {
        const string text = """
            (module
              (func (export "sum") (param i32) (result i32)
                (i32.const 0) (local.get 0)
                (loop (param i32 i32) (result i32)
                  (local.set 0) (local.get 0) (i32.add) (local.get 0) (i32.const 1) (i32.sub) (local.tee 0)
                  (local.get 0) (i32.const 0) (i32.gt_s) (br_if 0) (drop)))
              (func (export "swap") (param i32) (result i32 i32)
                (i32.const 1) (i32.const 2)
                (loop (param i32 i32) (result i32 i32)
                  (block (param i32 i32) (result i32 i32) (call $swapped))
                  (local.tee 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0)))
              (func $swapped (param i32 i32) (result i32 i32) (local.get 1) (local.get 0)))
            """;
        Assert.Equal("5050", Wat.Call(text, "sum", 100));
        Assert.Equal("2 1", Wat.Call(text, "swap", 3));
        Assert.Equal("1 2", Wat.Call(text, "swap", 4));
    }

    [Fact]
    public void An_if_with_parameters_gives_them_to_the_arm_that_runs()
    {
        const string text = """
            (module
              (func (export "both") (param i32) (result i32)
                (i32.const 10) (i32.const 3) (local.get 0)
                (if (param i32 i32) (result i32) (then (i32.sub)) (else (i32.add))))
              (func (export "then-only") (param i32) (result i32)
                (i32.const 10) (local.get 0) (if (param i32) (result i32) (then (i32.const 5) (i32.mul)))))
            """;
        Assert.Equal("7", Wat.Call(text, "both", 1));
        Assert.Equal("13", Wat.Call(text, "both", 0));
        Assert.Equal("50", Wat.Call(text, "then-only", 1));
        Assert.Equal("10", Wat.Call(text, "then-only", 0));
    }

    [Fact]
    public void A_branch_table_takes_the_default_beyond_its_end_and_reads_its_index_unsigned()
    {
        const string text = """
            (module
              (func (export "empty") (param i32) (result i32)
                (block (br_table 0 (local.get 0)) (return (i32.const 1))) (i32.const 22))
              (func (export "multiple") (param i32) (result i32)
                (block (block (block (block (br_table 3 2 1 0 (local.get 0)) (return (i32.const 99)))
                  (return (i32.const 100))) (return (i32.const 101))) (return (i32.const 102))) (i32.const 103))
              (func (export "values") (param i32) (result i32)
                (i32.add (i32.const 1000) (block (result i32)
                  (drop (block (result i32) (br_table 0 1 (i32.const 7) (local.get 0)))) (i32.const 8))))
              (func (export "loops") (param i32) (result i32) (local i32)
                (block (loop (local.set 1 (i32.add (local.get 1) (i32.const 1)))
                  (br_table 1 0 1 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))) (local.get 1))
              (func (export "function") (param i32) (result i32)
                (block (result i32) (br_table 0 1 (i32.const 5) (local.get 0))) (i32.const 1) (i32.add)))
            """;
        Assert.Equal("22 22", $"{Wat.Call(text, "empty", 0)} {Wat.Call(text, "empty", -1)}");
        var answers = new[] { 0, 1, 2, 3, 4, -1, int.MinValue }.Select(i => Wat.Call(text, "multiple", i));
        Assert.Equal("103 102 101 100 100 100 100", string.Join(' ', answers));
        Assert.Equal("1008 1007 1007",
            $"{Wat.Call(text, "values", 0)} {Wat.Call(text, "values", 1)} {Wat.Call(text, "values", -5)}");
        Assert.Equal("2", Wat.Call(text, "loops", 2));
        Assert.Equal("6 5", $"{Wat.Call(text, "function", 0)} {Wat.Call(text, "function", 1)}");
    }

    [Fact]
    public void Several_results_come_back_in_order()
    {
        const string text = """
            (module
              (func $four (export "four") (result i32 i64 f32 f64) (i32.const 1) (i64.const 2) (f32.const 3) (f64.const 4))
              (func (export "through") (result f64 f32 i64 i32) (local i32 i64 f32 f64)
                (call $four) (local.set 3) (local.set 2) (local.set 1) (local.set 0)
                (local.get 3) (local.get 2) (local.get 1) (local.get 0))
              (func (export "block") (result i32 i32) (block (result i32 i32) (i32.const 1) (i32.const 2) (br 0)))
              (func (export "br_if") (param i32) (result i32 i32)
                (block (result i32 i32) (i32.const 1) (i32.const 2) (br_if 0 (local.get 0)) (drop) (drop) (i32.const 3) (i32.const 4)))
              (func (export "return") (result i32 externref i64)
                (i32.const 9) (i32.const 5) (ref.null extern) (i64.const 6) (return)))
            """;
        Assert.Equal("1 2 3 4", Wat.Call(text, "four"));
        Assert.Equal("4 3 2 1", Wat.Call(text, "through"));
        Assert.Equal("1 2", Wat.Call(text, "block"));
        Assert.Equal("1 2 | 3 4", $"{Wat.Call(text, "br_if", 1)} | {Wat.Call(text, "br_if", 0)}");
        Assert.Equal("5 null 6", Wat.Call(text, "return"));
    }

    [Fact]
    public void Effects_happen_in_order_though_operands_wait()
    {
        const string text = """
            (module (memory 1) (global $g (mut i32) (i32.const 0))
              (func $next (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1))) (global.get $g))
              (func (export "calls") (result i32) (i32.sub (i32.mul (call $next) (i32.const 100)) (call $next)))
              (func (export "local") (param i32) (result i32)
                (i32.add (i32.mul (local.get 0) (i32.const 100)) (local.tee 0 (i32.const 7))))
              (func (export "pending") (param i32) (result i32)
                (local.get 0) (local.set 0 (i32.const 50)) (local.get 0) (i32.sub))
              (func (export "memory") (result i32)
                (i32.load (i32.const 0)) (i32.store (i32.const 0) (i32.const 9)) (i32.load (i32.const 0)) (i32.sub))
              (func (export "global") (result i32)
                (global.get $g) (global.set $g (i32.const 1000)) (global.get $g) (i32.sub))
              (func (export "dropped") (result i32) (drop (i32.load (i32.const 65536))) (i32.const 1))
              (func (export "below") (result i32) (i32.load (i32.const 65536)) (return (i32.const 1)))
              (func (export "loop-local") (param i32) (result i32)
                (local.get 0)
                (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0 (local.get 0)))))
            """;
        Assert.Equal("98", Wat.Call(text, "calls"));
        Assert.Equal("307", Wat.Call(text, "local", 3));
        Assert.Equal("-47", Wat.Call(text, "pending", 3));
        Assert.Equal("-9", Wat.Call(text, "memory"));
        Assert.Equal("-1000", Wat.Call(text, "global"));
        Assert.Equal("5", Wat.Call(text, "loop-local", 5));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(text, "dropped"));
        Assert.Equal(TrapKind.MemoryOutOfBounds, Wat.Trap(text, "below"));
    }

    [Fact]
    public void Unreachable_traps_and_code_behind_it_is_never_needed()
    {
        Assert.Equal(TrapKind.Unreachable, Wat.Trap("""(module (func (export "f") (unreachable)))""", "f"));
        Assert.Equal(
            "1",
            Wat.Call(
                """
                (module (func (export "f") (param i32) (result i32)
                  (if (local.get 0) (then (return (i32.const 1)) (i32.add) (drop) (block (loop (br 2)))))
                  (unreachable) (if (result i32) (then (i32.const 1)) (else (nop) (i32.const 2)))))
                """,
                "f",
                1));
    }

    [Fact]
    public void Deep_expressions_and_long_chains_compile()
    {
        var nested = string.Concat(
            Enumerable.Repeat("(i32.add (i32.const 1) ", 5_000)) + "(i32.const 0)" + new string(')', 5_000);
        Assert.Equal("5000", Wat.Call($"(module (func (export \"f\") (result i32) {nested}))", "f"));
        var chain = string.Concat(Enumerable.Repeat(" (local.get 0) (i32.add)", 20_000));
        Assert.Equal("40002",
            Wat.Call($"(module (func (export \"f\") (param i32) (result i32) (local.get 0) {chain}))", "f", 2));
        var floats = string.Concat(Enumerable.Repeat(" (local.get 0) (f64.add)", 3_000));
        Assert.Equal("3001",
            Wat.Call($"(module (func (export \"f\") (param f64) (result f64) (local.get 0) {floats}))", "f", 1.0));
        var pending = string.Concat(Enumerable.Repeat(" (local.get 0)", 500)) + " (local.set 0 (i32.const 9))"
            + string.Concat(Enumerable.Repeat(" (i32.add)", 499));
        Assert.Equal("1500", Wat.Call($"(module (func (export \"f\") (param i32) (result i32) {pending}))", "f", 3));
    }
}
