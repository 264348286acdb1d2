// The role indexer: the indexer runs, the log tells its changes, and a second look at the node stands beside it.
// Enters: checked settings. Leaves: a report and a meter. Always holds: a fault that stops the indexer leaves the
// process alive and red.
using EventSourced.Api.Options;
using EventSourced.Api.Serving;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Settings;
using EventSourced.Indexer;
using EventSourced.Indexer.Ingest;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Host.Serving;

/// <summary>A running indexer.</summary>
public sealed class IndexerRole : IAsyncDisposable
{
    /// <summary>The interval at which the status of the indexer is compared for the log.</summary>
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);

    // A subscription that breaks so often in a row is a fault for an operator to see, not only one to retry.
    private const int SubscriptionFailures = 5;

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpRpc _rpc;
    private readonly NpgsqlDataSource _source;
    private readonly ILogger _log;
    private Task _running = Task.CompletedTask;

    internal IndexerRole(HostSettings settings, ILogger log)
    {
        _log = log;
        _rpc = new HttpRpc(settings.Rpc, settings.RpcOptions);
        // The figures of these connections carry this name, and not the address of the database.
        _source = new NpgsqlDataSourceBuilder(settings.Database) { Name = "indexer" }.Build();
        var client = new EthereumClient(_rpc);
        Head = new NodeHead(client, TimeProvider.System);
        Indexer = new ChainIndexer(
            settings.Deployment!, client, _source, settings.Indexer, Heads(settings.WebSocket, settings.RpcOptions));
        Meter = new IndexerMeter(Indexer.Status, Head);
        LogKeys = settings.LogSigning?.VerifierKeys.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The indexer.</summary>
    public ChainIndexer Indexer { get; }

    /// <summary>The node's own answer, asked beside the indexer.</summary>
    public NodeHead Head { get; }

    /// <summary>The verifier keys of the audit log; null: it is not signed.</summary>
    internal IReadOnlyList<string>? LogKeys { get; }

    /// <summary>The figures.</summary>
    internal IndexerMeter Meter { get; }

    /// <summary>The answers to the API's questions about the indexer.</summary>
    internal IndexerView View
    {
        get
        {
            var report = IndexerReport.Of(Indexer.Status, Head);
            return new IndexerView(report.ChainHead, report.Lag, report.RebuildShare);
        }
    }

    /// <summary>Stops the indexer and releases leadership.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Meter.Dispose();
        await _source.DisposeAsync().ConfigureAwait(false);
        _rpc.Dispose();
        _stop.Dispose();
    }

    internal void Start(HostSettings settings)
    {
        _log.IndexerStarted(
            settings.Deployment!.ChainId, $"{settings.Deployment.Directory}", settings.DatabaseName,
            string.Join(", ", _rpc.Endpoints), settings.WebSocket is { } socket ? socket.Authority : "by asking");
        _running = Task.WhenAll(IndexAsync(), WatchAsync(), Head.WatchAsync(_stop.Token), WitnessAsync(settings));
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
            // Alive and red: an operator sees the reason, and the indexer does not start again in a loop.
            _log.IndexerStopped(fault, fault.Message);
        }
    }

    private async Task WitnessAsync(HostSettings settings)
    {
        if (settings.LogPolicy is not { WitnessAddresses.Count: > 0 } policy) return;
        using var http = new HttpClient();
        await new WitnessRounds(_source, policy, http, _log).RunAsync(_stop.Token).ConfigureAwait(false);
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
            if (status.Phase == IndexerPhase.Retrying && status.Fault is { } found && found != fault) _log
                .FaultSurvived(fault = found);
            if (status.Reorgs != reorgs) _log.Reorg(status.Reorgs, tip);
            if (status.Violations > violations) _log.IntegrityViolated(status.Violations);
            (phase, reorgs, violations) = (status.Phase, status.Reorgs, status.Violations);
        }
    }
}
