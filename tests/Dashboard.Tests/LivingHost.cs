// A host that a browser can look at, and a door by which the browser's tests move it. Enters: nothing. Leaves: the
// address of a host with every role, and a relayer, on a chain where every story was told or where nobody lives yet;
// and the address of the door. Always holds: a restarted host has the same address; everything stands on loopback and
// is gone at the end.
using System.Net;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Serving;
using EventSourced.Host.Settings;
using EventSourced.Testing;
using EventSourced.World;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventSourced.Dashboard.Tests;

/// <summary>The host, its chain, its database and its door.</summary>
public class LivingHost : IAsyncLifetime
{
    private const int LightScrypt = 1 << 10;
    private static readonly UInt256 Ether = (UInt128)1_000_000_000_000_000_000;

    private readonly int _port = Ports.Free();
    private readonly string _folder = Directory.CreateTempSubdirectory("es-dashboard-").FullName;
    private WorldChain? _chain;
    private TestDatabase? _database;
    private ServingHost? _host;
    private WebApplication? _door;

    /// <summary>Where the dashboard is.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>Where the tests in the browser ask for blocks, an end, a beginning.</summary>
    public Uri Door { get; private set; } = null!;

    /// <summary>Whether every story was told before.</summary>
    protected virtual bool IsTold => true;

    public async Task InitializeAsync()
    {
        _chain = await WorldChain.FreshAsync(CancellationToken.None, shared: true);
        if (IsTold)
        {
            using var world = await World.World.SettleAsync(
                _chain, new WorldOptions(1), Population.Small, CancellationToken.None);
            await world.LiveAsync(0, null, CancellationToken.None);
            // The world mined by its own word; the people of the tests have the node mine.
            await _chain.Anvil.SetAutomineAsync(true, CancellationToken.None);
        }

        await HireRelayerAsync();
        _database = await TestDatabase.CreateAsync();
        await StartAsync();
        Door = await OpenDoorAsync();
    }

    public async Task DisposeAsync()
    {
        if (_door is not null) await _door.DisposeAsync();
        await StopAsync();
        if (_database is not null)
        {
            await AllowAsync(true);
            await _database.DisposeAsync();
        }

        if (_chain is not null) await _chain.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        var flags = new Dictionary<string, string[]>
        {
            ["roles"] = ["indexer", "api", "commands", "workers"],
            ["port"] = [$"{_port}"],
            ["database"] = [_database!.ConnectionString],
            ["rpc"] = [_chain!.Endpoint.ToString()],
            ["deployment"] = [_chain.Deployment],
            ["websocket"] = [new UriBuilder(_chain.Endpoint) { Scheme = "ws" }.Uri.ToString()],
            ["finality"] = ["2"],
            ["logKey"] = [Path.Combine(_folder, "log.key")],
            ["relayerKeys"] = [Path.Combine(_folder, "keys")],
            ["relayerPassword"] = [Path.Combine(_folder, "password")],
            ["commandsTrust"] = ["127.0.0.0/8"],
            // People do by hand here what keepers would do first.
            ["keepers"] = ["none"],
            ["dashboard"] = [Npm.Folder("src/Dashboard")],
        };
        // One host keeps content, the other does not: the page does without.
        if (!IsTold) flags["content"] = [Path.Combine(_folder, "content")];
        var layers = new Layers(flags, _ => null);
        var settings = HostSettings.ForServing(layers)
            ?? throw new InvalidOperationException(string.Join('\n', layers.Complaints));
        _host = await ServingHost.StartAsync(settings, NullLoggerFactory.Instance, CancellationToken.None);
        using var http = new HttpClient();
        await Eventually.TrueAsync(async () =>
            (await http.GetAsync(new Uri(Address, "readyz"))).StatusCode == HttpStatusCode.OK);
    }

    // The relayer's key is its own, and rich enough for every command of the tests.
    private async Task HireRelayerAsync()
    {
        using var key = SigningKey.Generate();
        const string password = "a password of the tests";
        Directory.CreateDirectory(Path.Combine(_folder, "keys"));
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "keys", "relayer.json"), KeyFile.Encrypt(key, password, LightScrypt));
        await File.WriteAllTextAsync(Path.Combine(_folder, "password"), password);
        await _chain!.Anvil.SetBalanceAsync(key.Address, Ether * 1_000, CancellationToken.None);
    }

    // Lets time pass, and mines blocks in it.
    private async Task PassAsync(ulong seconds, ulong blocks)
    {
        var newest = await _chain!.Client.GetHeaderAsync(BlockTag.Latest, CancellationToken.None);
        if (seconds > 0)
            await _chain.Anvil.SetNextBlockTimestampAsync(newest!.Timestamp + seconds, CancellationToken.None);
        await _chain.Anvil.MineAsync(Math.Max(blocks, 1), CancellationToken.None);
    }

    private async Task StopAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        _host = null;
    }

    private async Task<Uri> OpenDoorAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _door = builder.Build();
        _door.MapPost("/stop", StopAsync);
        _door.MapPost("/start", StartAsync);
        _door.MapPost("/mine", () => _chain!.Anvil.MineAsync(CancellationToken.None));
        _door.MapPost("/pass", (ulong? seconds, ulong? blocks) => PassAsync(seconds ?? 0, blocks ?? 1));
        _door.MapPost("/drip", DripAsync);
        _door.MapPost("/database/away", () => AllowAsync(false));
        _door.MapPost("/database/back", () => AllowAsync(true));
        await _door.StartAsync();
        return new Uri(_door.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    // An event of the economy by a transaction of its own: a stranger's address takes its portion from the faucet.
    private async Task<string> DripAsync()
    {
        var recipient = $"0x{Convert.ToHexStringLower(Guid.NewGuid().ToByteArray())}00000001";
        await Drip.SendAsync(_chain!, recipient);
        return recipient;
    }

    // PostgreSQL itself refuses the host's connections, and ends those that are open.
    private async Task AllowAsync(bool isAllowed)
    {
        var name = new NpgsqlConnectionStringBuilder(_database!.ConnectionString).Database;
        await using var cluster = NpgsqlDataSource.Create(TestDatabase.Cluster);
        await using var allow = cluster.CreateCommand($"alter database {name} with allow_connections {isAllowed}");
        await allow.ExecuteNonQueryAsync();
        if (isAllowed) return;
        await using var end = cluster.CreateCommand(
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
        await end.ExecuteNonQueryAsync();
    }
}

/// <summary>The same on a chain where nobody lives yet: its people come by their wallets.</summary>
public sealed class EmptyHost : LivingHost
{
    protected override bool IsTold => false;
}

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<LivingHost>
{
    public const string Name = "browser";
}

[CollectionDefinition(Name)]
public sealed class WalletTests : ICollectionFixture<EmptyHost>
{
    public const string Name = "wallet";
}
