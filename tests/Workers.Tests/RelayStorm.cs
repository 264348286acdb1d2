// A storm over the relayer. Enters: a seed. Leaves: a line that says what happened, or a failure that names the seed.
// While commands come through doors that break, two hosts on the same accounts die at messages and come back, nodes
// answer wrongly, blocks are taken back, the pool is forgotten and fees leap; then the weather clears. Always holds:
// afterwards every accepted command happened once, or is reported as not happened and did not; no nonce is a gap; every
// row is the fold of its journal; a storm that met too little fails as well.
//
// Fixed by the seed: every wish, every act on the chain, each node's sequence of faults, the message at which each life
// is cut or killed. Left to the machine's time: how these sequences interleave, and how many stretches it takes to meet
// enough (at most MostStretches).
using System.Diagnostics;
using System.Globalization;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Simulation.Tests;
using EventSourced.Workers.Relaying;

namespace EventSourced.Workers.Tests;

internal sealed class RelayStorm : IAsyncDisposable
{
    private const int Hosts = 2;
    private const int MostWords = 700;
    private const int LeastStretches = 6;
    private const int MostStretches = 60;
    private const int LeastCrashes = 2;
    private const int LeastCuts = 5;
    private const int LeastNodeFaults = 10;
    private const int LeastReorgs = 2;
    private const int LeastTakenBack = 1;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan MostPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly int _seed;
    private readonly Random _random;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Shore _shore;
    private readonly List<SigningKey> _accounts = [];
    private readonly List<StormHost> _hosts = [];
    private Office _office = null!;
    private StormLoad _load = null!;
    private ulong _highest;
    private int _reorgs;

    private RelayStorm(int seed, Shore shore) => (_seed, _random, _shore) = (seed, new Random(seed), shore);

    /// <summary>Runs the storm of a seed.</summary>
    internal static async Task<string> RunAsync(int seed, Shore shore)
    {
        await using var storm = new RelayStorm(seed, shore);
        try
        {
            return await storm.RunAsync();
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"relayer, seed {seed} failed; ./es sim --only relayer --seeds 1 --first {seed} runs it again: "
                + $"{failure.Message}\n{string.Join('\n', storm._hosts.Select(host => OneLine(host.Said)))}",
                failure);
        }
        finally
        {
            await shore.CalmAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
        if (_load is not null) await _load.DisposeAsync();
        if (_office is not null) await _office.DisposeAsync();
        foreach (var account in _accounts) account.Dispose();
    }

    private static string OneLine(string words)
    {
        var line = words.ReplaceLineEndings(" ");
        return line.Length > MostWords ? line[^MostWords..] : line;
    }

