// 3.13: the twin of the schema rule UniqueDirectiveNames.
namespace EventSourced.GraphQL.Tests.Validation.SchemaRules;

public sealed class UniqueDirectiveNamesTests
{
    [Theory]
    [InlineData("type Query { a: Int } directive @d on FIELD directive @d on QUERY",
        """There can be only one directive named "@d".""")]
    public void Section_3_13_refuses(string sdl, params string[] messages) => Expect.SchemaErrors(sdl, messages);
}
