// Conversions between number types. Specification 4.3.4 (conversions): ranges, saturation, rounding, reinterpretation.
namespace EventSourced.Sandbox.Tests.Numerics;

[Trait("Specification", "4.3.4")]
public class ConversionTests
{
    private const string Overflow = "unrepresentable integer";
    private const string NotANumber = Overflow;

    [Fact]
    public void Wrapping_and_extending_keep_the_low_bits()
    {
        Operator.Check(
            "i32.wrap_i64", "i64", "i32", ("0x100000000", "0"), ("-1", "-1"), ("0xfedcba9876543210", "1985229328"));
        Operator.Check("i64.extend_i32_s", "i32", "i64", ("0x80000000", "-2147483648"), ("-1", "-1"));
        Operator.Check("i64.extend_i32_u", "i32", "i64", ("0x80000000", "2147483648"), ("-1", "4294967295"));
    }

    [Fact]
    public void Truncation_to_i32_traps_exactly_outside_its_range()
    {
        Operator.Check(
            "i32.trunc_f32_s", "f32", "i32", ("1.9", "1"), ("-1.9", "-1"), ("-0x1p-149", "0"),
            ("2147483520", "2147483520"), ("-2147483648", "-2147483648"), ("2147483648", Overflow),
            ("-2147483904", Overflow), ("inf", Overflow), ("-inf", Overflow), ("nan", NotANumber),
            ("-nan:0x200000", NotANumber));
        Operator.Check(
            "i32.trunc_f32_u", "f32", "i32", ("4294967040", "-256"), ("-0x1.ccccccp-1", "0"),
            ("4294967296", Overflow), ("-1", Overflow), ("nan", NotANumber));
        Operator.Check(
            "i32.trunc_f64_s", "f64", "i32", ("2147483647.9", "2147483647"), ("-2147483648.9", "-2147483648"),
            ("2147483648", Overflow), ("-2147483649", Overflow), ("nan", NotANumber));
        Operator.Check(
            "i32.trunc_f64_u", "f64", "i32", ("4294967295.9", "-1"), ("-0.9", "0"), ("4294967296", Overflow),
            ("-1", Overflow), ("1e16", Overflow), ("-nan", NotANumber));
    }

    [Fact]
    public void Truncation_to_i64_traps_exactly_outside_its_range()
    {
        Operator.Check(
            "i64.trunc_f32_s", "f32", "i64", ("4294967296", "4294967296"),
            ("-9223372036854775808", "-9223372036854775808"), ("9223371487098961920", "9223371487098961920"),
            ("9223372036854775808", Overflow), ("-9223373136366403584", Overflow), ("nan", NotANumber));
        Operator.Check(
            "i64.trunc_f32_u", "f32", "i64", ("18446742974197923840", "-1099511627776"), ("-0.9", "0"),
            ("18446744073709551616", Overflow), ("-1", Overflow), ("nan", NotANumber));
        Operator.Check(
            "i64.trunc_f64_s", "f64", "i64", ("9223372036854774784", "9223372036854774784"),
            ("-9223372036854775808", "-9223372036854775808"), ("9223372036854775808", Overflow),
            ("-9223372036854777856", Overflow), ("inf", Overflow), ("nan", NotANumber));
        Operator.Check(
            "i64.trunc_f64_u", "f64", "i64", ("18446744073709549568", "-2048"), ("-0.9", "0"),
            ("9223372036854775808", "-9223372036854775808"), ("18446744073709551616", Overflow), ("-1", Overflow),
            ("nan", NotANumber));
    }

