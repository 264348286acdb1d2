// Answers that are lost after the server took the command, servers that say come again, and two clients of one address:
// a command happens once. The line is a real one that is cut; seeds are printed by the names of the cases.
using System.Net;
using System.Text.Json.Nodes;
using EventSourced.Commands.Tests;
using static EventSourced.Client.Commands;

namespace EventSourced.Client.Tests;

[Collection(ClientTests.Name)]
public class LostAnswerTests(CommandWorld world)
{
    private const int Commands = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_line_that_is_cut_after_the_server_took_a_command_doubles_and_loses_none(int seed)
    {
        var person = await world.SomebodyAsync();
        await using var line = CutLine.Start(world.Http.BaseAddress!, seed);
        using var http = new HttpClient { BaseAddress = line.Address };
        using var client = world.ClientOf(person, world.Options() with { MostAttempts = 30 }, http);
        for (var i = 0; i < Commands; i++)
            await client.DoAsync(new Agents.Register($"ipfs://{seed}/{i}"), Stage.Included);
        Assert.True(line.Cuts > 0, "expected the line to be cut, found it whole");
        using var straight = world.ClientOf(person);
        var agents = await straight.UntilAgentsAsync(Commands);
        Assert.Equal(
            Enumerable.Range(0, Commands).Select(i => $"ipfs://{seed}/{i}"), agents.Select(one => one.Uri).Order());
        Assert.Equal(Commands, await CountAsync(person));
    }

    [Fact]
    public async Task An_answer_that_never_comes_leaves_the_signed_command_which_is_the_same_handed_in_again()
    {
        var person = await world.SomebodyAsync();
        using var deaf = world.Through(new Deaf());
        using var client = world.ClientOf(person, world.Options() with { MostAttempts = 2 }, deaf);
        var lost = await Assert.ThrowsAsync<UnansweredException>(
            () => client.SendAsync(new Agents.Register("ipfs://kept")));
        var kept = SignedCommand.Parse($"{lost.Signed}");
        using var later = world.ClientOf(person);
        var status = await later.WaitAsync((await later.RelayAsync(kept)).Id, Stage.Included);
        Assert.True(status.Succeeded);
        Assert.Single(await later.UntilAgentsAsync(1));
        Assert.Equal(1, await CountAsync(person));
    }

    [Fact]
    public async Task Who_is_told_to_come_again_comes_with_the_same_key_and_body_and_who_is_refused_does_not()
    {
        var busy = new Busy(3);
        using var http = world.Through(busy);
        var person = await world.SomebodyAsync();
        using var client = world.ClientOf(person, http: http);
        await client.DoAsync(new Agents.Register("ipfs://patient"), Stage.Included);
        var submissions = busy.Seen.Where(one => one.Key.Length > 0).ToList();
        Assert.Equal(4, submissions.Count);
        Assert.Single(submissions.Distinct());
        busy.Seen.Clear();
        await Assert.ThrowsAsync<CommandRefusedException>(() => client.PrepareAsync(new Tasks.Accept(999_999)));
        Assert.Single(busy.Seen);
    }

    [Fact]
    public async Task Two_clients_of_one_address_do_each_command_once_or_are_told_that_it_did_not_happen()
    {
        var person = await world.SomebodyAsync();
        using var one = world.ClientOf(person, world.Options() with { MostSignings = 30 });
        using var other = world.ClientOf(person, world.Options() with { MostSignings = 30 });
        await Task.WhenAll(
            EachAsync(one, "one"), EachAsync(other, "other"));
        var agents = await one.UntilAgentsAsync(Commands);
        Assert.Equal(Commands, agents.Count);
        Assert.Equal(Commands, agents.Select(agent => agent.Uri).Distinct().Count());

        static async Task EachAsync(EconomyClient client, string name)
        {
            for (var i = 0; i < Commands / 2; i++) await OnceAsync(client, new Agents.Register($"ipfs://{name}/{i}"));
        }

        // Two requests with one nonce may both be taken in one instant; the chain grants one, and the other is over.
        static async Task OnceAsync(EconomyClient client, Command command)
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await client.DoAsync(command, Stage.Included);
                    return;
                }
                catch (CommandFailedException failed) when (attempt < 20)
                {
                    Assert.False(failed.Status.Succeeded);
                }
            }
        }
    }

    private async Task<int> CountAsync(Person person) => JsonNode.Parse(
        await world.Http.GetStringAsync($"v1/accounts/{person.Address}/commands"))!["commands"]!.AsArray().Count;

    /// <summary>Hands everything on, and keeps the answers to submissions.</summary>
    private sealed class Deaf : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (!request.Headers.Contains("Idempotency-Key")) return answer;
            answer.Dispose();
            throw new HttpRequestException("the line broke");
        }
    }

    /// <summary>Says so many times that a submission may come again.</summary>
    private sealed class Busy(int times) : DelegatingHandler
    {
        private int _left = times;

        public List<(string Key, string Body)> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method != HttpMethod.Post) return await base.SendAsync(request, cancellationToken);
            var key = request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : "";
            Seen.Add((key, await request.Content!.ReadAsStringAsync(cancellationToken)));
            if (key.Length == 0 || _left-- <= 0) return await base.SendAsync(request, cancellationToken);
            var status = _left % 2 == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.TooManyRequests;
            var answer = new HttpResponseMessage(status) { Content = new StringContent("busy") };
            answer.Headers.RetryAfter = new(TimeSpan.FromMilliseconds(1));
            return answer;
        }
    }
}
