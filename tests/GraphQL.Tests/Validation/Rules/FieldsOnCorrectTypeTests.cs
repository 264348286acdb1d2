// 5.3.1: the twin of the rule FieldsOnCorrectType.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class FieldsOnCorrectTypeTests
{
    [Theory]
    [InlineData("{ dog { __typename alias: name } pet { name } catOrDog { __typename ... on Dog { barks } } __schema { description } }")]
    public void Section_5_3_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData(
        "{ dog { meowVolume } }", """Cannot query field "meowVolume" on type "Dog". Did you mean "barkVolume"?""")]
    [InlineData("{ pet { barkVolume } }",
        """Cannot query field "barkVolume" on type "Pet". Did you mean to use an inline fragment on "Dog"?""")]
    [InlineData(
        "{ catOrDog { name } }", """Did you mean to use an inline fragment on "Being", "Pet", "Cat", or "Dog"?""")]
    [InlineData("{ dog { unknown { deep } __schema { description } } }",
        """Cannot query field "unknown" on type "Dog".""", "Cannot query field \"__schema\"")]
    public void Section_5_3_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
