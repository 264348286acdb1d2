// What chain, node and keys do to the relayer, one fault a test: afterwards each command happened once, or is reported
// as not happened, and no gap is left.
using EventSourced.Chain.Sending;
using EventSourced.Commands;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.RpcFaults;
using EventSourced.Testing;
using EventSourced.Workers.Relaying;

namespace EventSourced.Workers.Tests;

[Collection(ShoreTests.Name)]
public sealed class RelayerFaultTests(Shore shore) : IAsyncLifetime
{
    private const string Send = "eth_sendRawTransaction";
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SigningKey _person = SigningKey.Generate();
    private Office _office = null!;
    private SigningKey _account = null!;

    public async Task InitializeAsync()
    {
        _office = await Office.OpenAsync(shore);
        _account = await shore.AccountAsync();
    }

    public async Task DisposeAsync()
    {
        await shore.CalmAsync();
        await _office.DisposeAsync();
        _account.Dispose();
        _person.Dispose();
    }

    [Fact]
    public async Task A_reorg_moves_included_back_to_broadcast_and_the_next_block_has_it_again()
    {
        _office.Start(Keyring.Of(_account));
        var id = await AcceptAsync(0);
        await _office.ReachesAsync(id, Phase.Included);
        await shore.Anvil.SetAutomineAsync(false, None);
        await shore.Anvil.ReorgAsync(1, None);
        await Eventually.TrueAsync(async () => (await _office.FactsAsync(id)).Contains("reorganized"));
        await shore.Anvil.MineAsync(None);
        await shore.CalmAsync();
        await _office.DrainAsync();
        Assert.Null((await _office.StatusAsync(id)).Reason);
        Assert.Equal(1UL, await shore.AgentsOfAsync(_person.Address));
        var facts = await _office.FactsAsync(id);
        Assert.Equal(2, facts.Count(fact => fact == "included"));
        Assert.Equal("finalized", facts[^1]);
    }

    [Fact]
    public async Task A_chain_that_gets_shorter_is_a_reorg_too()
    {
        _office.Start(Keyring.Of(_account));
        var id = await AcceptAsync(0);
        await _office.ReachesAsync(id, Phase.Included);
        await shore.Anvil.SetAutomineAsync(false, None);
        await shore.Anvil.RollbackAsync(1, None);
        await Eventually.TrueAsync(async () => (await _office.FactsAsync(id)).Contains("reorganized"));
        await shore.CalmAsync();
        await _office.DrainAsync();
        Assert.Equal(1UL, await shore.AgentsOfAsync(_person.Address));
    }

    [Fact]
    public async Task A_node_that_forgets_its_pool_is_sent_the_same_bytes_again()
    {
        await shore.Anvil.SetAutomineAsync(false, None);
        _office.Start(Keyring.Of(_account));
        Guid[] ids = [await AcceptAsync(0), await AcceptAsync(1), await AcceptAsync(2)];
        foreach (var id in ids) await _office.ReachesAsync(id, Phase.Broadcast);
        await shore.Anvil.RemovePoolTransactionsAsync(_account.Address, None);
        Assert.Equal(0UL, await PendingAsync());
        await Eventually.TrueAsync(async () => await PendingAsync() == 3);
        await shore.CalmAsync();
        await _office.DrainAsync();
        Assert.Equal((3UL, 3UL), (await shore.AgentsOfAsync(_person.Address), await shore.UsedAsync(_account.Address)));
        Assert.Equal(3, await _office.CountAsync($"select count(*) from {CommandTables.Transaction}"));
    }

