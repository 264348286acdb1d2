// One trace: the request's own id is the command's correlation id, and every step to the indexed event stands under it.
using System.Collections.Concurrent;
using System.Diagnostics;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class TraceTests(CommandWorld world)
{
    private static readonly string[] Steps =
        ["command accepted", "command signed", "command broadcast", "command included", "command indexed"];

    [Fact]
    public async Task One_trace_leads_from_the_request_to_the_indexed_event()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "EventSourced.Commands" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var person = await world.SomebodyAsync();
        var signing = await person.SignAsync("agents.register", new() { ["agentURI"] = "ipfs://traced" });
        Answered taken;
        ActivityTraceId trace;
        using (var asking = new Activity("an agent asks").Start())
        {
            trace = asking.TraceId;
            taken = await person.TryRelayAsync(signing);
        }

        Assert.True(taken.Status == 202, $"{taken}\n{world.Faults}");
        Assert.Equal(trace.ToHexString(), (string?)taken.Body["correlationId"]);
        Answered? status = null;
        await Eventually.TrueAsync(
            async () => (status = await person.GetAsync($"{taken.Location}".TrimStart('/'))).Body["events"] is not null,
            () => $"{status}\n{world.Faults}");
        var events = status!.Body["events"]!.AsArray();
        var sequence = (long)events[0]!["sequence"]!;
        await Eventually.TrueAsync(
            () => Steps.All(step => Mine().Any(span => span.OperationName == step)),
            () => string.Join(", ", Mine().Select(span => span.OperationName)));
        Assert.Contains(Mine(), span => span.Source.Name == "Microsoft.AspNetCore" && span.Kind == ActivityKind.Server);
        Assert.All(
            Mine().Where(span => Steps.Contains(span.OperationName)),
            span => Assert.Equal((string?)taken.Body["id"], $"{span.GetTagItem("command.id")}"));
        var indexed = Assert.Single(Mine(), span => span.OperationName == "command indexed");
        Assert.Equal(
            string.Join(',', events.Select(one => (long)one!["sequence"]!)), indexed.GetTagItem("event.sequences"));
        // The place is the index's own: the agent of this very asker.
        var found = await person.QueryAsync(
            $"{{ agents(where: {{ owner: {{ eq: \"{person.Address}\" }} }}) {{ nodes {{ id }} }} }}");
        Assert.Equal((string?)found["agents"]!["nodes"]![0]!["id"], (string?)events[0]!["stream"]);
        await using var question = world.Source.CreateCommand(
            $"select stream_id from {Tables.TableNames.Events} where seq_id = $1");
        question.Parameters.Add(new NpgsqlParameter { Value = sequence });
        Assert.Equal((string?)events[0]!["stream"], (string?)await question.ExecuteScalarAsync());

        IEnumerable<Activity> Mine() => spans.Where(span => span.TraceId == trace);
    }
}
