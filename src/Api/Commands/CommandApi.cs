// The commands of one process: their pools, their tables, and the routes that lead to them. Enters: a connection string
// and options. Leaves: routes on a web host. Always holds: rows of the chain are read by connections that only read;
// what is written is the journal and the buckets; the process is told ready when its tables are there and its listener
// hears changes.
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Http;
using EventSourced.Api.Commands.Limits;
using EventSourced.Api.Commands.Mcp;
using EventSourced.Api.Commands.Path;
using EventSourced.Commands;
using EventSourced.Ethereum.Rpc;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Scalar.AspNetCore;

namespace EventSourced.Api.Commands;

/// <summary>The commands.</summary>
public sealed class CommandApi : IAsyncDisposable
{
    private const int ReadConnections = 20;
    private const int WriteConnections = 12;
    private const int PreparedStatements = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Forgetting = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly NpgsqlDataSource _rows;
    private readonly NpgsqlDataSource _writes;
    private readonly DocumentStore _store;
    private readonly Buckets _buckets;
    private readonly ChainClock _clock;
    private readonly CommandOptions _options;
    private readonly CommandRoutes _routes;
    private readonly WebhookRoutes _webhooks;
    private readonly McpDoor _door;
    private readonly Pressure _pressure;
    private readonly CommandChanges _changes;
    private Task _running = Task.CompletedTask;
    private volatile bool _isReady;

    private CommandApi(string database, CommandOptions options)
    {
        _options = options;
        var node = new EthereumClient(options.Rpc);
        _rows = Open(
            database, "eventsourced-commands-read", ReadConnections, "-c default_transaction_read_only=on -c jit=off");
        _writes = Open(database, "eventsourced-commands", WriteConnections, "-c jit=off");
        _store = CommandStore.Open(_writes);
        _buckets = new Buckets(_writes);
        _changes = new CommandChanges(_writes);
        _clock = new ChainClock(options.Economy, node, TimeProvider.System);
        var reads = new CommandReads(_writes);
        var rehearsal = new Rehearsal(options.Economy, node);
        var gate = new Gate(_buckets, options);
        Actions = new NextActions(_rows, new ChainSide(_clock, rehearsal, TimeOfAsync));
        Path = new CommandPath(
            options.Economy, new Judge(_rows, _clock, options.Policies), rehearsal,
            new SignatureCheck(options.Economy, node),
            new RequestQueue(_writes, _clock), _clock, gate, new Acceptance(_writes, _store), reads);
        _pressure = new Pressure(Pressure.Of(_writes), TimeProvider.System);
        _routes = new CommandRoutes(
            Path, gate, reads, new CommandEvents(reads, _changes), new CausedEvents(_rows, node), Actions, _pressure,
            new SlowRefusals(TimeProvider.System), options);
        _webhooks = new WebhookRoutes(new Webhooks(_writes), gate, options.Economy, TimeProvider.System);
        _door = new McpDoor(_routes, Actions, new Things(_rows), options.Query);

        async Task<ulong?> TimeOfAsync(ulong block, CancellationToken cancellation) =>
            (await node.GetHeaderAsync(block, cancellation).ConfigureAwait(false))?.Timestamp;
    }

    /// <summary>The path of every command.</summary>
    internal CommandPath Path { get; }

    /// <summary>The next actions.</summary>
    internal NextActions Actions { get; }

    /// <summary>Why commands are not taken yet; empty: they are.</summary>
    public IReadOnlyList<string> Reasons => _isReady ? [] : ["the tables of commands are not there yet"];

    /// <summary>Makes the tables and begins to listen, behind the web server's start.</summary>
    public static CommandApi Start(string database, CommandOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var api = new CommandApi(database, options);
        api._running = Task.Run(api.RunAsync);
        return api;
    }

    /// <summary>Adds what the document and the door for MCP need.</summary>
    public void AddServices(IServiceCollection services)
    {
        services.AddOpenApi(CommandDocument.Name, CommandDocument.Configure);
        McpDoor.Add(services, () => _door);
    }

    /// <summary>Adds the routes.</summary>
    public void MapRoutes(IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        _routes.Map(routes);
        _webhooks.Map(routes, answer => _routes.Handler(answer));
        routes.MapOpenApi(CommandDocument.Route);
        routes.MapScalarApiReference(
            "/v1/docs", page => page.WithTitle("EventSourced commands").WithOpenApiRoutePattern(CommandDocument.Route)
            .DisableDefaultFonts().DisableTelemetry());
        routes.MapMcp(McpDoor.Path).Add(Origins.Guard);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _store.DisposeAsync().ConfigureAwait(false);
        await _rows.DisposeAsync().ConfigureAwait(false);
        await _writes.DisposeAsync().ConfigureAwait(false);
        _clock.Dispose();
        _stop.Dispose();
    }

    // A database that starts later than we do is no fault.
    private async Task RunAsync()
    {
        var listening = Task.WhenAll(_changes.RunAsync(_stop.Token), _pressure.RunAsync(_stop.Token));
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!_isReady)
                {
                    await CommandStore.PrepareAsync(_store, _writes, _stop.Token).ConfigureAwait(false);
                    await _buckets.PrepareAsync(_stop.Token).ConfigureAwait(false);
                    _isReady = true;
                }

                await _buckets.ForgetAsync(_stop.Token).ConfigureAwait(false);
                await Task.Delay(Forgetting, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception fault)
                when (fault is NpgsqlException or TimeoutException or Marten.Exceptions.MartenCommandException)
            {
                _options.OnFault(fault);
                await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
        }

        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static NpgsqlDataSource Open(string database, string name, int most, string options)
    {
        var parts = new NpgsqlConnectionStringBuilder(database)
        {
            ApplicationName = name,
            MaxAutoPrepare = PreparedStatements,
            AutoPrepareMinUsages = 2,
            MaxPoolSize = most,
            Timezone = "UTC",
            NoResetOnClose = true,
        };
        parts.Options = $"{parts.Options} {options}".Trim();
        return new NpgsqlDataSourceBuilder(parts.ConnectionString) { Name = name }.Build();
    }
}
