// The workers' messages by RabbitMQ: two hosts as processes, a broker of the test's own, one database. Enters: beats
// in the outbox of a process that is gone. Leaves: each of them handled once, whoever was killed when.
using EventSourced.Host.Messaging;
using EventSourced.Testing;
using EventSourced.Workers.Pulses;

namespace EventSourced.Host.Tests;

public class BrokerTests
{
    private const int Wave = 300;
    private const int Begun = 100;

    [Fact]
    public async Task Messages_by_a_broker_are_each_done_once_though_a_process_and_the_broker_are_killed()
    {
        await using var broker = await RabbitServer.StartAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using var first = Start(database, broker);
        await using var second = Start(database, broker);
        var nodes = new Dictionary<int, HostProcess>
        {
            [await WorkersTests.NodeAsync(first)] = first,
            [await WorkersTests.NodeAsync(second)] = second,
        };
        await using var inbox = new DurableInbox(database.ConnectionString);
        await inbox.SendAsync(Beats("first"));
        await Eventually.TrueAsync(async () => await inbox.BegunAsync("first-%") >= Begun);

        int killed;
        await using (await inbox.HoldAsync())
        {
            await inbox.SendAsync(Beats("second"));
            await Eventually.TrueAsync(async () => await inbox.BusiestAsync() != 0 && await inbox.BlockedAsync() > 0);
            killed = await inbox.BusiestAsync();
            await nodes[killed].KillAsync();
            Assert.Equal(0, await inbox.BegunAsync("second-%"));
        }

        await DoneAsync(inbox, 2 * Wave);
        // Both took messages from the broker, and none came another way.
        Assert.Equal(2, await inbox.WorkersAsync());
        Assert.Equal(0, await inbox.ElsewhereAsync(Broker.AddressOf(WriteSide.Pulses)));

        // What is sent while the broker is away waits in the outbox.
        var restarted = broker.KillAndStartAsync();
        await inbox.SendAsync(Beats("third"));
        await restarted;
        await DoneAsync(inbox, 3 * Wave);
        Assert.Equal(0, await inbox.DeadLettersAsync());
    }

    [Fact]
    public async Task A_worker_whose_broker_is_not_there_says_so_without_its_password_and_starts_when_it_comes()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var host = HostProcess.Start(
            "serve", "--roles", "workers", "--port", "0", "--database", database.ConnectionString, "--rabbit-mq",
            "amqp://es:hunter2@127.0.0.1:1");
        await Eventually.TrueAsync(
            () => host.Output.Contains("expected RabbitMQ at 127.0.0.1:1", StringComparison.Ordinal),
            () => host.Output);
        Assert.DoesNotContain("hunter2", host.Output, StringComparison.Ordinal);
    }

    // Each message has its row, and each row one successor: no effect is lost, none is there twice.
    private static async Task DoneAsync(DurableInbox inbox, int expected)
    {
        long begun = 0, ordered = 0;
        await Eventually.TrueAsync(
            async () => (begun = await inbox.BegunAsync("%-___")) == expected
                && (ordered = await inbox.OrderedAsync()) >= expected,
            () => $"{begun} handled, {ordered} ordered of {expected}");
        Assert.Equal(expected, ordered);
    }

    private static HostProcess Start(TestDatabase database, RabbitServer broker) => HostProcess.Start(
        "serve", "--roles", "workers", "--port", "0", "--database", database.ConnectionString, "--rabbit-mq",
        broker.Address.ToString());

    private static IEnumerable<Beat> Beats(string name) => Enumerable.Range(0, Wave)
        .Select(index => new Beat($"{name}-{index:000}", 1, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1)));
}
