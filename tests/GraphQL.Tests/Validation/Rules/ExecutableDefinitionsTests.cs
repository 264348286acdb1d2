// 5.1.1: the twin of the rule ExecutableDefinitions.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class ExecutableDefinitionsTests
{
    [Theory]
    [InlineData("{ dog { name } }")]
    [InlineData("query A { dog { ...F } } fragment F on Dog { name }")]
    public void Section_5_1_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ dog { name } } type Cow { name: String }", """The "Cow" definition is not executable.""")]
    [InlineData("schema { query: Query } type Q { a: Int } directive @d on FIELD",
        "The schema definition is not executable.", """The "Q" definition""", """The "d" definition""")]
    public void Section_5_1_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
