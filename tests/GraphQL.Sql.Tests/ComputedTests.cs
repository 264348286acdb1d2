// Fields that no table has: computed columns, lists that are no tables, values that are made after the statement has
// run. They are read at blocks, in lists, under filters and figures, like columns; a client's text makes no mark.
using System.Globalization;
using System.Text.Json;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Limits;
using EventSourced.GraphQL.Tests;

namespace EventSourced.GraphQL.Sql.Tests;

public sealed class ComputedTests(Market market) : IClassFixture<Market>
{
    private static readonly SqlScalar Size = SqlScalar.Enum(
        "Size", "A size.", [new("SMALL", 1, "Small."), new("LARGE", 2, "Large.")]);

    private static readonly SqlModel Model = Market.Model with
    {
        Tables =
        [
            .. Market.Model.Tables.Select(table => table.TypeName switch
            {
                "Task" => table with
                {
                    Columns = [.. table.Columns, .. ColumnsOfTasks()],
                    Lists = [Log()],
                },
                "Agent" => table with { Late = [Badge(), Times()] },
                _ => table,
            }),
        ],
    };

    private readonly RequestExecutor _executor = new(
        SchemaBuilder.New().AddSqlModel(Model, market.Database).AddDocumentFromString(
            "\"A badge.\" type Badge { \"Its word.\" word: String! \"Its parts.\" parts: [String!]! }").Create(),
        new ExecutionOptions { IncludeExceptionDetails = true, Limits = RequestLimits.Default });

    [Theory]
    [InlineData("{ tasks(first: 4) { nodes { id size } } }",
        """{"tasks":{"nodes":[{"id":"1","size":"SMALL"},{"id":"2","size":"LARGE"},{"id":"3","size":null},{"id":"4","size":null}]}}""")]
    [InlineData("{ tasks(where: { size: { eq: SMALL } }) { totalCount } }", """{"tasks":{"totalCount":15}}""")]
    [InlineData("{ tasks(where: { size: { eq: null } }) { totalCount } }", """{"tasks":{"totalCount":30}}""")]
    [InlineData("{ tasks(where: { size: { in: [SMALL, LARGE] } }, block: { number: 22 }) { totalCount } }",
        """{"tasks":{"totalCount":30}}""")]
    [InlineData("{ tasks(where: { sizes: { contains: LARGE }, id: { eq: 7 } }) { nodes { sizes } } }",
        """{"tasks":{"nodes":[{"sizes":["SMALL","LARGE"]}]}}""")]
    [InlineData("{ tasks(where: { sizes: { any: false } }, first: 1) { nodes { id sizes } } }",
        """{"tasks":{"nodes":[{"id":"1","sizes":[]}]}}""")]
    [InlineData("{ tasks { aggregates { groupBy(by: { field: size }, order: KEY_ASC) { key { size } count } } } }",
        """{"tasks":{"aggregates":{"groupBy":[{"key":{"size":"SMALL"},"count":15},{"key":{"size":"LARGE"},"count":15},{"key":{"size":null},"count":30}]}}}""")]
    [InlineData("{ agent(id: 2) { badge { b: word __typename } times(by: 3) twice: times(by: 2) none: times } }",
        """{"agent":{"badge":{"b":"Agent 2","__typename":"Badge"},"times":"6","twice":"4","none":null}}""")]
    [InlineData("{ tasks(first: 2) { nodes { agent { badge { parts } } } edges { node { agent { id times(by: 5) } } } } }",
        """{"tasks":{"nodes":[{"agent":{"badge":{"parts":["Agent","2"]}}},{"agent":{"badge":null}}],"edges":[{"node":{"agent":{"id":"2","times":"10"}}},{"node":{"agent":{"id":"3","times":"15"}}}]}}""")]
    [InlineData("query($no: Boolean = false) { agent(id: 1) { badge { word @include(if: $no) parts @skip(if: $no) } } }",
        """{"agent":{"badge":{"parts":["Ada","\"the\\first\"","\né"]}}}""")]
    [InlineData("{ agent(id: 3) { badge { word } } other: agent(id: 99) { badge { word } } }",
        """{"agent":{"badge":null},"other":null}""")]
    [InlineData("{ task(id: 3) { log(first: 2) { n word size } rest: log(where: { n: { gt: 2 }, size: { eq: SMALL } }) { n } } }",
        """{"task":{"log":[{"n":1,"word":"one \"1\"","size":"SMALL"},{"n":2,"word":"one \"2\"","size":"LARGE"}],"rest":[]}}""")]
    [InlineData("{ task(id: 5) { log(first: 0) { n } all: log { n } } }",
        """{"task":{"log":[],"all":[{"n":1},{"n":2},{"n":3},{"n":4},{"n":5}]}}""")]
    public async Task What_no_table_has_comes_back(string document, string expected) =>
        Assert.Equal($$"""{"data":{{expected}}}""", (await _executor.JsonAsync(document)).Replace("\\u0022", "\\\"", StringComparison.Ordinal)
            .Replace("\\u00E9", "é", StringComparison.Ordinal));

