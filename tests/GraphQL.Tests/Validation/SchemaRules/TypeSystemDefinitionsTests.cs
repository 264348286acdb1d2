// 3: the twin of the schema rule TypeSystemDefinitions.
namespace EventSourced.GraphQL.Tests.Validation.SchemaRules;

public sealed class TypeSystemDefinitionsTests
{
    [Theory]
    [InlineData(
        "type Query { a: Int } { a }", "Expected a definition of the type system, found an operation or a fragment.")]
    public void Section_3_refuses(string sdl, params string[] messages) => Expect.SchemaErrors(sdl, messages);
}
