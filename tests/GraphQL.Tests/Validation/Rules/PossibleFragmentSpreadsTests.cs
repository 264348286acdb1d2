// 5.5.2.3: the twin of the rule PossibleFragmentSpreads.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class PossibleFragmentSpreadsTests
{
    [Theory]
    [InlineData("{ dog { ... on Dog { name } ... on Pet { name } ... on CatOrDog { __typename } } pet { ... on Dog { name } ... on Being { name } } catOrDog { ... on Pet { name } } thing { ... on Being { name } } }")]
    public void Section_5_5_2_3_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ dog { ... on Cat { name } } }",
        """Fragment cannot be spread here as objects of type "Dog" can never be of type "Cat".""")]
    [InlineData("{ dog { ...F } } fragment F on Thing { __typename }",
        """Fragment "F" cannot be spread here as objects of type "Dog" can never be of type "Thing".""")]
    [InlineData("{ catOrDog { ... on Thing { __typename } } pet { ... on Human { name } } }",
        "\"CatOrDog\" can never be of type \"Thing\"", "\"Pet\" can never be of type \"Human\"")]
    public void Section_5_5_2_3_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