    [Theory]
    [InlineData(20)]
    [InlineData(25)]
    [InlineData(33)]
    public async Task A_computed_column_reads_other_rows_at_the_same_block(int block)
    {
        var document = $$"""
            { tasks(first: 60, block: { number: {{block}} }, where: { bidTotal: { gt: 0 } }) { aggregates { sum { bidTotal } }
                nodes { bidTotal bids(first: 200) { aggregates { sum { price } } } } } }
            """;
        using var answer = JsonDocument.Parse(await _executor.JsonAsync(document));
        var page = answer.RootElement.GetProperty("data").GetProperty("tasks");
        var nodes = page.GetProperty("nodes").EnumerateArray().ToList();
        Assert.NotEmpty(nodes);
        Assert.All(nodes, node => Assert.Equal(
            node.GetProperty("bids").GetProperty("aggregates").GetProperty("sum").GetProperty("price").GetInt64(),
            node.GetProperty("bidTotal").GetInt64()));
        Assert.Equal(
            nodes.Sum(node => node.GetProperty("bidTotal").GetInt64()).ToString(CultureInfo.InvariantCulture),
            page.GetProperty("aggregates").GetProperty("sum").GetProperty("bidTotal").GetString());
    }

    [Fact]
    public async Task A_text_with_control_characters_makes_no_mark_in_an_answer_with_values_that_come_late()
    {
        await market.RunAsync("insert into task (id, title, state, amount_wei, created_at, is_paid, agent_id, valid_from) " +
            "values (777, E'\\x01' || '0' || E'\\x02null' || E'\\x01', 'OPEN', 0, now(), false, 2, 40)");
        try
        {
            Assert.Equal(
                """{"data":{"task":{"title":"\u00010\u0002null\u0001","agent":{"times":"4"}}}}""",
                await _executor.JsonAsync("{ task(id: 777) { title agent { times(by: 2) } } }"));
        }
        finally
        {
            await market.RunAsync("delete from task where id = 777");
        }
    }

    [Theory]
    [InlineData("{ tasks(order: [{ size: ASC }]) { totalCount } }", "size")]
    [InlineData("{ tasks(distinctOn: [size]) { totalCount } }", "size")]
    [InlineData("{ task(id: 1) { log(first: -1) { n } } }", "Expected a first of at least 0 for log, found -1.")]
    [InlineData("{ task(id: 1) { log(first: 1001) { n } } }", "LIST_SIZE")]
    public async Task What_cannot_be_is_refused(string document, string said) =>
        Assert.Contains(said, await _executor.JsonAsync(document), StringComparison.Ordinal);

    private static SqlColumn[] ColumnsOfTasks() =>
    [
        new("size", "size", Size)
        {
            Expression = row => $"(case when {row.Alias}.id % 4 in (1, 2) then ({row.Alias}.id % 4)::smallint end)",
            IsNullable = true,
            IsGroupable = true,
        },
        new("sizes", "sizes", SqlScalar.EnumBits(Size, [new("SMALL", 1), new("LARGE", 2)]))
        {
            Expression = row => $"({row.Alias}.id & 6)::smallint",
        },
        new("bidTotal", "bidTotal", SqlScalar.Long)
        {
            Expression = row =>
            {
                var bid = row.NewAlias("c");
                return $"coalesce((select sum({bid}.price) from {row.Rows("Bid", bid)} where {bid}.task_id = {row.Alias}.id), 0)";
            },
            IsSummable = true,
            Cost = 3,
        },
    ];

    private static SqlList Log() => new(
        "log", "LogEntry",
        [
            new("n", "n", SqlScalar.Int), new("word", "word", SqlScalar.Text),
            new("size", "size", Size) { IsNullable = true },
        ],
        row => $"select n, 'one \"' || n || '\"' as word, (case when n <= 2 then n end)::smallint as size from " +
            $"generate_series(1, {row.Alias}.id::integer) n")
    {
        Description = "A log.",
        TypeDescription = "A line of a log.",
    };

    private static SqlLate Badge() => new("badge", "Badge", row => $"to_json({row.Alias}.name)", (given, _) =>
        new(given.GetString() is { } name && !name.EndsWith('3')
            ? JsonSerializer.SerializeToElement(new { word = name, parts = name.Split(' ') }) : (JsonElement?)null))
    {
        Description = "A badge.",
    };

    private static SqlLate Times() => new(
        "times", "String", row => row.Argument("by", SqlScalar.Int) is { } by ? $"to_json({row.Alias}.id * {by})" : "null",
        (given, _) => new(given.ValueKind == JsonValueKind.Null ? null : JsonSerializer.SerializeToElement($"{given.GetInt64()}")))
    {
        Arguments = "\"By what.\" by: Int",
        Description = "A product.",
    };
}