    [Fact]
    public async Task A_host_that_dies_between_the_write_and_the_broadcast_leaves_bytes_that_another_one_sends()
    {
        await using var proxy = await FaultProxy.StartAsync(shore.Chain.Endpoint, Only(Send, Fault.Unavailable));
        var dying = _office.Start(Keyring.Of(_account), node: proxy.Endpoint);
        var id = await AcceptAsync(0);
        await Eventually.TrueAsync(
            async () => (await _office.StatusAsync(id)).Phase == Phase.Signed && proxy.CountOf(Fault.Unavailable) > 0);
        await dying.StopAsync();
        var signed = (await _office.StatusAsync(id)).Transaction;
        // Another key: these bytes can only be those that were written down.
        using var other = await shore.AccountAsync();
        _office.Start(Keyring.Of(other));
        await _office.DrainAsync();
        var status = await _office.StatusAsync(id);
        Assert.Equal((Phase.Finalized, signed), (status.Phase, status.Transaction));
        Assert.Equal((1UL, 0UL), (await shore.UsedAsync(_account.Address), await shore.UsedAsync(other.Address)));
    }

    // A bug that was, found by a storm: a null for the newest block counted as a broken invariant and stopped signing.
    [Fact]
    public async Task A_node_that_knows_no_newest_block_for_a_moment_is_asked_again()
    {
        await using var proxy = await FaultProxy.StartAsync(
            shore.Chain.Endpoint, FaultPlans.First(6, Fault.NullBlock, "eth_getBlockByNumber"));
        var host = _office.Start(Keyring.Of(_account), node: proxy.Endpoint);
        var id = await AcceptAsync(0);
        await _office.ReachesAsync(id, Phase.Included);
        Assert.Equal(6, proxy.CountOf(Fault.NullBlock));
        Assert.False(host.Running.IsCompleted, host.Said);
    }

    [Fact]
    public async Task A_nonce_that_is_too_low_because_we_sent_it_ourselves_makes_nothing_new()
    {
        // The node takes the bytes, and nobody hears of it; a block has them before they are sent again.
        await using var proxy = await FaultProxy.StartAsync(shore.Chain.Endpoint, Only(Send, Fault.Truncate));
        var dying = _office.Start(
            Keyring.Of(_account), _office.Options with { HeadPoll = TimeSpan.FromMinutes(5) }, proxy.Endpoint);
        var id = await AcceptAsync(0);
        await Eventually.TrueAsync(async () => await shore.UsedAsync(_account.Address) == 1);
        Assert.Equal(Phase.Signed, (await _office.StatusAsync(id)).Phase);
        await dying.StopAsync();
        _office.Start(Keyring.Of(_account));
        await _office.DrainAsync();
        Assert.Equal(Phase.Finalized, (await _office.StatusAsync(id)).Phase);
        Assert.Equal(1, await _office.CountAsync($"select count(*) from {CommandTables.Transaction}"));
        Assert.Equal((1UL, 1UL), (await shore.AgentsOfAsync(_person.Address), await shore.UsedAsync(_account.Address)));
    }

    [Fact]
    public async Task A_stuck_transaction_is_replaced_by_a_dearer_one_of_the_same_command_and_nonce()
    {
        await shore.Anvil.SetAutomineAsync(false, None);
        _office.Start(Keyring.Of(_account), _office.Options with { BumpAfter = TimeSpan.FromMilliseconds(700) });
        var id = await AcceptAsync(0);
        var before = await _office.ReachesAsync(id, Phase.Broadcast);
        await Eventually.TrueAsync(async () =>
        {
            await shore.SetBaseFeeAsync(50_000_000_000);
            await shore.Anvil.MineAsync(None);
            return (await _office.StatusAsync(id)).Block is not null;
        });
        var after = await _office.StatusAsync(id);
        Assert.Contains("replaced", await _office.FactsAsync(id));
        Assert.Equal((before.Signer, before.Nonce), (after.Signer, after.Nonce));
        Assert.NotEqual(before.Transaction, after.Transaction);
        await shore.CalmAsync();
        await _office.DrainAsync();
        Assert.Equal((1UL, 1UL), (await shore.AgentsOfAsync(_person.Address), await shore.UsedAsync(_account.Address)));
    }

