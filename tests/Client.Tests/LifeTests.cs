// A life through the client alone: register, stake, post, bid, work, accept. What the client reads is what the index
// and the chain say.
using System.Net;
using EventSourced.Commands.Tests;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using Nethereum.Signer;
using Nethereum.Signer.EIP712;
using static EventSourced.Client.Commands;

namespace EventSourced.Client.Tests;

[Collection(ClientTests.Name)]
public class LifeTests(CommandWorld world)
{
    [Fact]
    public async Task A_task_lives_from_registration_to_payout_through_the_client()
    {
        await world.CourtAsync();
        var poster = await world.WithCreditsAsync(2_000);
        var worker = await world.WithCreditsAsync(1_000);
        using var client = world.ClientOf(poster);
        using var agent = world.ClientOf(worker);

        await agent.DoAsync(new Agents.Register("ipfs://my-card"), Stage.Included);
        var agentId = UInt256.Parse(Assert.Single(await agent.UntilAgentsAsync(1)).AgentId);
        await agent.DoAsync(new Stake.Bond(agentId, ClientWorlds.Credits(500)), Stage.Included);

        var create = new Tasks.Create(0, Terms(await world.NowAsync()));
        var prepared = await client.PrepareAsync(create);
        Assert.Contains("100 credits", prepared.Effect, StringComparison.Ordinal);
        var taskId = prepared.Outcome.Number("taskId");
        var created = await client.DoAsync(create, Stage.Included);
        Assert.NotNull(created.Transaction);
        var open = await client.UntilAsync(taskId, "BIDDING");
        Assert.Equal(poster.Address, open.Client);

        await agent.DoAsync(
            new Tasks.PlaceBid(
                taskId, agentId, ClientWorlds.Credits(70), await world.NowAsync() + 600, Keccak256.Hash("proposal")),
            Stage.Included);
        await world.PassAsync(700);
        await client.DoAsync(new Tasks.MatchBest(taskId), Stage.Included);
        Assert.Equal($"{agentId}", (await client.UntilAsync(taskId, "MATCHED")).AgentId);

        await agent.DoAsync(new Leases.Start(taskId), Stage.Included);
        var lease = UInt256.Parse((await agent.UntilAsync(taskId, "RUNNING")).WorkLeases.Items[0].LeaseId);
        await agent.DoAsync(new Leases.Heartbeat(lease, Keccak256.Hash("half")), Stage.Included);
        await agent.DoAsync(
            new Tasks.Submit(taskId, Keccak256.Hash("result"), Keccak256.Hash("receipt"), "ipfs://result"),
            Stage.Included);
        await client.UntilAsync(taskId, "VERIFYING");
        await client.DoAsync(new Tasks.Accept(taskId), Stage.Included);
        Assert.Equal("70000000000000000000", (await client.UntilAsync(taskId, "FINALIZED")).Price);

        var again = await Assert.ThrowsAsync<CommandRefusedException>(
            () => client.PrepareAsync(new Tasks.Accept(taskId)));
        Assert.Equal((422, "WrongState", "Verifying", "Finalized"),
            (again.Problem.Status, again.Problem.Code, again.Problem.Expected, again.Problem.Found));
    }

    [Fact]
    public async Task A_command_that_no_relayer_takes_goes_as_a_transaction_of_its_sender()
    {
        var (rich, other) = (await world.WithCreditsAsync(50), await world.SomebodyAsync());
        using var client = world.ClientOf(rich);
        Assert.False(CommandForms.All["credit.approve"].IsRelayed);
        var before = await world.Chain.Client.GetNonceAsync(rich.Address, BlockTag.Latest, default);
        var status = await client.DoAsync(new Credit.Approve(other.Address, 7), Stage.Included);
        Assert.True((await world.Chain.Client.GetReceiptAsync(status.Transaction!.Value, default))!.Succeeded);
        Assert.Equal(
            before + 1, await world.Chain.Client.GetNonceAsync(rich.Address, BlockTag.Latest, default));
    }

    [Fact]
    public async Task Any_command_goes_by_its_name_and_its_way_is_seen_without_a_stream()
    {
        using var client = world.ClientOf(
            await world.SomebodyAsync(), world.Options() with { Streams = false });
        var taken = await client.SendAsync("agents.register", new() { ["agentURI"] = "ipfs://by-name" });
        var seen = new List<CommandStatus>();
        await foreach (var status in client.WatchAsync(taken.Id))
        {
            seen.Add(status);
            if (status.IsAt(Stage.Included)) break;
        }

        Assert.True(seen[^1].Succeeded);
        Assert.Equal(seen.Select(status => status.Version).Order(), seen.Select(status => status.Version));
        Assert.Equal("ipfs://by-name", Assert.Single(await client.UntilAgentsAsync(1)).Uri);
    }

