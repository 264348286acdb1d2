// 5.8.4: the twin of the rule NoUnusedVariables.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class NoUnusedVariablesTests
{
    [Theory]
    [InlineData("query ($a: Int) { ...F } fragment F on Query { arguments { int(a: $a) } }")]
    public void Section_5_8_4_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData(
        "query A($a: Int, $b: Int) { arguments { int(a: $a) } }", """Variable "$b" is never used in operation "A".""")]
    public void Section_5_8_4_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
