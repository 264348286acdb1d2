// Integer operators at their corners. Specification 4.3.2 (integer operations) and 4.4.1 (numeric instructions).
namespace EventSourced.Sandbox.Tests.Numerics;

[Trait("Specification", "4.3.2")]
public class IntegerTests
{
    private const string Overflow = "unrepresentable integer";
    private const string ByZero = "integer divide by zero";

    [Fact]
    public void I32_add_sub_and_mul_wrap_around()
    {
        Operator.Check(
            "i32.add", "i32", "i32", ("1 1", "2"), ("0x7fffffff 1", "-2147483648"), ("0x80000000 -1", "2147483647"),
            ("0x80000000 0x80000000", "0"), ("-1 1", "0"));
        Operator.Check(
            "i32.sub", "i32", "i32", ("0 1", "-1"), ("0x80000000 1", "2147483647"), ("0x7fffffff -1", "-2147483648"));
        Operator.Check(
            "i32.mul", "i32", "i32", ("0x10000000 4096", "0"), ("0x80000000 -1", "-2147483648"),
            ("0x01234567 0x76543210", "898528368"), ("0x7fffffff 0x7fffffff", "1"));
    }

    [Fact]
    public void I32_division_truncates_and_traps_on_zero_and_overflow()
    {
        Operator.Check(
            "i32.div_s", "i32", "i32", ("7 2", "3"), ("-7 2", "-3"), ("7 -2", "-3"), ("-7 -2", "3"), ("1 0", ByZero),
            ("0x80000000 0", ByZero), ("0x80000000 -1", Overflow), ("0x80000000 2", "-1073741824"),
            ("0x80000001 1000", "-2147483"), ("11 5", "2"), ("17 7", "2"));
        Operator.Check(
            "i32.div_u", "i32", "i32", ("-1 -1", "1"), ("0x80000000 -1", "0"), ("0x80000000 2", "1073741824"),
            ("0x8ff00ff0 0x10001", "36847"), ("1 0", ByZero), ("-5 2", "2147483645"));
    }

    [Fact]
    public void I32_remainder_takes_the_sign_of_the_dividend_and_is_zero_for_minus_one()
    {
        Operator.Check(
            "i32.rem_s", "i32", "i32", ("0x80000000 -1", "0"), ("-1 -1", "0"), ("7 -2", "1"), ("-7 2", "-1"),
            ("0x80000001 1000", "-647"), ("1 0", ByZero), ("0x80000000 0", ByZero), ("5 -1", "0"));
        Operator.Check(
            "i32.rem_u", "i32", "i32", ("0x80000000 -1", "-2147483648"), ("-5 2", "1"),
            ("0x8ff00ff0 0x10001", "32769"), ("0 0", ByZero));
    }

    [Fact]
    public void I32_bit_operators_work_on_all_bits()
    {
        Operator.Check("i32.and", "i32", "i32", ("0xf0f0ffff 0xfffff0f0", "-252645136"), ("1 0", "0"));
        Operator.Check("i32.or", "i32", "i32", ("0xf0f0ffff 0xfffff0f0", "-1"), ("0 0", "0"));
        Operator.Check("i32.xor", "i32", "i32", ("0xf0f0ffff 0xfffff0f0", "252645135"), ("-1 -1", "0"));
    }

    [Fact]
    public void I32_shifts_and_rotations_take_the_count_modulo_32()
    {
        Operator.Check(
            "i32.shl", "i32", "i32", ("1 31", "-2147483648"), ("1 32", "1"), ("1 33", "2"), ("1 -1", "-2147483648"),
            ("1 0x7fffffff", "-2147483648"), ("5 0", "5"));
        Operator.Check(
            "i32.shr_s", "i32", "i32", ("-1 1", "-1"), ("0x80000000 31", "-1"), ("-1 32", "-1"),
            ("0x40000000 0x80000001", "536870912"));
        Operator.Check(
            "i32.shr_u", "i32", "i32", ("-1 1", "2147483647"), ("0x80000000 31", "1"),
            ("0x80000000 33", "1073741824"), ("-1 32", "-1"));
        Operator.Check(
            "i32.rotl", "i32", "i32", ("0xabcd9876 1", "1469788397"), ("1 32", "1"), ("0xfe00dc00 4", "-535969777"),
            ("0x80000000 1", "1"), ("0xb0c1d2e3 0xff05", "406477942"));
        Operator.Check(
            "i32.rotr", "i32", "i32", ("1 1", "-2147483648"), ("1 32", "1"), ("0xff00cc00 1", "2139121152"),
            ("0x00080000 4", "32768"), ("0xb0c1d2e3 0xff05", "495324823"));
    }

    [Fact]
    public void I32_counting_and_extension_cover_zero_and_the_sign()
    {
        Operator.Check("i32.clz", "i32", "i32", ("0", "32"), ("1", "31"), ("-1", "0"), ("0x8000", "16"));
        Operator.Check("i32.ctz", "i32", "i32", ("0", "32"), ("1", "0"), ("0x80000000", "31"), ("0x8000", "15"));
        Operator.Check("i32.popcnt", "i32", "i32", ("0", "0"), ("-1", "32"), ("0xdeadbeef", "24"));
        Operator.Check(
            "i32.extend8_s", "i32", "i32", ("0x7f", "127"), ("0x80", "-128"), ("0xfedcba80", "-128"),
            ("0x01234500", "0"));
        Operator.Check(
            "i32.extend16_s", "i32", "i32", ("0x7fff", "32767"), ("0x8000", "-32768"), ("0xfedc8000", "-32768"));
    }