    [Fact]
    public async Task A_way_is_seen_by_the_stream_alone()
    {
        var looks = new Counting("v1/commands/", "/events");
        using var http = world.Through(looks);
        using var client = world.ClientOf(
            await world.SomebodyAsync(),
            world.Options() with { PollEvery = TimeSpan.FromHours(1), StreamSilence = TimeSpan.FromMinutes(5) }, http);
        await client.DoAsync(new Agents.Register("ipfs://streamed"), Stage.Included);
        Assert.Equal(0, looks.Looks);
        Assert.Equal(1, looks.Streams);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "text/event-stream", "busy")]
    [InlineData(HttpStatusCode.OK, "text/html", "<html>")]
    [InlineData(HttpStatusCode.OK, "text/event-stream", "data: {\n\n")]
    [InlineData(HttpStatusCode.OK, "text/event-stream", null)]
    public async Task A_stream_that_is_none_is_looked_past(HttpStatusCode status, string type, string? words)
    {
        using var http = world.Through(new Counting("v1/commands/", "/events")
        {
            Instead = () => new HttpResponseMessage(status)
            {
                Content = new StringContent(
                    words ?? new string('x', 300_000), System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type)),
            },
        });
        using var client = world.ClientOf(await world.SomebodyAsync(), http: http);
        Assert.True((await client.DoAsync(new Agents.Register("ipfs://looked"), Stage.Included)).Succeeded);
    }

    [Fact]
    public async Task A_wait_is_bounded_and_a_cancelled_one_ends()
    {
        using var client = world.ClientOf(
            await world.SomebodyAsync(), world.Options() with { WaitWithin = TimeSpan.FromMilliseconds(300) });
        var taken = await client.SendAsync(new Agents.Register("ipfs://bounded"));
        // This chain calls nothing final.
        await Assert.ThrowsAsync<TimeoutException>(() => client.WaitAsync(taken.Id));
        using var ended = new CancellationTokenSource();
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.WaitAsync(taken.Id, Stage.Finalized, ended.Token));
    }

    [Fact]
    public async Task A_wallet_of_another_library_signs_the_typed_data()
    {
        var key = new byte[32];
        Random.Shared.NextBytes(key);
        using var mine = new SigningKey(key);
        var wallet = new EthECKey(key, isPrivate: true);
        using var client = new EconomyClient(
            world.Http,
            Signer.OfTypedData(mine.Address, (json, _) =>
                ValueTask.FromResult(Eip712TypedDataSigner.Current.SignTypedDataV4(json, wallet))),
            world.Options());
        Assert.True((await client.DoAsync(new Agents.Register("ipfs://wallet"), Stage.Included)).Succeeded);
        await Assert.ThrowsAsync<NotSupportedException>(() => client.SendAsync(new Credit.Approve(mine.Address, 1)));
    }

    [Fact]
    public async Task Commands_of_one_client_that_come_at_once_all_happen()
    {
        using var client = world.ClientOf(await world.SomebodyAsync());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(
            i => client.DoAsync(new Agents.Register($"ipfs://{i}"), Stage.Included)));
        Assert.Equal(8, (await client.UntilAgentsAsync(8)).Count);
    }

    /// <summary>Counts looks and streams, and may answer streams itself.</summary>
    private sealed class Counting(string prefix, string suffix) : DelegatingHandler
    {
        public int Looks { get; private set; }

        public int Streams { get; private set; }

        public Func<HttpResponseMessage>? Instead { get; init; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.AbsolutePath;
            var isStream = path.EndsWith(suffix, StringComparison.Ordinal);
            if (isStream) Streams++;
            else if (request.Method == HttpMethod.Get && path.Contains(prefix, StringComparison.Ordinal)) Looks++;
            return isStream && Instead is not null
                ? Task.FromResult(Instead())
                : base.SendAsync(request, cancellationToken);
        }
    }

    private static Tasks.CreateTerms Terms(ulong now) => new(
        Mode: 1, Verification: 0, Domain: new Hash32([.. "code"u8, .. new byte[28]]),
        MaxPrice: ClientWorlds.Credits(100), AgentBond: ClientWorlds.Credits(24), MinReputation: -1_000_000_000,
        BidWindow: 600, RevealWindow: 0, StartWindow: 1_200, DeliverWindow: 6_000, ReviewWindow: 36_000,
        ChallengeWindow: 600, LeaseTtl: 3_600, Grace: 30, ExpiresAt: now + 36_000, SpecHash: Keccak256.Hash("spec"),
        SpecURI: "ipfs://spec");
}
