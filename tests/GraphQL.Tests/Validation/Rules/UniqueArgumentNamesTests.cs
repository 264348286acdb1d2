// 5.4.2: the twin of the rule UniqueArgumentNames.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class UniqueArgumentNamesTests
{
    [Theory]
    [InlineData("{ arguments { two(a: 1, b: 2) } }")]
    public void Section_5_4_2_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("""{ arguments { int(a: 1, a: 2) } dog { name @many(required: "a", required: "b") } }""",
        """There can be only one argument named "a".""", """There can be only one argument named "required".""")]
    public void Section_5_4_2_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
