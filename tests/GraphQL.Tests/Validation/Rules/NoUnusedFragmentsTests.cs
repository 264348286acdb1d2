// 5.5.1.4: the twin of the rule NoUnusedFragments.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class NoUnusedFragmentsTests
{
    [Theory]
    [InlineData("{ dog { ...A } } fragment A on Dog { ...B } fragment B on Dog { name }")]
    public void Section_5_5_1_4_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ dog { name } } fragment A on Dog { ...B } fragment B on Dog { name }",
        """Fragment "A" is never used.""", """Fragment "B" is never used.""")]
    public void Section_5_5_1_4_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
