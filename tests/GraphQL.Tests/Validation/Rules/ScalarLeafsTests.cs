// 5.3.3: the twin of the rule ScalarLeafs.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class ScalarLeafsTests
{
    [Theory]
    [InlineData("{ dog { barks owner { name } } }")]
    [InlineData("{ catOrDog { __typename } }")]
    public void Section_5_3_3_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData(
        "{ dog }", """Field "dog" of type "Dog" must have a selection of subfields. Did you mean "dog { ... }"?""")]
    [InlineData("{ human { pets } }", """Field "pets" of type "[Pet]" must have a selection""")]
    [InlineData("{ dog { barks { loud } } }",
        """Field "barks" must not have a selection since type "Boolean" has no subfields.""")]
    public void Section_5_3_3_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
