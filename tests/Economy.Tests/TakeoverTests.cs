// Hosts that are killed (SIGKILL) while they work. Enters: ES_KILLS (how often; few by default), the seed. Leaves:
// tasks that are delivered once each, whoever died when. Always holds: a task goes on under the same lease, by another
// host.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Domain.Market;
using EventSourced.Host.Tests;
using EventSourced.Testing;
using Xunit.Abstractions;

namespace EventSourced.Economy.Tests;

[Collection(TownTests.Name)]
public sealed class TakeoverTests(Town town, ITestOutputHelper output)
{
    private const int LongestPauseMs = 1_500;
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(700);

    private static int Kills =>
        int.TryParse(Environment.GetEnvironmentVariable("ES_KILLS"), CultureInfo.InvariantCulture, out var kills)
            ? kills : 3;

    [Fact]
    public async Task A_task_whose_host_dies_is_finished_by_another_under_the_same_lease()
    {
        var seed = Seed.FromEnvironment();
        output.WriteLine($"seed {seed.Value}, {Kills} kills; again with ES_SEED={seed.Value} ES_KILLS={Kills}");
        var random = seed.Generator();
        town.Web.Answer = async (body, stream, cancellation) =>
        {
            await Task.Delay(Work, cancellation);
            await WebService.EchoAsync(body, stream, cancellation);
        };
        var victim = await town.StartHostAsync("workers");
        for (var kill = 0; kill < Kills; kill++)
        {
            ulong[] tasks =
            [
                await town.PostAsync(town.Caller, await town.SpecAsync(null, Text(kill, 1))),
                await town.PostAsync(town.Caller, await town.SpecAsync(null, Text(kill, 2))),
                await town.PostAsync(town.Worker, await town.SpecAsync(
                    Town.Repository("agents/summarizer/summarizer.wasm"), Text(kill, 3), "1")),
            ];
            var pause = random.Next(LongestPauseMs);
            await Task.Delay(pause);
            await victim.KillAsync();
            var died = Stopwatch.GetTimestamp();
            foreach (var task in tasks) await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Verifying);
            var later = Stopwatch.GetElapsedTime(died).TotalMilliseconds;
            output.WriteLine($"killed after {pause} ms; all delivered {later:0} ms later");
            foreach (var task in tasks)
            {
                Assert.Equal(1, await town.CountAsync($"select count(*) from model.work_lease where task_id = {task}"));
                Assert.Equal(1, await town.CountAsync($"select count(*) from model.submission where task_id = {task}"));
                Assert.Equal(1, await town.CountAsync(
                    $"select count(*) from model.task where task_id = {task} and round = 1"));
            }

            victim = await town.StartHostAsync("workers");
        }

        await victim.KillAsync();
        Assert.Equal(0, await town.CountAsync("select count(*) from commands.job where state = 2"));
    }

    private static byte[] Text(int kill, int which) => System.Text.Encoding.UTF8.GetBytes(
        $"The task {which} of kill {kill}. It has three sentences. They say little.");
}
