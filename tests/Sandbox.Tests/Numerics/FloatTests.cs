// Floating-point operators at their corners. Specification 4.3.3 (floating-point operations). Enters nothing; every
// NaN that arithmetic makes must be the canonical one, whatever went in.
using Wasmtime;

namespace EventSourced.Sandbox.Tests.Numerics;

[Trait("Specification", "4.3.3")]
public class FloatTests
{
    private const string Nan32 = "nan:7fc00000";
    private const string Nan64 = "nan:7ff8000000000000";

    private static readonly (string Type, string Nan, string Signalling)[] Types =
        [("f32", Nan32, "nan:0x200000"), ("f64", Nan64, "nan:0x4000000000000")];

    [Theory]
    [InlineData("add")]
    [InlineData("sub")]
    [InlineData("mul")]
    [InlineData("div")]
    [InlineData("min")]
    [InlineData("max")]
    public void Arithmetic_makes_the_canonical_nan_of_any_nan(string name)
    {
        foreach (var (type, nan, signalling) in Types)
        {
            Operator.Check(
                $"{type}.{name}", type, type, ("nan 1", nan), ("1 -nan", nan), ($"{signalling} 1", nan),
                ($"1 -{signalling}", nan), ($"-nan {signalling}", nan), ("-nan:0x12345 nan:0x54321", nan));
        }
    }

    [Theory]
    [InlineData("ceil")]
    [InlineData("floor")]
    [InlineData("trunc")]
    [InlineData("nearest")]
    [InlineData("sqrt")]
    public void Rounding_and_roots_make_the_canonical_nan_of_any_nan(string name)
    {
        foreach (var (type, nan, signalling) in Types)
        {
            Operator.Check(
                $"{type}.{name}", type, type, ("nan", nan), ("-nan", nan), (signalling, nan), ($"-{signalling}", nan),
                ("0", "0"), ("-0", "-0"), ("inf", "Infinity"));
        }
    }

    [Fact]
    public void Arithmetic_follows_ieee_at_infinities_and_zeros()
    {
        foreach (var (type, nan, _) in Types)
        {
            Operator.Check($"{type}.add", type, type, ("-0 -0", "-0"), ("-0 0", "0"), ("inf -inf", nan), ("1 2", "3"));
            Operator.Check($"{type}.sub", type, type, ("0 0", "0"), ("-0 0", "-0"), ("inf inf", nan));
            Operator.Check($"{type}.mul", type, type, ("-1 0", "-0"), ("inf 0", nan), ("-inf -2", "Infinity"));
            Operator.Check(
                $"{type}.div", type, type, ("1 0", "Infinity"), ("-1 0", "-Infinity"), ("0 0", nan), ("inf inf", nan));
            Operator.Check($"{type}.sqrt", type, type, ("4", "2"), ("-1", nan), ("-inf", nan));
        }

        Operator.Check(
            "f32.add", "f32", "f32", ("0x1p+127 0x1p+127", "Infinity"), ("0x1p-149 0x1p-149", "2.802596928649634E-45"));
        Operator.Check("f32.mul", "f32", "f32", ("0x1p-100 0x1p-100", "0"), ("16777217 1", "16777216"));
        Operator.Check("f64.mul", "f64", "f64", ("0x1p-1000 0x1p-1000", "0"), ("0x1p1000 -0x1p1000", "-Infinity"));
    }

    [Fact]
    public void Min_and_max_order_the_zeros()
    {
        foreach (var (type, _, _) in Types)
        {
            Operator.Check(
                $"{type}.min", type, type, ("0 -0", "-0"), ("-0 0", "-0"), ("1 -inf", "-Infinity"), ("2 1", "1"));
            Operator.Check(
                $"{type}.max", type, type, ("0 -0", "0"), ("-0 0", "0"), ("1 inf", "Infinity"), ("-2 1", "1"));
        }
    }