    [Fact]
    public async Task A_replacement_stays_under_the_cap()
    {
        await shore.Anvil.SetAutomineAsync(false, None);
        var host = _office.Start(
            Keyring.Of(_account),
            _office.Options with { BumpAfter = TimeSpan.FromMilliseconds(300), FeeCapWei = 5_000_000_000 });
        var id = await AcceptAsync(0);
        await _office.ReachesAsync(id, Phase.Broadcast);
        await Eventually.TrueAsync(async () =>
        {
            await shore.SetBaseFeeAsync(50_000_000_000);
            await shore.Anvil.MineAsync(None);
            return host.Said.Contains("relay_stuck", StringComparison.Ordinal);
        });
        Assert.True(await _office.CountAsync($"select max(fee) from {CommandTables.Transaction}") <= 5_000_000_000);
        Assert.Null((await _office.StatusAsync(id)).Block);
    }

    [Fact]
    public async Task A_gap_that_no_command_fills_gets_an_empty_transaction_and_the_command_is_told_as_expired()
    {
        var id = await StuckUntilExpiredAsync(_office.Options);
        await Eventually.TrueAsync(async () => await _office.CountAsync(
            $"select count(*) from {CommandTables.Transaction} where command is null") == 1);
        await shore.CalmAsync();
        await MineUntilOverAsync(id);
        Assert.Equal(
            (Phase.Expired, 0UL), ((await _office.StatusAsync(id)).Phase, await shore.AgentsOfAsync(_person.Address)));
        Assert.Equal(1UL, await shore.UsedAsync(_account.Address));
        await _office.AssertFoldsAsync();
    }

    [Fact]
    public async Task A_gap_is_filled_by_the_next_command()
    {
        var id = await StuckUntilExpiredAsync(_office.Options with { GapPatience = TimeSpan.FromMinutes(5) });
        using var next = SigningKey.Generate();
        var second = await _office.AcceptAsync(_office.Register(next, 0, "next"));
        await _office.ReachesAsync(second, Phase.Broadcast);
        Assert.Equal(0UL, (await _office.StatusAsync(second)).Nonce);
        await shore.CalmAsync();
        await MineUntilOverAsync(id);
        await MineUntilOverAsync(second);
        Assert.Equal(
            (Phase.Expired, Phase.Finalized),
            ((await _office.StatusAsync(id)).Phase, (await _office.StatusAsync(second)).Phase));
        Assert.Equal((0UL, 1UL), (await shore.AgentsOfAsync(_person.Address), await shore.AgentsOfAsync(next.Address)));
        Assert.Equal(1UL, await shore.UsedAsync(_account.Address));
        await _office.AssertFoldsAsync();
    }

    [Fact]
    public async Task A_nonce_that_a_foreign_transaction_used_gives_the_command_another_one()
    {
        await using var proxy = await FaultProxy.StartAsync(shore.Chain.Endpoint, Only(Send, Fault.Unavailable));
        _office.Start(Keyring.Of(_account), node: proxy.Endpoint);
        var id = await AcceptAsync(0);
        await _office.ReachesAsync(id, Phase.Signed);
        var raw = Transactions.Sign(
            _account, AnvilNode.ChainId, 0, new Fees(1_000_000_000, 3_000_000_000),
            new Call(_account.Address, default, 21_000));
        await shore.Client.WaitForReceiptAsync(await shore.Client.SendAsync(raw, None), None);
        await shore.Anvil.MineAsync(6, None);
        await Eventually.TrueAsync(async () => (await _office.FactsAsync(id)).Contains("displaced"));
        proxy.Plan = FaultPlans.Calm;
        await _office.DrainAsync();
        Assert.Equal(Phase.Finalized, (await _office.StatusAsync(id)).Phase);
        Assert.Equal((1UL, 2UL), (await shore.AgentsOfAsync(_person.Address), await shore.UsedAsync(_account.Address)));
    }

    [Fact]
    public async Task A_request_that_the_contract_refuses_is_reported_as_failed_in_the_contracts_own_words()
    {
        _office.Start(Keyring.Of(_account));
        var id = await AcceptAsync(7);
        await _office.DrainAsync();
        var status = await _office.StatusAsync(id);
        Assert.Equal((Phase.Failed, CommandCodes.Reverted), (status.Phase, status.Code));
        Assert.Equal(0UL, await shore.AgentsOfAsync(_person.Address));
    }

