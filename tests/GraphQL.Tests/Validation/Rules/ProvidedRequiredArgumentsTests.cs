// 5.4.3: the twin of the rule ProvidedRequiredArguments.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class ProvidedRequiredArgumentsTests
{
    [Theory]
    [InlineData("""{ arguments { int withDefault two(a: 1, b: 2) } dog { name @many(required: "x") } }""")]
    public void Section_5_4_3_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ arguments { two(a: 1) nonNullInt } }",
        """Field "two" argument "b" of type "Int!" is required, but it was not provided.""",
            "Field \"nonNullInt\" argument \"a\"")]
    [InlineData("{ dog @include { name } }",
        """Directive "@include" argument "if" of type "Boolean!" is required, but it was not provided.""")]
    public void Section_5_4_3_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
