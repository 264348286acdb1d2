// The host with indexer, relayer and keepers in a process of its own. Enters: a chain, a database, a funded key.
// Leaves: a running process.
using System.Diagnostics;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;
using EventSourced.World;

namespace EventSourced.BenchKeep;

internal sealed class KeeperHost : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly string _keys;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private KeeperHost(Process process, string keys) => (_process, _keys) = (process, keys);

    public static async Task<KeeperHost> StartAsync(
        WorldChain chain, string database, SigningKey account, CancellationToken cancellation)
    {
        const string password = "bench";
        var keys = Directory.CreateTempSubdirectory("es-bench-").FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "password"), password, cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(keys, "account.json"), KeyFile.Encrypt(account, password, n: 2), cancellation);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var variable in start.Environment.Keys.Where(
            name => name.StartsWith("ES_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "EventSourced.Host.dll"), "serve", "--roles", "indexer,workers",
            "--port", "0", "--database", database, "--rpc", chain.Endpoint.ToString(), "--deployment",
            chain.Deployment, "--finality", "2", "--relayer-keys", keys, "--relayer-password",
            Path.Combine(keys, "password"), "--relayer-in-flight", "2000",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var host = new KeeperHost(
            Process.Start(start) ?? throw new InvalidOperationException("expected the host to start, found no process"),
            keys);
        host._process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("keepers_started", StringComparison.Ordinal) == true) host._started.TrySetResult();
        };
        host._process.BeginOutputReadLine();
        await host._started.Task.WaitAsync(Limit, cancellation);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_keys, recursive: true);
    }
}
