// An economy without a human: tasks are posted, and hosts do the rest: bids, work, checks, disputes, panels, payments.
// Enters: ES_TASKS (how many; few by default), the seed. Leaves: every task settled, every lie caught, and a table of
// times. Always holds: the vault's accounts are together what the vault holds.
using System.Globalization;
using EventSourced.Ethereum;
using EventSourced.Sandbox.Engines;
using EventSourced.Sandbox.Receipts;
using EventSourced.Testing;
using EventSourced.Workers.Documents;
using EventSourced.World;
using Xunit.Abstractions;
using Status = EventSourced.Domain.Market.Tasks.Status;

namespace EventSourced.Economy.Tests;

[Collection(TownTests.Name)]
public sealed class EconomyTests(Town town, ITestOutputHelper output)
{
    private const int OneLieOf = 20;
    private const ulong Step = 3_601;
    private const int MostSteps = 120;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static int Tasks =>
        int.TryParse(Environment.GetEnvironmentVariable("ES_TASKS"), CultureInfo.InvariantCulture, out var tasks)
            ? tasks : 20;

    [Fact]
    public async Task All_tasks_are_settled_every_lie_is_caught_and_no_money_is_made_or_lost()
    {
        var seed = Seed.FromEnvironment();
        output.WriteLine($"seed {seed.Value}, {Tasks} tasks; again with ES_SEED={seed.Value} ES_TASKS={Tasks}");
        var random = seed.Generator();
        var lies = Enumerable.Range(0, Tasks).OrderBy(_ => random.Next())
            .Take(Math.Max(1, Tasks / OneLieOf)).ToHashSet();
        var (honest, lied) = (new List<ulong>(), new List<ulong>());
        for (var task = 0; task < Tasks; task++)
        {
            if (lies.Contains(task)) lied.Add(await LieAsync(task));
            else honest.Add(await town.PostAsync(town.Worker, await SpecAsync(task)));
        }

        foreach (var task in honest)
            await town.SeesAsync(task, one => one.Task.Status is Status.Verifying or Status.Finalized);
        await TimesAsync(honest);
        foreach (var task in lied)
            await town.SeesAsync(task, one => one.Task.Status is Status.Disputed or Status.Cancelled);
        // Time passes in steps shorter than every window of the court, so that nobody misses one.
        string Open() => $"select count(*) from model.task where task_id = any(array[{string.Join(',', honest.Concat(lied))}]) and status < 7";
        for (var step = 0; step < MostSteps && await town.CountAsync(Open()) > 0; step++)
        {
            await town.PassAsync(Step);
            await town.Shore.Anvil.MineAsync(24, CancellationToken.None);
            await Task.Delay(Pause);
        }

        Assert.Equal(0, await town.CountAsync(Open()));
        foreach (var task in honest)
            await town.SeesAsync(task, one => one.Task.Status == Status.Finalized);
        foreach (var task in lied)
            await town.SeesAsync(task, one => one.Task is { Status: Status.Cancelled, Cause: 3 });
        await MustBeConservedAsync();
    }

    private Task<Hash32> SpecAsync(int task) => town.SpecAsync(
        Town.Repository("agents/summarizer/summarizer.wasm"),
        System.Text.Encoding.UTF8.GetBytes($"Task {task} has a text. The text is about task {task}. It is short."), "1");

    // Half of the lies contradict their receipts, half are honest work on another input.
    private async Task<ulong> LieAsync(int number)
    {
        var module = Town.Repository("agents/summarizer/summarizer.wasm");
        using var engine = new SandboxEngine();
        var run = new Execution
        {
            Module = module,
            Input = "A lie."u8.ToArray(),
            Arguments = ["1"],
            Limits = Work.Usual,
        };
        var other = run.Run(engine);
        var receipt = await town.KeepAsync(other.Receipt.HashedText());
        var liar = town.Liar.Key.Address;
        var task = await town.PostAsync(town.Liar, await SpecAsync(number));
        await town.SendAsync(
            liar, "TaskMarket", "placeBid", task, town.Liar.AgentId, Cast.Credits(100), 1UL, Hash32.Zero);
        await town.SendAsync(liar, "WorkLeases", "start", task);
        var result = number % 2 == 0 ? await town.KeepAsync(other.Output) : await town.KeepAsync("a lie"u8.ToArray());
        await town.SendAsync(liar, "TaskMarket", "submit", task, result, receipt, "ipfs://nothing");
        return task;
    }

    // From the moment in which a match was seen to the block that holds the delivery.
    private async Task TimesAsync(List<ulong> tasks)
    {
        foreach (var task in tasks) await town.EndOfAsync($"execute-{task}-");
        await using var command = town.Source.CreateCommand(
            $"""
            select percentile_cont(0.5) within group (order by extract(epoch from changed_at - created_at)),
                   percentile_cont(0.95) within group (order by extract(epoch from changed_at - created_at))
              from commands.job where kind = 2 and subject = any(array[{string.Join(',', tasks)}])
            """);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        output.WriteLine(
            $"{tasks.Count} tasks from match to delivery: p50 {reader.GetDouble(0):0.000} s, p95 {reader.GetDouble(1):0.000} s");
    }

    private async Task MustBeConservedAsync()
    {
        await using var command = town.Source.CreateCommand(
            "select coalesce(sum(balance), 0)::text from model.account");
        var inAccounts = EventSourced.Ethereum.UInt256.Parse((string)(await command.ExecuteScalarAsync())!);
        var held = (await town.AskAsync("Credit", "balanceOf", town.Shore.Contracts["Vault"].Address))[0].AsUInt256();
        Assert.Equal(held, inAccounts);
    }
}
