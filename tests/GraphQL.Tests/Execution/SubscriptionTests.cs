// Section 6.2.3: a subscription maps events to responses, ends with its source, and ends its source with its reader.
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;

namespace EventSourced.GraphQL.Tests.Execution;

public sealed class SubscriptionTests
{
    private bool _isEnded;

    private RequestExecutor Executor() => new(SchemaBuilder.New().AddDocumentFromString("""
            type Query { a: Int } type Event { number: Int! half: Int! }
            type Subscription { numbers(from: Int! = 1): Event! fails: Event refused: Event missing: Event }
            """)
        .AddSubscriber("numbers", context => new(NumbersAsync(context.ArgumentValue<int>("from"))))
        .AddSubscriber("fails", _ => throw new InvalidOperationException("secret"))
        .AddSubscriber("refused", _ => throw new GraphQLException(new GraphQLError("not you", "FORBIDDEN")))
        .AddResolver(
            "Event", "half", context =>
                context.Parent<Dictionary<string, object?>>()["number"] is int number && number % 2 == 0
            ? number / 2
            : throw new GraphQLException(new GraphQLError("odd", "ODD")))
        .Create());

    private async IAsyncEnumerable<object?> NumbersAsync(int from)
    {
        try
        {
            for (var number = from; number < from + 3; number++)
            {
                await Task.Yield();
                yield return new Dictionary<string, object?> { ["number"] = number };
            }
        }
        finally
        {
            _isEnded = true;
        }
    }

    [Fact]
    public async Task Section_6_2_3_2_each_event_is_one_response()
    {
        var stream =
            Assert.IsType<ResponseStream>(
                await Executor().ExecuteAsync("subscription { e: numbers(from: 5) { number } }"));
        var responses = new List<string>();
        await foreach (var response in stream.ReadResultsAsync())
            responses.Add(response.ToJson());
        Assert.Equal(
            ["""{"data":{"e":{"number":5}}}""", """{"data":{"e":{"number":6}}}""", """{"data":{"e":{"number":7}}}"""],
            responses);
        Assert.True(_isEnded);
    }

    [Fact]
    public async Task Section_6_2_3_2_an_error_in_one_response_does_not_end_the_stream()
    {
        var stream = Assert.IsType<ResponseStream>(await Executor().ExecuteAsync("subscription { numbers { half } }"));
        var codes = new List<string?>();
        await foreach (var response in stream.ReadResultsAsync())
            codes.Add(response.Errors.FirstOrDefault()?.Code);
        Assert.Equal(["ODD", null, "ODD"], codes);
    }

    [Fact]
    public async Task Section_6_2_3_3_a_reader_that_leaves_ends_the_source()
    {
        var stream =
            Assert.IsType<ResponseStream>(await Executor().ExecuteAsync("subscription { numbers { number } }"));
        await foreach (var _ in stream.ReadResultsAsync())
            break;
        Assert.True(_isEnded);
    }

    [Theory]
    [InlineData("subscription { fails { number } }", ErrorCodes.Internal)]
    [InlineData("subscription { refused { number } }", "FORBIDDEN")]
    [InlineData("subscription { missing { number } }", ErrorCodes.Internal)]
    public async Task Section_6_2_3_1_a_source_that_fails_is_a_request_error(string document, string code) =>
        Assert.Equal(code, (await Executor().RefusedAsync(document)).Code);

    private sealed record Told(int Number) : SharedEvent;

    [Fact]
    public async Task A_shared_event_is_run_once_for_all_who_ask_the_same_by_one_document_with_the_same_variables()
    {
        var (runs, told) = (0, new Told(5));
        var executor = new RequestExecutor(SchemaBuilder.New()
            .AddDocumentFromString(
                "type Query { a: Int } type Told { number(plus: Int! = 0): Int } type Subscription { told: Told! }")
            .AddSubscriber("told", _ => new(OnceAsync(told)))
            .AddResolver("Told", "number", context =>
            {
                Interlocked.Increment(ref runs);
                return context.ArgumentValue<int>("plus") is var plus && plus < 0
                    ? throw new GraphQLException(new GraphQLError("less", "LESS"))
                    : context.Parent<Told>().Number + plus;
            })
            .Create());
        for (var subscriber = 0; subscriber < 3; subscriber++)
        {
            Assert.Equal("""{"data":{"told":{"number":6}}}""", (await AskAsync(executor, """{"plus":1}""")).ToJson());
            Assert.Equal("""{"data":{"told":{"number":7}}}""", (await AskAsync(executor, """{"plus":2}""")).ToJson());
            Assert.Equal("LESS", (await AskAsync(executor, """{"plus":-1}""")).Errors.Single().Code);
        }

        Assert.Equal(3, runs);
    }

    private static async Task<OperationResult> AskAsync(RequestExecutor executor, string variables)
    {
        using var parsed = System.Text.Json.JsonDocument.Parse(variables);
        var stream = Assert.IsType<ResponseStream>(await executor.ExecuteAsync(new OperationRequest
        {
            Document = "subscription($plus: Int!) { told { number(plus: $plus) } }"u8.ToArray(),
            Variables = parsed.RootElement,
        }));
        OperationResult? only = null;
        await foreach (var result in stream.ReadResultsAsync()) only = result;
        return only!;
    }

    private static async IAsyncEnumerable<object?> OnceAsync(object told)
    {
        await Task.Yield();
        yield return told;
    }
}
