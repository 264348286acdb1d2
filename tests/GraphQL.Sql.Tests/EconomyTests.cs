// The planner over tables in the form that the indexer makes: every kind of column, ids of nodes, blocks and finality,
// one snapshot, orders through relations, groups, search.
using System.Globalization;
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.TypeSystem;
using EventSourced.GraphQL.Tests;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.GraphQL.Sql.Tests;

public sealed class EconomyTests(Economy economy) : IClassFixture<Economy>
{
    [Theory]
    [InlineData("{ job(id: \"job-4\", block: { number: 30 }) { id jobId status price delta locks rounds createdAt startedAt isOpen terms need skills board dueAt } }", """{"job":{"id":"job-4","jobId":"4","status":"RUNNING","price":"4000000000000000000","delta":"-182","locks":1,"rounds":0,"createdAt":"2026-01-02T20:26:40Z","startedAt":null,"isOpen":true,"terms":"0x","need":"0x0000000000000000000000000000000000000000000000000000000000000004","skills":["1","4","100"],"board":["0x0000000000000000000000000000000000000000000000000000000000000004"],"dueAt":"2026-01-01T00:00:04Z"}}""")]
    [InlineData("{ job(id: 6, block: { number: 30 }) { id skills board dueAt startedAt terms } }",
        """{"job":{"id":"job-6","skills":[],"board":[],"dueAt":null,"startedAt":"2026-01-04T11:20:00Z","terms":"0x0f0f"}}""")]
    [InlineData("{ job(id: 5) { board worker { id } } }",
        """{"job":{"board":["0x0000000000000000000000000000000000000000000000000000000000000000","0x0000000000000000000000000000000000000000000000000000000000000000"],"worker":null}}""")]
    [InlineData("{ a: worker(id: 3) { owner reputation transfers } b: worker(id: \"worker-1\", block: { number: 30 }) { owner reputation uri } }", """{"a":{"owner":null,"reputation":"1000000000000000000225","transfers":3},"b":{"owner":"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1","reputation":"-1000000000000000000000","uri":"ipfs://file/1 careful proof reading"}}""")]
    [InlineData("{ voter(id: \"0xBBBbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb3\") { id voter weight } }",
        """{"voter":{"id":"voter-0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb3","voter":"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb3","weight":"30"}}""")]
    [InlineData("{ jobNote(id: \"task \\\"4\\\"-\\\\1\") { id noteId text job { id } } }",
        """{"jobNote":{"id":"job-note-task \"4\"-\\1","noteId":"task \"4\"-\\1","text":"note 4 about foxes and a fox","job":{"id":"job-5"}}}""")]
    [InlineData("{ jobNote(id: \"job-note-task \\\"5\\\"-\\\\2\") { text } }", """{"jobNote":{"text":null}}""")]
    [InlineData("{ a: job(id: \"worker-4\") { id } b: job(id: \"x\") { id } c: voter(id: \"0x12\") { id } d: job(id: \"\") { id } }", """{"a":null,"b":null,"c":null,"d":null}""")]
    [InlineData("{ _progress { tip twice } jobs { totalCount } }",
        """{"_progress":{"tip":60,"twice":120},"jobs":{"totalCount":60}}""")]
    [InlineData("{ node(id: \"job-4\") { id __typename ... on Job { locks } ... on Worker { uri } } }",
        """{"node":{"id":"job-4","__typename":"Job","locks":1}}""")]
    [InlineData("{ node(id: \"job-note-task \\\"4\\\"-\\\\1\") { __typename ... on JobNote { noteId } } }",
        """{"node":{"__typename":"JobNote","noteId":"task \"4\"-\\1"}}""")]
    [InlineData("{ a: node(id: \"nothing-4\") { id } b: node(id: \"job-999\") { id } c: node(id: \"job\") { id } d: node(id: \"job-\") { id } }", """{"a":null,"b":null,"c":null,"d":null}""")]
    [InlineData("{ nodes(ids: [\"worker-2\", \"job-4\", \"job-x\", \"voter-0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb2\", \"zzz\", \"worker-2\", \"worker-777\"]) { id ... on Job { locks } ... on Worker { transfers } ... on Voter { weight } } }", """{"nodes":[{"id":"worker-2","transfers":2},{"id":"job-4","locks":1},null,{"id":"voter-0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb2","weight":"20"},null,{"id":"worker-2","transfers":2},null]}""")]
    [InlineData("{ a: nodes(ids: []) { id } b: nodes(ids: \"x\") { id } }", """{"a":[],"b":[null]}""")]
    [InlineData("query ($a: ID! = \"job-4\", $b: [ID!]! = [\"worker-1\", \"job-1\"]) { node(id: $a) { id } nodes(ids: $b) { id } two: nodes(ids: [$a, \"job-2\"]) { id } }", """{"node":{"id":"job-4"},"nodes":[{"id":"worker-1"},{"id":"job-1"}],"two":[{"id":"job-4"},{"id":"job-2"}]}""")]
    public async Task What_is_selected_comes_back(string document, string expected) =>
        Assert.Equal($$"""{"data":{{expected}}}""", await economy.Executor.JsonAsync(document));

