// A database of commands beside the chain, and relayers on it. Enters: askers' wishes. Leaves: signed submissions,
// hosts that relay them, and the proof that every row is the fold of its journal. Always holds: each host has
// connections and requests of its own, as a process has.
using System.Diagnostics;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Sending;
using EventSourced.Chain.Signing;
using EventSourced.Commands;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Testing;
using EventSourced.Workers.Relaying;
using Marten;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Outcome = EventSourced.Commands.Simulation;

namespace EventSourced.Workers.Tests;

internal sealed class Office : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan BetweenBlocks = TimeSpan.FromMilliseconds(300);

    private readonly TestDatabase _database;
    private readonly List<RunningHost> _hosts = [];

    private Office(Shore shore, TestDatabase database)
    {
        (Shore, _database) = (shore, database);
        Source = NpgsqlDataSource.Create(database.ConnectionString);
        Store = CommandStore.Open(Source);
        Acceptance = new Acceptance(Source, Store);
        Reads = new CommandReads(Source);
    }

    internal Shore Shore { get; }

    internal string Database => _database.ConnectionString;

    internal NpgsqlDataSource Source { get; }

    internal DocumentStore Store { get; }

    internal Acceptance Acceptance { get; }

    internal CommandReads Reads { get; }

    internal RelayerOptions Options => new()
    {
        ChainId = AnvilNode.ChainId,
        FinalityDepth = 4,
        MendEvery = TimeSpan.FromMilliseconds(100),
        ResendAfter = TimeSpan.FromMilliseconds(500),
        GapPatience = TimeSpan.FromMilliseconds(300),
        AccountsEvery = TimeSpan.FromMilliseconds(200),
        QuoteAge = TimeSpan.FromMilliseconds(100),
        BumpAfter = TimeSpan.FromMinutes(5),
        Refusals = new Refusals(Shore.Contracts.All.SelectMany(contract => contract.Abi)),
    };

    internal static async Task<Office> OpenAsync(Shore shore)
    {
        var office = new Office(shore, await TestDatabase.CreateAsync());
        await CommandStore.PrepareAsync(office.Store, office.Source, None);
        return office;
    }

    /// <summary>A host with the relayer.</summary>
    internal RunningHost Start(Keyring keys, RelayerOptions? options = null, Uri? node = null, string? database = null)
    {
        var host = new RunningHost(database ?? Database, node ?? Shore.Chain.Endpoint, keys, options ?? Options);
        _hosts.Add(host);
        return host;
    }

    /// <summary>An agent's registration, signed by who wants it.</summary>
    internal Submission Register(SigningKey asker, ulong nonce, string key, ulong deadline = uint.MaxValue)
    {
        var registry = Shore.Contracts["AgentRegistry"];
        var data = registry.Encode("register", $"ipfs://{asker.Address}/{nonce}");
        var request = new ForwardRequest(asker.Address, registry.Address, 400_000, nonce, deadline, data);
        var signature = asker.Sign(request.Digest(AnvilNode.ChainId, Shore.Forwarder)).ToBytes();
        return new Submission(
            "agents.register", asker.Address, key, Keccak256.Hash(data), $"test-{key}",
            new Payload.Forward(Shore.Forwarder, request, signature), new Outcome(200_000, "an agent is registered"));
    }

    internal async Task<Guid> AcceptAsync(Submission submission) =>
        Assert.IsType<Answer.Accepted>(await Acceptance.AcceptAsync(submission, None)).Id;

    /// <summary>The last lines of the hosts, for messages.</summary>
    internal string Said() => string.Join(" | ", _hosts.Select(host => host.Said));

    internal async Task<CommandStatus> StatusAsync(Guid id) => (await Reads.ByIdAsync(id, None))!;

    /// <summary>Waits until a command is in a phase.</summary>
    internal async Task<CommandStatus> ReachesAsync(Guid id, params Phase[] phases)
    {
        CommandStatus? status = null;
        await Eventually.TrueAsync(
            async () => Array.IndexOf(phases, (status = await StatusAsync(id)).Phase) >= 0,
            () => $"{status}; wanted {string.Join(" or ", phases)}; {Said()}",
            Faulted());
        return status!;
    }

    /// <summary>Waits until none is open, with blocks coming so that they become final.</summary>
    /// <remarks>
    /// An anvil that mines at each transaction takes that one alone, and leaves those that had waited for it in its
    /// pool: blocks must come by themselves, as they do on a chain.
    /// </remarks>
    internal async Task DrainAsync()
    {
        // A busy machine may take long for many: each wait is for the next one that is over.
        for (var left = long.MaxValue; left > 0;)
        {
            var (before, mined) = (left, Stopwatch.GetTimestamp());
            await Eventually.TrueAsync(
                async () =>
                {
                    var (open, included) = await OpenAsync();
                    left = open;
                    if (open == included && included > 0) await Shore.Anvil.MineAsync(5, None);
                    else if (open > 0 && Stopwatch.GetElapsedTime(mined) > BetweenBlocks)
                    {
                        await Shore.Anvil.MineAsync(None);
                        mined = Stopwatch.GetTimestamp();
                    }

                    return open < before;
                },
                () => $"{left} that are open; {Said()}", Faulted());
        }

        await AssertFoldsAsync();
    }

    /// <summary>Every row is what its journal folds to.</summary>
    internal async Task AssertFoldsAsync()
    {
        var rows = new List<CommandRow>();
        await using (var command = Source.CreateCommand($"select {CommandRow.Columns} from {CommandRow.Tables}"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) rows.Add(CommandRow.Read(reader));
        await using var session = Store.QuerySession();
        foreach (var row in rows)
        {
            var facts = await session.Events.FetchStreamAsync(Journal.KeyOf(row.Id));
            Journal.State? state = null;
            foreach (var fact in facts)
                state = Journal.Evolve(state, (Journal.Event)fact.Data)
                    ?? throw new InvalidOperationException($"{fact.EventTypeName} cannot follow on {state}");
            Assert.Equal(row.State, state);
            Assert.Equal(row.Version, facts.Count);
        }
    }

    internal async Task<string[]> FactsAsync(Guid id)
    {
        await using var session = Store.QuerySession();
        return [.. (await session.Events.FetchStreamAsync(Journal.KeyOf(id))).Select(fact => fact.EventTypeName)];
    }

    internal async Task<long> CountAsync(string query)
    {
        await using var command = Source.CreateCommand(query);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
        Store.Dispose();
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }

    private Task Faulted() =>
        Task.WhenAny(_hosts.Select(
            host => host.Running).Where(task => task.IsFaulted).DefaultIfEmpty(Task.CompletedTask)).Unwrap();

    private async Task<(long Open, long Included)> OpenAsync() => (
        await CountAsync($"select count(*) from {CommandTables.Command} where phase < 5"),
        await CountAsync($"select count(*) from {CommandTables.Command} where phase = 4"));
}

