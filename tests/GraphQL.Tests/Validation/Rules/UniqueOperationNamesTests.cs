// 5.2.1.1: the twin of the rule UniqueOperationNames.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class UniqueOperationNamesTests
{
    [Theory]
    [InlineData("query A { dog { name } } query B { dog { name } }")]
    [InlineData("query A { ...A } fragment A on Query { dog { name } }")]
    public void Section_5_2_1_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData(
        "query A { dog { name } } mutation A { feed { name } }", """There can be only one operation named "A".""")]
    public void Section_5_2_1_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
