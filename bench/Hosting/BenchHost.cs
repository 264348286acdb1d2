// The host in a process of its own, for a bench. Enters: a chain, a database, a funded key, roles, what else it is
// told. Leaves: a running process, where it listens, and the lines of its log that a bench waits for. Always holds: no
// variable of the caller's shell reaches it; keys and process are gone when it is disposed.
using System.Collections.Concurrent;
using System.Diagnostics;
using EventSourced.Chain.Signing;
using EventSourced.Ethereum;
using EventSourced.World;

namespace EventSourced.Hosting;

/// <summary>A host under a bench's load.</summary>
public sealed class BenchHost : IAsyncDisposable
{
    /// <summary>The line of the first process that relays.</summary>
    public const string Leads = "relay_leads";

    /// <summary>The line of a process that handles messages.</summary>
    public const string Works = "workers_started";

    /// <summary>The line of a process that keeps deadlines.</summary>
    public const string Keeps = "keepers_started";

    /// <summary>The line of a process that acts for hosted agents.</summary>
    public const string Hosts = "hosted_opened";

    /// <summary>The password of the keys that a bench makes.</summary>
    public const string Password = "bench";

    private const string Listens = "host_started";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly string _keys;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _lines = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _lastWords = "";
    private bool _isOver;

    private BenchHost(Process process, string keys) => (_process, _keys) = (process, keys);

    public int Id => _process.Id;

    public Task<Uri> Address => _address.Task.WaitAsync(Limit);

    /// <summary>The line of a fault that it said last.</summary>
    public string LastWords => _lastWords;

    /// <summary>Starts a host with a relayer, and waits until its log has a line.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="database">The database.</param>
    /// <param name="account">The relayer's account.</param>
    /// <param name="roles">What it does.</param>
    /// <param name="until">An event's name in its log.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="more">Further flags.</param>
    public static async Task<BenchHost> StartAsync(
        WorldChain chain, string database, SigningKey account, string roles, string until,
        CancellationToken cancellation, params IReadOnlyList<string> more)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(account);
        var keys = Directory.CreateTempSubdirectory("es-bench-").FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "password"), Password, cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(keys, "account.json"), KeyFile.Encrypt(account, Password, n: 2), cancellation);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var variable in start.Environment.Keys.Where(
            name => name.StartsWith("ES_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "EventSourced.Host.dll"), "serve", "--roles", roles, "--port", "0",
            "--database", database, "--rpc", chain.Endpoint.ToString(), "--deployment", chain.Deployment,
            "--finality", "2", "--relayer-keys", keys, "--relayer-password", Path.Combine(keys, "password"),
            "--relayer-in-flight", "2000", .. more,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var host = new BenchHost(
            Process.Start(start) ?? throw new InvalidOperationException("expected the host to start, found no process"),
            keys);
        host._process.OutputDataReceived += (_, line) => host.Take(line.Data);
        host._process.BeginOutputReadLine();
        await host.Line(until).Task.WaitAsync(Limit, cancellation);
        return host;
    }

    /// <summary>Ends the process by SIGKILL: it can do nothing about it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
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

    private TaskCompletionSource Line(string name) => _lines.GetOrAdd(
        name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private void Take(string? line)
    {
        if (line is null) return;
        foreach (var name in new[] { Leads, Works, Keeps, Hosts })
            if (line.Contains(name, StringComparison.Ordinal)) Line(name).TrySetResult();
        if (line.Contains("\"@l\":\"Error\"", StringComparison.Ordinal)) _lastWords = line;
        if (!line.Contains(Listens, StringComparison.Ordinal)) return;
        using var json = System.Text.Json.JsonDocument.Parse(line);
        _address.TrySetResult(new Uri(json.RootElement.GetProperty(nameof(Address)).GetString()!));
    }
}
