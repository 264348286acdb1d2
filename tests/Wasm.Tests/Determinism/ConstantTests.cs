// Compilers fold constants by code of their own, and that code has faults of its own: .NET 10's JIT made of f32.min(-0, 0) a 0 where one of them
// was a constant (a random program found it). Here every numeric operator is asked for every pair of telling values in every form: with
// variables, with a constant on either side, with two, and with a variable that a constant was put into.
using System.Globalization;
using System.Text;

namespace EventSourced.Wasm.Tests.Determinism;

public sealed class ConstantTests
{
    private static readonly Engine Shared = new();

    private static readonly string[] Floats =
        ["0", "-0", "1", "-1", "0.5", "-0.5", "1.5", "2.5", "-2147483649", "4294967296", "9223372036854775808", "1e-40", "inf", "-inf", "nan"];

    private static readonly string[] Narrow = ["0", "1", "-1", "2", "-7", "31", "32", "65535", "2147483647", "-2147483648"];

    private static readonly string[] Wide =
        ["0", "1", "-1", "2", "-7", "63", "64", "4294967295", "9223372036854775807", "-9223372036854775808"];

    private static readonly string[] Arithmetic =
        ["add", "sub", "mul", "div_s", "div_u", "rem_s", "rem_u", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr"];

    private static readonly string[] Orders = ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"];

    private static readonly string[] FloatArithmetic = ["add", "sub", "mul", "div", "min", "max", "copysign"];

    private static readonly string[] FloatOrders = ["eq", "ne", "lt", "gt", "le", "ge"];

    /// <summary>Operators of two operands: name, kind of both, kind of the result.</summary>
    public static TheoryData<string, string, string> Binary()
    {
        var all = new TheoryData<string, string, string>();
        foreach (var kind in new[] { "i32", "i64", "f32", "f64" })
        {
            var isFloat = kind[0] == 'f';
            foreach (var name in isFloat ? FloatArithmetic : Arithmetic) all.Add($"{kind}.{name}", kind, kind);
            foreach (var name in isFloat ? FloatOrders : Orders) all.Add($"{kind}.{name}", kind, "i32");
        }

        return all;
    }

    /// <summary>Operators of one operand: name, its kind, kind of the result.</summary>
    public static TheoryData<string, string, string> Unary()
    {
        var all = new TheoryData<string, string, string>();
        foreach (var kind in new[] { "i32", "i64" })
        {
            foreach (var name in new[] { "clz", "ctz", "popcnt", "extend8_s", "extend16_s" }) all.Add($"{kind}.{name}", kind, kind);
            all.Add($"{kind}.eqz", kind, "i32");
            foreach (var from in new[] { "f32", "f64" })
                foreach (var sign in new[] { "s", "u" })
                {
                    all.Add($"{kind}.trunc_{from}_{sign}", from, kind);
                    all.Add($"{kind}.trunc_sat_{from}_{sign}", from, kind);
                    all.Add($"{from}.convert_{kind}_{sign}", kind, from);
                }
        }

        foreach (var kind in new[] { "f32", "f64" })
            foreach (var name in new[] { "abs", "neg", "ceil", "floor", "trunc", "nearest", "sqrt" }) all.Add($"{kind}.{name}", kind, kind);
        all.Add("i32.wrap_i64", "i64", "i32");
        all.Add("i64.extend_i32_s", "i32", "i64");
        all.Add("i64.extend_i32_u", "i32", "i64");
        all.Add("i64.extend32_s", "i64", "i64");
        all.Add("f32.demote_f64", "f64", "f32");
        all.Add("f64.promote_f32", "f32", "f64");
        all.Add("i32.reinterpret_f32", "f32", "i32");
        all.Add("i64.reinterpret_f64", "f64", "i64");
        all.Add("f32.reinterpret_i32", "i32", "f32");
        all.Add("f64.reinterpret_i64", "i64", "f64");
        return all;
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void An_operator_gives_of_constants_what_it_gives_of_variables(string name, string kind, string result)
    {
        var values = Values(kind);
        var text = new StringBuilder("(module\n");
        for (var left = 0; left < values.Length; left++)
        {
            Function(text, $"v{left}", kind, result, $"({name} (local.get $x) (local.get $y))");
            for (var right = 0; right < values.Length; right++)
            {
                var (a, b) = ($"({kind}.const {values[left]})", $"({kind}.const {values[right]})");
                Function(text, $"both {left} {right}", kind, result, $"({name} {a} {b})");
                Function(text, $"left {left} {right}", kind, result, $"({name} {a} (local.get $y))");
                Function(text, $"right {left} {right}", kind, result, $"({name} (local.get $x) {b})");
                Function(text, $"put {left} {right}", kind, result, $"(local.set $x {a}) (local.set $y {b}) ({name} (local.get $x) (local.get $y))");
            }
        }

        var instance = new Instance(new Store(Shared), Module.FromBytes(Shared, name, TextFormat.Module($"{text})")));
        for (var left = 0; left < values.Length; left++)
        {
            for (var right = 0; right < values.Length; right++)
            {
                var arguments = new[] { Box(kind, values[left]), Box(kind, values[right]) };
                var expected = Outcome(instance, $"v{left}", arguments);
                foreach (var form in new[] { "both", "left", "right", "put" })
                    Assert.Equal($"{form} {values[left]} {values[right]}: {expected}", $"{form} {values[left]} {values[right]}: {Outcome(instance, $"{form} {left} {right}", arguments)}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Unary))]
    public void An_operator_gives_of_a_constant_what_it_gives_of_a_variable(string name, string kind, string result)
    {
        var values = Values(kind);
        var text = new StringBuilder("(module\n");
        Function(text, "variable", kind, result, $"({name} (local.get $x))");
        for (var value = 0; value < values.Length; value++)
        {
            Function(text, $"constant {value}", kind, result, $"({name} ({kind}.const {values[value]}))");
            Function(text, $"put {value}", kind, result, $"(local.set $x ({kind}.const {values[value]})) ({name} (local.get $x))");
        }

        var instance = new Instance(new Store(Shared), Module.FromBytes(Shared, name, TextFormat.Module($"{text})")));
        for (var value = 0; value < values.Length; value++)
        {
            var arguments = new[] { Box(kind, values[value]), Box(kind, "0") };
            var expected = Outcome(instance, "variable", arguments);
            foreach (var form in new[] { "constant", "put" })
                Assert.Equal($"{form} {values[value]}: {expected}", $"{form} {values[value]}: {Outcome(instance, $"{form} {value}", arguments)}");
        }
    }

    // What the specification says (4.3.3, fmin and fmax), whoever folds.
    [Theory]
    [InlineData("f32.min", "80000000", "80000000")]
    [InlineData("f32.max", "0", "0")]
    [InlineData("f64.min", "8000000000000000", "8000000000000000")]
    [InlineData("f64.max", "0", "0")]
    public void Of_two_zeros_the_least_is_the_negative_one(string name, string ofBoth, string ofBothTurned)
    {
        var kind = name[..3];
        var instance = new Instance(new Store(Shared), Module.FromBytes(Shared, name, TextFormat.Module(
            $"""
            (module
              (func (export "run") (result {kind}) ({name} ({kind}.const -0) ({kind}.const 0)))
              (func (export "turned") (param {kind}) (result {kind}) ({name} (local.get 0) ({kind}.const -0))))
            """)));
        Assert.Equal(ofBoth, Bits(instance, "run"));
        Assert.Equal(ofBothTurned, Bits(instance, "turned", Box(kind, "0")));
    }

    private static string[] Values(string kind) => kind switch { "i32" => Narrow, "i64" => Wide, _ => Floats };

    private static void Function(StringBuilder text, string export, string kind, string result, string body) =>
        text.Append(CultureInfo.InvariantCulture, $"(func (export \"{export}\") (param $x {kind}) (param $y {kind}) (result {result}) {body})\n");

    private static ValueBox Box(string kind, string value) => kind switch
    {
        "i32" => (ValueBox)int.Parse(value, CultureInfo.InvariantCulture),
        "i64" => (ValueBox)long.Parse(value, CultureInfo.InvariantCulture),
        "f32" => (ValueBox)(float)Number(value),
        _ => (ValueBox)Number(value),
    };

    private static double Number(string value) => value switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000),
        _ => double.Parse(value, CultureInfo.InvariantCulture),
    };

    private static string Outcome(Instance instance, string export, ValueBox[] arguments)
    {
        try
        {
            return Bits(instance, export, arguments);
        }
        catch (TrapException trap)
        {
            return trap.Type.ToString();
        }
    }

    private static string Bits(Instance instance, string export, params ValueBox[] arguments)
    {
        var results = new ValueBox[1];
        instance.GetFunction(export)!.Invoke(arguments, results);
        return results[0].ToBits().ToString("x", CultureInfo.InvariantCulture);
    }
}
