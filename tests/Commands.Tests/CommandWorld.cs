// A chain with the economy, and one host that indexes it, answers about it and takes commands; a relayer beside it.
// Enters: nothing. Leaves: people who act by HTTP alone. Always holds: everything is real: PostgreSQL, the node, the
// contracts, the indexer, the relayer.
using System.Collections.Concurrent;
using EventSourced.DevNode;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Messaging;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Testing;
using EventSourced.Workers.Relaying;
using EventSourced.Workers.Webhooks;
using EventSourced.World;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Commands.Tests;

/// <summary>One economy for all tests of commands.</summary>
public sealed class CommandWorld : IAsyncLifetime
{
    private static readonly UInt256 Ether = (UInt128)1_000_000_000_000_000_000;

    private readonly CancellationTokenSource _stop = new();
    private readonly FaultLog _faults = new();
    private readonly string _logKey = Path.Combine(Path.GetTempPath(), $"log-{Guid.NewGuid():N}.key");
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private IHost _workers = null!;
    private HttpRpc _rpc = null!;
    private Relayer _relayer = null!;
    private Keyring _keys = null!;
    private Task _running = Task.CompletedTask;
    private ServingHost _host = null!;

    internal WorldChain Chain { get; private set; } = null!;

    internal Contracts Contracts { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    internal NpgsqlDataSource Source => _source;

    /// <summary>The relayer's account.</summary>
    internal Address Courier => _keys.Addresses[0];

    /// <summary>The verifiers, once they are there.</summary>
    internal List<Person> Court { get; } = [];

    /// <summary>What the host logged as faults.</summary>
    internal string Faults => _faults.ToString();

    internal string Database => _database.ConnectionString;

    public async Task InitializeAsync()
    {
        Chain = await WorldChain.FreshAsync(CancellationToken.None, shared: true);
        Contracts = Contracts.Load(Chain.Deployment, WorldChain.Root);
        _database = await TestDatabase.CreateAsync();
        _host = await ServeAsync(("commandsTrust", "127.0.0.0/8"));
        Http = new HttpClient { BaseAddress = _host.Address, Timeout = TimeSpan.FromMinutes(2) };
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
        _rpc = new HttpRpc([Chain.Endpoint]);
        await ReadyAsync(Http);
        var courier = SigningKey.Generate();
        await Chain.Anvil.SetBalanceAsync(courier.Address, Ether * 1_000, CancellationToken.None);
        _keys = Keyring.Of(courier);
        _workers = await MessagesAsync();
        var changes = new CommandChanges(_source);
        _relayer = new Relayer(
            _source, _workers.Services.GetRequiredService<IDocumentStore>(), new EthereumClient(_rpc), _keys, changes,
            new RelayerOptions
            {
                ChainId = AnvilNode.ChainId,
                FinalityDepth = 1_000_000,
                HeadPoll = TimeSpan.FromMilliseconds(20),
            }, _faults, _workers.Services.GetRequiredService<WebhookOrders>().OrderAsync);
        _running = Task.WhenAll(changes.RunAsync(_stop.Token), _relayer.RunAsync(_stop.Token));
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _relayer?.Dispose();
        _keys?.Dispose();
        _rpc?.Dispose();
        Http?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        if (_workers is not null) await _workers.StopAsync();
        _workers?.Dispose();
        if (_source is not null) await _source.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        if (Chain is not null) await Chain.DisposeAsync();
        File.Delete(_logKey);
        _stop.Dispose();
    }

    // Durable messages as the role workers has them; only the judgement of hosts is a test's own, for a listener of
    // this machine is no public host.
    private async Task<IHost> MessagesAsync()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        var started = WriteSide.Add(builder.Services, _database.ConnectionString);
        builder.Services.AddSingleton(new WebhookCaller(TimeProvider.System, _ => true, HookListener.IsOurs));
        foreach (var service in started) builder.Services.Add(service);
        var host = builder.Build();
        await CommandStore.PrepareAsync(
            host.Services.GetRequiredService<IDocumentStore>(), _source, CancellationToken.None);
        await host.StartAsync();
        return host;
    }

    /// <summary>Another host on the same chain and database.</summary>
    internal async Task<ServingHost> ServeAsync(params (string Name, string Value)[] more)
    {
        var flags = new Dictionary<string, string[]>
        {
            ["roles"] = ["indexer", "api", "commands"],
            ["port"] = ["0"],
            ["database"] = [_database.ConnectionString],
            ["rpc"] = [Chain.Endpoint.ToString()],
            ["websocket"] = [new UriBuilder(Chain.Endpoint) { Scheme = "ws" }.Uri.ToString()],
            ["deployment"] = [Chain.Deployment],
            ["logKey"] = [_logKey],
        };
        foreach (var (name, value) in more) flags[name] = value.Split(',');
        var layers = new Layers(flags, _ => null);
        var settings = HostSettings.ForServing(layers)
            ?? throw new InvalidOperationException(string.Join('\n', layers.Complaints));
        return await ServingHost.StartAsync(settings, _faults, CancellationToken.None);
    }

    /// <summary>Somebody with wei and nothing else.</summary>
    internal async Task<Person> SomebodyAsync(SigningKey? key = null)
    {
        var person = new Person(this, key ?? SigningKey.Generate());
        await Chain.Anvil.SetBalanceAsync(person.Address, Ether * 100, CancellationToken.None);
        return person;
    }

    /// <summary>The newest block's time.</summary>
    internal async Task<ulong> NowAsync() =>
        (await Chain.Client.GetHeaderAsync(BlockTag.Latest, CancellationToken.None))!.Timestamp;

    /// <summary>Lets time pass, and mines a block in it.</summary>
    internal async Task PassAsync(ulong seconds)
    {
        await Chain.Anvil.SetNextBlockTimestampAsync(await NowAsync() + Math.Max(seconds, 1), CancellationToken.None);
        await Chain.Anvil.MineAsync(CancellationToken.None);
        // Time leaps here alone; what a host believes of it for a moment is of before the leap.
        await Task.Delay(2 * Api.Commands.Checks.ChainClock.TimeKept);
    }

    internal static async Task ReadyAsync(HttpClient http) => await Eventually.TrueAsync(async () =>
    {
        using var answer = await http.GetAsync("readyz");
        return answer.IsSuccessStatusCode;
    });

    /// <summary>Logs faults, for the message of a test that fails.</summary>
    private sealed class FaultLog : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _faults = new();

        public override string ToString() =>
            string.Join('\n', _faults.TakeLast(3).Select(fault => fault[..Math.Min(600, fault.Length)]));

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) _faults.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}

/// <summary>A world of its own, whose deadlines keepers clear.</summary>
[CollectionDefinition(Name)]
public sealed class KeptTests : ICollectionFixture<CommandWorld>
{
    public const string Name = "kept";
}

[CollectionDefinition(Name)]
public sealed class CommandTests : ICollectionFixture<CommandWorld>
{
    public const string Name = "commands";
}
