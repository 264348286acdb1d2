// The host with the relayer in a process of its own. Enters: a chain, a database, a funded key, roles. Leaves: a
// running process, and where it listens.
using System.Diagnostics;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;
using EventSourced.World;

namespace EventSourced.BenchCommands;

internal sealed class RelayerHost : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _keys;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isOver;

    private RelayerHost(Process process, string keys) => (_process, _keys) = (process, keys);

    public int Id => _process.Id;

    public Task<Uri> Address => _address.Task.WaitAsync(Limit);

    public static async Task<RelayerHost> StartAsync(
        WorldChain chain, string database, SigningKey account, CancellationToken cancellation, bool leads = true,
        string roles = "workers")
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
            Path.Combine(AppContext.BaseDirectory, "EventSourced.Host.dll"), "serve", "--roles", roles, "--port", "0",
            "--database", database, "--rpc", chain.Endpoint.ToString(), "--deployment", chain.Deployment,
            "--finality", "2", "--relayer-keys", keys, "--relayer-password", Path.Combine(keys, "password"),
            "--relayer-in-flight", "2000",
            .. roles == "workers" ? Array.Empty<string>() : ["--commands-trust", "127.0.0.0/8"],
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var host = new RelayerHost(
            Process.Start(start) ?? throw new InvalidOperationException("expected the host to start, found no process"),
            keys);
        host._process.OutputDataReceived += (_, line) =>
        {
            // A second host leads nothing: it is there when its workers are.
            if (line.Data?.Contains(leads ? "relay_leads" : "workers_started",
                StringComparison.Ordinal) == true) host._started.TrySetResult();
            if (line.Data?.Contains("host_started", StringComparison.Ordinal) != true) return;
            using var json = System.Text.Json.JsonDocument.Parse(line.Data);
            host._address.TrySetResult(new Uri(json.RootElement.GetProperty(nameof(Address)).GetString()!));
        };
        host._process.BeginOutputReadLine();
        await host._started.Task.WaitAsync(Limit, cancellation);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver) return;
        _isOver = true;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_keys, recursive: true);
    }
}
