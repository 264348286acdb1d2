// 5.7.1: the twin of the rule KnownDirectives.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class KnownDirectivesTests
{
    [Theory]
    [InlineData("query ($a: Boolean!) { dog @include(if: $a) { name @skip(if: false) @onField } ... @skip(if: true) { cat { name } } }")]
    public void Section_5_7_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ dog @unknown { name } }", """Unknown directive "@unknown".""")]
    [InlineData("query @include(if: true) { dog { name } }", """Directive "@include" may not be used on QUERY.""")]
    [InlineData("{ dog { ...F @onField } } fragment F on Dog @skip(if: true) { name }",
        "may not be used on FRAGMENT_SPREAD", "may not be used on FRAGMENT_DEFINITION")]
    [InlineData("query ($a: Int @onField) { arguments { int(a: $a) } }", "may not be used on VARIABLE_DEFINITION")]
    public void Section_5_7_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
