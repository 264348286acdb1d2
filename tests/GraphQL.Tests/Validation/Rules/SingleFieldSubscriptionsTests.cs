// 5.2.4.1: the twin of the rule SingleFieldSubscriptions.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class SingleFieldSubscriptionsTests
{
    [Theory]
    [InlineData("subscription { fed { name mother { name } } }")]
    [InlineData("subscription A { ...F } fragment F on Subscription { fed { name } }")]
    [InlineData("subscription { fed { name } fed { nickname } }")]
    public void Section_5_2_4_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData(
        "subscription A { fed { name } born { name } }", """Subscription "A" must select only one top level field.""")]
    [InlineData("subscription { fed { name } ...F } fragment F on Subscription { born { name } }",
        "Anonymous Subscription must select only one")]
    [InlineData("subscription { __typename }", "must not select an introspection top level field")]
    [InlineData("subscription ($a: Boolean!) { fed @include(if: $a) { name } }", "must not use `@skip` or `@include`")]
    public void Section_5_2_4_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
