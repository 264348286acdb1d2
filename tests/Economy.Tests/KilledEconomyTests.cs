// One economy whose workers are killed (SIGKILL) at random moments while it goes on. Enters: ES_ECONOMY_KILLS (how
// often; few by default; ./es sim economy sets it), the seed. Leaves: a table of outcomes, also in the file that
// ES_SIM_REPORT names. Always holds: no task is lost, none is done or paid twice, every lie is caught, and money is
// conserved, whoever died when; the index is never killed, so that what is told is what happened.
using System.Globalization;
using EventSourced.Host.Tests;
using EventSourced.Testing;
using Xunit.Abstractions;

namespace EventSourced.Economy.Tests;

[Collection(AloneTests.Name)]
public sealed class KilledEconomyTests(ITestOutputHelper output)
{
    private const int Hosts = 2;
    private const int TasksOfTenKills = 25;
    private const int LeastTasks = 10;
    private const int OneLieOf = 20;
    private const int LongestPauseMs = 1_500;
    private const int MostOpen = 30;
    private const int Told = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenPosts = TimeSpan.FromMilliseconds(200);

    private static int Kills =>
        int.TryParse(
            Environment.GetEnvironmentVariable("ES_ECONOMY_KILLS"), CultureInfo.InvariantCulture, out var kills)
            ? kills : 3;

    [Fact]
    public async Task An_economy_whose_workers_are_killed_at_random_moments_loses_and_doubles_nothing()
    {
        var seed = Seed.FromEnvironment();
        Say($"seed {seed.Value}, {Kills} kills; again with ES_SEED={seed.Value} ES_ECONOMY_KILLS={Kills}");
        var tasks = LeastTasks + Kills * TasksOfTenKills / 10;
        var town = new Town(new TownPlan { Roles = "indexer", Capacity = (ulong)tasks });
        try
        {
            await town.InitializeAsync();
            await LiveAsync(town, seed.Generator(), tasks);
        }
        catch (Exception failure) when (failure is not SeededFailureException)
        {
            throw new SeededFailureException(
                seed, new InvalidOperationException($"{failure.Message}\n{town.LastWords}", failure));
        }
        finally
        {
            await town.DisposeAsync();
        }
    }

    private async Task LiveAsync(Town town, Random random, int tasks)
    {
        var hosts = new HostProcess[Hosts];
        for (var host = 0; host < Hosts; host++) hosts[host] = await town.StartHostAsync("workers");
        var lies = Math.Max(1, tasks / OneLieOf);
        var (kills, posted) = (0, 0);
        var economy = new Economy(town, random, async (agent, spec) =>
        {
            // As many tasks on their way as the killed can bear, and some for each kill; a part of the kills is left
            // for the time in which lies are judged and work is paid.
            await Eventually.TrueAsync(async () =>
                posted <= LeastTasks + kills * TasksOfTenKills * 5 / 40
                && await town.CountAsync("select count(*) from model.task where status < 4") < MostOpen);
            posted++;
            await town.CreateAsync(agent, spec);
        })
        {
            Limit = Patience,
        };
        var killing = new Random(random.Next());
        using var enough = new CancellationTokenSource();
        // Kills go on from the first post to the last payment, until there were so many.
        var deaths = Task.Run(async () =>
        {
            while (kills < Kills && !enough.IsCancellationRequested)
            {
                var victim = killing.Next(Hosts);
                await Task.Delay(killing.Next(LongestPauseMs));
                await hosts[victim].KillAsync();
                hosts[victim] = await town.StartHostAsync("workers");
                if (++kills % Told == 0) Say($"{kills,6} kills");
            }
        });
        await economy.PostAsync(tasks, lies, BetweenPosts);
        await economy.DeliveredAsync();
        Say($"{tasks} tasks are delivered after {kills} kills, {lies} of them lies");
        await economy.SettleAsync(() => deaths.IsFaulted ? deaths : Task.CompletedTask);
        Say($"settled after {kills} kills");
        await enough.CancelAsync();
        await deaths;

        var (paid, caught, open) = await economy.EndsAsync();
        var twice = await economy.TwiceAsync();
        var (inAccounts, held) = await economy.MoneyAsync();
        Say($"{paid} paid of {tasks - lies}, {caught} lies caught of {lies}, {open} open, {twice} done twice after {kills} kills; {held} base units in the vault, {inAccounts} in its accounts");
        Assert.Equal((tasks - lies, lies, 0), (paid, caught, open));
        Assert.Equal(0, twice);
        Assert.Equal(held, inAccounts);
        Assert.Equal(0, await town.CountAsync("select count(*) from commands.job where state = 2"));
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("ES_SIM_REPORT") is { Length: > 0 } report)
            File.AppendAllText(report, line + "\n");
    }
}

// Tests with a town of their own: beside others they would take the processors from each other.
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneTests
{
    public const string Name = "alone";
}
