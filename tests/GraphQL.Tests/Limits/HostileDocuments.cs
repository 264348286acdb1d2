// Documents that were made to hurt: each is refused by the name of the limit that it exceeds, with little memory. What
// is allocated stands in for time here, because it does not depend on the machine.
using System.Globalization;
using System.Text;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Language;
using EventSourced.GraphQL.Limits;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Validation;

namespace EventSourced.GraphQL.Tests.Limits;

public sealed class HostileDocuments
{
    private const long MaxAllocatedBytes = 24 << 20;

    private static readonly Schema Schema = SchemaBuilder.New().AddDocumentFromString("""
        type Query { me: Node list(ids: [[Int]]): Int page(first: Int = 10): [Node!] @listSize(slicingArguments: ["first"])
          connection(first: Int, last: Int): Connection @listSize(assumedSize: 50, slicingArguments: ["first", "last"], sizedFields: ["nodes"])
          dear: Int @cost(weight: "60000") }
        type Connection { nodes: [Node!] total: Int }
        type Node { me: Node a: Int b: Int page(first: Int): [Node!] @listSize(assumedSize: 20, slicingArguments: ["first"]) }
        """).AddResolver("Query", "me", _ => null).AddResolver("Query", "page", _ => null).AddResolver("Query", "connection", _ => null).Create();

    public static TheoryData<string, string> Bombs() => new()
    {
        { "a document of 10 MB", LimitNames.DocumentBytes },
        { "100,000 braces", LimitNames.Nesting },
        { "40,000 brackets", LimitNames.Nesting },
        { "20,000 fields", LimitNames.Tokens },
        { "30 levels", LimitNames.Depth },
        { "30 levels of fragments", LimitNames.Depth },
        { "500 aliases", LimitNames.Aliases },
        { "aliases in fragments that double", LimitNames.FragmentExpansion },
        { "40 fragments that double", LimitNames.FragmentExpansion },
        { "a chain of 1,000 fragments", LimitNames.Nesting },
        { "300 directives", LimitNames.Directives },
        { "a list of 5,000", LimitNames.ListSize },
        { "a list of 5,000 by variable", LimitNames.ListSize },
        { "lists in lists", LimitNames.Cost },
        { "two dear fields", LimitNames.Cost },
    };

