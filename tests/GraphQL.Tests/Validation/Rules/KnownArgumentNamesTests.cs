// 5.4.1: the twin of the rule KnownArgumentNames.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class KnownArgumentNamesTests
{
    [Theory]
    [InlineData("""{ dog { knows(command: SIT) name @many(required: "a", n: 2) } }""")]
    public void Section_5_4_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ dog { knows(comand: SIT) } }",
        """Unknown argument "comand" on field "Dog.knows". Did you mean "command"?""")]
    [InlineData(
        "{ dog @skip(if: true, unless: false) { name } }", """Unknown argument "unless" on directive "@skip".""")]
    public void Section_5_4_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