    private async Task<string> RunAsync()
    {
        await FoundAsync();
        using var calm = new CancellationTokenSource();
        Task[] lives = [.. _hosts.Select(host => host.LiveAsync(calm.Token))];
        try
        {
            await RageAsync(lives);
        }
        finally
        {
            await calm.CancelAsync();
            await Task.WhenAll(lives).WaitAsync(Longest).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(lives);
        var (met, outcomes) = (await MetAsync(), "");
        await _shore.CalmAsync();
        _office.Start(Keyring.Of([.. _accounts]));
        await _office.DrainAsync();
        outcomes = await _load.JudgeAsync();
        ulong used = 0;
        foreach (var account in _accounts) used += await _shore.UsedAsync(account.Address);
        // No gap: every nonce that was begun is used.
        Assert.Equal(
            (long)used, await _office.CountAsync($"select count(*) from {CommandTables.Nonce} where state = 3"));
        Assert.Equal(_load.Accepted, await _office.CountAsync($"select count(*) from {CommandTables.Command}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"relayer, seed {_seed}: {_load.Accepted} commands on {_accounts.Count} account(s): {outcomes}; {met}; "
            + $"each happened as reported, {used} nonces without a gap, {_clock.Elapsed.TotalSeconds:F1} s");
    }

    private async Task FoundAsync()
    {
        _office = await Office.OpenAsync(_shore);
        var count = _random.Next(1, 4);
        for (var account = 0; account < count; account++) _accounts.Add(await _shore.AccountAsync());
        _load = new StormLoad(_random.Next(), _office);
        await _load.FundAsync();
        await _shore.Anvil.SetAutomineAsync(false, None);
        // What tests set by hand must not be taken back with a block.
        await _shore.Anvil.MineAsync(_office.Options.FinalityDepth + 1, None);
        // Small batches: of a statement with hundreds of messages a storm would let nearly none through.
        var options = _office.Options with
        {
            BumpAfter = TimeSpan.FromSeconds(1),
            InFlight = _random.Next(3, 64),
            LookBatch = 64,
        };
        for (var host = 0; host < Hosts; host++)
            _hosts.Add(await StormHost.StartAsync(_random, _office, Keyring.Of([.. _accounts]), options));
    }

    private async Task RageAsync(Task[] lives)
    {
        for (var stretch = 0; stretch < MostStretches && _clock.Elapsed < Longest; stretch++)
        {
            var asking = _load.AskAsync(_random.Next(3, 9));
            for (var act = _random.Next(3, 8); act > 0; act--)
            {
                await ActAsync();
                await Task.Delay(_random.Next(20, 250));
            }

            await asking;
            if (lives.FirstOrDefault(life => life.IsCompleted) is { } broken) await broken;
            if (stretch + 1 >= LeastStretches && (await MissingAsync()).Count == 0) return;
        }

        throw new InvalidOperationException(
            $"expected {string.Join(", ", await MissingAsync())}, in a storm of {await MetAsync()}");
    }

    private async Task ActAsync()
    {
        var head = await _shore.Client.GetBlockNumberAsync(None);
        _highest = Math.Max(_highest, head);
        // What may be final already for somebody stays.
        var most = _office.Options.FinalityDepth - Math.Min(_office.Options.FinalityDepth, _highest - head);
        var (choice, depth) = (_random.Next(20), (ulong)_random.Next(1, (int)_office.Options.FinalityDepth));
        if (choice < 4 && depth <= most)
        {
            _reorgs++;
            await SeenAsync(head - depth);
            if (choice == 0) await _shore.Anvil.RollbackAsync(depth, None);
            else await _shore.Anvil.ReorgAsync(depth, None);
            return;
        }

        if (choice == 4) await _shore.Anvil.RemovePoolTransactionsAsync(_accounts[0].Address, None);
        if (choice == 5) await _shore.SetBaseFeeAsync(20_000_000_000);
        await _shore.Anvil.MineAsync(None);
    }

    // A reorg of blocks that nobody has seen yet is none: on a slow machine too a host shall have read them.
    private async Task SeenAsync(ulong fork)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < MostPatience && await _office.CountAsync(
            $"select count(*) from {CommandTables.Command} where phase = 4 and block > {fork}") == 0)
            await Task.Delay(BetweenLooks);
    }

    private async Task<IReadOnlyList<string>> MissingAsync()
    {
        (string What, long Found, long Least)[] floors =
        [
            ("crashes at a message", Sum(DatabaseFault.Crash), LeastCrashes),
            ("connections cut", Sum(DatabaseFault.CutAfter) + Sum(DatabaseFault.CutBefore), LeastCuts),
            ("node faults", _hosts.Sum(host => host.NodeFaults), LeastNodeFaults),
            ("reorgs", _reorgs, LeastReorgs),
            ("commands taken back", await TakenBackAsync(), LeastTakenBack),
        ];
        return [.. floors.Where(floor => floor.Found < floor.Least)
            .Select(floor => $"at least {floor.Least} {floor.What}, found {floor.Found}")];
    }

    private async Task<string> MetAsync() =>
        $"{_hosts.Sum(host => host.Lives)} lives, {Sum(DatabaseFault.Crash)} crashed at a message, "
        + $"{Sum(DatabaseFault.CutBefore)}+{Sum(DatabaseFault.CutAfter)} connections cut before+after a message, "
        + $"{_hosts.Sum(host => host.NodeFaults)} node faults, {_reorgs} reorgs took back "
        + $"{await TakenBackAsync()} inclusions, {_load.Lost} answers lost, {_load.Twins} twins refused";

    private Task<long> TakenBackAsync() =>
        _office.CountAsync($"select count(*) from {CommandTables.Facts} where type = 'reorganized'");

    private int Sum(DatabaseFault fault) => _hosts.Sum(host => host.CountOf(fault));
}
