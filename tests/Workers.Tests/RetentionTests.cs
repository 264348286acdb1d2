// What is over for long is forgotten, in pieces and only that.
using EventSourced.Chain.Signing;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Testing;
using EventSourced.Workers.Relaying;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class RetentionTests(Shore shore)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Bytes_go_first_then_the_command_with_its_journal_and_what_is_not_over_stays()
    {
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        using var keys = Keyring.Of(account);
        using var person = SigningKey.Generate();
        var once = office.Options with { ForgetEvery = TimeSpan.FromMilliseconds(50), ForgetBatch = 1 };
        var host = office.Start(keys, once with { KeepSent = TimeSpan.Zero });
        Guid[] over = [await office.AcceptAsync(office.Register(person, 0, "first")),
            await office.AcceptAsync(office.Register(person, 1, "second"))];
        foreach (var id in over) await office.ReachesAsync(id, Phase.Included);
        await shore.Anvil.MineAsync(8, None);
        foreach (var id in over) await office.ReachesAsync(id, Phase.Finalized);
        await Eventually.TrueAsync(async () => await office.CountAsync("select count(*) from commands.sent") == 0);
        // The bytes are gone, the commands are told still.
        Assert.Equal(2, await office.CountAsync("select count(*) from commands.request"));
        await host.StopAsync();

        // One more that a block holds, and no block is final any more.
        office.Start(
            keys, once with { KeepSent = TimeSpan.Zero, KeepCommands = TimeSpan.Zero, FinalityDepth = 1_000_000 });
        var open = await office.AcceptAsync(office.Register(person, 2, "third"));
        await office.ReachesAsync(open, Phase.Included);
        await Eventually.TrueAsync(async () =>
            await office.CountAsync("select count(*) from commands.request where key in ('first', 'second')") == 0);
        foreach (var (table, left) in new[]
        {
            ("commands.request", 1L), ("commands.command", 1), ("commands.mt_streams", 1), ("commands.sent", 1),
        })
            Assert.Equal((table, left), (table, await office.CountAsync($"select count(*) from {table}")));
        Assert.Equal(0, await office.CountAsync(
            $"select count(*) from commands.mt_events where stream_id = '{Journal.KeyOf(over[0])}'"));
        Assert.Null(await office.Reads.ByIdAsync(over[1], None));
        // Its key is free again; the chain's own nonce refuses the old request.
        Assert.IsType<Answer.Accepted>(await office.Acceptance.AcceptAsync(
            office.Register(person, 3, "first"), None));
    }
}
