// A role of the host in a process of its own. Enters: roles, a chain, a database. Leaves: its address and the processor
// time that it took. Always holds: it is gone when it is disposed.
using System.Diagnostics;
using System.Text.Json;
using EventSourced.World;

namespace EventSourced.BenchDashboards;

internal sealed class RoleProcess : IAsyncDisposable
{
    // The field of the log line that tells of the start.
    private const string StartedAddress = "Address";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _lastWords = "";

    private RoleProcess(Process process) => _process = process;

    /// <summary>Where it listens.</summary>
    public Task<Uri> Address => _address.Task.WaitAsync(Limit);

    /// <summary>The processor time that it took so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<RoleProcess> StartAsync(
        string role, WorldChain chain, string database, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in start.Environment.Keys.Where(
            name => name.StartsWith("ES_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "EventSourced.Host.dll"), "serve", "--roles", role, "--port", "0",
            "--database", database, "--rpc", chain.Endpoint.ToString(), "--websocket", $"ws://{chain.Endpoint.Authority}",
            "--deployment", chain.Deployment, "--dashboard", Path.Combine(WorldChain.Root, "src", "Dashboard"),
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = new RoleProcess(Process.Start(start)
            ?? throw new InvalidOperationException("expected the host to start, found no process"));
        process._process.OutputDataReceived += (_, line) => process.Take(line.Data);
        process._process.ErrorDataReceived += (_, line) => process.Take(line.Data);
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        await process.ReadyAsync(cancellation);
        return process;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadyAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = await Address };
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using var reply = await http.GetAsync("readyz", cancellation);
            if (reply.IsSuccessStatusCode) return;
            if (_process.HasExited || watch.Elapsed > Limit)
                throw new InvalidOperationException($"expected a ready host, found: {await reply.Content.ReadAsStringAsync(cancellation)} {_lastWords}");
            await Task.Delay(Poll, cancellation);
        }
    }

    private void Take(string? line)
    {
        if (line is null) return;
        _lastWords = line;
        if (!line.Contains("host_started", StringComparison.Ordinal)) return;
        using var json = JsonDocument.Parse(line);
        _address.TrySetResult(new Uri(json.RootElement.GetProperty(StartedAddress).GetString()!));
    }
}
