// 5.8.3: the twin of the rule NoUndefinedVariables.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class NoUndefinedVariablesTests
{
    [Theory]
    [InlineData("query ($a: Int) { ...F } fragment F on Query { arguments { int(a: $a) } }")]
    public void Section_5_8_3_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("query A { arguments { int(a: $a) list(a: [$b]) } ...F } fragment F on Query { arguments { complex(a: { required: $c }) } }", """Variable "$a" is not defined by operation "A".""", "Variable \"$b\"", "Variable \"$c\"")]
    public void Section_5_8_3_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
