// Workers that act on a real chain through journal and relayer: in the name of the relayer's account, and in the name
// of a key that they have. Each wish happens once, whoever repeats it.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;
using EventSourced.Workers.Acting;
using EventSourced.Workers.Relaying;
using EventSourced.Chain.Contracts;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class ActingTests(Shore shore)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_call_of_an_account_goes_out_in_its_own_name_once()
    {
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        office.Start(Keyring.Of(account));
        var actor = ActorOf(office);
        var deed = Register("registered/1");
        var accepted = Assert.IsType<Done.Accepted>(await actor.CallAsync(deed, account.Address, None));
        var known = Assert.IsType<Done.Known>(await actor.CallAsync(deed, account.Address, None));
        Assert.Equal(accepted.Id, known.Command.Id);
        var status = await office.ReachesAsync(accepted.Id, Phase.Included);
        Assert.True(status.Succeeded, status.Reason);
        Assert.Equal(account.Address, status.Signer);
        Assert.Equal(1UL, await shore.AgentsOfAsync(account.Address));
        await office.DrainAsync();
        Assert.Equal(
            ["received", "simulated", "signed", "broadcast", "included", "finalized"],
            await office.FactsAsync(accepted.Id));
    }

    [Fact]
    public async Task A_call_of_an_account_that_no_relayer_has_waits_and_holds_up_nobody()
    {
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        using var absent = await shore.AccountAsync();
        office.Start(Keyring.Of(account));
        var actor = ActorOf(office);
        var waits = Assert.IsType<Done.Accepted>(await actor.CallAsync(Register("a"), absent.Address, None));
        var goes = Assert.IsType<Done.Accepted>(await actor.CallAsync(Register("b"), account.Address, None));
        await office.ReachesAsync(goes.Id, Phase.Included);
        Assert.Equal(Phase.Simulated, (await office.StatusAsync(waits.Id)).Phase);
        office.Start(Keyring.Of(absent));
        await office.ReachesAsync(waits.Id, Phase.Included);
        Assert.Equal(1UL, await shore.AgentsOfAsync(absent.Address));
        await office.DrainAsync();
    }

    [Fact]
    public async Task A_key_that_we_have_asks_by_requests_which_two_processes_number_one_after_the_other()
    {
        const int each = 4;
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        using var agent = SigningKey.Generate();
        office.Start(Keyring.Of(account));
        Actor[] actors = [ActorOf(office), ActorOf(office)];
        var done = await Task.WhenAll(Enumerable.Range(0, each * actors.Length).Select(round =>
            actors[round % actors.Length].ForwardAsync(Register($"agent/{round}"), agent, None)));
        foreach (var accepted in done.Select(Assert.IsType<Done.Accepted>))
            Assert.True((await office.ReachesAsync(accepted.Id, Phase.Included, Phase.Finalized)).Succeeded);
        Assert.Equal((ulong)(each * actors.Length), await shore.AgentsOfAsync(agent.Address));
        await office.DrainAsync();
    }

    [Fact]
    public async Task A_refusal_of_the_contract_has_its_name_and_nothing_is_written_down()
    {
        await using var office = await Office.OpenAsync(shore);
        using var agent = SigningKey.Generate();
        var stage = StageOf();
        var deed = Deed.Of(
            "tasks.match", stage["TaskMarket"], new TaskMarketMessages.MatchBest { TaskId = 999_999 }, "none",
            "an auction ends");
        var refused = Assert.IsType<Done.Refused>(await ActorOf(office).ForwardAsync(deed, agent, None));
        Assert.Equal("UnknownTask", refused.Code);
        Assert.Contains("999999", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(0, await office.CountAsync($"select count(*) from {CommandTables.Command}"));
    }

    [Fact]
    public async Task A_wish_is_accepted_with_what_its_session_saves_or_not_at_all()
    {
        await using var office = await Office.OpenAsync(shore);
        using var account = await shore.AccountAsync();
        var actor = ActorOf(office);
        var deed = Register("together");
        await using (var lost = office.Store.LightweightSession())
            Assert.IsType<Done.Accepted>(await actor.CallAsync(deed, account.Address, lost, None));
        Assert.Equal(0, await office.CountAsync($"select count(*) from {CommandTables.Command}"));
        await using (var session = office.Store.LightweightSession())
        {
            Assert.IsType<Done.Accepted>(await actor.CallAsync(deed, account.Address, session, None));
            session.Events.StartStream("beside", new Journal.Expired(1));
            await session.SaveChangesAsync(None);
        }

        Assert.Equal(1, await office.CountAsync($"select count(*) from {CommandTables.Command}"));
        Assert.Equal(1, await office.CountAsync($"select count(*) from {CommandTables.Journals} where id = 'beside'"));
        office.Start(Keyring.Of(account));
        await office.DrainAsync();
        Assert.Equal(1UL, await shore.AgentsOfAsync(account.Address));
    }

    private static Deed Made(Stage stage, string key) => stage.Deed(
        "agents.register", "AgentRegistry", "register(string)", [$"ipfs://{key}"], key,
        "an agent is registered");

    private Deed Register(string key) => Made(StageOf(), key);

    private Stage StageOf() => new(
        EventSourced.DevNode.AnvilNode.ChainId,
        shore.Contracts.All.Select(contract => KeyValuePair.Create(contract.Name, contract.Address)));

    private Actor ActorOf(Office office) =>
        new(StageOf(), shore.Client, office.Source, office.Store, office.Acceptance);
}
