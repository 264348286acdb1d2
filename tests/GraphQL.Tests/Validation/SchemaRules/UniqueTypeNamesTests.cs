// 3.3: the twin of the schema rule UniqueTypeNames.
namespace EventSourced.GraphQL.Tests.Validation.SchemaRules;

public sealed class UniqueTypeNamesTests
{
    [Theory]
    [InlineData("type Query { a: Int } type A { a: Int } scalar A", """There can be only one type named "A".""")]
    public void Section_3_3_refuses(string sdl, params string[] messages) => Expect.SchemaErrors(sdl, messages);
}
