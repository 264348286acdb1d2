// Two faults of .NET 10's JIT that random programs found, in every form in which a guest can ask. A rotation by a
// constant, compared with zero: the JIT takes the zero flag for it, which x64's rotations do not set. And a rotated
// constant with its top bit set, divided by what is never negative or compared with a constant: the JIT takes it for
// positive.
namespace EventSourced.Wasm.Tests.Determinism;

public sealed class RotationTests
{
    private static readonly Engine Shared = new();

    [Theory]
    [InlineData("(i32.eqz (i32.rotr (local.get $x) (i32.const 18)))")]
    [InlineData("(i32.eqz (i32.rotl (local.get $x) (i32.const 1)))")]
    [InlineData("(i32.eqz (i32.wrap_i64 (i64.rotl (i64.extend_i32_u (local.get $x)) (i64.const 32))))", true)]
    [InlineData("(i64.eqz (i64.rotl (i64.extend_i32_u (local.get $x)) (i64.const 7)))")]
    [InlineData("(i64.eqz (i64.extend_i32_u (i32.rotr (local.get $x) (i32.const 18))))")]
    [InlineData("(i64.eqz (i64.extend_i32_s (i32.rotr (local.get $x) (i32.const 18))))")]
    [InlineData("(i32.eq (i32.rotr (local.get $x) (i32.const 18)) (i32.const 0))")]
    [InlineData("(i32.eq (i32.const 0) (i32.rotr (local.get $x) (i32.const 18)))")]
    [InlineData("(i32.eqz (i32.ne (i32.rotr (local.get $x) (i32.const 18)) (i32.const 0)))")]
    [InlineData("(i32.lt_u (i32.rotr (local.get $x) (i32.const 18)) (i32.const 1))")]
    [InlineData("(i32.le_u (i32.rotr (local.get $x) (i32.const 18)) (i32.const 0))")]
    [InlineData("(i32.eqz (i32.gt_u (i32.rotr (local.get $x) (i32.const 18)) (i32.const 0)))")]
    [InlineData("(i32.eqz (i32.lt_u (i32.const 0) (i32.rotr (local.get $x) (i32.const 18))))")]
    [InlineData("(i32.eq (i32.rotr (local.get $x) (i32.const 18)) (local.get $zero))")]
    [InlineData("(local.set $y (i32.rotr (local.get $x) (i32.const 18))) (i32.eqz (local.get $y))")]
    [InlineData("(i32.eqz (local.tee $y (i32.rotr (local.get $x) (i32.const 18))))")]
    [InlineData("(i32.eqz (block (result i32) (i32.rotr (local.get $x) (i32.const 18))))")]
    [InlineData("(i32.eqz (call $rotated (local.get $x)))")]
    [InlineData("(call $tested (i32.rotr (local.get $x) (i32.const 18)))")]
    [InlineData("(if (result i32) (i32.rotr (local.get $x) (i32.const 18)) (then (i32.const 0)) (else (i32.const 1)))")]
    [InlineData("(select (i32.const 0) (i32.const 1) (i32.rotr (local.get $x) (i32.const 18)))")]
    [InlineData("(block $b (br_if $b (i32.rotr (local.get $x) (i32.const 18))) (return (i32.const 1))) (i32.const 0)")]
    [InlineData(
        "(block $b (block $a (br_table $a $b (i32.rotr (local.get $x) (i32.const 18)))) (return (i32.const 1)))"
        + "(i32.const 0)")]
    [InlineData("(i32.eqz (i32.or (i32.shr_u (local.get $x) (i32.const 18)) (i32.shl (local.get $x) (i32.const 14))))")]
    [InlineData(
        "(i32.eqz (i32.xor (i32.shr_u (local.get $x) (i32.const 18)) (i32.shl (local.get $x) (i32.const 14))))")]
    [InlineData("(i32.eqz (i32.rotr (i32.load (i32.and (local.get $x) (i32.const 0))) (i32.const 18)))", true)]
    public void A_rotation_is_zero_only_where_its_value_is(string expression, bool always = false)
    {
        var module = Module.FromBytes(Shared, "rotation", TextFormat.Module(
            $"""
            (module
              (memory 1)
              (func $rotated (param i32) (result i32) (i32.rotr (local.get 0) (i32.const 18)))
              (func $tested (param i32) (result i32) (i32.eqz (local.get 0)))
              (func (export "run") (param $x i32) (result i32) (local $y i32) (local $zero i32) {expression}))
            """));
        var run = new Instance(new Store(Shared), module).GetFunction<int, int>("run")!;
        foreach (var x in new[] { 0, 1, -1, 1 << 18, 1 << 17, int.MinValue, 77 })
            Assert.Equal((x, x == 0 || always), (x, run(x) == 1));
    }

    [Theory]
    [InlineData("(i32.rem_s (i32.rotr (i32.const 1) (i32.const 1)) (memory.size))", 0)]
    [InlineData("(i32.div_s (i32.rotr (i32.const 1) (i32.const 1)) (memory.size))", int.MinValue)]
    [InlineData("(local.set $y (i32.const 1)) (i32.rem_s (i32.rotr (local.get $y) (i32.const 1)) (memory.size))", 0)]
    [InlineData(
        "(local.set $y (i32.const 1)) (i32.div_s (i32.rotl (local.get $y) (i32.const 31)) (memory.size))",
        int.MinValue)]
    [InlineData("(i32.div_s (i32.rotr (i32.const 1) (i32.const 1)) (i32.const 65536))", -32768)]
    [InlineData("(local.set $y (i32.const 3)) (i32.div_s (i32.rotr (local.get $y) (i32.const 1)) (i32.const 2))",
        -1073741823)]
    [InlineData("(i32.shr_s (i32.rotr (i32.const 1) (i32.const 1)) (memory.size))", -1073741824)]
    [InlineData("(i32.lt_s (i32.rotr (i32.const 1) (i32.const 1)) (memory.size))", 1)]
    [InlineData("(i32.ge_s (i32.rotr (i32.add (i32.const 0x7f800000) (i32.const 0)) (i32.const 31)) (local.get $y))", 0)]
    [InlineData("(i32.lt_s (i32.rotl (i32.add (i32.const 0x7f800000) (i32.const 0)) (i32.const 1)) (local.get $y))", 1)]
    [InlineData("(i32.gt_s (local.get $y) (i32.rotr (i32.const 0x7f800000) (i32.shr_s (i32.const 62) (i32.const 1))))", 1)]
    [InlineData("(i32.le_s (local.get $y) (i32.rotl (i32.shl (i32.const 3) (i32.const 29)) (i32.const 1)))", 0)]
    [InlineData(
        "(i32.wrap_i64 (i64.shr_s (i64.extend_i32_s (i32.rotr (i32.const 1) (i32.const 1))) (i64.const 32)))", -1)]
    [InlineData("(i32.trunc_sat_f64_s (f64.convert_i32_s (i32.rotr (i32.const 1) (i32.const 1))))", int.MinValue)]
    public void A_rotated_constant_with_its_top_bit_set_is_negative(string expression, int expected)
    {
        var module = Module.FromBytes(Shared, "rotation", TextFormat.Module(
            $"""
            (module
              (memory 1)
              (func (export "run") (param $x i32) (result i32) (local $y i32) {expression}))
            """));
        Assert.Equal(expected, new Instance(new Store(Shared), module).GetFunction<int, int>("run")!(0));
    }
}
