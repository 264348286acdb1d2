// Strangers: texts that are SQL, in every argument of the whole schema that takes a text; and requests that are too
// much, each refused by name.
using System.Net;
using System.Text;
using System.Text.Json;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.Api.Tests;

[Collection(ServedTests.Name)]
public class HostileTests(ServedWorld world)
{
    private const int TextsEach = 3;

    private static readonly string[] Texts =
    [
        "'", "';drop table model.task;--", "\" or 1=1 --", "0' or '1'='1", "$1", "$$; select pg_sleep(5); $$", "\\",
        "\\'; --", "%", "_", "{}", "NULL", "1); delete from model.task; --", "task-1' union select version() --",
        "0x' || pg_sleep(5) || '", "\u0000", "\uD83D\uDE00", "' || chr(39)", "-1",
        "99999999999999999999999999999999999", "1e5", "0x00", "2026-01-01T00:00:00Z'; drop schema model cascade; --",
    ];

    [Fact]
    public async Task No_text_in_any_argument_of_the_schema_reaches_sql()
    {
        var before = await RowsAsync();
        var schema = world.Api.Api.Executor.Schema;
        // Every place meets some of the texts, and every text many places, in turn.
        var questions = schema.QueryType.Fields.SelectMany(Documents)
            .SelectMany((document, at) => Enumerable.Range(
                0, TextsEach).Select(turn => (document, Texts[(at + turn * 7) % Texts.Length]))).ToList();
        Assert.True(
            questions.Count > 10_000, $"expected every filter of the schema, found {questions.Count} questions");
        await Parallel.ForEachAsync(
            questions, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (question, _) =>
        {
            var (document, text) = question;
            var answer = await world.Api.AskAsync(document, new { text });
            if (!answer.TryGetProperty("errors", out var errors)) return;
            // Refused in words: never a fault of PostgreSQL's own.
            foreach (var error in errors.EnumerateArray())
                Assert.True(
                    error.GetProperty("extensions").GetProperty("code").GetString() != "INTERNAL_SERVER_ERROR",
                    $"expected an answer or a refusal for {text} in\n{document}\nfound {error}\n{world.Api.Faults}");
        });
        Assert.Equal(before, await RowsAsync());
    }

