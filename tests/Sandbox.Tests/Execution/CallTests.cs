// Calls, direct and indirect, and the depth they may reach. Specification 4.4.8.9, 4.4.10 (function calls).
namespace EventSourced.Sandbox.Tests.Execution;

[Trait("Specification", "4.4.10")]
public class CallTests
{
    private const string Indirect = """
        (module
          (type $unary (func (param i32) (result i32)))
          (type $same (func (param i32) (result i32)))
          (type $other (func (param i64) (result i64)))
          (table $t (export "t") 6 funcref) (table $second funcref (elem $double))
          (elem (table $t) (i32.const 0) func $double $negate $wide)
          (func $double (type $unary) (i32.mul (local.get 0) (i32.const 2)))
          (func $negate (type $same) (i32.sub (i32.const 0) (local.get 0)))
          (func $wide (type $other) (local.get 0))
          (func (export "call") (param i32 i32) (result i32) (call_indirect $t (type $unary) (local.get 1) (local.get 0)))
          (func (export "second") (param i32) (result i32) (call_indirect $second (type $unary) (local.get 0) (i32.const 0)))
          (func (export "operands") (param i32) (result i32)
            (i32.add (i32.load (i32.const 0)) (call_indirect $t (type $unary) (i32.add (local.get 0) (i32.const 1)) (i32.sub (local.get 0) (local.get 0)))))
          (memory 1) (data (i32.const 0) "\64"))
        """;

    [Fact]
    public void An_indirect_call_goes_by_index_and_structural_type()
    {
        Assert.Equal("42", Wat.Call(Indirect, "call", 0, 21));
        Assert.Equal("-21", Wat.Call(Indirect, "call", 1, 21));
        Assert.Equal("14", Wat.Call(Indirect, "second", 7));
        Assert.Equal("108", Wat.Call(Indirect, "operands", 3));
    }

    [Fact]
    public void An_indirect_call_traps_by_what_is_wrong()
    {
        Assert.Equal(TrapKind.TableFault, Wat.Trap(Indirect, "call", 2, 1));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(Indirect, "call", 3, 1));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(Indirect, "call", 6, 1));
        Assert.Equal(TrapKind.TableFault, Wat.Trap(Indirect, "call", -1, 1));
        var trap = Assert.Throws<GuestTrapException>(() => Wat.Call(Indirect, "call", 2, 1));
        Assert.Equal("table access or indirect call", trap.Message);
    }

    [Fact]
    public void Recursion_works_to_the_depth_and_traps_beyond_it()
    {
        const string text = """
            (module
              (func $even (export "even") (param i64) (result i32)
                (if (result i32) (i64.eqz (local.get 0)) (then (i32.const 1)) (else (call $odd (i64.sub (local.get 0) (i64.const 1))))))
              (func $odd (export "odd") (param i64) (result i32)
                (if (result i32) (i64.eqz (local.get 0)) (then (i32.const 0)) (else (call $even (i64.sub (local.get 0) (i64.const 1))))))
              (func $runaway (export "runaway") (call $runaway))
              (func $mutual (export "mutual") (call $mutual2)) (func $mutual2 (call $mutual)))
            """;
        Assert.Equal("1", Wat.Call(text, "even", 1000L));
        Assert.Equal("0", Wat.Call(text, "odd", 200L));
        var instance = Wat.Instance(text);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(TrapKind.StackExhausted, Wat.Trap(instance, "runaway"));
            Assert.Equal(TrapKind.StackExhausted, Wat.Trap(instance, "mutual"));
        }

        Assert.Equal("1", Wat.Call(instance, "even", 10L));
        Assert.Equal(
            "call stack exhausted", Assert.Throws<GuestTrapException>(() => Wat.Call(instance, "runaway")).Message);
    }

    [Fact]
    public void The_depth_at_which_recursion_traps_depends_on_the_module_alone()
    {
        const string text = """
            (module (global $n (export "n") (mut i32) (i32.const 0))
              (func $deep (export "deep") (param i64 i64) (result i64) (local f64)
                (global.set $n (i32.add (global.get $n) (i32.const 1)))
                (i64.add (call $deep (local.get 1) (local.get 0)) (local.get 0))))
            """;
        var depths = Enumerable.Range(0, 3).Select(_ =>
        {
            var instance = Wat.Instance(text);
            Wat.Trap(instance, "deep", 1L, 2L);
            return instance.Native.GetGlobal("n")!.GetValue();
        });
        Assert.Equal([4000], depths.Distinct());
    }

    [Fact]
    public void Large_frames_use_up_the_depth_sooner()
    {
        var locals = string.Join(' ', Enumerable.Repeat("i64", 1_600));
        var text = $"""
            (module (global $n (export "n") (mut i32) (i32.const 0))
              (func $deep (export "deep") (local {locals})
                (global.set $n (i32.add (global.get $n) (i32.const 1)))
                (local.set 1599 (i64.extend_i32_u (global.get $n)))
                (call $deep) (drop (local.get 1599))))
            """;
        var instance = Wat.Instance(text);
        Assert.Equal(TrapKind.StackExhausted, Wat.Trap(instance, "deep"));
        Assert.InRange((int)instance.Native.GetGlobal("n")!.GetValue()!, 30, 40);
    }

    [Fact]
    public void Many_parameters_arrive_in_order()
    {
        var parameters = string.Join(' ', Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? "i32" : "f64"));
        var sum = string.Concat(Enumerable.Range(0, 300).Select(i => i % 2 == 0
            ? $" (local.get {i}) (i32.const {i + 1}) (i32.mul) (i32.add)"
            : $" (local.get {i}) (i32.trunc_f64_s) (i32.const {i + 1}) (i32.mul) (i32.add)"));
        var arguments = string.Concat(
            Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? $" (i32.const {i})" : $" (f64.const {i})"));
        var text =
            $"(module (func $f (param {parameters}) (result i32) (i32.const 0) {sum}) (func (export \"f\") (result i32) (call $f {arguments})))";
        Assert.Equal(Enumerable.Range(0, 300).Sum(
            i => i * (i + 1)).ToString(System.Globalization.CultureInfo.InvariantCulture), Wat.Call(text, "f"));
    }
}
