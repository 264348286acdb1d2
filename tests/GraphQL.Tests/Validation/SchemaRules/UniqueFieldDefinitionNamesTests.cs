// 3.6: the twin of the schema rule UniqueFieldDefinitionNames.
namespace EventSourced.GraphQL.Tests.Validation.SchemaRules;

public sealed class UniqueFieldDefinitionNamesTests
{
    [Theory]
    [InlineData("type Query { a: Int } type A { a: Int a: Int }", """Field "A.a" can only be defined once.""")]
    [InlineData("type Query { a: Int } input I { a: Int } extend input I { a: Int }",
        """Field "I.a" can only be defined once.""")]
    public void Section_3_6_refuses(string sdl, params string[] messages) => Expect.SchemaErrors(sdl, messages);
}
