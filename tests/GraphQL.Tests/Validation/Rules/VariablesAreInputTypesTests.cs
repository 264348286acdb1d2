// 5.8.2: the twin of the rule VariablesAreInputTypes.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class VariablesAreInputTypesTests
{
    [Theory]
    [InlineData("query ($a: Int) { arguments { int(a: $a) } } ")]
    public void Section_5_8_2_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("query ($a: Dog) { arguments { anything(a: $a) } }",
        """Variable "$a" cannot be non-input type "Dog".""", "used in position")]
    [InlineData("query ($a: [CatOrDog!]!) { arguments { anything(a: $a) } }",
        "cannot be non-input type \"[CatOrDog!]!\"", "used in position")]
    public void Section_5_8_2_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
