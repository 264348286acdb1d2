// 5.5.2.1: the twin of the rule KnownFragmentNames.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class KnownFragmentNamesTests
{
    [Theory]
    [InlineData("{ dog { ...A } } fragment A on Dog { name }")]
    public void Section_5_5_2_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("query P { dog { ...Aa ... { ...Zz } } } fragment A on Dog { name } query Q { dog { ...A } }",
        """Unknown fragment "Aa". Did you mean "A"?""", """Unknown fragment "Zz".""")]
    public void Section_5_5_2_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
