// Events and streams: what is stored is what is answered, pages go through it without a gap, and a state is what the
// indexer folded.

using System.Text.Json;
using EventSourced.Api.Model;
using EventSourced.Projections;

namespace EventSourced.Api.Tests;

[Collection(ServedTests.Name)]
public class StreamTests(ServedWorld world)
{
    private const string EventFields =
        "id position stream version type data block { number hash timestamp } logIndex ordinal isDerived";

    [Fact]
    public async Task Pages_of_events_go_through_the_chain_without_a_gap_in_both_directions()
    {
        var last = await world.ValueAsync<long>("select last_sequence from es_indexer");
        foreach (var order in new[] { "ASC", "DESC" })
        {
            var found = new List<long>();
            string? after = null;
            do
            {
                var data = await world.Api.DataAsync(
                    $$"""query($after: String) { events(first: 700, after: $after, order: {{order}}) { nodes { position } pageInfo { hasNextPage endCursor } } }""",
                    new { after });
                var page = data.GetProperty("events");
                found.AddRange(
                    page.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("position").GetInt64()));
                after = page.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean()
                    ? page.GetProperty("pageInfo").GetProperty("endCursor").GetString()
                    : null;
            }
            while (after is not null);
            var expected = Enumerable.Range(1, (int)last).Select(position => (long)position);
            Assert.Equal(order == "ASC" ? expected : expected.Reverse(), found);
        }
    }

    [Fact]
    public async Task An_event_has_its_data_and_its_place_in_the_chain()
    {
        var data = await world.Api.DataAsync(
            $$"""{ events(types: ["task_created"], first: 5) { nodes { {{EventFields}} transaction } } }""");
        var nodes = data.GetProperty("events").GetProperty("nodes").EnumerateArray().ToList();
        Assert.NotEmpty(nodes);
        foreach (var node in nodes)
        {
            Assert.Equal("task_created", node.GetProperty("type").GetString());
            var stream = node.GetProperty("stream").GetString()!;
            Assert.Equal(stream, $"task-{node.GetProperty("data").GetProperty("TaskId").GetRawText().Trim('"')}");
            var block = node.GetProperty("block");
            var header = await world.Chain.Client.GetHeaderAsync(
                block.GetProperty("number").GetUInt64(), CancellationToken.None);
            Assert.Equal(header!.Hash.ToString(), block.GetProperty("hash").GetString());
            var receipt = await world.Chain.Client.GetReceiptAsync(
                new Ethereum.Hash32(Convert.FromHexString(node.GetProperty("transaction").GetString()![2..])),
                CancellationToken.None);
            Assert.Equal(header.Number, receipt!.BlockNumber);
        }
    }

    [Fact]
    public async Task Events_are_found_by_their_blocks()
    {
        var (from, to) = await MiddleAsync();
        var data = await world.Api.DataAsync(
            "query($from: Long!, $to: Long!) { events(fromBlock: $from, toBlock: $to, first: 1000) { nodes { position block { number } } } }",
            new { from, to });
        var found = data.GetProperty("events").GetProperty("nodes").EnumerateArray().ToList();
        Assert.NotEmpty(found);
        Assert.All(found, node => Assert.InRange(node.GetProperty("block").GetProperty("number").GetInt64(), from, to));
        var expected = await world.ValueAsync<long>(
            $"select (select max(last_sequence) from es_block where number <= {to}) - coalesce((select max(last_sequence) from es_block where number < {from}), 0)");
        Assert.Equal(Math.Min(expected, 1000), found.Count);
    }

    [Fact]
    public async Task The_state_of_every_stream_is_its_row()
    {
        foreach (var model in ReadModels.All.Where(model => model.HasVersion))
        {
            var ids = new List<string>();
            await using (var command = world.Database.Source.CreateCommand(
                "select id from mt_streams where id like $1 order by id limit 400"))
            {
                command.Parameters.AddWithValue($"{model.Fold.Name}-%");
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync()) ids.Add(reader.GetString(0));
            }

            foreach (var id in ids.Where(id => Streams.EventRoutes.Find(id)!.Value.Model == model).Take(12))
            {
                var data = await world.Api.DataAsync(
                    "query($id: ID!) { stream(id: $id) { kind version state } }", new { id });
                var stream = data.GetProperty("stream");
                Assert.Equal(model.Fold.Name, stream.GetProperty("kind").GetString());
                await AssertIsRowAsync(model, id, stream.GetProperty("state"));
            }
        }
    }

    [Fact]
    public async Task A_task_is_folded_to_each_of_its_versions()
    {
        var id =
            await world.ValueAsync<string>("select id from mt_streams where id like 'task-%' and id ~ '^task-[0-9]+$' order by version desc, id limit 1");
        var versions = await world.ValueAsync<long>($"select version from mt_streams where id = '{id}'");
        Assert.True(versions > 3, $"expected a task with a story, found {versions} events");
        var statuses = new List<string>();
        var compared = 0;
        for (var version = 1; version <= versions; version++)
        {
            var data = await world.Api.DataAsync(
                "query($id: ID!, $version: Long!) { stream(id: $id) { state(version: $version) events(first: 1000) { nodes { version type } } } }",
                new { id, version });
            var stream = data.GetProperty("stream");
            statuses.Add(stream.GetProperty("state").GetProperty("status").GetRawText());
            Assert.Equal(versions, stream.GetProperty("events").GetProperty("nodes").GetArrayLength());
            if (await LastOfItsBlockAsync(id, version) is not { } block) continue;
            await AssertIsRowAsync(
                ReadModels.All.First(model => model.TypeName == "Task"), id, stream.GetProperty("state"), block);
            compared++;
        }

        Assert.True(compared > 2, $"expected versions that end their blocks, found {compared}");

        Assert.Equal("0", statuses[0]);
        Assert.True(
            statuses.Distinct().Count() > 2, $"expected statuses that change, found {string.Join(' ', statuses)}");
    }

    [Theory]
    [InlineData("""{ stream(id: "task-1") { state(version: 1000000) } }""", "expected a version of task-1 from 1 to")]
    [InlineData("""{ stream(id: "task-1") { state(version: 0) } }""", "expected a version of task-1 from 1 to")]
    [InlineData("""{ events(types: ["no_such_thing"]) { nodes { id } } }""", "expected the name of an event type")]
    [InlineData("""{ events(after: "x") { nodes { id } } }""", "expected the cursor of an event")]
    [InlineData("""{ events(first: -1) { nodes { id } } }""", "expected first of at least 0")]
    public async Task What_cannot_be_answered_is_told_in_words(string query, string expected) =>
        Assert.StartsWith(expected, (await world.Api.ErrorsAsync(query))[0].GetProperty("message").GetString(),
            StringComparison.Ordinal);

    [Fact]
    public async Task What_is_no_stream_is_null()
    {
        var data = await world.Api.DataAsync(
            """{ a: stream(id: "task-999999999") { id } b: stream(id: "nothing") { id } c: stream(id: "") { id } }""");
        Assert.All(data.EnumerateObject(), field => Assert.Equal(JsonValueKind.Null, field.Value.ValueKind));
    }

    // The block of a version, where nothing else moved the task in it.
    private async Task<long?> LastOfItsBlockAsync(string id, long version)
    {
        await using var command = world.Database.Source.CreateCommand(
            """
            with place as (select seq_id, ('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint as block
                             from mt_events where stream_id = $1 and version = $2)
            select block from place p join es_block b on b.number = p.block
             where not exists (select from mt_events e where e.seq_id > p.seq_id and e.seq_id <= b.last_sequence
                               and (e.stream_id = $1 or e.type in ('work_lease_started', 'workflow_step_linked')))
            """);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(version);
        return (long?)await command.ExecuteScalarAsync();
    }

    private async Task<(long From, long To)> MiddleAsync()
    {
        var middle = await world.ValueAsync<long>(
            "select number from es_block order by number offset (select count(*) / 2 from es_block) limit 1");
        return (middle, middle + 20);
    }

    // The state's JSON is the domain's, the row's is the schema's: they agree in every number and text.
    private async Task AssertIsRowAsync(ReadModel model, string id, JsonElement state, long? block = null)
    {
        var table = ReadApiModel.Create().Table(model.TypeName);
        var fields = table.Columns
            .Where(column => column.Expression is null)
            .Where(column => column.Scalar.Name is "ID" or "Int" or "Long" or "Wei" or "BigInt" or "Bytes32"
                or "Address" or "String" && !column.HasNone)
            .Where(column => column.Field != "id").ToList();
        var data = await world.Api.DataAsync(
            $$"""query($id: ID!, $block: BlockInput) { {{table.SingleField}}(id: $id, block: $block) { {{string.Join(' ', fields.Select(column => column.Field).Prepend("id"))}} } }""",
            new { id, block = block is null ? null : new { number = block } });
        var row = data.GetProperty(table.SingleField);
        foreach (var field in fields)
        {
            var name = model.Columns.First(column => column.Name == field.Name).Field;
            Assert.Equal(
                row.GetProperty(field.Field).ToString(), state.GetProperty(name).ToString(), ignoreCase: false);
        }
    }
}
