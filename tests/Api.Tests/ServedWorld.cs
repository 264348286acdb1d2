// A small world, indexed, and the API that answers about it. Enters: nothing. Leaves: one chain, one database, one host
// for all tests that only ask. Always holds: the database was filled by the real indexer from a real chain on which
// every story was told.
using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Transparency;
using EventSourced.World;
using Microsoft.Extensions.Logging;

namespace EventSourced.Api.Tests;

/// <summary>The host with the role api over a database.</summary>
internal sealed class ServedApi : IAsyncDisposable
{
    private readonly ServingHost _host;
    private readonly HttpClient _http;

    private readonly FaultLog _faults;

    private ServedApi(ServingHost host, FaultLog faults)
    {
        (_host, _faults) = (host, faults);
        _http = new HttpClient { BaseAddress = host.Address };
    }

    public Uri Address => _host.Address;

    public HttpClient Http => _http;

    /// <summary>What the host logged as faults.</summary>
    public string Faults => _faults.ToString();

    public Uri Socket => new UriBuilder(new Uri(Address, "/graphql")) { Scheme = "ws" }.Uri;

    public ReadApi Api => _host.Api!;

    public static async Task<ServedApi> OverAsync(string database, params (string Name, string Value)[] more)
    {
        var flags = new Dictionary<string, string[]>
        {
            ["roles"] = ["api"],
            ["port"] = ["0"],
            ["database"] = [database],
        };
        foreach (var (name, value) in more) flags[name] = [value];
        var layers = new Layers(flags, _ => null);
        var settings = HostSettings.ForServing(layers)
            ?? throw new InvalidOperationException(string.Join('\n', layers.Complaints));
        var faults = new FaultLog();
        return new ServedApi(await ServingHost.StartAsync(settings, faults, CancellationToken.None), faults);
    }

    /// <summary>Asks, and fails where the answer has errors.</summary>
    public async Task<JsonElement> DataAsync(string query, object? variables = null)
    {
        var answer = await AskAsync(query, variables);
        Assert.False(answer.TryGetProperty("errors", out var errors),
            $"expected an answer to\n{query}\nfound {errors}\n{_faults}");
        return answer.GetProperty("data");
    }

    /// <summary>Asks, and gives the errors.</summary>
    public async Task<JsonElement> ErrorsAsync(string query, object? variables = null)
    {
        var answer = await AskAsync(query, variables);
        return answer.TryGetProperty("errors", out var errors)
            ? errors
            : throw new InvalidOperationException($"expected errors for\n{query}\nfound {answer}");
    }

    public async Task<JsonElement> AskAsync(string query, object? variables = null)
    {
        using var answer = await _http.PostAsJsonAsync("graphql", new { query, variables });
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.DisposeAsync();
    }
}

/// <summary>What the host logs as a fault, for the message of a test that fails.</summary>
internal sealed class FaultLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _faults = new();

    public override string ToString() => string.Join('\n', _faults);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) _faults.Enqueue($"{formatter(state, exception)} {exception}");
    }
}

/// <summary>One indexed world for all tests that only ask.</summary>
public sealed class ServedWorld : IAsyncLifetime
{
    private EconomyChain? _chain;
    private IndexedDatabase? _database;

    /// <summary>The identity of the world's audit log.</summary>
    internal const string Origin = "log.example/economy";

    internal SigningKey LogKey { get; } = SigningKey.Parse(SigningKey.NewSecret(Origin, SignatureType.Ed25519));

    internal WorldChain Chain => _chain!.Chain;

    internal IndexedDatabase Database => _database!;

    internal ServedApi Api { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _chain = new EconomyChain();
        await _chain.InitializeAsync();
        _database = await IndexedDatabase.OfAsync(
            _chain.Chain,
            IndexedDatabase.Options with { LogSigning = new LogSigning([LogKey], AwaitsWitnesses: false) });
        Api = await ServedApi.OverAsync(_database.ConnectionString, ("rpc", _chain.Chain.Endpoint.ToString()));
    }

    public async Task DisposeAsync()
    {
        if (Api is not null) await Api.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        if (_chain is not null) await _chain.DisposeAsync();
    }

    /// <summary>One value of the database.</summary>
    internal async Task<T> ValueAsync<T>(string query)
    {
        await using var command = Database.Source.CreateCommand(query);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}

[CollectionDefinition(Name)]
public sealed class ServedTests : ICollectionFixture<ServedWorld>
{
    public const string Name = "served";
}
