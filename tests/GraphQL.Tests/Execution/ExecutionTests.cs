// Chapter 6: from a request to its response, one test for each clause.
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;

namespace EventSourced.GraphQL.Tests.Execution;

public sealed class ExecutionTests
{
    private sealed record Agent(string Name, int? Age, Kind Kind, Agent[] Friends);

    private enum Kind
    {
        WorkerBee,
        Judge,
    }

    private const string Sdl = """
        interface Named { name: String! }
        type Agent implements Named { name: String! age: Int kind: AgentKind friends: [Agent!]! }
        type Robot implements Named { name: String! serial: Int! }
        union Anyone = Agent | Robot
        enum AgentKind { WORKER_BEE JUDGE }
        input Point { x: Int! y: Int = 7 }
        scalar Any
        type Fragile { always: String! sometimes: String deep: Fragile list: [String!] lists: [[String!]!] nonNull: Fragile! }
        type Query {
          agent(name: String = "Ada"): Agent anyone: [Anyone] named: Named lost: Named json: Any
          echo(point: Point, list: [Int], any: Any, kind: AgentKind, id: ID, number: Float): String
          fragile: Fragile must: Fragile! boom: String later: String raw: Agent notAList: [Int] wrongLeaf: Int wrongEnum: AgentKind
          reported: String
        }
        type Mutation { add(n: Int!): Int! fail: Int }
        """;

    private static readonly Agent Ada = new("Ada", 36, Kind.WorkerBee, [new("Bob", null, Kind.Judge, [])]);

    private static RequestExecutor Executor(ExecutionOptions? options = null)
    {
        var total = 0;
        object fragile = new Dictionary<string, object?>
        {
            ["sometimes"] = "here",
            ["deep"] = new Dictionary<string,
            object?>
            { ["always"] = "yes", ["nonNull"] = new Dictionary<string, object?>() },
            ["list"] = new[] { "a", null },
            ["lists"] = new[] { ["a"], new[] { null, "b" } },
            ["nonNull"] = new Dictionary<string, object?> { ["always"] = "yes" },
        };
        var schema = SchemaBuilder.New().AddDocumentFromString(Sdl)
            .AddResolver("Query", "agent", context => context.ArgumentValue<string>("name") == "Ada" ? Ada : null)
            .AddResolver(
                "Query", "anyone", _ =>
                    new object?[] { Ada, new Dictionary<string,
                        object?> { ["__typename"] = "Robot", ["name"] = "R", ["serial"] = 2 }, null })
            .AddResolver("Query", "named", _ => Ada)
            .AddResolver("Query", "lost", _ => new Dictionary<string, object?> { ["name"] = "?" })
            .AddResolver("Query", "json", _ => JsonElement.Parse("""{"a":[1,2.5,"x",true,null]}"""))
            .AddResolver("Query", "echo", context => JsonSerializer.Serialize(context.Arguments))
            .AddResolver("Query", "fragile", _ => fragile)
            .AddResolver("Query", "must", _ => fragile)
            .AddResolver("Query", "boom", object? (_) => throw new InvalidOperationException("secret"))
            .AddResolver("Query", "later", async _ =>
            {
                await Task.Yield();
                throw new GraphQLException(new GraphQLError("known", "MY_CODE").WithExtension("fact", 7));
            })
            .AddResolver("Query", "raw", _ => new RawJson("{\"name\" :\"as it is\"}"u8.ToArray()))
            .AddResolver("Query", "notAList", _ => 1)
            .AddResolver("Query", "wrongLeaf", _ => "x")
            .AddResolver("Query", "wrongEnum", _ => "NEITHER")
            .AddResolver("Query", "reported", context =>
            {
                context.ReportError(new GraphQLError("beside", "NOTE"));
                return "value";
            })
            .AddResolver("Mutation", "add", async context =>
            {
                var before = total;
                await Task.Delay(1);
                return total = before + context.ArgumentValue<int>("n");
            })
            .AddResolver("Mutation", "fail", object? (_) => throw new GraphQLException(new GraphQLError("no", "NO")))
            .Create();
        return new(schema, options);
    }