    [Fact]
    public void Rounding_keeps_the_sign_of_zero_and_ties_to_even()
    {
        foreach (var (type, _, _) in Types)
        {
            Operator.Check($"{type}.ceil", type, type, ("-0.5", "-0"), ("0.5", "1"), ("-1.5", "-1"));
            Operator.Check($"{type}.floor", type, type, ("0.5", "0"), ("-0.5", "-1"));
            Operator.Check($"{type}.trunc", type, type, ("-0.9", "-0"), ("1.9", "1"), ("-2.9", "-2"));
            Operator.Check(
                $"{type}.nearest", type, type, ("0.5", "0"), ("-0.5", "-0"), ("1.5", "2"), ("2.5", "2"),
                ("-2.5", "-2"), ("-3.5", "-4"), ("4.7", "5"));
        }

        Operator.Check("f32.nearest", "f32", "f32", ("8388609", "8388609"), ("0x1.fffffep-1", "1"));
        Operator.Check(
            "f64.nearest", "f64", "f64", ("4503599627370497.5", "4503599627370498"), ("0x1.fffffffffffffp-2", "0"));
    }

    [Fact]
    public void Abs_neg_and_copysign_change_only_the_sign_even_of_a_nan()
    {
        Operator.Check(
            "f32.neg", "f32", "f32", ("nan", "nan:ffc00000"), ("-nan:0x200001", "nan:7fa00001"), ("0", "-0"));
        Operator.Check(
            "f32.abs", "f32", "f32", ("-nan", "nan:7fc00000"), ("-nan:0x200001", "nan:7fa00001"), ("-0", "0"));
        Operator.Check(
            "f32.copysign", "f32", "f32", ("1 -nan", "-1"), ("nan:0x200001 -1", "nan:ffa00001"), ("-0 1", "0"));
        Operator.Check(
            "f64.neg", "f64", "f64", ("nan", "nan:fff8000000000000"), ("nan:0x4000000000001", "nan:fff4000000000001"));
        Operator.Check("f64.abs", "f64", "f64", ("-nan:0x4000000000001", "nan:7ff4000000000001"), ("-inf", "Infinity"));
        Operator.Check("f64.copysign", "f64", "f64", ("nan -0", "nan:fff8000000000000"), ("-2 nan", "2"));
    }

    [Theory]
    [InlineData("eq", "0", "1", "0", "0")]
    [InlineData("ne", "1", "0", "1", "1")]
    [InlineData("lt", "1", "0", "0", "0")]
    [InlineData("gt", "0", "0", "1", "0")]
    [InlineData("le", "1", "1", "0", "0")]
    [InlineData("ge", "0", "1", "1", "0")]
    public void Comparisons_of_a_nan_are_false_but_for_ne(
        string name, string less, string equal, string greater, string nan)
    {
        foreach (var (type, _, signalling) in Types)
        {
            Operator.Check(
                $"{type}.{name}", type, "i32", ("1 2", less), ("-0 0", equal), ("inf 1", greater), ("-inf inf", less),
                ("nan 1", nan), ("1 nan", nan), ("nan nan", nan), ($"{signalling} 1", nan));
        }
    }

    [Theory]
    [InlineData("eq", "0", "1", "0", "0")]
    [InlineData("ne", "1", "0", "1", "1")]
    [InlineData("lt", "1", "0", "0", "0")]
    [InlineData("gt", "0", "0", "1", "0")]
    [InlineData("le", "1", "1", "0", "0")]
    [InlineData("ge", "0", "1", "1", "0")]
    public void Branches_on_comparisons_treat_nan_as_the_comparison_does(
        string name, string less, string equal, string greater, string nan)
    {
        foreach (var type in new[] { "f32", "f64" })
        {
            var instance = Wat.Instance($"""
                (module
                  (func (export "if") (param {type} {type}) (result i32)
                    (if (result i32) ({type}.{name} (local.get 0) (local.get 1)) (then (i32.const 1)) (else (i32.const 0))))
                  (func (export "ifnot") (param {type} {type}) (result i32)
                    (if (result i32) (i32.eqz ({type}.{name} (local.get 0) (local.get 1)))
                      (then (i32.const 0)) (else (i32.const 1))))
                  (func (export "br") (param {type} {type}) (result i32)
                    (block (br_if 0 ({type}.{name} (local.get 0) (local.get 1))) (return (i32.const 0))) (i32.const 1))
                  (func (export "brnot") (param {type} {type}) (result i32)
                    (block (br_if 0 (i32.eqz ({type}.{name} (local.get 0) (local.get 1)))) (return (i32.const 1)))
                    (i32.const 0)))
                """);
            foreach (var export in new[] { "if", "ifnot", "br", "brnot" })
            {
                Assert.Equal(less, Wat.Call(instance, export, Box(type, 1), Box(type, 2)));
                Assert.Equal(equal, Wat.Call(instance, export, Box(type, 2), Box(type, 2)));
                Assert.Equal(greater, Wat.Call(instance, export, Box(type, 3), Box(type, 2)));
                Assert.Equal(nan, Wat.Call(instance, export, Box(type, double.NaN), Box(type, 2)));
                Assert.Equal(nan, Wat.Call(instance, export, Box(type, 2), Box(type, double.NaN)));
            }
        }
    }

