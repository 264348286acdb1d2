// 3.3: the twin of the schema rule LoneSchemaDefinition.
namespace EventSourced.GraphQL.Tests.Validation.SchemaRules;

public sealed class LoneSchemaDefinitionTests
{
    [Theory]
    [InlineData("type Query { a: Int } schema { query: Query } schema { query: Query }",
        "Must provide only one schema definition.", "There can be only one query type")]
    [InlineData("type Query { a: Int } extend schema { mutation: Query }",
        "Cannot extend the schema because it is not defined")]
    public void Section_3_3_refuses(string sdl, params string[] messages) => Expect.SchemaErrors(sdl, messages);
}
