// 5.6.3: the twin of the rule UniqueInputFieldNames.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class UniqueInputFieldNamesTests
{
    [Theory]
    [InlineData("{ arguments { complex(a: { required: true, self: { required: true } }) } }")]
    public void Section_5_6_3_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData("{ arguments { complex(a: { required: true, required: false }) } }",
        """There can be only one input field named "required".""")]
    public void Section_5_6_3_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
