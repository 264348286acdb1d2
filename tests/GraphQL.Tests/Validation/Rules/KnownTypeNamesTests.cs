// 5.5.1.2: the twin of the rule KnownTypeNames.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class KnownTypeNamesTests
{
    [Theory]
    [InlineData("query ($a: String) { arguments { string(a: $a) } human { pets { ... on Pet { name } ...F } } dog { knows } arguments { complex(a: { required: true, self: null }) } } fragment F on Cat { name }")]
    public void Section_5_5_1_2_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("query ($a: Strin) { dog { ... on Dgo { name } ...F } arguments { string(a: $a) } } fragment F on Pets { name }", """Unknown type "Strin". Did you mean "String" or "Thing"?""", """Unknown type "Dgo". Did you mean "Dog"?""", """Unknown type "Pets". Did you mean "Pet"?""")]
    public void Section_5_5_1_2_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
