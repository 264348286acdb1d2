// The planner on a real PostgreSQL: what is selected comes back, filters and orders mean what they say, pages walk
// through all rows, the past is the past, and no text of a client becomes SQL.
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.Tests;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.GraphQL.Sql.Tests;

public sealed class SqlTests(Market market) : IClassFixture<Market>
{
    [Theory]
    [InlineData("{ agent(id: 1) { id name owner rating __typename } }",
        """{"agent":{"id":"1","name":"Ada \"the\\first\" \né","owner":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1","rating":37,"__typename":"Agent"}}""")]
    [InlineData("{ agent(id: 99) { id } }", """{"agent":null}""")]
    [InlineData("{ agent(id: \"not a number\") { id } }", """{"agent":null}""")]
    [InlineData("{ a: task(id: 14, block: { number: 20 }) { amount: amountWei createdAt deadline state isPaid title agent { id } parent { id } } }", """{"a":{"amount":"14000000000000000000000","createdAt":"2026-01-01T05:00:00.123456Z","deadline":"2026-02-05T00:00:00.000000Z","state":"FINAL","isPaid":true,"title":null,"agent":{"id":"3"},"parent":null}}""")]
    [InlineData("{ task(id: 8) { ...F parent { ...F parent { id } } } } fragment F on Task { id parent { id } }",
        """{"task":{"id":"8","parent":{"id":"4","parent":{"id":"2"}}}}""")]
    [InlineData("query ($yes: Boolean = true, $no: Boolean = false) { task(id: 3) { id @include(if: $yes) state @include(if: $no) ... @skip(if: $yes) { isPaid } } }", """{"task":{"id":"3"}}""")]
    [InlineData("{ agents(first: 2) { nodes { id } pageInfo { hasNextPage hasPreviousPage } totalCount } }",
        """{"agents":{"nodes":[{"id":"1"},{"id":"2"}],"pageInfo":{"hasNextPage":true,"hasPreviousPage":false},"totalCount":12}}""")]
    [InlineData("{ agents(last: 2) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }",
        """{"agents":{"nodes":[{"id":"11"},{"id":"12"}],"pageInfo":{"hasNextPage":false,"hasPreviousPage":true}}}""")]
    [InlineData("{ agents(where: { id: { eq: 99 } }) { nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }", """{"agents":{"nodes":[],"edges":[],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":null,"endCursor":null},"totalCount":0}}""")]
    [InlineData("{ agents(first: 0) { nodes { id } pageInfo { hasNextPage endCursor } } }",
        """{"agents":{"nodes":[],"pageInfo":{"hasNextPage":true,"endCursor":null}}}""")]
    [InlineData("{ task(id: 9) { bids(first: 2, order: [{ price: DESC }], block: null) { totalCount } } }", null)]
    [InlineData("{ tasks(block: { number: 20 }) { aggregates { count sum { amountWei } avg { amountWei } min { amountWei } max { amountWei } groupBy(by: { field: state }) { key { state } count } } } }", """{"tasks":{"aggregates":{"count":60,"sum":{"amountWei":"1830000000000000000000000"},"avg":{"amountWei":3.05e+22},"min":{"amountWei":"1000000000000000000000"},"max":{"amountWei":"60000000000000000000000"},"groupBy":[{"key":{"state":"FINAL"},"count":20},{"key":{"state":"OPEN"},"count":20},{"key":{"state":"RUNNING"},"count":20}]}}}""")]
    [InlineData("{ tasks(where: { id: { eq: 99 } }) { aggregates { count sum { amountWei } avg { amountWei } groupBy(by: [{ field: state }]) { key { state } } } } }", """{"tasks":{"aggregates":{"count":0,"sum":{"amountWei":null},"avg":{"amountWei":null},"groupBy":[]}}}""")]
    public async Task What_is_selected_comes_back(string document, string? expected)
    {
        var json = await market.Executor.JsonAsync(document);
        if (expected is null)
            Assert.Contains("Unknown argument \\\"block\\\"", json, StringComparison.Ordinal);
        else
            Assert.Equal($$"""{"data":{{expected}}}""", json);
    }