    [Fact]
    public void Saturating_truncation_clamps_and_takes_nan_to_zero()
    {
        foreach (var type in new[] { "f32", "f64" })
        {
            Operator.Check(
                $"i32.trunc_sat_{type}_s", type, "i32", ("1.9", "1"), ("-1.9", "-1"), ("4294967296", "2147483647"),
                ("-4294967296", "-2147483648"), ("inf", "2147483647"), ("-inf", "-2147483648"), ("nan", "0"),
                ("-nan", "0"));
            Operator.Check(
                $"i32.trunc_sat_{type}_u", type, "i32", ("3000000000", "-1294967296"), ("-1", "0"), ("1e30", "-1"),
                ("-inf", "0"), ("inf", "-1"), ("nan", "0"), ("-0.9", "0"));
            Operator.Check(
                $"i64.trunc_sat_{type}_s", type, "i64", ("1e30", "9223372036854775807"),
                ("-1e30", "-9223372036854775808"), ("nan", "0"),
                ("-4294967297", type == "f32" ? "-4294967296" : "-4294967297"));
            Operator.Check(
                $"i64.trunc_sat_{type}_u", type, "i64", ("1e30", "-1"), ("-1", "0"),
                ("9223372036854775808", "-9223372036854775808"), ("nan", "0"), ("-inf", "0"));
        }
    }

    [Fact]
    public void Integers_become_floats_rounded_once_to_even()
    {
        Operator.Check(
            "f32.convert_i32_s", "i32", "f32", ("16777217", "16777216"), ("16777219", "16777220"), ("-1", "-1"),
            ("0x80000000", "-2147483648"));
        Operator.Check(
            "f32.convert_i32_u", "i32", "f32", ("-1", "4294967296"), ("0x80000080", "2147483648"),
            ("0x80000081", "2147483904"), ("16777219", "16777220"));
        Operator.Check("f64.convert_i32_s", "i32", "f64", ("-1", "-1"), ("2147483647", "2147483647"));
        Operator.Check("f64.convert_i32_u", "i32", "f64", ("-1", "4294967295"), ("0x80000000", "2147483648"));
        Operator.Check(
            "f32.convert_i64_s", "i64", "f32", ("16777219", "16777220"),
            ("0x7fffff4000000001", "9.223371487098962E+18"), ("-9223372036854775808", "-9.223372036854776E+18"));
        Operator.Check(
            "f32.convert_i64_u", "i64", "f32", ("0x8000008000000001", "9.223373136366404E+18"),
            ("0xfffffe8000000001", "1.8446742974197924E+19"), ("-1", "1.8446744073709552E+19"),
            ("0x0020000020000001", "9007200328482816"), ("0xffffff7fffffffff", "1.8446742974197924E+19"), ("1", "1"));
        Operator.Check(
            "f64.convert_i64_s", "i64", "f64", ("9007199254740993", "9007199254740992"),
            ("9007199254740995", "9007199254740996"));
        Operator.Check(
            "f64.convert_i64_u", "i64", "f64", ("-1", "1.8446744073709552E+19"),
            ("0x8000000000000400", "9.223372036854776E+18"), ("0x8000000000000401", "9.223372036854778E+18"),
            ("0xfffffffffffff400", "1.8446744073709548E+19"));
    }

    [Fact]
    public void Promotion_and_demotion_round_and_make_canonical_nans()
    {
        Operator.Check(
            "f64.promote_f32", "f32", "f64", ("0x1p-149", "1.401298464324817E-45"), ("-0", "-0"),
            ("nan:0x200000", "nan:7ff8000000000000"), ("-nan", "nan:7ff8000000000000"));
        Operator.Check(
            "f32.demote_f64", "f64", "f32", ("0x1.fffffefffffffp127", "3.4028234663852886E+38"),
            ("0x1.ffffffp127", "Infinity"), ("0x1p-150", "0"), ("0x1.8p-150", "1.401298464324817E-45"),
            ("nan:0x4000000000000", "nan:7fc00000"));
    }

    [Fact]
    public void Reinterpretation_keeps_every_bit()
    {
        Operator.Check(
            "i32.reinterpret_f32", "f32", "i32", ("-0", "-2147483648"), ("nan:0x200000", "2141192192"),
            ("1", "1065353216"));
        Operator.Check(
            "i64.reinterpret_f64", "f64", "i64", ("-0", "-9223372036854775808"),
            ("nan:0x4000000000000", "9219994337134247936"));
        Operator.Check(
            "f32.reinterpret_i32", "i32", "f32", ("0x7fa00001", "nan:7fa00001"), ("0xffc00000", "nan:ffc00000"),
            ("0x80000000", "-0"));
        Operator.Check(
            "f64.reinterpret_i64", "i64", "f64", ("0x7ff4000000000001", "nan:7ff4000000000001"), ("1", "5E-324"));
    }
}
