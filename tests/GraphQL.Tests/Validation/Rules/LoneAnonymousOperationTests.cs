// 5.2.2.1: the twin of the rule LoneAnonymousOperation.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class LoneAnonymousOperationTests
{
    [Theory]
    [InlineData("{ dog { name } }")]
    [InlineData("query A { dog { name } } query B { dog { name } }")]
    public void Section_5_2_2_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData(
        "{ dog { name } } query B { dog { name } }", "This anonymous operation must be the only defined operation.")]
    [InlineData("{ dog { name } } { cat { name } }", "must be the only", "must be the only")]
    public void Section_5_2_2_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