    // What PostgreSQL made is copied to the response, and the length that the response promises is the one that it has.
    [Theory]
    [InlineData("{ a: job(id: 4) { id } jobs(first: 3) { nodes { id } } no: job(id: 5) @skip(if: true) { id } }", true)]
    [InlineData("{ job(id: 999) { id } }", true)]
    [InlineData("{ job(id: 4) @skip(if: true) { id } }", true)]
    [InlineData("{ __typename job(id: 4) { id } }", false)]
    [InlineData("{ job(id: 4, block: { number: 999 }) { id } }", false)]
    public async Task A_response_has_the_length_that_it_promises(string document, bool isKnown)
    {
        var result = Assert.IsType<OperationResult>(await economy.Executor.ExecuteAsync(document));
        Assert.Equal(isKnown, result.Length is not null);
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(result.ToJson()), result.Length ?? result.ToJson().Length);
        Assert.True(JsonDocument.Parse(result.ToJson()).RootElement.TryGetProperty("data", out _));
    }

    // Each filter beside the SQL condition that it must mean.
    [Theory]
    [InlineData("id: { eq: \"job-3\" }", "job_id = 3")]
    [InlineData("id: { in: [3, \"job-5\", \"worker-6\", \"x\"] }", "job_id in (3, 5)")]
    [InlineData("id: { nin: [3, \"job-5\", \"x\"] }", "job_id not in (3, 5)")]
    [InlineData("id: { neq: \"x\" }", "true")]
    [InlineData("jobId: { eq: 3 }", "job_id = 3")]
    [InlineData("status: { eq: RUNNING }", "status = 2")]
    [InlineData("status: { in: [CREATED, DONE] }", "status in (0, 7)")]
    [InlineData("status: { nin: [CREATED, DONE] }", "status = 2")]
    [InlineData("price: { gt: \"30000000000000000000\" }", "price > 30000000000000000000")]
    [InlineData("delta: { lt: \"-70\" }", "delta < -70")]
    [InlineData("locks: { in: [0, 2, 70000] }", "locks in (0, 2)")]
    [InlineData("locks: { lt: 70000 }", "true")]
    [InlineData("createdAt: { lt: \"2026-01-05T00:00:00Z\" }", "created_at < 1767571200")]
    [InlineData("startedAt: { eq: null }", "started_at = 0")]
    [InlineData("startedAt: { neq: null }", "started_at <> 0")]
    [InlineData("startedAt: { lt: \"2026-01-05T00:00:00Z\" }", "started_at < 1767571200 and started_at <> 0")]
    [InlineData("terms: { eq: \"0x0F0f\" }", "terms = '\\x0f0f'")]
    [InlineData(
        "need: { in: [\"0x0000000000000000000000000000000000000000000000000000000000000003\"] }", "job_id % 6 = 3")]
    [InlineData("skills: { contains: 2 }", "2 = any(skills)")]
    [InlineData("skills: { any: false }", "skills = '{}'")]
    [InlineData("skills: { any: true, contains: null }", "skills <> '{}'")]
    [InlineData("board: { contains: \"0x0000000000000000000000000000000000000000000000000000000000000001\" }",
        "job_id % 5 = 1 and job_id % 3 > 0")]
    [InlineData("board: { contains: \"0x0100000000000000000000000000000000000000000000000000000000000000\" }", "false")]
    [InlineData("board: { any: true }", "job_id % 3 > 0")]
    [InlineData("dueAt: { eq: null }", "due_at is null")]
    [InlineData("worker: { owner: { eq: null } }", "worker_id in (3, 6, 9, 12)")]
    [InlineData("worker: { id: { eq: \"worker-4\" } }", "worker_id = 4")]
    [InlineData("not: { worker: { transfers: { gte: 0 } } }", "worker_id = 0")]
    [InlineData("worker: { uri: { matches: \"translation fast\" } }", "worker_id % 2 = 0 and worker_id > 0")]
    [InlineData("worker: { uri: { matches: \"\\\"proof reading\\\" -careful\" } }", "false")]
    [InlineData("notes: { some: { text: { matches: \"quick or foxes\" } } }",
        "exists (select 1 from model.job_note n where n.job_id = job.job_id and n.text <> '')")]
    [InlineData("notes: { some: { text: { matches: \"'); drop table job; -- & | ! <-> :* (\" } } }", "false")]
    public async Task A_filter_means_its_condition(string filter, string condition)
    {
        var json = await economy.Executor.JsonAsync(
            $"{{ jobs(first: 100, where: {{ {filter} }}) {{ nodes {{ jobId }} totalCount }} }}");
        await using var command = economy.Database.CreateCommand(
            $"select coalesce(array_agg(job_id order by job_id), '{{}}') from model.job where {condition}");
        var expected = (long[])(await command.ExecuteScalarAsync())!;
        Assert.StartsWith("{\"data\"", json, StringComparison.Ordinal);
        var found = JsonDocument.Parse(json).RootElement.GetProperty("data").GetProperty("jobs");
        Assert.Equal(expected, Ids(found));
        Assert.Equal(expected.Length, found.GetProperty("totalCount").GetInt32());
    }

    // Each order beside the one that SQL must have; rows without the relation last, whatever the direction.
    [Theory]
    [InlineData("{ worker: { reputation: DESC } }", "w.reputation desc nulls last, j.job_id")]
    [InlineData("{ worker: { reputation: ASC } }", "w.reputation nulls last, j.job_id")]
    [InlineData("{ status: DESC }, { worker: { transfers: ASC } }, { worker: { id: DESC } }",
        "j.status desc, w.transfers nulls last, w.worker_id desc nulls last, j.job_id")]
    [InlineData("{ id: DESC }", "j.job_id desc")]
    [InlineData("{ startedAt: DESC }, { worker: { uri: ASC } }, { price: DESC }",
        "j.started_at desc, w.uri nulls last, j.price desc, j.job_id")]
    [InlineData(
        "{ dueAt: ASC }, { worker: { owner: DESC } }", "j.due_at nulls last, w.owner desc nulls last, j.job_id")]
    public async Task Pages_walk_through_an_order_of_relations_in_both_directions(string order, string sql)
    {
        await using var command = economy.Database.CreateCommand(
            "select array_agg(j.job_id order by " + sql
                + ") from model.job j left join model.worker w using (worker_id)");
        var expected = (long[])(await command.ExecuteScalarAsync())!;
        foreach (var size in new[] { 7, 60 })
        {
            Assert.Equal(expected, await WalkAsync(order, "first", "after", "endCursor", "hasNextPage", size));
            Assert.Equal(expected, await WalkAsync(order, "last", "before", "startCursor", "hasPreviousPage", size));
        }
    }

    [Theory]
    [InlineData(
        "distinctOn: [status], order: [{ status: DESC }, { price: DESC }]", "status desc, price desc", "status")]
    [InlineData("distinctOn: [locks, status]", "locks, status, job_id", "locks, status")]
    [InlineData("distinctOn: [status], order: [{ status: ASC }, { worker: { reputation: DESC } }]",
        "status, (select reputation from model.worker w where w.worker_id = job.worker_id) desc nulls last, job_id",
        "status")]
    public async Task Of_rows_that_are_alike_only_the_first_comes(string arguments, string order, string distinct)
    {
        await using var command = economy.Database.CreateCommand(
            $"select array_agg(job_id) from (select distinct on ({distinct}) job_id from model.job order by {order}) x");
        var expected = (long[])(await command.ExecuteScalarAsync())!;
        var whole = await PageAsync($"first: 100, {arguments}");
        Assert.Equal(expected, Ids(whole));
        Assert.Equal(expected.Length, whole.GetProperty("totalCount").GetInt32());

        var walked = new List<long>();
        for (var cursor = ""; ;)
        {
            var page = await PageAsync($"first: 2, {arguments}{cursor}");
            walked.AddRange(Ids(page));
            if (!page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean())
                break;
            cursor = $", after: \"{page.GetProperty("pageInfo").GetProperty("endCursor").GetString()}\"";
        }

        Assert.Equal(expected, walked);
    }

    [Theory]
    [InlineData("by: [{ field: status }, { field: isOpen }]",
        "key { status isOpen createdAt } count sum { price } avg { delta } min { price createdAt } max { startedAt }")]
    [InlineData("by: [{ field: createdAt, bucket: WEEK }], order: KEY_ASC", "key { createdAt } count")]
    [InlineData("by: { field: createdAt, bucket: DAY }, order: KEY_DESC, first: 3", "key { createdAt } count")]
    public async Task Groups_are_what_SQL_groups(string arguments, string selection)
    {
        var json = await economy.Executor.JsonAsync(
            $"{{ jobs(block: {{ number: 30 }}) {{ aggregates {{ groupBy({arguments}) {{ {selection} }} }} }} }}");
        var groups = JsonDocument.Parse(json).RootElement.GetProperty("data").GetProperty("jobs")
            .GetProperty("aggregates").GetProperty("groupBy").EnumerateArray().Select(group => group.ToString());
        string[] expected = arguments[..20] switch
        {
            "by: [{ field: status" =>
            [
                """{"key":{"status":"CREATED","isOpen":false,"createdAt":null},"count":10,"sum":{"price":"300000000000000000000"},"avg":{"delta":0},"min":{"price":"3000000000000000000","createdAt":"2026-01-02T09:20:00Z"},"max":{"startedAt":"2026-02-02T23:40:00Z"}}""",
                """{"key":{"status":"CREATED","isOpen":true,"createdAt":null},"count":10,"sum":{"price":"330000000000000000000"},"avg":{"delta":21},"min":{"price":"6000000000000000000","createdAt":"2026-01-03T18:40:00Z"},"max":{"startedAt":"2026-02-01T06:00:00Z"}}""",
            ],
            "by: [{ field: create" =>
            [
                """{"key":{"createdAt":"2025-12-29T00:00:00Z"},"count":8}""",
                """{"key":{"createdAt":"2026-01-05T00:00:00Z"},"count":15}""",
                """{"key":{"createdAt":"2026-01-12T00:00:00Z"},"count":15}""",
                """{"key":{"createdAt":"2026-01-19T00:00:00Z"},"count":15}""",
                """{"key":{"createdAt":"2026-01-26T00:00:00Z"},"count":7}""",
            ],
            _ =>
            [
                """{"key":{"createdAt":"2026-01-28T00:00:00Z"},"count":2}""",
                """{"key":{"createdAt":"2026-01-27T00:00:00Z"},"count":2}""",
                """{"key":{"createdAt":"2026-01-26T00:00:00Z"},"count":3}""",
            ],
        };
        Assert.Equal(expected, groups.Take(expected.Length));
    }

    [Theory]
    [InlineData("HOUR", "date_trunc('hour', to_timestamp(nullif(started_at, 0)), 'UTC')")]
    [InlineData("DAY", "date_trunc('day', to_timestamp(nullif(started_at, 0)), 'UTC')")]
    [InlineData("WEEK", "date_trunc('week', to_timestamp(nullif(started_at, 0)), 'UTC')")]
    [InlineData("MONTH", "date_trunc('month', to_timestamp(nullif(started_at, 0)), 'UTC')")]
    public async Task Times_are_gathered_as_the_calendar_has_them(string bucket, string sql)
    {
        await using var command = economy.Database.CreateCommand(
            $"select array_agg(coalesce(to_char(k at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), '') || ' ' || " +
            $"n) from (select {sql} as k, count(*) as n from model.job group by 1 order by 1) x");
        var expected = (string[])(await command.ExecuteScalarAsync())!;
        var json = await economy.Executor.JsonAsync(
            $"{{ jobs {{ aggregates {{ groupBy(by: {{ field: startedAt, bucket: {bucket} }}, order: KEY_ASC) {{ key " +
            "{ startedAt } count } } } }");
        var found = JsonDocument.Parse(json).RootElement.GetProperty("data").GetProperty("jobs")
            .GetProperty("aggregates").GetProperty("groupBy").EnumerateArray().Select(group =>
                $"{group.GetProperty("key").GetProperty("startedAt").GetString()} {group.GetProperty("count")}");
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData("block: { number: 30 }", 30)]
    [InlineData("block: { number: 31 }", 31)]
    [InlineData("block: { number: \"32\" }", 32)]
    [InlineData("block: { hash: \"0x0000000000000000000000000000000000000000000000000000000000000021\" }", 33)]
    [InlineData("block: { hash: \"0xAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\" }", 60)]
    [InlineData("block: { hash: \"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\" }", 48)]
    [InlineData("block: { numberAtLeast: 7 }", 60)]
    [InlineData("block: { ago: 9 }", 51)]
    [InlineData("block: { ago: 0 }", 60)]
    [InlineData("finality: LATEST", 60)]
    [InlineData("finality: SAFE", 48)]
    [InlineData("finality: FINALIZED", 48)]
    [InlineData("finality: FINALIZED, block: { ago: 3 }", 45)]
    [InlineData("finality: FINALIZED, block: { number: 48 }", 48)]
    [InlineData("finality: FINALIZED, block: { numberAtLeast: 40 }", 48)]
    [InlineData("finality: FINALIZED, block: null", 48)]
    [InlineData("finality: null, block: null", 60)]
    public async Task A_block_is_named_in_every_way(string arguments, int block)
    {
        const string body = "nodes { id status price startedAt worker { reputation } } totalCount";
        await using var command = economy.Database.CreateCommand(
            $"select sum(price)::text from (select price from model.job where valid_from <= {block} union all select price from model.job_history where valid_from <= {block} and valid_to > {block}) x");
        var sum = (string)(await command.ExecuteScalarAsync())!;
        var json = await economy.Executor.JsonAsync(
            $"{{ jobs(first: 100, {arguments}) {{ {body} aggregates {{ sum {{ price }} }} }} }}");
        Assert.Contains($$"""
            "sum":{"price":"{{sum}}"}
            """, json, StringComparison.Ordinal);
        Assert.Equal(
            await economy.Executor.JsonAsync(
                $"{{ jobs(first: 100, block: {{ number: {block} }}) {{ {body} aggregates {{ sum {{ price }} }} }} }}"),
            json);
    }

    [Fact]
    public async Task Every_query_at_a_block_equals_the_same_query_on_tables_that_end_there() =>
        await Seed.RunAsync(async random =>
    {
        string[] bodies =
        [
            "jobs(first: 9, order: [{ worker: { reputation: DESC } }, { startedAt: ASC }] #) { edges { cursor node { id status worker { id reputation } notes(first: 2, order: { text: DESC }) { nodes { id text } totalCount } } } pageInfo { hasNextPage endCursor } }",
            "jobs(last: 9, order: [{ worker: { uri: ASC } }], where: { startedAt: { neq: null } } #) { nodes { id startedAt } totalCount }",
            "jobs(distinctOn: [status, locks], order: [{ locks: DESC }, { status: ASC }, { price: DESC }], first: 4 #) { nodes { id status locks price } totalCount pageInfo { endCursor } }",
            "jobs(where: { or: [{ worker: { reputation: { lt: \"0\" } } }, { notes: { some: { text: { matches: \"fox\" } } } }] } #) { aggregates { count groupBy(by: [{ field: status }, { field: startedAt, bucket: MONTH }], order: KEY_ASC) { key { status startedAt } count sum { price delta locks } min { startedAt } avg { rounds } } } }",
            "nodes(ids: [\"job-7\", \"worker-3\", \"job-60\", \"voter-0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb3\"] #) { id ... on Job { status worker { reputation } } ... on Worker { reputation jobs(first: 3) { nodes { id price } } } }",
            "jobs(first: 7, order: [{ id: DESC }] #) { nodes { id status } pageInfo { endCursor } }",
            "jobs(where: { id: { in: [2, \"job-30\", 59] } } #) { nodes { id status price } }",
            "worker(id: 5 #) { reputation jobs(where: { skills: { contains: 2 } }) { nodes { id skills board } aggregates { max { price } } } }",
        ];
        for (var round = 0; round < 6; round++)
        {
            var block = random.Next(Economy.First, Economy.Tip + 1);
            var then = Economy.MakeExecutor(economy.Database, await PastAsync(block));
            foreach (var body in bodies)
            {
                var expected = await then.JsonAsync($"{{ {body.Replace("#", "", StringComparison.Ordinal)} }}");
                Assert.StartsWith("{\"data\"", expected, StringComparison.Ordinal);
                Assert.Equal(expected, await economy.Executor.JsonAsync(
                    $"{{ {body.Replace("#", $", block: {{ number: {block} }}", StringComparison.Ordinal)} }}"));
                Assert.Equal(expected, await economy.Executor.JsonAsync(
                    $"{{ {body.Replace("#", $", block: {{ ago: {Economy.Tip - block} }}", StringComparison.Ordinal)} }}"));
            }
        }
    });

    // Whatever stands in an argument reaches SQL as a parameter or is refused: the text of a statement depends on the
    // form of the variables alone.
    [Fact]
    public async Task No_text_of_a_client_becomes_SQL()
    {
        string[] corpus =
        [
            "'; drop table model.job; --", "' or '1'='1", "\\'; select pg_sleep(10); --", "$1", "'' || version() || ''",
            "job-4'; --", "job-4) or (1=1", "worker--1", "job-", "-", "job", "nosuch-1", "job-4::text", "job-$1", "b0",
            "(select at from b0)", "0x'; drop", "0xzz", "%' escape '", "{{7*7}}", "E'\\047'", "a\u0000b", "job-\u0000",
            "DAY'; drop table x", "CREATED", "2026-01-01'", "1e9", "9223372036854775808", "-1", "", "\ud83d\ude00", "ʼ",
            Convert.ToBase64String("[\"1'; drop table model.job; --\"]"u8), Convert.ToBase64String("[\"\\u0000\"]"u8),
            Convert.ToBase64String("[\"1\",\"x' or true\"]"u8), Convert.ToBase64String("[null]"u8), "W10=", "bnVsbA==",
        ];
        string[] documents =
        [
            "query ($v: ID!) { node(id: $v) { id } }", "query ($v: ID!) { nodes(ids: [$v, $v]) { id } }",
            "query ($v: ID!) { job(id: $v) { id } }", "query ($v: ID!) { voter(id: $v) { id } }",
            "query ($v: ID!) { jobNote(id: $v) { id } }",
            "query ($v: ID!) { jobs(where: { id: { in: [$v] } }) { totalCount } }",
            "query ($v: ID) { jobs(where: { skills: { contains: $v } }) { totalCount } }",
            "query ($v: Bytes32) { jobs(where: { board: { contains: $v }, need: { eq: $v } }) { totalCount } }",
            "query ($v: Bytes) { jobs(where: { terms: { neq: $v } }) { totalCount } }",
            "query ($v: String) { workers(where: { uri: { matches: $v } }) { totalCount } }",
            "query ($v: String) { workers(where: { uri: { contains: $v } }) { totalCount } }",
            "query ($v: String) { jobs(after: $v) { nodes { id } } }",
            "query ($v: String) { jobs(before: $v, order: [{ worker: { uri: DESC } }]) { nodes { id } } }",
            "query ($v: String) { jobNotes(after: $v, order: [{ text: DESC }]) { nodes { id } } }",
            "query ($v: String) { jobs(after: $v, distinctOn: status) { nodes { id } } }",
            "query ($v: String!) { job(id: 1, block: { hash: $v }) { id } }",
            "query ($v: Long!) { job(id: 1, block: { number: $v }) { id } }",
            "query ($v: Long!) { job(id: 1, block: { ago: $v }) { id } }",
            "query ($v: Finality) { job(id: 1, finality: $v) { id } }",
            "query ($v: JobStatus) { jobs(where: { status: { eq: $v } }) { totalCount } }",
            "query ($v: BigInt) { jobs(where: { delta: { eq: $v } }) { totalCount } }",
            "query ($v: DateTime) { jobs(where: { startedAt: { lt: $v } }) { totalCount } }",
            "query ($v: JobGroupField!) { jobs { aggregates { groupBy(by: { field: $v }) { count } } } }",
            "query ($v: TimeBucket) { jobs { aggregates { groupBy(by: { field: createdAt, bucket: $v }) { count } } } }",
            "query ($v: GroupOrder) { jobs { aggregates { groupBy(by: { field: status }, order: $v) { count } } } }",
            "query ($v: JobField!) { jobs(distinctOn: [$v]) { totalCount } }",
            "query ($v: SortDirection!) { jobs(order: [{ price: $v }]) { totalCount } }",
            "query ($v: JobFilter) { jobs(where: $v) { totalCount } }",
        ];
        string[] quiet =
        [
            ErrorCodes.BadUserInput, ErrorCodes.UnknownBlock, ErrorCodes.BlockNotIndexed, ErrorCodes.LimitExceeded,
        ];
        foreach (var text in corpus)
        {
            foreach (var document in documents)
            {
                var result = Assert.IsType<OperationResult>(await economy.Executor.ExecuteAsync(
                    OperationRequest.FromText(document) with
                    {
                        Variables = JsonElement.Parse($"{{\"v\":{JsonSerializer.Serialize(text)}}}"),
                    }));
                Assert.All(result.Errors, error => Assert.Contains(error.Code, quiet));
                Assert.All(
                    result.Errors, error => Assert.DoesNotContain("compare", error.Message, StringComparison.Ordinal));
            }
        }

        Assert.Equal(
            """{"data":{"jobs":{"totalCount":60}}}""", await economy.Executor.JsonAsync("{ jobs { totalCount } }"));
    }

    // A transaction moves weight from one table's row to another's over and over: no request may see it in both or
    // none.
    [Fact]
    public async Task All_root_fields_of_an_operation_see_one_snapshot()
    {
        const int rounds = 150;
        const string document =
            "{ a: voter(id: \"0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb4\") { weight } b: node(id: \"voter-0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb5\") { ... on Voter { weight } } c: voters { aggregates { count } totalCount } _progress { tip } }";
        using var stop = new CancellationTokenSource();
        var moving = Task.Run(async () =>
        {
            for (var round = 0; !stop.IsCancellationRequested; round++)
            {
                var (a, b) = round % 2 == 0 ? (4, 5) : (5, 4);
                await economy.RunAsync($"update model.voter set weight = case voter when decode(lpad('{a}', 40, 'b'), 'hex') then 90 when decode(lpad('{b}', 40, 'b'), 'hex') then 0 else weight end");
            }
        });
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                var data = JsonDocument.Parse(
                    await economy.Executor.JsonAsync(document)).RootElement.GetProperty("data");
                var sum = Weight(data.GetProperty("a")) + Weight(data.GetProperty("b"));
                Assert.Equal(90, sum);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await moving;
            await economy.RunAsync("update model.voter set weight = 40 where voter = decode(lpad('4', 40, 'b'), 'hex'); update model.voter set weight = 50 where voter = decode(lpad('5', 40, 'b'), 'hex')");
        }

        static int Weight(JsonElement voter) =>
            int.Parse(voter.GetProperty("weight").GetString()!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Everything_that_a_client_can_name_has_a_description()
    {
        var schema = economy.Executor.Schema;
        var bare = new List<string>();
        foreach (var type in schema.Types.Where(type => !type.Name.StartsWith("__", StringComparison.Ordinal)))
        {
            Check(type.Name, type.Name == "Query" ? "root" : type.Description);
            if (type is ComplexType complex)
            {
                foreach (var field in complex.Fields)
                {
                    Check($"{type}.{field.Name}", field.Description);
                    foreach (var argument in field.Arguments)
                        Check($"{type}.{field.Name}({argument.Name})", argument.Description);
                }
            }

            foreach (var field in (type as InputObjectType)?.Fields ?? MemberCollection<InputField>.Empty)
                Check($"{type}.{field.Name}", field.Description);
            foreach (var value in (type as EnumType)?.Values ?? MemberCollection<EnumValue>.Empty)
                Check($"{type}.{value.Name}", value.Description);
        }

        Assert.Equal(["JobStatus.DONE", "JobStatus.RUNNING"], bare.Order());

        void Check(string name, string? description)
        {
            if (string.IsNullOrWhiteSpace(description))
                bare.Add(name);
        }
    }

    // Tables in a schema of their own that hold what was true at a block, and nothing of what came later.
    private async Task<string> PastAsync(int block)
    {
        var schema = $"past{block}";
        await economy.RunAsync($"drop schema if exists {schema} cascade; {Economy.Tables(schema)}");
        foreach (var table in new[] { "worker", "job", "job_note", "voter" })
        {
            await economy.RunAsync($"""
                insert into {schema}.{table} select * from model.{table} where valid_from <= {block};
                insert into {schema}.{table} select (jsonb_populate_record(null::{schema}.{table}, to_jsonb(h))).* from model.{table}_history h where valid_from <= {block} and valid_to > {block};
                """);
        }

        return schema;
    }

    private static long[] Ids(JsonElement page) =>
        [.. page.GetProperty("nodes").EnumerateArray()
            .Select(node => long.Parse(node.GetProperty("jobId").GetString()!, CultureInfo.InvariantCulture))];

    private async Task<JsonElement> PageAsync(string arguments)
    {
        var json = await economy.Executor.JsonAsync(
            $"{{ jobs({arguments}) {{ nodes {{ jobId }} totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}");
        Assert.StartsWith("{\"data\"", json, StringComparison.Ordinal);
        return JsonDocument.Parse(json).RootElement.GetProperty("data").GetProperty("jobs");
    }

    private async Task<List<long>> WalkAsync(
        string order, string size, string towards, string cursorOf, string more, int count)
    {
        var walked = new List<long>();
        for (var cursor = ""; ;)
        {
            var page = await PageAsync($"{size}: {count}, order: [{order}]{cursor}");
            walked.InsertRange(size == "first" ? walked.Count : 0, Ids(page));
            var info = page.GetProperty("pageInfo");
            if (!info.GetProperty(more).GetBoolean())
                return walked;
            cursor = $", {towards}: \"{info.GetProperty(cursorOf).GetString()}\"";
        }
    }
}