    [Theory]
    [InlineData("6.4", "{ agent { name age kind friends { name age } } }",
        """{"data":{"agent":{"name":"Ada","age":36,"kind":"WORKER_BEE","friends":[{"name":"Bob","age":null}]}}}""")]
    [InlineData("6.4.1", """{ agent(name: "Eve") { name } }""", """{"data":{"agent":null}}""")]
    [InlineData("6.4.3", "{ anyone { ... on Named { name } ... on Robot { serial } __typename } }",
        """{"data":{"anyone":[{"name":"Ada","__typename":"Agent"},{"name":"R","serial":2,"__typename":"Robot"},null]}}""")]
    [InlineData(
        "6.4.3", "{ named { name } json }", """{"data":{"named":{"name":"Ada"},"json":{"a":[1,2.5,"x",true,null]}}}""")]
    [InlineData("6.3.2",
        "{ agent { name } ...F agent { age } } fragment F on Query { agent { name kind } b: agent { age } }",
            """{"data":{"agent":{"name":"Ada","kind":"WORKER_BEE","age":36},"b":{"age":36}}}""")]
    [InlineData(
        "6.3.2", "{ named { ... on Robot { serial } ... on Agent { age } } }", """{"data":{"named":{"age":36}}}""")]
    [InlineData("3.13.1", "{ agent { name @skip(if: true) age @skip(if: false) kind @include(if: false) } }",
        """{"data":{"agent":{"age":36}}}""")]
    [InlineData("3.13.2",
        "query ($t: Boolean = true, $f: Boolean!) { agent { name @include(if: $t) age @include(if: $f) ... @skip(if: $t) { kind } ...F @include(if: $f) } } fragment F on Agent { friends { name } }", """{"data":{"agent":{"name":"Ada"}}}""")]
    [InlineData("3.13.2",
        "query ($t: Boolean = true, $f: Boolean!) { agent @include(if: $f) { age } agent @include(if: $t) { name ...F @include(if: $f) ...F @skip(if: $f) } } fragment F on Agent { kind }", """{"data":{"agent":{"name":"Ada","kind":"WORKER_BEE"}}}""")]
    public async Task What_a_section_asks_for_is_answered(string section, string document, string expected)
    {
        Assert.NotEmpty(section);
        Assert.Equal(expected, await Executor().JsonAsync(document, """{"f":false}"""));
    }

    [Theory]
    [InlineData("echo(point: { x: 1 }, list: 3, kind: JUDGE, id: 4, number: 5)",
        """{"point":{"x":1,"y":7},"list":[3],"kind":"JUDGE","id":"4","number":5}""")]
    [InlineData("echo(point: { x: $i, y: $missing }, list: [$i, $missing], any: { a: $i })",
        """{"point":{"x":9,"y":7},"list":[9,null],"any":{"a":9}}""")]
    [InlineData("echo(point: $missingPoint, id: null)", """{"id":null}""")]
    public async Task Section_6_4_1_arguments_are_coerced(string field, string expected)
    {
        var declared = "$i: Int!, $missing: Int, $missingPoint: Point, $unused: Boolean = false";
        var json = await Executor()
            .JsonAsync(
                $"query ({declared}) {{ {field} a: echo(list: [$i, $missing], point: $missingPoint) @include(if: $unused) }}", """{"i":9}""");
        Assert.Equal(
            expected, JsonDocument.Parse(json).RootElement.GetProperty("data").GetProperty("echo").GetString());
    }

