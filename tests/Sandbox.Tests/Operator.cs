// Checks one numeric operator on many operands. Enters: the operator's name and cases. Leaves: nothing, or a failed
// assertion that names operator and operands. Always holds: each case runs twice: with operands as constants, where
// the JIT may fold, and as parameters, where it may not.
using System.Text;

namespace EventSourced.Sandbox.Tests;

internal static class Operator
{
    /// <summary>
    /// A case: operands in the text format, and the result as <see cref="Wat.Text"/> writes it, or a trap.
    /// </summary>
    public static void Check(
        string name, string operand, string result, params (string Operands, string Expected)[] cases)
    {
        var text = new StringBuilder("(module ");
        var arity = cases[0].Operands.Split(' ').Length;
        var gets = string.Join(' ', Enumerable.Range(0, arity).Select(i => $"(local.get {i})"));
        var parameters = string.Join(' ', Enumerable.Repeat(operand, arity));
        text.Append($"(func $op (param {parameters}) (result {result}) ({name} {gets}))");
        for (var i = 0; i < cases.Length; i++)
        {
            var constants =
                string.Join(' ', cases[i].Operands.Split(' ').Select(value => $"({operand}.const {value})"));
            text.Append($"(func (export \"constant{i}\") (result {result}) ({name} {constants}))");
            text.Append($"(func (export \"variable{i}\") (result {result}) (call $op {constants}))");
        }

        var instance = Wat.Instance(text.Append(')').ToString());
        for (var i = 0; i < cases.Length; i++)
        {
            var operation = $"{name} {cases[i].Operands} =";
            Assert.Equal($"{operation} {cases[i].Expected}", $"{operation} {Run(instance, $"constant{i}")}");
            Assert.Equal($"{operation} {cases[i].Expected}", $"{operation} {Run(instance, $"variable{i}")}");
        }
    }

    private static string Run(Guest instance, string export)
    {
        try
        {
            return Wat.Call(instance, export);
        }
        catch (GuestTrapException trap)
        {
            return trap.Message;
        }
    }
}
