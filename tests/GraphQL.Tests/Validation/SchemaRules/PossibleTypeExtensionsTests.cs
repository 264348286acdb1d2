// 3.4.3: the twin of the schema rule PossibleTypeExtensions.
namespace EventSourced.GraphQL.Tests.Validation.SchemaRules;

public sealed class PossibleTypeExtensionsTests
{
    [Theory]
    [InlineData("type Query { a: Int } extend type Quer { b: Int }",
        """Cannot extend type "Quer" because it is not defined. Did you mean "Query"?""")]
    [InlineData(
        "type Query { a: Int } extend input Query { b: Int }", """Cannot extend non-input object type "Query".""")]
    public void Section_3_4_3_refuses(string sdl, params string[] messages) => Expect.SchemaErrors(sdl, messages);
}
