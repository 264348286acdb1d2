// 5.8.5: the twin of the rule VariablesInAllowedPosition.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class VariablesInAllowedPositionTests
{
    [Theory]
    [InlineData("query ($a: Int!, $b: [String!]!, $c: Int = 1, $d: Int, $e: ID!) { arguments { int(a: $a) list(a: $b) nonNullInt(a: $c) withDefault(a: $d) one(a: { id: $e }) } }")]
    public void Section_5_8_5_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("query ($a: Int) { arguments { nonNullInt(a: $a) } }",
        """Variable "$a" of type "Int" used in position expecting type "Int!".""")]
    [InlineData(
        "query ($a: Int = null) { arguments { nonNullInt(a: $a) } }", "used in position expecting type \"Int!\"")]
    [InlineData("query ($a: [String], $b: String) { ...F } fragment F on Query { arguments { nonNullList(a: $a) list(a: $b) } }", "\"[String]\" used in position expecting type \"[String!]!\"", "\"String\" used in position expecting type \"[String]\"")]
    [InlineData("query ($a: ID) { arguments { one(a: { id: $a }) } }",
        "must be non-nullable to be used for OneOf Input Object \"One\"")]
    public void Section_5_8_5_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
