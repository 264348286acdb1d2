// The indexer as a process: it runs, and whoever asks by HTTP is told how it is. Enters: checked settings. Leaves: /healthz, /readyz, /status,
// /metrics, and log lines. Always holds: a fault that stops the indexer leaves the process alive and red; stopping releases leadership first.
using System.Text.Json;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Settings;
using EventSourced.Indexer;
using EventSourced.Indexer.Ingestion;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Host.Serving;

/// <summary>A running indexer with its endpoints.</summary>
public sealed class IndexerHost : IAsyncDisposable
{
    /// <summary>How often the log looks whether the indexer's status changed.</summary>
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);

    // A subscription that breaks so often in a row is a fault to be seen, not only to be tried again.
    private const int SubscriptionFailures = 5;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _web;
    private readonly HttpRpc _rpc;
    private readonly NpgsqlDataSource _source;
    private readonly ILogger _log;
    private readonly IndexerMeter _meter;
    private readonly PrometheusText _prometheus;
    private Task _running = Task.CompletedTask;

    private IndexerHost(HostSettings settings, ILoggerFactory logs)
    {
        _log = logs.CreateLogger("EventSourced.Host");
        _rpc = new HttpRpc(settings.Rpc, settings.RpcOptions);
        _source = NpgsqlDataSource.Create(settings.Database);
        var client = new EthereumClient(_rpc);
        Head = new NodeHead(client, TimeProvider.System);
        Indexer = new ChainIndexer(
            settings.Deployment!, client, _source, settings.Indexer, Heads(settings.WebSocket, settings.RpcOptions));
        _meter = new IndexerMeter(Indexer.Status, Head);
        _prometheus = new PrometheusText(_meter.Meter);
        _web = Web(settings, logs);
    }

    /// <summary>The indexer.</summary>
    public ChainIndexer Indexer { get; }

    /// <summary>What the node says beside it.</summary>
    public NodeHead Head { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_web.Urls.First());

    /// <summary>Starts to listen and to index.</summary>
    public static async Task<IndexerHost> StartAsync(HostSettings settings, ILoggerFactory logs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var host = new IndexerHost(settings, logs);
        try
        {
            await host._web.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        host._log.HostStarted(host.Address.ToString(), "indexer");
        host._log.IndexerStarted(
            settings.Deployment!.ChainId, settings.Deployment.Identity, settings.DatabaseName, string.Join(", ", host._rpc.Endpoints),
            settings.WebSocket is { } socket ? socket.Authority : "by asking");
        host._running = Task.WhenAll(host.IndexAsync(), host.WatchAsync(), host.Head.WatchAsync(host._stop.Token));
        return host;
    }

    /// <summary>Stops the indexer, releases leadership, stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _web.DisposeAsync().ConfigureAwait(false);
        _prometheus.Dispose();
        _meter.Dispose();
        await _source.DisposeAsync().ConfigureAwait(false);
        _rpc.Dispose();
        _stop.Dispose();
    }

    private static HeadSource? Heads(Uri? socket, RpcOptions options) => socket is null
        ? null
        : (from, cancellation) => ChainSubscription.HeadsAsync(
            socket, options with { MaxReconnects = SubscriptionFailures }, from, cancellation);

    private async Task IndexAsync()
    {
        try
        {
            await Indexer.RunAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception fault) when (!_stop.IsCancellationRequested)
        {
            // Alive and red: an operator sees the reason, and nothing starts it again in a circle.
            _log.IndexerStopped(fault, fault.Message);
        }
    }

    private async Task WatchAsync()
    {
        var status = Indexer.Status;
        var (phase, fault, reorgs, violations) = (status.Phase, default(string), 0L, 0);
        using var timer = new PeriodicTimer(WatchEvery);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            var tip = status.Tip?.Number ?? 0;
            if (status.Phase != phase) _log.PhaseChanged(phase, status.Phase, tip, status.Events);
            if (status.Phase == IndexerPhase.Retrying && status.Fault is { } found && found != fault) _log.FaultSurvived(fault = found);
            if (status.Reorgs != reorgs) _log.Reorg(status.Reorgs, tip);
            if (status.Violations > violations) _log.IntegrityViolated(status.Violations);
            (phase, reorgs, violations) = (status.Phase, status.Reorgs, status.Violations);
        }
    }

    private WebApplication Web(HostSettings settings, ILoggerFactory logs)
    {
        // Empty on purpose: no file and no variable but ours configures this process.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(settings.Listen);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(logs);
        var web = builder.Build();
        web.MapGet("/healthz", () => Results.Text("alive\n"));
        web.MapGet("/readyz", () => Report(isGate: true));
        web.MapGet("/status", () => Report(isGate: false));
        web.MapGet("/metrics", () => Results.Text(_prometheus.Scrape(), PrometheusText.ContentType));
        return web;
    }

    private IResult Report(bool isGate)
    {
        var report = IndexerReport.Of(Indexer.Status, Head);
        return Results.Json(
            report, Json, statusCode: isGate && !report.Ready ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }
}
