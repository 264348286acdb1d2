// 5.3.2: the twin of the rule OverlappingFieldsCanBeMerged.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class OverlappingFieldsCanBeMergedTests
{
    [Theory]
    [InlineData("{ dog { name name x: nickname x: nickname } }")]
    [InlineData("{ pet { ... on Dog { volume: barkVolume } ... on Cat { volume: meowVolume } } }")]
    [InlineData("{ dog { knows(command: SIT) knows(command: SIT) } arguments { complex(a: { int: 1, required: true }) complex(a: { required: true, int: 1 }) } }")]
    [InlineData("{ pet { ... on Dog { owner { x: name } } ... on Cat { owner { x: name } } } }")]
    [InlineData("{ pet { ... on Dog { x: name } ... on Cat { x: nickname } } }")]
    public void Section_5_3_2_accepts(string document) => Expect.Valid(document);

    [Theory]
    // graphql-js lets this pass: it compares no types where one of the fields is __typename.
    [InlineData("{ pet { ... on Dog { x: __typename } ... on Cat { x: meowVolume } } }",
        """Fields "x" conflict because they return conflicting types "String!" and "Int".""")]
    [InlineData("{ dog { x: name x: nickname } }",
        """Fields "x" conflict because "name" and "nickname" are different fields.""")]
    [InlineData("{ dog { knows(command: SIT) knows(command: HEEL) } }", "they have differing arguments")]
    [InlineData("{ dog { knows(command: SIT) knows } }", "they have differing arguments")]
    [InlineData("{ pet { ... on Dog { x: barkVolume } ... on Cat { x: meows } } }",
        "they return conflicting types \"Int\" and \"Boolean!\"")]
    [InlineData("{ thing { ... on Rock { name } ... on Human { name } } }",
        "they return conflicting types \"[String]\" and \"String\"")]
    [InlineData(
        "{ dog { ...A ...B } } fragment A on Dog { x: name } fragment B on Dog { x: nickname }", "different fields")]
    [InlineData(
        "{ pet { ... on Dog { owner { x: name } } ... on Cat { owner { x: iq } } } }", "they return conflicting types")]
    [InlineData("{ dog { owner { x: name } } dog { owner { x: iq } } }",
        "they return conflicting types \"String\" and \"Int\"")]
    public void Section_5_3_2_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
