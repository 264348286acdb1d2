// The role workers: Wolverine with its handlers, started beside the web server and not before it. Enters: checked
// settings and the host's services. Leaves: a report and a meter. Always holds: index and API do not wait for the
// workers; a fault that stops them leaves the process alive and red; the beat that shows that durable messages arrive
// is never doubled.
using System.Diagnostics;
using EventSourced.Commands;
using EventSourced.Host.Messaging;
using EventSourced.Host.Settings;
using EventSourced.Workers.Pulses;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Wolverine;
using Wolverine.Runtime;

namespace EventSourced.Host.Serving;

/// <summary>Running workers.</summary>
public sealed class WorkersRole : IAsyncDisposable
{
    /// <summary>The pulse by which the cluster shows that durable messages arrive. Stored; never rename.</summary>
    public const string Pulse = "workers";

    /// <summary>The time from one beat to the next.</summary>
    public static readonly TimeSpan Beats = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Stack<IHostedService> _started = new();
    private readonly HostSettings _settings;
    private readonly ILogger _log;
    private IReadOnlyList<ServiceDescriptor> _hosted = [];
    private Task _running = Task.CompletedTask;
    private volatile WorkersView _view = new();
    private readonly ContentPart? _content;
    private RelayerPart? _relayer;
    private volatile HostedPart? _agents;
    private KeepersPart? _keepers;

    internal WorkersRole(HostSettings settings, ContentPart? content, ILogger log)
    {
        (_settings, _content, _log) = (settings, content, log);
        Meter = new WorkersMeter(() => Report);
    }

    /// <summary>The report on the workers.</summary>
    public WorkersReport Report => WorkersReport.Of(_view, TimeProvider.System.GetUtcNow());

    /// <summary>The figures.</summary>
    internal WorkersMeter Meter { get; }