    // Each filter beside the SQL condition that it must mean.
    [Theory]
    [InlineData("id: { eq: 3 }", "id = 3")]
    [InlineData("id: { neq: 3 }", "id <> 3")]
    [InlineData("id: { in: [3, 5, 99] }", "id in (3, 5, 99)")]
    [InlineData("id: { in: [] }", "false")]
    [InlineData("id: { nin: [3, 5] }", "id not in (3, 5)")]
    [InlineData("title: { eq: null }", "title is null")]
    [InlineData("title: { neq: null }", "title is not null")]
    [InlineData("title: { neq: \"Title 40\" }", "title is distinct from 'Title 40'")]
    [InlineData("title: { contains: \"LE 4\" }", "title ilike '%le 4%'")]
    [InlineData("title: { startsWith: \"title 3\" }", "title ilike 'title 3%'")]
    [InlineData("title: { endsWith: \"0\" }", "title ilike '%0'")]
    [InlineData("title: { contains: \"%\" }", "false")]
    [InlineData("title: { contains: \"_\" }", "false")]
    [InlineData("state: { in: [OPEN, FINAL] }", "state in ('OPEN', 'FINAL')")]
    [InlineData("amountWei: { gt: \"30000000000000000000000\", lte: \"40000000000000000000009\" }",
        "amount_wei > 30000000000000000000000 and amount_wei <= 40000000000000000000009")]
    [InlineData("createdAt: { gte: \"2026-01-01T03:00:00Z\", lt: \"2026-01-01T09:00:00+02:00\" }",
        "created_at >= '2026-01-01 03:00Z' and created_at < '2026-01-01 07:00Z'")]
    [InlineData("isPaid: { eq: true }", "is_paid")]
    [InlineData("not: { title: { eq: \"Title 40\" } }", "title is distinct from 'Title 40'")]
    [InlineData("or: [{ id: { lt: \"3\" } }, { and: [{ id: { gt: 50 } }, { isPaid: { eq: false } }] }]", null)]
    [InlineData("or: [{ id: { eq: 3 } }, { and: [{ isPaid: { eq: false } }, { state: { eq: OPEN } }] }]",
        "id = 3 or (not is_paid and state = 'OPEN')")]
    [InlineData("or: []", "false")]
    [InlineData("and: []", "true")]
    [InlineData("agent: { name: { eq: \"Agent 5\" } }", "agent_id = 5")]
    [InlineData("parent: { agent: { id: { eq: 3 } } }", "parent_id in (select id from task where agent_id = 3)")]
    [InlineData("not: { parent: { isPaid: { eq: true } } }",
        "not exists (select 1 from task p where p.id = task.parent_id and p.is_paid)")]
    [InlineData("bids: { some: { price: { gt: 40 } } }", "id in (select task_id from bid where price > 40)")]
    [InlineData("bids: { none: { price: { gt: 40 } } }", "id not in (select task_id from bid where price > 40)")]
    [InlineData("bids: { all: { price: { lt: 40 } } }", "id not in (select task_id from bid where price >= 40)")]
    [InlineData("bids: { any: false }", "id not in (select task_id from bid)")]
    [InlineData("bids: { any: true, some: { bidder: { id: { eq: 4 } } } }",
        "id in (select task_id from bid where agent_id = 4)")]
    public async Task A_filter_means_its_condition(string filter, string? condition)
    {
        var json =
            await market.Executor.JsonAsync(
                $"{{ tasks(first: 100, where: {{ {filter} }}) {{ nodes {{ id }} totalCount }} }}");
        if (condition is null)
        {
            Assert.Contains("Field \\\"lt\\\" is not defined by type \\\"IDFilter\\\"", json, StringComparison.Ordinal);
            return;
        }

        await using var command =
            market.Database.CreateCommand(
                $"select coalesce(array_agg(id order by id), '{{}}') from task where {condition}");
        var expected = (long[])(await command.ExecuteScalarAsync())!;
        var found = JsonDocument.Parse(json).RootElement.GetProperty("data").GetProperty("tasks");
        Assert.Equal(
            expected, found.GetProperty("nodes").EnumerateArray()
                .Select(node => long.Parse(node.GetProperty("id").GetString()!)));
        Assert.Equal(expected.Length, found.GetProperty("totalCount").GetInt32());
    }