/// <summary>A host with the relayer, as far as the relayer is concerned.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlDataSource _source;
    private readonly DocumentStore _store;
    private readonly HttpRpc _rpc;
    private readonly Lines _lines = new();

    internal RunningHost(string database, Uri node, Keyring keys, RelayerOptions options)
    {
        _source = NpgsqlDataSource.Create(database);
        _store = CommandStore.Open(_source);
        _rpc = new HttpRpc([node],
            new RpcOptions
            {
                MaxAttempts = 2,
                FirstDelay = TimeSpan.FromMilliseconds(20),
                RequestTimeout = TimeSpan.FromSeconds(5),
            });
        var changes = new CommandChanges(_source);
        Relayer = new Relayer(_source, _store, new EthereumClient(_rpc), keys, changes, options, _lines);
        Running = RunAsync(changes);
    }

    internal Relayer Relayer { get; }

    internal Task Running { get; }

    internal string Said => _lines.ToString();

    private async Task RunAsync(CommandChanges changes)
    {
        var listening = changes.RunAsync(_stop.Token);
        await Relayer.RunAsync(_stop.Token);
        await listening;
    }

    /// <summary>Ends it at whatever it is; nothing is tidied up.</summary>
    internal async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Relayer.Dispose();
        _rpc.Dispose();
        _store.Dispose();
        await _source.DisposeAsync();
        _stop.Dispose();
    }
}
