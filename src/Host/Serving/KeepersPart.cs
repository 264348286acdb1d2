// The keepers within the role workers, or alone. Enters: checked settings, the write side's services. Leaves: commands
// in the journal, and figures. Always holds: the keepers start after the tables exist; without an index they wait for
// one.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Messaging;
using EventSourced.Host.Settings;
using EventSourced.Workers.Acting;
using EventSourced.Workers.Keeping;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Host.Serving;

/// <summary>Running keepers.</summary>
internal sealed class KeepersPart : IDisposable
{
    private readonly HttpRpc _rpc;
    private readonly KeeperDesk _desk;
    private readonly KeeperWork _work;
    private readonly Reconciler _reconciler;

    internal KeepersPart(
        HostSettings settings, KeeperSettings keepers, IServiceProvider services, Func<Address?> relayer, ILogger log)
    {
        var source = services.GetRequiredKeyedService<NpgsqlDataSource>(WriteSide.Schema);
        var store = services.GetRequiredService<IDocumentStore>();
        _rpc = new HttpRpc(settings.Rpc, settings.RpcOptions);
        _desk = services.GetRequiredService<KeeperDesk>();
        _work = Work(settings, keepers, new EthereumClient(_rpc), source, store, relayer, log);
        _reconciler = new Reconciler(source, store, services.GetRequiredService<IServiceScopeFactory>(), _work);
    }

    /// <summary>The figures of due things.</summary>
    internal KeepingFigures Figures => _reconciler.Figures;

    /// <summary>The actor, the account and the options of the keepers in this process.</summary>
    internal static KeeperWork Work(
        HostSettings settings, KeeperSettings keepers, EthereumClient node, NpgsqlDataSource source,
        IDocumentStore store, Func<Address?> relayer, ILogger log)
    {
        var deployment = settings.Deployment!;
        var stage = new Stage(
            deployment.ChainId, deployment.Contracts.Select(pair => KeyValuePair.Create($"{pair.Key}", pair.Value)));
        var actor = new Actor(stage, node, source, store, new Acceptance(source, store));
        return new KeeperWork(
            actor, () => keepers.Account ?? relayer(), Kept(keepers, stage), log);
    }

    // A deployment may omit contracts.
    private static KeepingOptions Kept(KeeperSettings keepers, Stage stage) => new()
    {
        Keepers = [.. keepers.Keepers.Where(keeper => stage.Has(keeper.Contract))],
    };

    /// <summary>Runs the keepers until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        _desk.Open(_work);
        _work.Log.KeepersStarted(_work.Options.Keepers.Count, _work.Account()?.ToString() ?? "the relayer's first");
        try
        {
            await _reconciler.RunAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _desk.Close();
        }

        cancellation.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        _reconciler.Dispose();
        _rpc.Dispose();
    }
}
