// The host in a process of its own. Enters: a chain and a database. Leaves: how long it took to be ready, from the
// start of the process.
using System.Diagnostics;
using EventSourced.World;

namespace EventSourced.BenchLive;

internal sealed class ServedHost : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly Process _process;
    private readonly Stopwatch _watch;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _lastWords = "";

    private ServedHost(Process process, Stopwatch watch) => (_process, _watch) = (process, watch);

    public static ServedHost Start(WorldChain chain, string database)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in start.Environment.Keys.Where(
            name => name.StartsWith("ES_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "EventSourced.Host.dll"), "serve", "--roles", "indexer", "--port",
            "0", "--database", database, "--rpc", chain.Endpoint.ToString(), "--websocket",
            $"ws://{chain.Endpoint.Authority}", "--deployment", chain.Deployment,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var watch = Stopwatch.StartNew();
        var process = Process.Start(start)
            ?? throw new InvalidOperationException("expected the host to start, found no process");
        var host = new ServedHost(process, watch);
        process.OutputDataReceived += (_, line) => host.Take(line.Data);
        process.ErrorDataReceived += (_, line) => host.Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return host;
    }

    public async Task<TimeSpan> ReadyAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = await _address.Task.WaitAsync(Limit, cancellation) };
        while (true)
        {
            using var reply = await http.GetAsync("readyz", cancellation);
            if (reply.IsSuccessStatusCode) return _watch.Elapsed;
            if (_process.HasExited || _watch.Elapsed > Limit)
                throw new InvalidOperationException($"expected a ready host, found: {await reply.Content.ReadAsStringAsync(cancellation)} {_lastWords}");
            await Task.Delay(Poll, cancellation);
        }
    }

    public async Task StopAsync(CancellationToken cancellation)
    {
        using var kill = Process.Start(
            "kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellation);
        await _process.WaitForExitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        _lastWords = line;
        if (!line.Contains("host_started", StringComparison.Ordinal)) return;
        using var json = System.Text.Json.JsonDocument.Parse(line);
        _address.TrySetResult(new Uri(json.RootElement.GetProperty("Address").GetString()!));
    }
}
