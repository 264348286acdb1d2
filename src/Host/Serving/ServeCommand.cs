// es serve: one process with the roles that its settings name. Enters: settings. Leaves: an exit code: 0 after an order
// to stop, 2 for wrong settings.
using System.CommandLine;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Settings;
using Microsoft.Extensions.Logging;
using Serilog.Extensions.Logging;

namespace EventSourced.Host.Serving;

/// <summary>The command `serve`.</summary>
public static class ServeCommand
{
    /// <summary>No process can run with these settings.</summary>
    public const int WrongSettings = 2;

    private static readonly TimeSpan FirstAnswer = TimeSpan.FromSeconds(5);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("serve",
            "Runs until it is told to stop: --roles indexer keeps the database at the chain's tip, --roles api answers questions about it, --roles workers handles durable messages and relays, --roles keepers clears deadlines.");
        var options = new SettingOptions(command, Setting.All);
        command.SetAction((parsed, cancellation) => RunAsync(options.Read(parsed), cancellation));
        return command;
    }

    /// <summary>Compares the chain of each node that answers with the deployment's chain.</summary>
    public static async Task CheckChainAsync(
        HostSettings settings, Layers layers, ILogger log, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(layers);
        if (settings.Deployment is not { } deployment) return;
        foreach (var node in settings.Rpc)
        {
            using var rpc = new HttpRpc([node], new RpcOptions { MaxAttempts = 1, RequestTimeout = FirstAnswer });
            try
            {
                var found = await new EthereumClient(rpc).GetChainIdAsync(cancellation).ConfigureAwait(false);
                if (found != deployment.ChainId)
                    layers.Complain(
                        Setting.Rpc, $"chain {deployment.ChainId}, the deployment's",
                        $"chain {found} at {node.Authority}", layers.Find(Setting.Rpc)!.Where);
            }
            catch (RpcException fault)
            {
                // A node that starts later than this process is no wrong setting.
                log.NodeUnreachable(node.Authority, fault.Message);
            }
        }
    }

    /// <summary>Prints the faults of the settings, one line each.</summary>
    internal static async Task<int> RefuseAsync(string command, IEnumerable<string> complaints)
    {
        foreach (var complaint in complaints) await Console.Error.WriteLineAsync(
            $"es {command}: {complaint}").ConfigureAwait(false);
        return WrongSettings;
    }

    /// <summary>Runs the roles of the settings until an order to stop.</summary>
    internal static async Task<int> RunAsync(Layers layers, CancellationToken cancellation)
    {
        if (HostSettings.ForServing(layers) is not { } settings) return await RefuseAsync(
            "serve", layers.Complaints).ConfigureAwait(false);
        using var logs = new SerilogLoggerFactory(Logs.Open(), dispose: true);
        var log = logs.CreateLogger("EventSourced.Host");
        await CheckChainAsync(settings, layers, log, cancellation).ConfigureAwait(false);
        if (layers.Complaints.Count > 0) return await RefuseAsync("serve", layers.Complaints).ConfigureAwait(false);
        ServingHost host;
        try
        {
            host = await ServingHost.StartAsync(settings, logs, cancellation).ConfigureAwait(false);
        }
        catch (IOException taken)
        {
            return await RefuseAsync("serve",
                [$"port: expected {settings.Listen} to be free, found: {taken.Message}"]).ConfigureAwait(false);
        }

        var status = host.Indexer?.Indexer.Status;
        await using (host.ConfigureAwait(false))
        {
            if (!Console.IsOutputRedirected && host.Indexer is { } indexer)
                await CatchUpLine.ShowAsync(indexer.Indexer.Status, indexer.Head, cancellation).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            log.HostStopping();
        }

        log.HostStopped(status?.Tip?.Number ?? 0, status?.Events ?? 0);
        return 0;
    }
}