    [Theory]
    [InlineData("DEPTH")]
    [InlineData("ALIASES")]
    [InlineData("FRAGMENT_EXPANSION")]
    [InlineData("TOKENS")]
    [InlineData("NESTING")]
    [InlineData("DOCUMENT_BYTES")]
    [InlineData("LIST_SIZE")]
    [InlineData("COST")]
    [InlineData("VARIABLE_DEPTH")]
    public async Task A_bomb_is_refused_by_the_name_of_the_limit(string limit)
    {
        var (query, variables) = Bomb(limit);
        using var content =
            new StringContent($$"""{"query":{{JsonSerializer.Serialize(query)}},"variables":{{variables}}}""",
                Encoding.UTF8, "application/json");
        using var answer = await world.Api.Http.PostAsync("graphql", content);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(limit,
            json.RootElement.GetProperty("errors")[0].GetProperty("extensions").GetProperty("limit").GetString());
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused_by_name()
    {
        using var content = new StringContent(
            $"{{\"query\":\"{new string('x', 10_000_000)}\"}}", Encoding.UTF8, "application/json");
        using var answer = await world.Api.Http.PostAsync("graphql", content);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("REQUEST_BYTES", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fragments_that_go_in_circles_and_bytes_that_are_no_text_are_refused()
    {
        var circle = await world.Api.ErrorsAsync(
            "{ tasks { nodes { ...A } } } fragment A on Task { ...B } fragment B on Task { ...A }");
        Assert.Equal("GRAPHQL_VALIDATION_FAILED", circle[0].GetProperty("extensions").GetProperty("code").GetString());
        using var content = new ByteArrayContent([.. "{\"query\":\""u8, 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var answer = await world.Api.Http.PostAsync("graphql", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_refusal_by_a_limit_is_counted()
    {
        await world.Api.ErrorsAsync(Bomb("DEPTH").Query);
        var metrics = await world.Api.Http.GetStringAsync("metrics");
        var limited = metrics.Split(
            '\n').First(line => line.StartsWith("eventsourced_api_limited_total{} ", StringComparison.Ordinal));
        Assert.NotEqual("eventsourced_api_limited_total{} 0", limited);
    }

    [Fact]
    public async Task The_api_asks_on_connections_that_cannot_write()
    {
        await using var command = world.Api.Api.Database.CreateCommand("create table intruder (id int)");
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal("25006", refused.SqlState);
    }

    private static (string Query, string Variables) Bomb(string limit) => limit switch
    {
        "DEPTH" =>
            ($"{{ tasks {{ nodes {{ {Repeat("agent { tasks { nodes { ", 12)}id{Repeat(" } } }", 12)} }} }} }}", "{}"),
        "ALIASES" =>
            ($"{{ {string.Join(' ', Enumerable.Range(0, 1_000).Select(i => $"a{i}: _meta {{ reorgs }}"))} }}", "{}"),
        "FRAGMENT_EXPANSION" => (
            "{ tasks { nodes { ...F0 } } } " + string.Join(
                ' ', Enumerable.Range(0, 25).Select(i => $"fragment F{i} on Task {{ ...F{i + 1} ...F{i + 1} }}"))
            + " fragment F25 on Task { id status }",
            "{}"),
        "TOKENS" => ($"{{ _meta {{ {Repeat("reorgs ", 12_000)} }} }}", "{}"),
        "NESTING" => ($"{{ tasks(where: {Repeat("{ not: ", 90)}{{}}{Repeat("}", 90)}) {{ totalCount }} }}", "{}"),
        "DOCUMENT_BYTES" => ($"{{ _meta {{ reorgs }} }} #{new string('x', 200_000)}", "{}"),
        "LIST_SIZE" => ("{ tasks(first: 100000000) { nodes { id } } }", "{}"),
        "COST" =>
            ("{ agents(first: 1000) { nodes { tasks(first: 1000) { nodes { bids(first: 1000) { nodes { id } } } } } } }", "{}"),
        _ => ("query($where: TaskFilter) { tasks(where: $where) { totalCount } }",
            $"{{\"where\":{Repeat("{\"not\":", 40)}{{}}{Repeat("}", 40)}}}"),
    };

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    // One document for every place in a field's arguments where a text may stand.
    private static IEnumerable<string> Documents(OutputField field)
    {
        foreach (var argument in field.Arguments)
        {
            foreach (var (value, type) in Places(argument.Type, 0))
            {
                var required = string.Join(
                    ", ", field.Arguments.Where(other => other.Type.IsNonNull && other.Name != argument.Name)
                    .Select(other => $"{other.Name}: {(other.Type.Nullable is ListType ? "[\"task-1\"]" : "\"task-1\"")}").Append($"{argument.Name}: {value}"));
                yield return $"query($text: {type}) {{ {field.Name}({required}) {Selected(field.Type.NamedType)} }}";
            }
        }
    }

    private static string Selected(NamedType type) =>
        type is ComplexType complex
            ? complex.Fields.Any(field => field.Name == "totalCount")
                ? "{ totalCount nodes { __typename } }" : "{ __typename }"
            : "";

    // Down into the fields of inputs, through one relation, not further: every filter of every type is some root
    // field's own.
    private static IEnumerable<(string Value, string Type)> Places(GraphQLType type, int depth)
    {
        switch (type.Nullable)
        {
            case ListType list:
                foreach (var (value, scalar) in Places(list.ElementType, depth)) yield return ($"[{value}]", scalar);
                break;
            case InputObjectType input when depth < 3:
                foreach (var field in input.Fields.Where(field => field.Name is not ("and" or "or" or "not")))
                {
                    // What a relation's target has is asked on the target's own root field; one of its fields shows
                    // that the way there is bound.
                    var places = Places(field.Type, depth + 1);
                    if (depth > 0 && field.Type.Nullable is InputObjectType) places = places.Take(1);
                    foreach (var (value, scalar) in places) yield return ($"{{{field.Name}: {value}}}", scalar);
                }

                break;
            case ScalarType scalar when scalar.Name is not ("Int" or "Boolean" or "Float" or "Long"):
                yield return ("$text", $"{scalar.Name}!");
                break;
        }
    }

    private async Task<string> RowsAsync() => await world.ValueAsync<string>(
        "select string_agg(format('%s.%s %s', schemaname, relname, (xpath('/row/c/text()', query_to_xml(format('select count(*) as c from %I.%I', schemaname, relname), false, true, '')))[1]), ',' order by schemaname, relname) from pg_stat_user_tables");
}
