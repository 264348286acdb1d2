// NaNs are canonical wherever their bits show, and only those that arithmetic made.
using EventSourced.Metering;
using EventSourced.Metering.Rewriting;

namespace EventSourced.Sandbox.Tests.Metering;

public class NanTests
{
    // Infinity minus infinity is a NaN with a sign that differs between machines.
    private const string Made = "(f64.sub (local.get 0) (local.get 0))";
    private const string Canonical = "9221120237041090560";
    private const string Negative = "-2251799813685248";

    [Theory]
    [InlineData("(i64.reinterpret_f64 {0})", Canonical)]
    [InlineData("(f64.store (i32.const 0) {0}) (i64.load (i32.const 0))", Canonical)]
    [InlineData("(i64.reinterpret_f64 (f64.neg {0}))", Negative)]
    [InlineData("(i64.reinterpret_f64 (f64.abs (f64.neg {0})))", Canonical)]
    [InlineData("(i64.reinterpret_f64 (f64.copysign {0} (f64.const -1)))", Negative)]
    [InlineData("(i64.reinterpret_f64 (f64.copysign (f64.const 1) {0}))", "4607182418800017408")]
    [InlineData("(local.set 1 {0}) (i64.reinterpret_f64 (local.get 1))", Canonical)]
    [InlineData("(local.set 1 (f64.neg {0})) (i64.reinterpret_f64 (local.get 1))", Negative)]
    [InlineData("(i64.reinterpret_f64 (local.tee 1 {0}))", Canonical)]
    [InlineData("(global.set 0 {0}) (i64.reinterpret_f64 (global.get 0))", Canonical)]
    [InlineData("(call $bits {0})", Canonical)]
    [InlineData("(call_indirect (param f64) (result i64) {0} (i32.const 0))", Canonical)]
    [InlineData("(i64.reinterpret_f64 (call $made (local.get 0)))", Canonical)]
    [InlineData("(i64.reinterpret_f64 (block (result f64) {0}))", Canonical)]
    [InlineData("(i64.reinterpret_f64 (select {0} (f64.const 1) (i32.const 1)))", Canonical)]
    [InlineData("(i64.reinterpret_f64 (select {0} (f64.const nan:0x8000000000001) (i32.const 1)))", Canonical)]
    [InlineData(
        "(i64.reinterpret_f64 (select {0} (f64.const nan:0x8000000000001) (i32.const 0)))", "9221120237041090561")]
    [InlineData("(i64x2.extract_lane 0 (f64x2.splat {0}))", Canonical)]
    [InlineData(
        "(i64x2.extract_lane 1 (f64x2.sub (f64x2.splat (local.get 0)) (f64x2.splat (local.get 0))))", Canonical)]
    [InlineData("(i64.reinterpret_f64 (f64x2.extract_lane 1 (f64x2.sub (f64x2.splat (local.get 0)) (f64x2.splat (local.get 0)))))", Canonical)]
    [InlineData("(i64x2.extract_lane 0 (f64x2.neg (f64x2.sqrt (f64x2.splat (f64.const -1)))))", Negative)]
    public void A_NaN_that_arithmetic_made_is_canonical_where_it_shows(string body, string bits) =>
        Assert.Equal(bits, Wat.Call(Text(body), "f", double.PositiveInfinity));

    [Theory]
    [InlineData("(i64.reinterpret_f64 (f64.const nan:0x8000000000abc))", "9221120237041093308")]
    [InlineData("(i64.store (i32.const 0) (i64.const -123)) (local.set 1 (f64.load (i32.const 0))) (f64.store (i32.const 8) (local.get 1)) (i64.load (i32.const 8))", "-123")]
    [InlineData("(i64.store (i32.const 0) (i64.const -123)) (local.set 1 (f64.load (i32.const 0))) (local.set 1 (select (local.get 1) (f64.add (local.get 0) (local.get 0)) (i32.const 1))) (i64.reinterpret_f64 (local.get 1))", "-123")]
    [InlineData("(call $bits (f64.reinterpret_i64 (i64.const -5)))", "-5")]
    [InlineData("(i64x2.extract_lane 0 (f64x2.pmin (i64x2.splat (i64.const -7)) (i64x2.splat (i64.const -7))))", "-7")]
    public void A_NaN_that_the_guest_wrote_keeps_its_bits(string body, string bits) =>
        Assert.Equal(bits, Wat.Call(Text(body), "f", 0.0));

    [Fact]
    public void A_sum_in_a_loop_is_made_canonical_once_behind_it()
    {
        const string text = """
            (module (memory 1) (func (export "f") (param i32) (local f64)
              (loop (local.set 1 (f64.add (local.get 1) (f64.load (local.get 0))))
                (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 8)))))
              (f64.store (i32.const 0) (local.get 1))))
            """;
        var rewritten = Meter.Rewrite(Wat.Bytes(text)).Bytes.Span;
        ReadOnlySpan<byte> constant = [0x44, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F];
        var (first, last) = (rewritten.IndexOf(constant), rewritten.LastIndexOf(constant));
        Assert.True(first > 0 && first == last, $"expected one canonical NaN, found them at {first} and {last}");
    }

    private static string Text(string body) => $$"""
        (module (memory 1) (global (mut f64) (f64.const 0)) (table funcref (elem $bits))
          (func $bits (param f64) (result i64) (i64.reinterpret_f64 (local.get 0)))
          (func $made (param f64) (result f64) {{Made}})
          (func (export "f") (param f64) (result i64) (local f64) {{body.Replace("{0}", Made, StringComparison.Ordinal)}}))
        """;
}