    /// <summary>Ends the messages in work, and leaves the others to other nodes or to the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var limit = new CancellationTokenSource(WriteSideLimits.Drain);
        foreach (var service in _started)
            await service.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _agents?.Dispose();
        _keepers?.Dispose();
        _relayer?.Dispose();
        Meter.Dispose();
        _stop.Dispose();
    }

    internal void AddTo(IServiceCollection services) => _hosted = WriteSide.Add(
        services, _settings.Database, broker: _settings.RabbitMq);

    internal void Start(IServiceProvider services) => _running = Task.Run(() => RunAsync(services));

    private async Task RunAsync(IServiceProvider services)
    {
        try
        {
            var began = Stopwatch.GetTimestamp();
            await ReachAsync(
                services.GetRequiredKeyedService<NpgsqlDataSource>(WriteSide.Schema)).ConfigureAwait(false);
            await StartAsync(services).ConfigureAwait(false);
            var node = services.GetRequiredService<NodeNumber>()();
            _view = _view with { Node = node };
            _log.WorkersStarted(node, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (_settings.Relayer is { } relayer) _relayer = new RelayerPart(_settings, relayer, services, _log);
            if (_settings.Keepers is { } keepers)
                _keepers = new KeepersPart(_settings, keepers, services, () => _relayer?.FirstAccount, _log);
            // A fault that stops one part stops all of them: alive and red is reported once.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            Task[] running =
            [
                _relayer?.RunAsync(either.Token) ?? Task.Delay(Timeout.Infinite, either.Token),
                _keepers?.RunAsync(either.Token) ?? Task.Delay(Timeout.Infinite, either.Token),
                HostAsync(services, either.Token),
                WatchAsync(services, either.Token),
            ];
            var ended = await Task.WhenAny(running).ConfigureAwait(false);
            await either.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ended.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception fault) when (!_stop.IsCancellationRequested)
        {
            // Alive and red: an operator sees the reason, and the role does not start again in a loop.
            _view = _view with { Fault = fault.Message };
            _log.WorkersStopped(fault, fault.Message);
        }
    }

    // Keys take time to open, and no other part waits for them.
    private async Task HostAsync(IServiceProvider services, CancellationToken cancellation)
    {
        if (_settings.Hosted is not { } hosted)
        {
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(false);
            return;
        }

        // A changed file is read again: new agents begin, removed agents end, and jobs in work are taken over.
        var changed = HostedPart.ChangedAsync(hosted.File, cancellation);
        var agents = await HostedPart.OpenAsync(_settings, hosted, _content!, services, _log, cancellation)
            .ConfigureAwait(false);
        while (true)
        {
            using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            _agents = agents;
            var running = agents.RunAsync(turn.Token);
            var reading = ReadAgainAsync(changed, hosted, services, cancellation);
            var ended = await Task.WhenAny(running, reading).ConfigureAwait(false);
            await turn.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            if (ended == running) await running.ConfigureAwait(false);
            agents.Dispose();
            (agents, changed) = await reading.ConfigureAwait(false);
        }
    }

    // An unreadable file is reported, and the agents of the last readable one go on.
    private async Task<(HostedPart Agents, Task Changed)> ReadAgainAsync(
        Task changed, HostedSettings hosted, IServiceProvider services, CancellationToken cancellation)
    {
        while (true)
        {
            await changed.ConfigureAwait(false);
            changed = HostedPart.ChangedAsync(hosted.File, cancellation);
            try
            {
                return (await HostedPart.OpenAsync(_settings, hosted, _content!, services, _log, cancellation)
                    .ConfigureAwait(false), changed);
            }
            catch (Exception unread) when (unread is FormatException or IOException)
            {
                _log.FaultSurvived(unread.Message);
            }
        }
    }

    // A database or a broker that starts later than this process is no fault.
    private async Task ReachAsync(NpgsqlDataSource source)
    {
        while (true)
        {
            try
            {
                var connection = await source.OpenConnectionAsync(_stop.Token).ConfigureAwait(false);
                await using var closing = connection.ConfigureAwait(false);
                break;
            }
            catch (NpgsqlException fault)
            {
                _log.FaultSurvived(fault.Message);
                await Task.Delay(Pause, _stop.Token).ConfigureAwait(false);
            }
        }

        while (_settings.RabbitMq is { } broker
            && await Broker.ReachAsync(broker, _stop.Token).ConfigureAwait(false) is { } away)
        {
            _log.FaultSurvived(away);
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(false);
        }
    }

    // Tables come first, each library's under its own lock: of two nodes that start at once, one waits for the other.
    private async Task StartAsync(IServiceProvider services)
    {
        await CommandStore.PrepareAsync(
            services.GetRequiredService<IDocumentStore>(),
            services.GetRequiredKeyedService<NpgsqlDataSource>(WriteSide.Schema), _stop.Token).ConfigureAwait(false);
        foreach (var descriptor in _hosted)
        {
            var service = (IHostedService)(descriptor.ImplementationInstance
                ?? descriptor.ImplementationFactory?.Invoke(services)
                ?? ActivatorUtilities.CreateInstance(services, descriptor.ImplementationType!));
            await service.StartAsync(_stop.Token).ConfigureAwait(false);
            _started.Push(service);
        }
    }

    private async Task WatchAsync(IServiceProvider services, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(WriteSideLimits.Figures);
        do
        {
            try
            {
                await LookAsync(services).ConfigureAwait(false);
            }
            catch (NpgsqlException fault)
            {
                // The age of the last figures reports this fault.
                _log.FaultSurvived(fault.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
    }

    private async Task LookAsync(IServiceProvider services)
    {
        var storage = services.GetRequiredService<IWolverineRuntime>().Storage;
        var counts = await storage.Admin.FetchCountsAsync().ConfigureAwait(false);
        var nodes = await storage.Nodes.LoadAllNodesAsync(_stop.Token).ConfigureAwait(false);
        var session = services.GetRequiredService<IDocumentStore>().QuerySession();
        Pulse? pulse;
        await using (session.ConfigureAwait(false))
            pulse = await session.LoadAsync<Pulse>(Pulse, _stop.Token).ConfigureAwait(false);
        var now = TimeProvider.System.GetUtcNow();
        var figures = _relayer is null ? null : await _relayer.FiguresAsync(_stop.Token).ConfigureAwait(false);
        var jobs = _agents is not { } agents ? null : await agents.FiguresAsync(_stop.Token).ConfigureAwait(false);
        _view = _view with
        {
            Counts = counts,
            Nodes = nodes.Count,
            Pulse = pulse,
            Seen = now,
            Relayer = figures,
            Jobs = jobs,
            Keepers = _keepers?.Figures,
        };
        // Sends the first beat, or the next one after a lost beat. If two nodes send it, only one counts: each number
        // counts once.
        if (pulse is not null && _view.Overdue(now) is null) return;
        var scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
            await scope.ServiceProvider.GetRequiredService<IMessageBus>()
                .PublishAsync(pulse?.Next() ?? new Beat(Pulse, 1, now, Beats)).ConfigureAwait(false);
    }
}
