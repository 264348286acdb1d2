// An economy without a human, from the post to the money. Enters: ES_TASKS (how many; few by default), the seed.
// Leaves: every task settled, every lie caught, and a table of times. Always holds: the vault's accounts are together
// what the vault holds.
using System.Globalization;
using EventSourced.Testing;
using Xunit.Abstractions;

namespace EventSourced.Economy.Tests;

[Collection(TownTests.Name)]
public sealed class EconomyTests(Town town, ITestOutputHelper output)
{
    private const int OneLieOf = 20;

    private static int Tasks =>
        int.TryParse(Environment.GetEnvironmentVariable("ES_TASKS"), CultureInfo.InvariantCulture, out var tasks)
            ? tasks : 20;

    [Fact]
    public async Task All_tasks_are_settled_every_lie_is_caught_and_no_money_is_made_or_lost()
    {
        var seed = Seed.FromEnvironment();
        output.WriteLine($"seed {seed.Value}, {Tasks} tasks; again with ES_SEED={seed.Value} ES_TASKS={Tasks}");
        var lies = Math.Max(1, Tasks / OneLieOf);
        var economy = new Economy(town, seed.Generator(), (agent, spec) => town.CreateAsync(agent, spec));
        await economy.PostAsync(Tasks, lies);
        await economy.DeliveredAsync();
        await economy.SettleAsync();

        var (paid, caught, open) = await economy.EndsAsync();
        Assert.Equal((Tasks - lies, lies, 0), (paid, caught, open));
        Assert.Equal(0, await economy.TwiceAsync());
        var (inAccounts, held) = await economy.MoneyAsync();
        Assert.Equal(held, inAccounts);
        var times = (await economy.SecondsAsync()).Order().ToArray();
        Assert.Equal(Tasks - lies, times.Length);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{times.Length} tasks from match to delivery: p50 {times[times.Length / 2]:0.000} s, p95 {times[times.Length * 95 / 100]:0.000} s"));
    }
}
