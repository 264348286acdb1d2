// 5.7.3: the twin of the rule UniqueDirectivesPerLocation.
namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class UniqueDirectivesPerLocationTests
{
    [Theory]
    [InlineData("""{ dog { name @many(required: "a") @many(required: "b") nickname @onField @skip(if: false) } }""")]
    public void Section_5_7_3_accepts(string document) => Expect.Valid(document);

    [Theory]
    [InlineData(
        "{ dog { name @onField @onField } }", """The directive "@onField" can only be used once at this location.""")]
    public void Section_5_7_3_refuses(string document, params string[] messages) => Expect.Errors(document, messages);
}
