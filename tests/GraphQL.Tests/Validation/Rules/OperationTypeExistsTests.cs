// 5.2.1.1: the twin of the rule OperationTypeExists.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class OperationTypeExistsTests
{
    [Theory]
    [InlineData("mutation { feed { name } }")]
    public void Section_5_2_1_1_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("mutation { a }", "The schema does not support mutation operations.")]
    [InlineData("subscription { a }", "The schema does not support subscription operations.")]
    public void Section_5_2_1_1_refuses(string document, string message) =>
        Expect.Errors(Expect.Schema("type Query { a: Int }"), document, message);
}
