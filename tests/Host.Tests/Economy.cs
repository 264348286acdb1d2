// A chain with the economy deployed, and a database of its own. Enters: nothing. Leaves: settings to run with, a host
// that runs on them, and a wait for what the host says of itself.
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Testing;
using EventSourced.World;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventSourced.Host.Tests;

/// <summary>One deployed chain for all tests that only read it.</summary>
public sealed class EconomyChain : IAsyncLifetime
{
    public WorldChain Chain { get; private set; } = null!;

    public async Task InitializeAsync() => Chain = await WorldChain.FreshAsync(CancellationToken.None);

    public async Task DisposeAsync() => await Chain.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class EconomyTests : ICollectionFixture<EconomyChain>
{
    public const string Name = "economy";
}

/// <summary>A database beside a chain.</summary>
internal sealed class Economy : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly TestDatabase _database;

    private Economy(WorldChain chain, TestDatabase database) => (Chain, _database) = (chain, database);

    public WorldChain Chain { get; }

    /// <summary>With a password, which the cluster does not ask for and nobody may print.</summary>
    public string Database => _database.ConnectionString + ";Password=hunter2";

    public static async Task<Economy> BesideAsync(WorldChain chain) => new(chain, await TestDatabase.CreateAsync());

    /// <summary>A database that was indexed up to the chain's tip.</summary>
    public static async Task<Economy> IndexedAsync(WorldChain chain)
    {
        var economy = await BesideAsync(chain);
        await using var host = await economy.ServeAsync();
        await ReadyAsync(host.Address);
        return economy;
    }

    public Task<ServingHost> ServeAsync(params (string Name, string Value)[] more)
    {
        var flags = new Dictionary<string, string[]>
        {
            ["roles"] = ["indexer"],
            ["port"] = ["0"],
            ["database"] = [Database],
            ["rpc"] = [Chain.Endpoint.ToString()],
            ["deployment"] = [Chain.Deployment],
        };
        foreach (var (name, value) in more) flags[name] = [value];
        var layers = new Layers(flags, _ => null);
        var settings = HostSettings.ForServing(layers)
            ?? throw new InvalidOperationException(string.Join('\n', layers.Complaints));
        return ServingHost.StartAsync(settings, NullLoggerFactory.Instance, CancellationToken.None);
    }

    public async Task ExecuteAsync(string statement)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<bool> HasAsync(string query)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand(query);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until the host calls itself ready.</summary>
    public static Task<JsonElement> ReadyAsync(Uri address) =>
        UntilAsync(address, (code, _) => code == HttpStatusCode.OK);

    /// <summary>Waits until /readyz says what is asked for.</summary>
    public static async Task<JsonElement> UntilAsync(Uri address, Func<HttpStatusCode, JsonElement, bool> wanted)
    {
        using var http = new HttpClient { BaseAddress = address };
        using var limit = new CancellationTokenSource(Limit);
        var last = default(JsonElement);
        while (!limit.IsCancellationRequested)
        {
            using var answer = await http.GetAsync("readyz");
            last = await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (wanted(answer.StatusCode, last)) return last;
            await Task.Delay(Pause);
        }

        throw new TimeoutException($"expected another answer of /readyz within {Limit.TotalSeconds} s, found {last}");
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();
}
