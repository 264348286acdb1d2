// The relayer within the role workers. Enters: checked settings, the write side's services. Leaves: commands on the
// chain, and figures for the report and the meter. Always holds: the relayer starts after the tables exist; it reports
// a fault of its own, and other workers go on.
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Messaging;
using EventSourced.Host.Settings;
using EventSourced.Workers.Relaying;
using EventSourced.Workers.Webhooks;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventSourced.Host.Serving;

/// <summary>A running relayer.</summary>
internal sealed class RelayerPart : IDisposable
{
    private readonly HttpRpc _rpc;
    private readonly Keyring _keys;
    private readonly CommandChanges _changes;
    private readonly Relayer _relayer;

    internal RelayerPart(HostSettings settings, RelayerSettings relayer, IServiceProvider services, ILogger log)
    {
        var source = services.GetRequiredKeyedService<NpgsqlDataSource>(WriteSide.Schema);
        _rpc = new HttpRpc(settings.Rpc, settings.RpcOptions);
        _keys = Keyring.InFolder(relayer.Keys, relayer.Password);
        _changes = new CommandChanges(source);
        _relayer = new Relayer(
            source, services.GetRequiredService<IDocumentStore>(), new EthereumClient(_rpc), _keys, _changes,
            relayer.Over(settings), log, services.GetRequiredService<WebhookOrders>().OrderAsync);
    }

    /// <summary>The account of the lowest address; null: no key is known yet.</summary>
    internal Address? FirstAccount => _keys.Addresses is { Count: > 0 } accounts ? accounts.Min() : null;

    /// <summary>Relays until cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] parts = [_relayer.RunAsync(both.Token), _changes.RunAsync(both.Token)];
        await Task.WhenAny(parts).ConfigureAwait(false);
        await both.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(parts).ConfigureAwait(false);
    }

    /// <summary>The figures for the report.</summary>
    internal Task<RelayerFigures> FiguresAsync(CancellationToken cancellation) => _relayer.FiguresAsync(cancellation);

    public void Dispose()
    {
        _relayer.Dispose();
        _keys.Dispose();
        _rpc.Dispose();
    }
}
