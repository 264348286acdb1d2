// 4.2: the twin of the rule MaxIntrospectionDepth.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class MaxIntrospectionDepthTests
{
    [Theory]
    [InlineData("{ __schema { types { fields { type { name } } inputFields { name } } } }")]
    public void Section_4_2_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
        "Maximum introspection depth exceeded")]
    [InlineData("""{ __type(name: "X") { ...A } } fragment A on __Type { fields { type { ...B } } } fragment B on __Type { interfaces { ...C } } fragment C on __Type { possibleTypes { name } }""", "Maximum introspection depth exceeded")]
    public void Section_4_2_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
