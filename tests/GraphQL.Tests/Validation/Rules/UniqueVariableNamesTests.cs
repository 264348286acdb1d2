// 5.8.1: the twin of the rule UniqueVariableNames.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class UniqueVariableNamesTests
{
    [Theory]
    [InlineData("query A($x: Int, $y: Int) { arguments { a: int(a: $x) b: int(a: $y) } }")]
    public void Section_5_8_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData(
        "query A($x: Int, $x: Int) { arguments { int(a: $x) } }", """There can be only one variable named "$x".""")]
    public void Section_5_8_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
