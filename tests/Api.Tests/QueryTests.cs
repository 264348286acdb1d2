// Every root field and every relation over an indexed world, against what the tables hold.
using System.Globalization;
using System.Text;
using System.Text.Json;
using EventSourced.Api.Model;
using EventSourced.GraphQL.Sql;


namespace EventSourced.Api.Tests;

[Collection(ServedTests.Name)]
public class QueryTests(ServedWorld world)
{
    private static readonly SqlModel Model = ReadApiModel.Create();

    public static TheoryData<string> Types => [.. Model.Tables.Select(table => table.TypeName)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Every_read_model_answers_one_row_all_rows_and_figures(string type)
    {
        var table = Model.Table(type);
        var columns = string.Join(
            ' ', table.Columns.Where(column => column.Field != "id").Select(column => column.Field));
        var data = await world.Api.DataAsync(
            $$"""{ {{table.ManyField}}(first: 1000) { totalCount aggregates { count } nodes { id {{columns}} } edges { cursor } pageInfo { hasNextPage } } }""");
        var page = data.GetProperty(table.ManyField);
        var count = await world.Database.CountAsync($"select count(*) from {table.Name}");
        Assert.Equal(count, page.GetProperty("totalCount").GetInt64());
        Assert.Equal(count, page.GetProperty("aggregates").GetProperty("count").GetInt64());
        Assert.Equal(Math.Min(count, 1000), page.GetProperty("nodes").GetArrayLength());
        if (count == 0) return;
        var id = page.GetProperty("nodes")[0].GetProperty("id").GetString()!;
        Assert.StartsWith(table.Prefix + "-", id, StringComparison.Ordinal);
        var one = await world.Api.DataAsync(
            $$"""query($id: ID!, $key: ID!) { node(id: $id) { __typename id } a: {{table.SingleField}}(id: $id) { {{columns}} } b: {{table.SingleField}}(id: $key) { id } }""",
            new { id, key = id[(table.Prefix!.Length + 1)..] });
        Assert.Equal(type, one.GetProperty("node").GetProperty("__typename").GetString());
        Assert.Equal(id, one.GetProperty("node").GetProperty("id").GetString());
        Assert.Equal(id, one.GetProperty("b").GetProperty("id").GetString());
        foreach (var field in one.GetProperty("a").EnumerateObject())
            Assert.Equal(page.GetProperty("nodes")[0].GetProperty(field.Name).GetRawText(), field.Value.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Every_relation_leads_to_the_rows_that_the_tables_relate(string type)
    {
        var table = Model.Table(type);
        foreach (var relation in table.Relations)
        {
            var target = Model.Table(relation.Target);
            var inner = relation.IsMany ? "(first: 500) { nodes { id } }" : "{ id }";
            var data = await world.Api.DataAsync(
                $$"""{ {{table.ManyField}}(first: 20) { nodes { id {{relation.Field}} {{inner}} } } }""");
            foreach (var row in data.GetProperty(table.ManyField).GetProperty("nodes").EnumerateArray())
            {
                var found = row.GetProperty(relation.Field);
                var ids = !relation.IsMany
                    ? found.ValueKind == JsonValueKind.Null ? [] : new[] { found.GetProperty("id").GetString()! }
                    : [.. found.GetProperty(
                        "nodes").EnumerateArray().Select(node => node.GetProperty("id").GetString()!)];
                var expected = await IdsAsync(target, table, relation, row.GetProperty("id").GetString()!);
                Assert.Equal(expected.Order(StringComparer.Ordinal), ids.Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Filters_pages_orders_and_figures_work_together()
    {
        var all = await world.Api.DataAsync(
            "{ tasks(first: 1000) { totalCount nodes { id maxPrice agent { id } bids { totalCount } } } }");
        var rows = all.GetProperty("tasks").GetProperty("nodes").EnumerateArray().ToList();
        var withBids = rows.Where(row => row.GetProperty("bids").GetProperty("totalCount").GetInt32() > 0)
            .OrderByDescending(
                row => decimal.Parse(row.GetProperty("maxPrice").GetString()!, CultureInfo.InvariantCulture))
            .Select(row => row.GetProperty("maxPrice").GetString()).ToList();
        Assert.NotEmpty(withBids);
        var found = new List<string?>();
        string? after = null;
        do
        {
            var data = await world.Api.DataAsync(
                """
                query($after: String) {
                  tasks(first: 3, after: $after, where: { bids: { any: true } }, order: [{ maxPrice: DESC }]) {
                    totalCount aggregates { max { maxPrice } } nodes { maxPrice } pageInfo { hasNextPage endCursor }
                  }
                }
                """,
                new { after });
            var page = data.GetProperty("tasks");
            Assert.Equal(withBids.Count, page.GetProperty("totalCount").GetInt32());
            Assert.Equal(
                withBids[0], page.GetProperty("aggregates").GetProperty("max").GetProperty("maxPrice").GetString());
            found.AddRange(
                page.GetProperty("nodes").EnumerateArray().Select(row => row.GetProperty("maxPrice").GetString()));
            after = page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean()
                ? page.GetProperty("pageInfo").GetProperty("endCursor").GetString()
                : null;
        }
        while (after is not null);
        Assert.Equal(withBids, found);
    }

    [Fact]
    public async Task Tasks_are_grouped_by_state_and_day()
    {
        var data = await world.Api.DataAsync(
            """
            { tasks { aggregates { groupBy(by: [{ field: status }, { field: createdAt, bucket: DAY }]) { key { status createdAt } count sum { maxPrice } } } } }
            """);
        var groups = data.GetProperty(
            "tasks").GetProperty("aggregates").GetProperty("groupBy").EnumerateArray().ToList();
        Assert.Equal(
            await world.Database.CountAsync("select count(*) from model.task"),
            groups.Sum(group => group.GetProperty("count").GetInt64()));
        Assert.All(groups,
            group =>
                Assert.EndsWith("T00:00:00Z", group.GetProperty("key").GetProperty("createdAt").GetString(),
                    StringComparison.Ordinal));
    }

    [Fact]
    public async Task Zero_is_null_where_the_domain_says_that_it_is_none()
    {
        var data = await world.Api.DataAsync(
            "{ tasks(where: { agentId: { eq: null } }) { totalCount nodes { agentId agent { id } } } }");
        Assert.Equal(
            await world.Database.CountAsync("select count(*) from model.task where agent_id = 0"),
            data.GetProperty("tasks").GetProperty("totalCount").GetInt64());
        Assert.All(data.GetProperty("tasks").GetProperty("nodes").EnumerateArray(), row =>
        {
            Assert.Equal(JsonValueKind.Null, row.GetProperty("agentId").ValueKind);
            Assert.Equal(JsonValueKind.Null, row.GetProperty("agent").ValueKind);
        });
    }

    [Fact]
    public async Task Texts_are_searched_by_their_words()
    {
        var word = await world.ValueAsync<string>(
            "select w.lexeme from model.evidence e, unnest(to_tsvector('simple', e.text)) w order by length(w.lexeme) desc, w.lexeme limit 1");
        var data = await world.Api.DataAsync(
            "query($word: String!) { allEvidence(where: { text: { matches: $word } }) { totalCount } }", new { word });
        Assert.True(data.GetProperty("allEvidence").GetProperty("totalCount").GetInt64() > 0);
    }

    [Fact]
    public async Task The_index_tells_how_far_it_is_in_the_snapshot_of_the_rows()
    {
        var data = await world.Api.DataAsync(
            """
            { tasks(first: 1) { totalCount }
              _meta { block { number hash timestamp } finalizedBlock { number } chainHead lag hasIntegrityViolations catalogHash stateRoot
                      deployment lastPosition reorgs rebuild { model percent } } }
            """);
        var meta = data.GetProperty("_meta");
        var ledger = await world.Database.ProgressAsync();
        Assert.Equal(ledger.Tip!.Value.Number, meta.GetProperty("block").GetProperty("number").GetUInt64());
        Assert.Equal(ledger.Tip!.Value.Hash.ToString(), meta.GetProperty("block").GetProperty("hash").GetString());
        Assert.Equal(
            ledger.Finalized!.Value.Number, meta.GetProperty("finalizedBlock").GetProperty("number").GetUInt64());
        Assert.Equal(ledger.StateRoot!.Value.ToString(), meta.GetProperty("stateRoot").GetString());
        Assert.Equal(ledger.Deployment, meta.GetProperty("deployment").GetString());
        Assert.Equal(ledger.LastSequence, meta.GetProperty("lastPosition").GetInt64());
        Assert.Equal(Domain.Events.EventCatalog.Hash, meta.GetProperty("catalogHash").GetString());
        // The API runs alone here: what only the indexing process knows is null.
        Assert.Equal(JsonValueKind.Null, meta.GetProperty("chainHead").ValueKind);
        Assert.Equal(JsonValueKind.Null, meta.GetProperty("rebuild").ValueKind);
        Assert.False(meta.GetProperty("hasIntegrityViolations").GetBoolean());
    }

    private async Task<List<string>> IdsAsync(SqlTable target, SqlTable table, SqlRelation relation, string id)
    {
        var key = table.Columns.First(column => column.Field == table.Key);
        var own = new StringBuilder($"select o.{relation.TargetColumn} is not null, ");
        var shown = target.Columns.First(column => column.Field == target.Key);
        own.Append(shown.Scalar.Before.Contains("0x", StringComparison.Ordinal)
            ? $"'{target.Prefix}-0x' || encode(o.{shown.Name}, 'hex')"
            : $"'{target.Prefix}-' || o.{shown.Name}");
        var match = key.Scalar.Before.Contains("0x", StringComparison.Ordinal)
            ? $"'0x' || encode(t.{key.Name}, 'hex')" : $"t.{key.Name}::text";
        own.Append(CultureInfo.InvariantCulture,
            $" from {table.Name} t join {target.Name} o on o.{relation.TargetColumn} = t.{relation.Column} where {match} = $1");
        await using var command = world.Database.Source.CreateCommand(own.ToString());
        command.Parameters.AddWithValue(id[(table.Prefix!.Length + 1)..]);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync()) ids.Add(reader.GetString(1));
        return ids;
    }
}