    [Theory]
    [InlineData("{ fragile { sometimes always } }",
        """{"errors":[{"message":"Cannot return null for a non-nullable field.","locations":[{"line":1,"column":23}],"path":["fragile","always"],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}],"data":{"fragile":null}}""")]
    [InlineData("{ fragile { sometimes deep { always nonNull { always } } } }",
        """{"errors":[{"message":"Cannot return null for a non-nullable field.","locations":[{"line":1,"column":47}],"path":["fragile","deep","nonNull","always"],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}],"data":{"fragile":{"sometimes":"here","deep":null}}}""")]
    [InlineData("{ fragile { list } }",
        """{"errors":[{"message":"Cannot return null for a non-nullable field.","locations":[{"line":1,"column":13}],"path":["fragile","list",1],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}],"data":{"fragile":{"list":null}}}""")]
    [InlineData("{ fragile { lists } }",
        """{"errors":[{"message":"Cannot return null for a non-nullable field.","locations":[{"line":1,"column":13}],"path":["fragile","lists",1,0],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}],"data":{"fragile":{"lists":null}}}""")]
    [InlineData("{ must { always } }",
        """{"errors":[{"message":"Cannot return null for a non-nullable field.","locations":[{"line":1,"column":10}],"path":["must","always"],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}],"data":null}""")]
    [InlineData("{ boom agent { name } }",
        """{"errors":[{"message":"Unexpected Execution Error","locations":[{"line":1,"column":3}],"path":["boom"],"extensions":{"code":"INTERNAL_SERVER_ERROR"}}],"data":{"boom":null,"agent":{"name":"Ada"}}}""")]
    [InlineData("{ x: later }",
        """{"errors":[{"message":"known","locations":[{"line":1,"column":3}],"path":["x"],"extensions":{"code":"MY_CODE","fact":7}}],"data":{"x":null}}""")]
    [InlineData("{ reported }",
        """{"errors":[{"message":"beside","path":["reported"],"extensions":{"code":"NOTE"}}],"data":{"reported":"value"}}""")]
    public async Task Section_6_4_4_errors_null_the_nearest_field_that_may_be_null(string document, string expected) =>
        Assert.Equal(expected, await Executor().JsonAsync(document));

    [Theory]
    [InlineData("{ lost { name } }", "Abstract type \"Named\" must resolve to one of its object types")]
    [InlineData("{ notAList }", "Expected a list for type [Int], found a Int32.")]
    [InlineData("{ wrongLeaf }", "Int cannot represent non-integer value: \"x\"")]
    [InlineData("{ wrongEnum }", "Enum \"AgentKind\" cannot represent value: \"NEITHER\"")]
    public async Task Section_6_4_3_a_value_that_does_not_fit_its_type_is_an_error(string document, string message)
    {
        var result = Assert.IsType<OperationResult>(await Executor().ExecuteAsync(document));
        Assert.Contains(message, Assert.Single(result.Errors).Message, StringComparison.Ordinal);
        Assert.True(result.HasData);
    }

    [Fact]
    public async Task Section_6_2_2_the_root_fields_of_a_mutation_run_one_after_the_other() => Assert.Equal(
        """{"errors":[{"message":"no","locations":[{"line":1,"column":38}],"path":["fail"],"extensions":{"code":"NO"}}],"data":{"a":1,"b":3,"fail":null,"c":6}}""",
        await Executor().JsonAsync("mutation { a: add(n: 1) b: add(n: 2) fail c: add(n: 3) }"));

    [Fact]
    public async Task Raw_JSON_goes_to_the_response_unread() =>
        Assert.Equal("""{"data":{"raw":{"name" :"as it is"}}}""", await Executor().JsonAsync("{ raw { name } }"));

    [Fact]
    public async Task Exceptions_are_told_to_the_log_and_to_clients_only_in_development()
    {
        var told = new List<string>();
        var executor =
            Executor(
                new ExecutionOptions
                {
                    IncludeExceptionDetails = true,
                    OnUnexpectedError = (failure, path) =>
                    told.Add($"{path}: {failure.Message}")
                });
        Assert.Contains("\"message\":\"secret\"", await executor.JsonAsync("{ boom }"), StringComparison.Ordinal);
        Assert.Equal(["boom: secret"], told);
    }

    [Theory]
    [InlineData("query A { agent { name } } query B { named { name } }", "B", """{"data":{"named":{"name":"Ada"}}}""")]
    [InlineData("query A { agent { name } }", null, """{"data":{"agent":{"name":"Ada"}}}""")]
    [InlineData("query A { agent { name } } query B { named { name } }", null,
        """{"errors":[{"message":"Must provide operation name if query contains multiple operations.","extensions":{"code":"OPERATION_RESOLUTION_FAILURE"}}]}""")]
    [InlineData("query A { agent { name } }", "C",
        """{"errors":[{"message":"Unknown operation named \"C\".","extensions":{"code":"OPERATION_RESOLUTION_FAILURE"}}]}""")]
    public async Task Section_6_1_a_name_chooses_the_operation(string document, string? name, string expected) =>
        Assert.Equal(expected, await Executor().JsonAsync(document, operationName: name));
}
