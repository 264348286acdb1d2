// The host as its users meet it: a process with a command line. Enters: arguments and variables. Leaves: exit code and
// what it wrote.
using System.Diagnostics;
using System.Text;

namespace EventSourced.Host.Tests;

internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process) => _process = process;

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Where it says that it listens.</summary>
    public Task<Uri> Address => _address.Task.WaitAsync(Limit);

    public static HostProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    public static HostProcess Start(IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in start.Environment.Keys.Where(
            name => name.StartsWith("ES_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(variable);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "EventSourced.Host.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)
            ?? throw new InvalidOperationException("expected the host to start, found no process");
        var host = new HostProcess(process);
        process.OutputDataReceived += (_, line) => host.Take(line.Data);
        process.ErrorDataReceived += (_, line) => host.Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return host;
    }

    public static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        await using var host = Start(arguments);
        return (await host.CodeAsync(), host.Output);
    }

    public async Task TellToStopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends the process by SIGKILL: it can do nothing about it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await CodeAsync();
    }

    public async Task<int> CodeAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
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
        lock (_output) _output.AppendLine(line);
        if (!line.Contains("host_started", StringComparison.Ordinal)) return;
        using var json = System.Text.Json.JsonDocument.Parse(line);
        _address.TrySetResult(new Uri(json.RootElement.GetProperty(nameof(Address)).GetString()!));
    }
}
