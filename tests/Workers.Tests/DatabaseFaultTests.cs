// Database and node that fail while commands come: connections cut before and after any message, answers lost, refused,
// late. Afterwards each command happened once.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.RpcFaults;
using EventSourced.Simulation.Tests;
using EventSourced.Testing;
using EventSourced.Workers.Relaying;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class DatabaseFaultTests(Shore shore)
{
    // A transaction is some fifty messages: at half a percent every fourth one breaks.
    private const double DatabaseChance = 0.005;
    private const double NodeChance = 0.05;
    private const int Commands = 40;

    [Fact]
    public Task Two_hosts_in_a_storm_of_database_and_node_lose_and_double_nothing() => Seed.RunAsync(async random =>
    {
        await using var office = await Office.OpenAsync(shore);
        await using var database = new DatabaseProxy(office.Database);
        await using var node = await FaultProxy.StartAsync(
            shore.Chain.Endpoint,
            FaultPlans.Random(random.Next(), NodeChance, Fault.Refuse, Fault.Truncate, Fault.HalfJson,
                    Fault.Unavailable, Fault.Html));
        using var account = await shore.AccountAsync();
        var weather = new Random(random.Next());
        database.Live(_ =>
        {
            lock (weather)
                return weather.NextDouble() >= DatabaseChance ? DatabaseFault.None
                    : weather.Next(2) == 0 ? DatabaseFault.CutBefore : DatabaseFault.CutAfter;
        });
        for (var host = 0; host < 2; host++) office.Start(
            Keyring.Of(account), node: node.Endpoint, database: database.ConnectionString);
        SigningKey[] people = [.. Enumerable.Range(0, Commands).Select(_ => SigningKey.Generate())];
        await Task.WhenAll(people.Select(person => office.AcceptAsync(office.Register(person, 0, "key"))));
        await Eventually.TrueAsync(async () =>
            await office.CountAsync($"select count(*) from {CommandTables.Command} where phase >= 4") == Commands
            && database.CountOf(DatabaseFault.CutAfter) + database.CountOf(DatabaseFault.CutBefore) > 10,
            office.Said);
        database.Live(DatabaseProxy.Calm);
        node.Plan = FaultPlans.Calm;
        await office.DrainAsync();
        foreach (var person in people) Assert.Equal(1UL, await shore.AgentsOfAsync(person.Address));
        Assert.Equal(
            Commands, await office.CountAsync($"select count(*) from {CommandTables.Command} where phase = 5"));
        Assert.Equal((ulong)Commands, await shore.UsedAsync(account.Address));
    });
}