    [Fact]
    public void A_nan_constant_keeps_its_bits()
    {
        Assert.Equal(
            "nan:7fa00000", Wat.Call("""(module (func (export "f") (result f32) (f32.const nan:0x200000)))""", "f"));
        Assert.Equal(
            "nan:ffc12345", Wat.Call("""(module (func (export "f") (result f32) (f32.const -nan:0x412345)))""", "f"));
        Assert.Equal(
            "nan:7ff4000000000001",
            Wat.Call("""(module (func (export "f") (result f64) (f64.const nan:0x4000000000001)))""", "f"));
    }

    [Fact]
    public void A_nan_is_canonical_wherever_its_bits_can_be_seen()
    {
        var instance = Wat.Instance("""
            (module (memory 1) (global $g (mut f64) (f64.const 0)) (type $t (func (param f64) (result i64)))
              (table funcref (elem $bits))
              (func $bits (type $t) (i64.reinterpret_f64 (local.get 0)))
              (func (export "store") (param f64) (result i64)
                (f64.store (i32.const 8) (f64.sub (local.get 0) (local.get 0))) (i64.load (i32.const 8)))
              (func (export "call") (param f64) (result i64) (call $bits (f64.sub (local.get 0) (local.get 0))))
              (func (export "indirect") (param f64) (result i64)
                (call_indirect (type $t) (f64.sub (local.get 0) (local.get 0)) (i32.const 0)))
              (func (export "global") (param f64) (result i64)
                (global.set $g (f64.sub (local.get 0) (local.get 0))) (i64.reinterpret_f64 (global.get $g)))
              (func (export "select") (param f64) (result i64)
                (i64.reinterpret_f64 (select (f64.sub (local.get 0) (local.get 0)) (f64.const 1) (i32.const 1))))
              (func (export "block") (param f64) (result i64)
                (i64.reinterpret_f64 (block (result f64) (br 0 (f64.sub (local.get 0) (local.get 0))))))
              (func (export "neg") (param f64) (result i64)
                (i64.reinterpret_f64 (f64.neg (f64.neg (f64.sub (local.get 0) (local.get 0))))))
              (func (export "local") (param f64) (result i64) (local f64)
                (local.set 1 (f64.sub (local.get 0) (local.get 0))) (i64.reinterpret_f64 (local.get 1)))
              (func (export "chain") (param f64) (result i64)
                (i64.reinterpret_f64 (f64.add (f64.mul (f64.sub (local.get 0) (local.get 0)) (f64.const -1)) (f64.const 1)))))
            """);
        var expected = 0x7FF8_0000_0000_0000L.ToString(System.Globalization.CultureInfo.InvariantCulture);
        foreach (
            var export in new[] { "store", "call", "indirect", "global", "select", "block", "neg", "local", "chain" })
            Assert.Equal($"{export} {expected}", $"{export} {Wat.Call(instance, export, double.PositiveInfinity)}");
    }

    private static ValueBox Box(string type, double value) => type == "f32" ? (float)value : (ValueBox)value;
}
