// A host that a browser can look at, and a door by which the browser's tests move it. Enters: nothing. Leaves: the
// address of the host with indexer and API on a chain where every story was told, and the address of the door. Always
// holds: a restarted host has the same address; everything stands on loopback and is gone at the end.
using System.Net;
using System.Net.Sockets;
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
public sealed class LivingHost : IAsyncLifetime
{
    private readonly int _port = FreePort();
    private WorldChain? _chain;
    private TestDatabase? _database;
    private ServingHost? _host;
    private WebApplication? _door;

    /// <summary>Where the dashboard is.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>Where the tests in the browser ask for blocks, an end, a beginning.</summary>
    public Uri Door { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _chain = await WorldChain.FreshAsync(CancellationToken.None, shared: true);
        using (var world = await World.World.SettleAsync(
            _chain, new WorldOptions(1), Population.Small, CancellationToken.None))
            await world.LiveAsync(0, null, CancellationToken.None);
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
    }

    private async Task StartAsync()
    {
        var flags = new Dictionary<string, string[]>
        {
            ["roles"] = ["indexer", "api"],
            ["port"] = [$"{_port}"],
            ["database"] = [_database!.ConnectionString],
            ["rpc"] = [_chain!.Endpoint.ToString()],
            ["deployment"] = [_chain.Deployment],
            ["dashboard"] = [Npm.Folder("src/Dashboard")],
        };
        var layers = new Layers(flags, _ => null);
        var settings = HostSettings.ForServing(layers)
            ?? throw new InvalidOperationException(string.Join('\n', layers.Complaints));
        _host = await ServingHost.StartAsync(settings, NullLoggerFactory.Instance, CancellationToken.None);
        using var http = new HttpClient();
        await Eventually.TrueAsync(async () =>
            (await http.GetAsync(new Uri(Address, "readyz"))).StatusCode == HttpStatusCode.OK);
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<LivingHost>
{
    public const string Name = "browser";
}
