// Back-pressure: while the database's pool lags, commands are refused with the time to come again, and reads are
// answered. The lag is real: every connection waits for a lock that the test holds.
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Http;
using EventSourced.Api.Commands.Limits;
using EventSourced.Ethereum;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public class PressureTests(CommandWorld world)
{
    private const int Strangers = 20;

    // A bug that was, seen in a flood: what Marten wraps was answered by 500.
    [Fact]
    public void A_database_that_fails_is_a_fault_of_the_moment_however_deep_it_is_wrapped()
    {
        Exception[] ofTheMoment =
        [
            new NpgsqlException("no connection"), new InvalidOperationException("wrapped", new NpgsqlException()),
            new AggregateException(new InvalidOperationException("twice", new TimeoutException())),
            new OperationCanceledException(),
        ];
        Assert.All(ofTheMoment, fault => Assert.True(CommandRoutes.IsOfTheMoment(fault), $"{fault}"));
        Assert.False(CommandRoutes.IsOfTheMoment(new InvalidOperationException("a broken invariant")));
    }

    [Fact]
    public async Task A_probe_that_does_not_come_back_is_as_late_as_its_age()
    {
        var time = new StoppedTime();
        var probe = new TaskCompletionSource();
        var pressure = new Pressure(_ => probe.Task, time);
        using var stop = new CancellationTokenSource();
        var running = pressure.RunAsync(stop.Token);
        Assert.Null(pressure.Refusal());
        time.Pass(TimeSpan.FromMilliseconds(LimitTable.Lateness.Most) + Pressure.Every);
        Assert.Null(pressure.Refusal());
        time.Pass(TimeSpan.FromMilliseconds(1));
        var refusal = pressure.Refusal();
        Assert.Equal((503, "Busy", "LATENESS"), (refusal!.Status, refusal.Code, refusal.Limit));
        Assert.True(refusal.RetryAfter > TimeSpan.Zero);
        // It comes back late: the next request is judged by that, until a probe is quick again.
        probe.SetResult();
        await stop.CancelAsync();
        await running;
        Assert.NotNull(pressure.Refusal());
    }

    [Fact]
    public async Task A_pool_without_a_free_connection_refuses_commands_and_answers_reads_until_it_has_one_again()
    {
        await using var host = await world.ServeAsync(("roles", "commands"), ("commandsTrust", "127.0.0.1/32"));
        using var http = new HttpClient { BaseAddress = host.Address };
        await CommandWorld.ReadyAsync(http);
        var person = new Person(world, SigningKey.Generate(), http);
        var wish = new JsonObject { ["agentURI"] = "ipfs://late" };
        Assert.Equal(200, (await person.TryPrepareAsync("agents.register", wish)).Status);
        using var strangers = From(IPAddress.Parse("127.0.0.2"), host.Address);
        Task<HttpResponseMessage>[] waiting;
        await using (var connection = await world.Source.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand(
                $"lock table {Buckets.Table} in access exclusive mode", connection, transaction))
                await hold.ExecuteNonQueryAsync();
            // Each takes a connection to look at its bucket, and waits with it.
            waiting = [.. Enumerable.Range(0, Strangers).Select(_ => strangers.GetAsync("v1/commands"))];
            // This one needs no connection to be judged, so it is refused for its bytes, until the process lags.
            Answered? sent = null;
            await Eventually.TrueAsync(
                async () => (sent = await person.PostAsync("v1/transactions", new JsonObject { ["raw"] = "0x" }))
                    .Status == 503,
                () => sent);
            var refused = await person.TryPrepareAsync("agents.register", wish);
            foreach (var answer in new[] { sent!, refused })
            {
                Assert.Equal(
                    (503, "Busy", "LATENESS"), (answer.Status, answer.Code, (string?)answer.Body["limit"]));
                Assert.True(int.Parse(answer.RetryAfter!) >= 1);
            }

            Assert.Equal(200, (await person.GetAsync("v1/commands")).Status);
            Assert.Equal(200, (await person.GetAsync($"v1/next-actions?as={person.Address}")).Status);
        }

        foreach (var answer in await Task.WhenAll(waiting)) answer.Dispose();
        Answered? taken = null;
        await Eventually.TrueAsync(
            async () => (taken = await person.TryPrepareAsync("agents.register", wish)).Status == 200, () => taken);
    }

    private static HttpClient From(IPAddress address, Uri to)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = to, Timeout = Eventually.Limit };
    }

    // Only its clock is asked: pauses are the system's.
    private sealed class StoppedTime : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _now);

        public void Pass(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);
    }
}