    [Fact]
    public void I32_comparisons_know_the_sign()
    {
        Operator.Check("i32.eqz", "i32", "i32", ("0", "1"), ("1", "0"), ("0x80000000", "0"));
        foreach (var (name, less, equal, greater) in Comparisons())
        {
            var signed = name.EndsWith("_s", StringComparison.Ordinal) || name is "eq" or "ne";
            Operator.Check(
                $"i32.{name}", "i32", "i32", ("1 2", less), ("2 2", equal), ("3 2", greater),
                ("0x80000000 0x7fffffff", signed ? less : greater), ("-1 0", signed ? less : greater),
                ("-1 -1", equal));
            Operator.Check(
                $"i64.{name}", "i64", "i32", ("1 2", less), ("2 2", equal), ("0x100000000 2", greater),
                ("0x8000000000000000 0x7fffffffffffffff", signed ? less : greater), ("-1 0", signed ? less : greater));
        }
    }

    [Fact]
    public void I64_add_sub_and_mul_wrap_around()
    {
        Operator.Check(
            "i64.add", "i64", "i64", ("0x7fffffffffffffff 1", "-9223372036854775808"), ("-1 1", "0"));
        Operator.Check("i64.sub", "i64", "i64", ("0x8000000000000000 1", "9223372036854775807"));
        Operator.Check(
            "i64.mul", "i64", "i64", ("0x1000000000000000 4096", "0"),
            ("0x8000000000000000 -1", "-9223372036854775808"),
            ("0x0123456789abcdef 0xfedcba9876543210", "2465395958572223728"));
    }

    [Fact]
    public void I64_division_and_remainder_trap_and_wrap_as_i32_does()
    {
        Operator.Check(
            "i64.div_s", "i64", "i64", ("-7 2", "-3"), ("1 0", ByZero), ("0x8000000000000000 -1", Overflow),
            ("0x8000000000000001 1000", "-9223372036854775"));
        Operator.Check(
            "i64.div_u", "i64", "i64", ("0x8000000000000000 -1", "0"), ("-1 3", "6148914691236517205"),
            ("0 0", ByZero));
        Operator.Check("i64.rem_s", "i64", "i64", ("0x8000000000000000 -1", "0"), ("-7 2", "-1"), ("1 0", ByZero));
        Operator.Check(
            "i64.rem_u", "i64", "i64", ("0x8000000000000000 -1", "-9223372036854775808"), ("-5 2", "1"),
            ("9 0", ByZero));
    }

    [Fact]
    public void I64_shifts_counts_and_extensions_use_64_bits()
    {
        Operator.Check(
            "i64.shl", "i64", "i64", ("1 63", "-9223372036854775808"), ("1 64", "1"), ("1 65", "2"),
            ("1 0x100000000", "1"));
        Operator.Check("i64.shr_s", "i64", "i64", ("-1 64", "-1"), ("0x8000000000000000 63", "-1"));
        Operator.Check("i64.shr_u", "i64", "i64", ("-1 63", "1"), ("-1 64", "-1"), ("-1 -1", "1"));
        Operator.Check(
            "i64.rotl", "i64", "i64", ("1 64", "1"), ("0x8000000000000000 1", "1"),
            ("0xabcd987602468ace 1", "6312693092936652189"));
        Operator.Check(
            "i64.rotr", "i64", "i64", ("1 1", "-9223372036854775808"), ("1 64", "1"), ("1 0xffffffffffffffff", "2"));
        Operator.Check("i64.clz", "i64", "i64", ("0", "64"), ("1", "63"), ("-1", "0"));
        Operator.Check("i64.ctz", "i64", "i64", ("0", "64"), ("0x8000000000000000", "63"));
        Operator.Check("i64.popcnt", "i64", "i64", ("-1", "64"), ("0xdeadbeefdeadbeef", "48"));
        Operator.Check("i64.eqz", "i64", "i32", ("0", "1"), ("0x100000000", "0"));
        Operator.Check(
            "i64.extend8_s", "i64", "i64", ("0x80", "-128"), ("0x7f", "127"), ("0xfedcba9876543280", "-128"));
        Operator.Check("i64.extend16_s", "i64", "i64", ("0x8000", "-32768"), ("0x123456789abc0000", "0"));
        Operator.Check(
            "i64.extend32_s", "i64", "i64", ("0x80000000", "-2147483648"), ("0x7fffffff", "2147483647"),
            ("0xfedcba9800000000", "0"));
    }

    /// <summary>What each comparison says of a smaller, an equal and a greater left operand.</summary>
    private static (string Name, string Less, string Equal, string Greater)[] Comparisons() =>
    [
        ("eq", "0", "1", "0"), ("ne", "1", "0", "1"),
        ("lt_s", "1", "0", "0"), ("lt_u", "1", "0", "0"),
        ("gt_s", "0", "0", "1"), ("gt_u", "0", "0", "1"),
        ("le_s", "1", "1", "0"), ("le_u", "1", "1", "0"),
        ("ge_s", "0", "1", "1"), ("ge_u", "0", "1", "1"),
    ];
}