    private static string Make(string bomb) => bomb switch
    {
        "a document of 10 MB" => $"{{ me {{ a }} }} #{new string('x', 10_000_000)}",
        "100,000 braces" => string.Concat(Enumerable.Repeat("{a", 49_000)),
        "40,000 brackets" => $"{{ list(ids: {new string('[', 40_000)}",
        "20,000 fields" => $"{{ me {{ {string.Concat(Enumerable.Repeat("a ", 20_000))} }} }}",
        "30 levels" => $"{{ {string.Concat(Enumerable.Repeat("me { ", 29))} a {new string('}', 30)}",
        "30 levels of fragments" =>
            "{ me { ...F0 } } " + string.Concat(
                Enumerable.Range(0, 30)
                    .Select(n => $"fragment F{n} on Node {{ me {{ {(n < 29 ? $"...F{n + 1}" : "a")} }} }} ")),
        "500 aliases" => $"{{ me {{ {string.Concat(Enumerable.Range(0, 500).Select(n => $"a{n}: a "))} }} }}",
        "aliases in fragments that double" =>
            "{ me { ...F0 } } " + string.Concat(
                Enumerable.Range(0, 13)
                    .Select(n => $"fragment F{n} on Node {{ x{n}: a {(n < 12 ? $"...F{n + 1} ...F{n + 1}" : "")} }} ")),
        "40 fragments that double" =>
            "{ me { ...F0 } } " + string.Concat(
                Enumerable.Range(0, 40)
                    .Select(n => $"fragment F{n} on Node {{ {(n < 39 ? $"...F{n + 1} ...F{n + 1}" : "a")} }} ")),
        "a chain of 1,000 fragments" =>
            "{ me { ...F0 } } " + string.Concat(
                Enumerable.Range(0, 1_000)
                    .Select(n => $"fragment F{n} on Node {{ {(n < 999 ? $"...F{n + 1}" : "a")} }} ")),
        "300 directives" => $"{{ me {{ {string.Concat(Enumerable.Repeat("a @skip(if: false) ", 300))} }} }}",
        "a list of 5,000" => "{ page(first: 5000) { a } }",
        "a list of 5,000 by variable" => "query ($n: Int = 5000) { connection(last: $n) { nodes { a } } }",
        "lists in lists" => "{ page(first: 500) { page(first: 500) { a } } }",
        "two dear fields" => "{ dear b: dear }",
        _ => throw new ArgumentOutOfRangeException(nameof(bomb), bomb, null),
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task A_bomb_is_refused_by_the_name_of_its_limit(string bomb, string limit)
    {
        var request = OperationRequest.FromText(Make(bomb));
        var executor = new RequestExecutor(Schema);
        await executor.JsonAsync("{ me { a } }");
        var before = GC.GetTotalAllocatedBytes();
        var error = Assert.IsType<OperationResult>(await executor.ExecuteAsync(request)).Errors[0];
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, MaxAllocatedBytes);
        Assert.Equal(ErrorCodes.LimitExceeded, error.Code);
        Assert.Equal(limit, error.Extensions["limit"]);
        Assert.True((double)error.Extensions["found"]! > (double)error.Extensions["maximum"]!);
    }

    [Theory]
    [InlineData("{ connection(first: 10) { nodes { a } total } }", 11)]
    [InlineData("{ connection { nodes { a } total } }", 51)]
    [InlineData("{ connection { total } }", 1)]
    [InlineData("{ page { page(first: 3) { a } page { a } } }", 10 * (1 + 3 + 20))]
    [InlineData(
        "query ($n: Int!) { page(first: $n) { ...F } } fragment F on Node { page(first: $n) { a } }", 5 * (1 + 5))]
    [InlineData("{ dear __typename ... on Query { me { a } } }", 60_001)]
    public void The_cost_of_an_operation_follows_its_weights_and_list_sizes(string source, double expected)
    {
        var document = Parser.Parse(source);
        var operation = document.Operations.Single();
        var cost = new OperationCost(Schema, document, RequestLimits.Default)
            .Check(operation, new Dictionary<string, object?> { ["n"] = 5 });
        Assert.Equal(expected, cost);
    }

    [Fact]
    public async Task A_cost_that_variables_decide_is_checked_for_every_request()
    {
        var executor = new RequestExecutor(Schema);
        const string document = "query ($n: Int!) { page(first: $n) { page(first: $n) { a } } }";
        Assert.Equal("""{"data":{"page":null}}""", await executor.JsonAsync(document, """{"n":2}"""));
        Assert.Equal(LimitNames.Cost, (await executor.RefusedAsync(document, """{"n":900}""")).Extensions["limit"]);
        Assert.Equal("""{"data":{"page":null}}""", await executor.JsonAsync(document, """{"n":2}"""));
    }

    [Fact]
    public void Cycles_of_fragments_are_refused_by_validation_and_hurt_nobody_before()
    {
        var document =
            Parser.Parse("{ me { ...A } } fragment A on Node { me { ...B ...A } } fragment B on Node { ...A ...B }");
        DocumentMeasure.Check(document, RequestLimits.Default);
        Assert.All(
            DocumentValidator.Validate(Schema, document), error =>
                Assert.Contains("within itself", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Fields_that_meet_in_doubling_fragments_are_compared_once()
    {
        var source = "{ me { ...F0 } } " + string.Concat(Enumerable.Range(0, 60).Select(n =>
            $"fragment F{n} on Node {{ x: me {{ {(n < 59 ? $"...F{n + 1}" : "a")} }} y: me {{ {(n < 59 ? $"...F{n + 1}" : "a")} }} }} "));
        var document = Parser.Parse(source);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(DocumentValidator.Validate(Schema, document));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocatedBytes);
    }

    // Every path of x and y merges another subset of the fragments of its level: as many sets as there are paths.
    [Fact]
    public void Overlapping_fields_that_would_take_for_ever_are_refused_by_name()
    {
        const int fragments = 12;
        const int levels = 24;
        string Spread(int fragment, int level) => level < levels && fragment <= level ? $"...S{fragment}_{level}" : "a";
        var source = new StringBuilder("{ me { ...S0_0 } } ");
        for (var level = 0; level < levels; level++)
        {
            for (var fragment = 0; fragment < Math.Min(fragments, level + 1); fragment++)
            {
                var body = fragment == fragments - 1 ? "a"
                    : fragment > 0
                    ? $"x: me {{ {Spread(fragment + 1, level + 1)} }} y: me {{ {Spread(fragment + 1, level + 1)} }}"
                    : $"x: me {{ {Spread(0, level + 1)} {Spread(1, level + 1)} }} y: me {{ {Spread(0, level + 1)} }}";
                source.Append(CultureInfo.InvariantCulture, $"fragment S{fragment}_{level} on Node {{ {body} }} ");
            }
        }

        var errors = DocumentValidator.Validate(Schema, Parser.Parse(source.ToString()));
        Assert.Contains(
            errors, error => Equals(error.Extensions.GetValueOrDefault("limit"), LimitNames.OverlappingFields));
    }

    [Fact]
    public async Task Time_has_a_limit_even_when_a_resolver_ignores_it()
    {
        var never = new TaskCompletionSource<object?>();
        var schema = SchemaBuilder.New().AddDocumentFromString("type Query { a: Int }")
            .AddResolver("Query", "a", _ => new ValueTask<object?>(never.Task)).Create();
        var executor =
            new RequestExecutor(
                schema, new ExecutionOptions { Limits = new() { Timeout = TimeSpan.FromMilliseconds(20) } });
        Assert.Equal(LimitNames.Time, (await executor.RefusedAsync("{ a }")).Extensions["limit"]);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_its_request()
    {
        using var leaving = new CancellationTokenSource();
        var schema = SchemaBuilder.New().AddDocumentFromString("type Query { a: Int }")
            .AddResolver("Query", "a", async context =>
        {
            await leaving.CancelAsync();
            context.RequestAborted.ThrowIfCancellationRequested();
            return 1;
        }).Create();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await new RequestExecutor(schema).ExecuteAsync("{ a }", leaving.Token));
    }

    [Fact]
    public void Thousands_of_errors_end_at_a_hundred()
    {
        var document = Parser.Parse($"{{ {string.Concat(Enumerable.Range(0, 5_000).Select(n => $"unknown{n} "))} }}");
        Assert.Equal(DocumentValidator.DefaultMaxErrors, DocumentValidator.Validate(Schema, document).Length);
    }
}
