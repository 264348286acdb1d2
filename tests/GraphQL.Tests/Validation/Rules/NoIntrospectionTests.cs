// 4.2: the twin of the rule NoIntrospection, which an operator switches on.
using EventSourced.GraphQL.Execution;

namespace EventSourced.GraphQL.Tests.Validation.Rules;

public sealed class NoIntrospectionTests
{
    private static readonly RequestExecutor Closed =
        new(Expect.Pets, new ExecutionOptions { AllowIntrospection = false });

    [Theory]
    [InlineData("{ __schema { description } }")]
    [InlineData("{ dog { name } ...F } fragment F on Query { __type(name: \"Dog\") { name } }")]
    public async Task Section_4_2_introspection_can_be_switched_off(string document) =>
        Assert.Contains(
            "Introspection is switched off", (await Closed.RefusedAsync(document)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Section_4_2_1_the_type_name_stays() =>
        Assert.Equal("""{"data":{"__typename":"Query"}}""", await Closed.JsonAsync("{ __typename }"));
}
