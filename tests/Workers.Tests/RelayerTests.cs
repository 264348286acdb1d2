// The relayer on a real chain and a real database: every command happens once, whoever dies and whatever the chain
// does.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Workers.Relaying;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class RelayerTests(Shore shore)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Commands_through_two_hosts_on_one_account_happen_once_each_in_their_askers_order()
    {
        const int askers = 12;
        const int each = 5;
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        office.Start(Keyring.Of(account));
        office.Start(Keyring.Of(account));
        SigningKey[] people = [.. Enumerable.Range(0, askers).Select(_ => SigningKey.Generate())];
        for (ulong nonce = 0; nonce < each; nonce++)
            await Task.WhenAll(
                people.Select(person => office.AcceptAsync(office.Register(person, nonce, $"key-{nonce}"))));
        await office.DrainAsync();
        foreach (var person in people) Assert.Equal((ulong)each, await shore.AgentsOfAsync(person.Address));
        Assert.Equal(
            askers * each, await office.CountAsync($"select count(*) from {CommandTables.Command} where phase = 5"));
        // As many nonces as commands: no gap, nothing twice.
        Assert.Equal((ulong)(askers * each), await shore.UsedAsync(account.Address));
        Assert.Equal(
            askers * each, await office.CountAsync($"select count(*) from {CommandTables.Nonce} where state = 3"));
    }

    // A bug that was: the other parts ran on, and the relayer looked alive and signed nothing.
    [Fact]
    public async Task A_part_that_meets_a_broken_invariant_stops_the_relayer()
    {
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        using var person = SigningKey.Generate();
        await office.AcceptAsync(office.Register(person, 0, "key"));
        await using (var spoil = office.Source.CreateCommand($"update {CommandTables.Request} set payload = '\\x09'"))
            await spoil.ExecuteNonQueryAsync();
        await using var host = new RunningHost(
            office.Database, shore.Chain.Endpoint, Keyring.Of(account), office.Options);
        await Assert.ThrowsAnyAsync<Exception>(() => host.Running.WaitAsync(Testing.Eventually.Limit));
        Assert.True(host.Running.IsFaulted, host.Said);
    }

    [Fact]
    public async Task The_journal_tells_the_whole_way()
    {
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        using var person = SigningKey.Generate();
        office.Start(Keyring.Of(account));
        var id = await office.AcceptAsync(office.Register(person, 0, "one"));
        var included = await office.ReachesAsync(id, Phase.Included);
        Assert.True(included.Succeeded);
        await shore.Anvil.MineAsync(5, None);
        await office.ReachesAsync(id, Phase.Finalized);
        Assert.Equal(
            ["received", "simulated", "signed", "broadcast", "included", "finalized"], await office.FactsAsync(id));
        await office.AssertFoldsAsync();
    }
}