    [Fact]
    public async Task An_account_without_money_rests_and_is_an_alarm_and_the_other_one_works()
    {
        using var poor = await shore.AccountAsync(0);
        var host = _office.Start(Keyring.Of(poor, _account));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async index =>
        {
            using var person = SigningKey.Generate();
            await _office.AcceptAsync(_office.Register(person, 0, $"key-{index}"));
        }));
        await Eventually.TrueAsync(async () => (await host.Relayer.FiguresAsync(None)).Alarms.Any(
            alarm => alarm.Contains(poor.Address.ToString(), StringComparison.Ordinal)));
        await shore.Anvil.SetBalanceAsync(poor.Address, 1_000_000_000_000_000_000UL, None);
        await _office.DrainAsync();
        Assert.Equal(4UL, await shore.UsedAsync(poor.Address) + await shore.UsedAsync(_account.Address));
        await Eventually.TrueAsync(async () => (await host.Relayer.FiguresAsync(None)).Alarms.Count == 0);
    }

    [Fact]
    public async Task A_raw_transaction_is_sent_as_it_is_and_one_whose_nonce_is_used_is_reported_as_not_happened()
    {
        _office.Start(Keyring.Of(_account));
        using var owner = await shore.AccountAsync();
        var first = await _office.AcceptAsync(Raw(owner, 0, 1));
        await _office.ReachesAsync(first, Phase.Included);
        // The same nonce once more, with other content.
        var second = await _office.AcceptAsync(Raw(owner, 0, 2));
        await MineUntilOverAsync(first);
        await MineUntilOverAsync(second);
        Assert.Equal(Phase.Finalized, (await _office.StatusAsync(first)).Phase);
        Assert.Equal((Phase.Failed, CommandCodes.NonceUsed), await PhaseAsync(second));
        await _office.AssertFoldsAsync();
    }

    private static Submission Raw(SigningKey owner, ulong nonce, ulong wei)
    {
        var raw = Transactions.Sign(
            owner, AnvilNode.ChainId, nonce, new Fees(1_000_000_000, 3_000_000_000),
            new Call(owner.Address, default, 21_000) { Value = wei });
        return new Submission(
            "transactions.send", owner.Address, $"raw-{wei}", Keccak256.Hash(raw), $"raw-{wei}",
            new Payload.Raw(owner.Address, nonce, raw), new EventSourced.Commands.Simulation(21_000, "wei move"));
    }

    private static FaultPlan Only(string method, Fault fault) => asked => asked == method ? fault : Fault.None;

    private Task<Guid> AcceptAsync(ulong nonce) =>
        _office.AcceptAsync(_office.Register(_person, nonce, $"key-{nonce}"));

    private async Task<(Phase, string?)> PhaseAsync(Guid id)
    {
        var status = await _office.StatusAsync(id);
        return (status.Phase, status.Code);
    }

    private async Task<ulong> PendingAsync() =>
        await shore.Client.GetNonceAsync(
            _account.Address, BlockTag.Pending, None) - await shore.UsedAsync(_account.Address);

    private Task MineUntilOverAsync(Guid id) => Eventually.TrueAsync(async () =>
    {
        await shore.Anvil.MineAsync(None);
        return (await _office.StatusAsync(id)).IsOver;
    });

    // A command whose fee no block takes, until its deadline is over.
    private async Task<Guid> StuckUntilExpiredAsync(RelayerOptions options)
    {
        await shore.Anvil.SetAutomineAsync(false, None);
        _office.Start(Keyring.Of(_account), options);
        var id = await _office.AcceptAsync(_office.Register(_person, 0, "late", await shore.NowAsync() + 60));
        await _office.ReachesAsync(id, Phase.Broadcast);
        await shore.Anvil.SetNextBlockTimestampAsync(await shore.NowAsync() + 120, None);
        await shore.SetBaseFeeAsync(50_000_000_000);
        await shore.Anvil.MineAsync(None);
        await Eventually.TrueAsync(async () => (await _office.FactsAsync(id)).Contains("abandoned"));
        return id;
    }
}
