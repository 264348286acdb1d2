// 5.5.1.1: the twin of the rule UniqueFragmentNames.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class UniqueFragmentNamesTests
{
    [Theory]
    [InlineData("{ dog { ...A ...B } } fragment A on Dog { name } fragment B on Dog { name }")]
    public void Section_5_5_1_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ dog { ...A } } fragment A on Dog { name } fragment A on Dog { nickname }",
        """There can be only one fragment named "A".""")]
    public void Section_5_5_1_1_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
