// 3.3.1: the twin of the schema rule UniqueOperationTypes.
namespace EventSourced.GraphQL.Tests.Validation.SchemaRules;

public sealed class UniqueOperationTypesTests
{
    [Theory]
    [InlineData(
        "type Query { a: Int } schema { query: Query query: Query }", "There can be only one query type in schema.")]
    public void Section_3_3_1_refuses(string sdl, params string[] messages) => Expect.SchemaErrors(sdl, messages);
}
