// Who earned what? Reads a database of the economy, or a copy of it, with Marten alone: MartenSample
// "Host=...;Database=..." task-7
using EventSourced.Domain.Events;
using EventSourced.Domain.Market;
using EventSourced.Marten;
using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;

await using var store = DocumentStore.For(options =>
{
    options.Connection(args[0]);
    options.AddAgentEconomy();
    options.Projections.Add(new Earned(), ProjectionLifecycle.Async);
});

await using var session = store.QuerySession();
foreach (var happened in await session.Events.FetchStreamAsync(args[1]))
    Console.WriteLine($"{happened.Version,3} {happened.Timestamp:u} {happened.Data}");
var task = await session.Events.AggregateStreamAsync<Folded<Tasks.State>>(args[1]);
Console.WriteLine($"{args[1]} is {task!.State!.Status}, price {task.State.Price}");

using var daemon = await store.BuildProjectionDaemonAsync();
await daemon.StartAllAsync();
await daemon.WaitForNonStaleData(TimeSpan.FromMinutes(5));
var most = session.Query<Earnings>().OrderByDescending(one => one.Tasks).ThenBy(one => one.Id).Take(3);
foreach (var earned in await most.ToListAsync())
    Console.WriteLine($"{earned.Id} was paid for {earned.Tasks} tasks");

public sealed record Earnings(string Id, int Tasks);

public sealed class Earned : MultiStreamProjection<Earnings, string>
{
    public Earned() => Identity<TaskFinalized>(paid => $"agent-{paid.AgentId}");

    public override Earnings Evolve(Earnings? snapshot, string id, IEvent e) => new(id, (snapshot?.Tasks ?? 0) + 1);
}
