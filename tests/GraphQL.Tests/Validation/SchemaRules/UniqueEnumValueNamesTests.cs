// 3.9: the twin of the schema rule UniqueEnumValueNames.
namespace EventSourced.GraphQL.Tests.Validation.SchemaRules;

public sealed class UniqueEnumValueNamesTests
{
    [Theory]
    [InlineData("type Query { a: Int } enum E { A B A }", """Enum value "E.A" can only be defined once.""")]
    [InlineData(
        "type Query { a: Int } enum E { A } extend enum E { A }", """Enum value "E.A" can only be defined once.""")]
    public void Section_3_9_refuses(string sdl, params string[] messages) => Expect.SchemaErrors(sdl, messages);
}
