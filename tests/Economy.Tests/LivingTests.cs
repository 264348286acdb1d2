// What happens while work goes on: leases that would lapse, content that comes late, a file of agents that is edited
// under running hosts.
using System.Text;
using EventSourced.Content;
using EventSourced.Domain.Market;
using EventSourced.Ethereum;
using EventSourced.Testing;
using EventSourced.Workers.Documents;

namespace EventSourced.Economy.Tests;

[Collection(TownTests.Name)]
public sealed class LivingTests(Town town)
{
    // Half of a lease's time and a little.
    private const ulong HalfOfLease = 62;

    [Fact]
    public async Task Work_that_outlasts_its_lease_is_kept_alive_by_heartbeats_and_delivered_under_it()
    {
        var enough = new TaskCompletionSource();
        town.Web.Answer = async (body, stream, cancellation) =>
        {
            await enough.Task.WaitAsync(cancellation);
            await WebService.EchoAsync(body, stream, cancellation);
        };
        try
        {
            var task = await town.PostAsync(town.Caller, await town.SpecAsync(null, "long work"u8.ToArray()));
            await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Running);
            // Three halves of the lease: without heartbeats it would have lapsed.
            for (var beat = 1; beat <= 3; beat++)
            {
                await town.PassAsync(HalfOfLease);
                await town.BecomesAsync(
                    $"select coalesce(max(heartbeats), 0) >= {beat} from model.work_lease where task_id = {task}", 0);
            }

            enough.SetResult();
            await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Verifying);
            Assert.Equal(1, await town.CountAsync(
                $"select count(*) from model.work_lease where task_id = {task} and status = 1"));
        }
        finally
        {
            enough.TrySetResult();
            town.Web.Answer = WebService.EchoAsync;
        }
    }

    [Fact]
    public async Task An_input_that_comes_after_the_match_is_waited_for()
    {
        var input = Encoding.UTF8.GetBytes("A text that came late. It is short. It is about time.");
        var work = new Work(new Hash32(Cid.Of(input).Digest))
        {
            Module = await town.KeepAsync(Town.Repository("agents/summarizer/summarizer.wasm")),
            Arguments = ["1"],
        };
        var task = await town.PostAsync(
            town.Worker, await town.KeepAsync(new TaskSpecification("late", "test", work).ToJson()));
        await town.BecomesAsync(
            $"select count(*) = 1 from commands.job where key = 'execute-{task}-1' and reason like '%is in no store'", 0);
        await town.KeepAsync(input);
        await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Verifying);
        Assert.Equal("right", await town.EndOfAsync($"check-{task}-"));
    }

    [Fact]
    public async Task A_file_of_agents_that_is_broken_changes_nothing_and_one_that_is_mended_takes_its_place()
    {
        var good = await File.ReadAllTextAsync(town.Roster);
        var opened = Opened();
        try
        {
            await File.WriteAllTextAsync(town.Roster, good[..^10]);
            await Eventually.TrueAsync(
                () => town.Host.Output.Contains("expected hosted agents as JSON", StringComparison.Ordinal),
                () => town.LastWords);
            var task = await PostAsync("while the file is broken");
            Assert.Equal(80, await PercentAsync(task));
            Assert.Equal(opened, Opened());

            await File.WriteAllTextAsync(
                town.Roster, good.Replace("\"percent\":80", "\"percent\":70", StringComparison.Ordinal));
            await Eventually.TrueAsync(() => Opened() > opened, () => town.LastWords);
            Assert.Equal(70, await PercentAsync(await PostAsync("after it is mended")));
        }
        finally
        {
            opened = Opened();
            await File.WriteAllTextAsync(town.Roster, good);
            await Eventually.TrueAsync(() => Opened() > opened, () => town.LastWords);
        }
    }

    private int Opened() => town.Host.Output.Split("\"hosted_opened\"").Length;

    private async Task<ulong> PostAsync(string text) => await town.PostAsync(town.Worker, await town.SpecAsync(
        Town.Repository("agents/summarizer/summarizer.wasm"), Encoding.UTF8.GetBytes(text), "1"));

    // What was bid, in hundredths of the highest price.
    private async Task<long> PercentAsync(ulong task)
    {
        await town.SeesAsync(task, one => one.Task.Status == Tasks.Status.Verifying);
        return await town.CountAsync($"select (price * 100 / max_price)::bigint from model.task where task_id = {task}");
    }
}
