// The client signs only what it asked for, whatever a host proposes; refusals and wrong answers have types; its hash of
// a request is Nethereum's.
using System.Net;
using System.Text.Json.Nodes;
using EventSourced.Chain.Signing;
using EventSourced.Commands.Tests;
using EventSourced.Ethereum;
using static EventSourced.Client.Commands;

namespace EventSourced.Client.Tests;

[Collection(ClientTests.Name)]
public class TrustTests(CommandWorld world)
{
    private const string Other = "0x00000000000000000000000000000000000000aa";

    [Theory]
    [InlineData("from", Other)]
    [InlineData("to", Other)]
    [InlineData("value", "1")]
    [InlineData("data", "0x")]
    [InlineData("data", "0xa9059cbb00")]
    [InlineData("data.tail", "")]
    [InlineData("chainId", "5")]
    [InlineData("forwarder", Other)]
    [InlineData("deadline", "soon")]
    public async Task A_host_that_proposes_another_request_gets_no_signature(string member, string value)
    {
        var person = await world.SomebodyAsync();
        using var http = world.Through(new Lying(relay =>
        {
            var request = relay["request"]!;
            if (member == "chainId") relay[member] = ulong.Parse(value);
            else if (member == "forwarder") relay[member] = value;
            else if (member == "data.tail") request["data"] = ((string)request["data"]!)
                .Replace(Convert.ToHexStringLower("ipfs://mine"u8), Convert.ToHexStringLower("ipfs://evil"u8),
                    StringComparison.Ordinal);
            else request[member] = value;
        }));
        var signed = 0;
        using var client = new EconomyClient(
            http,
            Signer.Of(person.Address, (hash, _) =>
            {
                signed++;
                return ValueTask.FromResult(person.Key.Sign(hash).ToBytes());
            }),
            world.Options());
        await Assert.ThrowsAsync<UntrustedAnswerException>(
            () => client.SendAsync(new Agents.Register("ipfs://mine")));
        Assert.Equal(0, signed);
    }

    [Fact]
    public async Task A_deadline_that_is_too_far_away_is_not_signed()
    {
        var person = await world.SomebodyAsync();
        using var http = world.Through(new Lying(relay => relay["request"]!["deadline"] = "281474976710655"));
        using var client = world.ClientOf(
            person, world.Options() with { LongestLife = TimeSpan.FromHours(1) }, http);
        await Assert.ThrowsAsync<UntrustedAnswerException>(
            () => client.SendAsync(new Agents.Register("ipfs://mine")));
    }

    [Fact]
    public async Task Without_a_deployment_the_first_addresses_that_a_host_names_are_kept()
    {
        var lies = false;
        using var http = world.Through(new Lying(relay =>
        {
            if (lies) relay["forwarder"] = Other;
        }));
        using var client = world.ClientOf(
            await world.SomebodyAsync(), world.Options() with { Economy = null }, http);
        await client.DoAsync(new Agents.Register("ipfs://first"), Stage.Included);
        lies = true;
        await Assert.ThrowsAsync<UntrustedAnswerException>(
            () => client.SendAsync(new Agents.Register("ipfs://second")));
    }

    [Fact]
    public async Task A_refusal_is_a_type_with_code_expected_and_found()
    {
        var person = await world.SomebodyAsync();
        using var client = world.ClientOf(person);
        var unknown = await Assert.ThrowsAsync<CommandRefusedException>(
            () => client.SendAsync(new Tasks.Accept(999_999)));
        Assert.Equal((422, "UnknownTask"), (unknown.Problem.Status, unknown.Problem.Code));
        using var stranger = SigningKey.Generate();
        using var forger = new EconomyClient(
            world.Http, Signer.Of(person.Address, (hash, _) => ValueTask.FromResult(stranger.Sign(hash).ToBytes())),
            world.Options());
        var forged = await Assert.ThrowsAsync<CommandRefusedException>(
            () => forger.SendAsync(new Agents.Register("ipfs://forged")));
        Assert.Equal((403, "SignatureForged"), (forged.Problem.Status, forged.Problem.Code));
        var wrong = await Assert.ThrowsAsync<CommandRefusedException>(
            () => client.PrepareAsync(Command.Of("tasks.accept", new() { ["taskId"] = "x" })));
        Assert.Equal((400, "WrongArgument", "arguments.taskId"),
            (wrong.Problem.Status, wrong.Problem.Code, wrong.Problem.Where));
        await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync("tasks.steal", []));
        await Assert.ThrowsAsync<QueryRefusedException>(
            () => client.QueryAsync("{ nothing }", null, AnswerJson.Default.TaskAnswer));
    }

    [Fact]
    public async Task An_answer_that_is_none_is_a_type_too()
    {
        using var http = world.Through(new Speaking("<html>hello</html>"));
        using var client = world.ClientOf(await world.SomebodyAsync(), http: http);
        await Assert.ThrowsAsync<UntrustedAnswerException>(() => client.PrepareAsync(new Agents.RegisterBare()));
        await Assert.ThrowsAsync<UntrustedAnswerException>(() => client.TaskAsync(1));
    }

    [Fact]
    public void The_hash_of_a_request_is_the_one_that_Nethereum_makes()
    {
        var random = new Random(7);
        for (var i = 0; i < 50; i++)
        {
            var (from, to, forwarder, data) = (new byte[20], new byte[20], new byte[20], new byte[random.Next(200)]);
            foreach (var bytes in new[] { from, to, forwarder, data }) random.NextBytes(bytes);
            var (gas, nonce, deadline) = ((ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.Next());
            var expected = new ForwardRequest(new Address(from), new Address(to), gas, nonce, deadline, data)
                .Digest(4827, new Address(forwarder));
            Assert.Equal(expected, new ForwardedRequest(
                4827, new Address(forwarder), new Address(from), new Address(to), gas, nonce, deadline, data).Digest());
        }
    }

    /// <summary>Changes what a host proposes.</summary>
    private sealed class Lying(Action<JsonNode> lie) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.OK || request.Method != HttpMethod.Post) return answer;
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellationToken))!;
            if (body["relay"] is { } relay) lie(relay);
            answer.Content = new StringContent(body.ToJsonString());
            return answer;
        }
    }

    private sealed class Speaking(string words) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(words) });
    }
}
