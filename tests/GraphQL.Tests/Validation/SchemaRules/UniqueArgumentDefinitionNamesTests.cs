// 3.6.1: the twin of the schema rule UniqueArgumentDefinitionNames.
namespace EventSourced.GraphQL.Tests.Validation.SchemaRules;

public sealed class UniqueArgumentDefinitionNamesTests
{
    [Theory]
    [InlineData(
        "type Query { a: Int } type A { a(x: Int, x: Int): Int }", """Argument "a(x:)" can only be defined once.""")]
    [InlineData("type Query { a: Int } directive @d(x: Int, x: Int) on FIELD",
        """Argument "@d(x:)" can only be defined once.""")]
    public void Section_3_6_1_refuses(string sdl, params string[] messages) => Expect.SchemaErrors(sdl, messages);
}