    [Fact]
    public async Task Filters_by_variables_give_what_literals_give()
    {
        const string document =
            "query ($f: TaskFilter, $o: [TaskSort!], $n: Int, $s: TaskState, $ids: [ID!]) { a: tasks(where: $f, order: $o, first: $n) { nodes { id } } b: tasks(where: { state: { eq: $s }, id: { in: $ids } }) { nodes { id } } }";
        var byVariables =
            await market.Executor.JsonAsync(
                document,
                """{"f":{"isPaid":{"eq":true},"agent":{"id":{"in":["1","2","3"]}}},"o":[{"state":"DESC"},{"id":"DESC"}],"n":4,"s":"OPEN","ids":["1","2","3","4","5","6","7","8","9"]}""");
        var byLiterals =
            await market.Executor.JsonAsync(
                "{ a: tasks(where: { isPaid: { eq: true }, agent: { id: { in: [1, 2, 3] } } }, order: [{ state: DESC }, { id: DESC }], first: 4) { nodes { id } } b: tasks(where: { state: { eq: OPEN }, id: { in: [1, 2, 3, 4, 5, 6, 7, 8, 9] } }) { nodes { id } } }");
        Assert.Equal(byLiterals, byVariables);
        var ascending =
            await market.Executor.JsonAsync(
                document,
                """{"f":{"isPaid":{"eq":true},"agent":{"id":{"in":["1","2","3"]}}},"o":[{"state":"ASC"},{"id":"DESC"}],"n":4,"s":"FINAL","ids":[]}""");
        Assert.NotEqual(byLiterals, ascending);
    }

