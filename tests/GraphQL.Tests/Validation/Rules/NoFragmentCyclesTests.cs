// 5.5.2.2: the twin of the rule NoFragmentCycles.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class NoFragmentCyclesTests
{
    [Theory]
    [InlineData("{ dog { ...A ...B } } fragment A on Dog { ...B ...B } fragment B on Dog { name }")]
    [InlineData("{ dog { ...A } } fragment A on Dog { name }")]
    public void Section_5_5_2_2_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData(
        "{ dog { ...A } } fragment A on Dog { mother { ...A } }", """Cannot spread fragment "A" within itself.""")]
    [InlineData("{ dog { ...A } } fragment A on Dog { ...B } fragment B on Dog { ...C } fragment C on Dog { ...A name }", """Cannot spread fragment "A" within itself via "B", "C".""")]
    public void Section_5_5_2_2_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
