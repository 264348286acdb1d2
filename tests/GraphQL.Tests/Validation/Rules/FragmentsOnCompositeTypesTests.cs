// 5.5.1.3: the twin of the rule FragmentsOnCompositeTypes.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class FragmentsOnCompositeTypesTests
{
    [Theory]
    [InlineData("{ dog { ...F ... on Pet { name } ... { name } } } fragment F on CatOrDog { __typename }")]
    public void Section_5_5_1_3_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ dog { ...F } } fragment F on Boolean { bad }",
        """Fragment "F" cannot condition on non composite type "Boolean".""")]
    [InlineData("{ dog { ... on Complex { bad } } }", """Fragment cannot condition on non composite type "Complex".""")]
    public void Section_5_5_1_3_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