    [Fact]
    public async Task Pages_walk_through_all_rows_in_order_forwards_and_backwards() =>
        await Seed.RunAsync(async random =>
    {
        var columns = new[] { "id", "title", "state", "amountWei", "createdAt", "deadline", "isPaid" };
        for (var round = 0; round < 12; round++)
        {
            var order =
                string.Join(
                    ", ", Enumerable.Range(0, random.Next(0, 3))
                        .Select(_ =>
                            $"{{ {columns[random.Next(columns.Length)]}: {(random.Next(2) == 0 ? "ASC" : "DESC")} }}"));
            var whole = await IdsAsync($"first: 100, order: [{order}]");
            Assert.Equal(60, whole.Ids.Count);
            foreach (var (size, towards) in new[] { ("first", "after"), ("last", "before") })
            {
                var walked = new List<string>();
                var cursor = "";
                for (var more = true; more;)
                {
                    var page =
                        await IdsAsync(
                            $"{size}: {random.Next(1, 25)}, order: [{order}]{(cursor.Length > 0 ? $", {towards}: \"{cursor}\"" : "")}");
                    more = page.HasMore(size);
                    cursor = size == "first" ? page.End : page.Start;
                    walked.InsertRange(size == "first" ? walked.Count : 0, page.Ids);
                }

                Assert.Equal(whole.Ids, walked);
            }
        }
    });

    [Fact]
    public async Task Every_query_at_a_block_equals_the_same_query_on_a_database_that_ends_there() =>
        await Seed.RunAsync(async random =>
    {
        var bodies = new[]
        {
            "task(id: 7 #) { id title state agent { id rating } bids(first: 3, order: [{ price: DESC }]) { nodes { id price bidder { id rating } } totalCount } }",
            "tasks(first: 15, where: { bids: { some: { price: { gt: 20 } } } }, order: [{ title: DESC }, { state: ASC }] #) { edges { cursor node { id title } } pageInfo { hasNextPage endCursor } totalCount }",
            "tasks(last: 5, where: { agent: { rating: { gte: 2 } } } #) { nodes { id agent { tasks(first: 2) { nodes { id state } } } } }",
            "tasks(where: { not: { bids: { any: true } } } #) { aggregates { count sum { amountWei } groupBy(by: [{ field: state }]) { key { state } count max { amountWei } } } }",
            "bids(first: 100, where: { bidder: { rating: { gt: 1 } }, task: { state: { neq: OPEN } } } #) { nodes { id price } aggregates { sum { price } } }",
        };
        for (var round = 0; round < 8; round++)
        {
            var block = random.Next(0, Market.Blocks + 1);
            await using var past = await PastAsync(block);
            var then = Market.MakeExecutor(past);
            foreach (var body in bodies)
            {
                var expected = await then.JsonAsync($"{{ {body.Replace("#", "", StringComparison.Ordinal)} }}");
                Assert.Equal(
                    expected,
                    await market.Executor.JsonAsync(
                        $"{{ {body.Replace("#", $", block: {{ number: {block} }}", StringComparison.Ordinal)} }}"));
                Assert.Equal(
                    expected,
                    await market.Executor.JsonAsync(
                        $"{{ {body.Replace("#", $", block: {{ hash: \"0x{block:x64}\" }}", StringComparison.Ordinal)} }}"));
            }
        }
    });

    [Theory]
    [InlineData("{ task(id: 1, block: { number: 999 }) { id } }", ErrorCodes.BlockNotIndexed)]
    [InlineData("{ task(id: 1, block: { hash: \"0x00ff\" }) { id } }", ErrorCodes.UnknownBlock)]
    [InlineData("{ task(id: 1, block: { hash: \"zz\" }) { id } }", ErrorCodes.BadUserInput)]
    [InlineData("{ tasks(first: 1, last: 1) { nodes { id } } }", ErrorCodes.BadUserInput)]
    [InlineData("{ tasks(first: -1) { nodes { id } } }", ErrorCodes.BadUserInput)]
    [InlineData("{ tasks(after: \"nonsense\") { nodes { id } } }", ErrorCodes.BadUserInput)]
    [InlineData("{ tasks(after: \"WyIxIiwiMiJd\") { nodes { id } } }", ErrorCodes.BadUserInput)]
    [InlineData("{ tasks(first: 5000) { nodes { id } } }", ErrorCodes.LimitExceeded)]
    [InlineData("{ tasks(first: 1000) { nodes { bids(first: 1000) { nodes { id } } } } }", ErrorCodes.LimitExceeded)]
    [InlineData("{ tasks(where: { amountWei: { gt: \"1e5\" } }) { nodes { id } } }", ErrorCodes.Validation)]
    [InlineData("{ agents(where: { owner: { eq: \"0x12\" } }) { nodes { id } } }", ErrorCodes.Validation)]
    [InlineData("{ tasks(where: { createdAt: { gt: \"yesterday\" } }) { nodes { id } } }", ErrorCodes.Validation)]
    public async Task What_cannot_be_answered_is_refused_by_its_code(string document, string code)
    {
        var result = Assert.IsType<OperationResult>(await market.Executor.ExecuteAsync(document));
        Assert.Equal(code, Assert.Single(result.Errors).Code);
    }

    [Fact]
    public async Task No_text_of_a_client_becomes_SQL()
    {
        string[] corpus =
            ["'; drop table task; --", "' or '1'='1", "\\'; select pg_sleep(10); --", "$1",
                "'' || (select 1)::text || ''", "%' escape '", "\"; drop table task; --", "{{7*7}}", "U&'\\0027",
                "a\u0000b", "a\u02bcb", "/* */", "$$x$$", "E'\\047'"];
        foreach (var text in corpus)
        {
            var value = JsonSerializer.Serialize(text);
            foreach (
                var @operator in new[] { "eq", "neq", "gt", "gte", "lt", "lte", "contains", "startsWith", "endsWith" })
                await QuietAsync(
                    $"query ($v: String) {{ tasks(where: {{ title: {{ {@operator}: $v }} }}) {{ totalCount }} }}",
                    value);
            await QuietAsync(
                "query ($v: [String!]) { tasks(where: { title: { in: $v, nin: $v } }) { totalCount } }", value);
            await QuietAsync("query ($v: ID!) { task(id: $v) { id } }", value);
            await QuietAsync("query ($v: String) { tasks(after: $v) { totalCount nodes { id } } }", value);
            await QuietAsync("query ($v: String!) { task(id: 1, block: { hash: $v }) { id } }", value);
            await QuietAsync("query ($v: Wei) { tasks(where: { amountWei: { eq: $v } }) { totalCount } }", value);
            await QuietAsync("query ($v: DateTime) { tasks(where: { createdAt: { eq: $v } }) { totalCount } }", value);
            await QuietAsync("query ($v: TaskState) { tasks(where: { state: { eq: $v } }) { totalCount } }", value);
        }

        Assert.Equal(
            """{"data":{"tasks":{"totalCount":60}}}""", await market.Executor.JsonAsync("{ tasks { totalCount } }"));
    }

    [Fact]
    public async Task Requests_of_one_shape_share_a_statement()
    {
        const string document =
            "query ($id: ID!, $f: TaskFilter) { task(id: $id) { id } tasks(where: $f) { totalCount } }";
        var executor = Market.MakeExecutor(market.Database);
        for (var id = 1; id < 6; id++)
            Assert.StartsWith(
                $$$"""{"data":{"task":{"id":"{{{id}}}"},""",
                await executor.JsonAsync(document, $$$"""{"id":{{{id}}},"f":{"id":{"neq":{{{id}}} } } }"""),
                StringComparison.Ordinal);
        Assert.Contains(
            "\"totalCount\":60", await executor.JsonAsync(document, """{"id":1,"f":{}}"""), StringComparison.Ordinal);
        Assert.Contains(
            "\"totalCount\":60", await executor.JsonAsync(document, """{"id":1}"""), StringComparison.Ordinal);
        Assert.Contains(
            "\"totalCount\":1}", await executor.JsonAsync(document, """{"id":1,"f":{"id":{"eq":"7"}}}"""),
            StringComparison.Ordinal);
    }

    private async Task QuietAsync(string document, string value)
    {
        var result =
            Assert.IsType<OperationResult>(await market.Executor.ExecuteAsync(OperationRequest.FromText(document) with
            {
                Variables = JsonElement.Parse($"{{\"v\":{value}}}"),
            }));
        Assert.All(result.Errors, error => Assert.Equal(ErrorCodes.BadUserInput, error.Code));
    }

    private sealed record Page(List<string> Ids, string Start, string End, bool HasNext, bool HasPrevious)
    {
        public bool HasMore(string size) => size == "first" ? HasNext : HasPrevious;
    }

    private async Task<Page> IdsAsync(string arguments)
    {
        var json =
            await market.Executor.JsonAsync(
                $"{{ tasks({arguments}) {{ edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}");
        var page = JsonDocument.Parse(json).RootElement.GetProperty("data").GetProperty("tasks");
        var info = page.GetProperty("pageInfo");
        var edges = page.GetProperty("edges").EnumerateArray().ToList();
        Assert.Equal(edges[^1].GetProperty("cursor").GetString(), info.GetProperty("endCursor").GetString());
        return new(
            [.. edges.Select(edge => edge.GetProperty("node").GetProperty("id").GetString()!)],
            info.GetProperty("startCursor").GetString()!, info.GetProperty("endCursor").GetString()!,
            info.GetProperty("hasNextPage").GetBoolean(), info.GetProperty("hasPreviousPage").GetBoolean());
    }

    // A schema of its own that holds what was true at a block, and nothing of what came later.
    private async Task<NpgsqlDataSource> PastAsync(int block)
    {
        var tables = new[] { "agent", "task", "bid" };
        var copies = string.Concat(tables.Select(table => $"""
            insert into past{block}.{table} select * from public.{table} where valid_from <= {block};
            insert into past{block}.{table} select (jsonb_populate_record(null::past{block}.{table}, to_jsonb(h))).* from public.{table}_history h where valid_from <= {block} and valid_to > {block};
            """));
        await market.RunAsync($"""
            drop schema if exists past{block} cascade; create schema past{block}; set search_path = past{block}; {Market.Tables("", false)} {Market.Tables("_history", true)} {copies}
            """);
        return NpgsqlDataSource.Create($"{market.Database.ConnectionString};Search Path=past{block}");
    }
}
