// A RabbitMQ of a test's own: one broker on a free port of loopback. Enters: Debian's package rabbitmq-server. Leaves:
// an address to connect to. Always holds: cookie, node name, data and the name service of Erlang are its own; whatever
// it started ends with it; a machine without the package is told its name.
using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventSourced.Testing;

namespace EventSourced.Host.Tests;

internal sealed class RabbitServer : IAsyncDisposable
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string NameService = "epmd";
    private const string Ready = "Server startup complete";

    private readonly string _folder = Directory.CreateTempSubdirectory("es-rabbit-").FullName;
    private readonly (int Names, int Nodes, int Clients) _ports = (Ports.Free(), Ports.Free(), Ports.Free());
    private readonly StringBuilder _said = new();
    private Process? _names;
    private Process? _server;

    private RabbitServer()
    {
    }

    /// <summary>Where it answers.</summary>
    internal Uri Address => new(string.Create(
        CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{_ports.Clients}"));

    private string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    internal static async Task<RabbitServer> StartAsync()
    {
        if (!File.Exists(Program))
            throw new InvalidOperationException(
                $"expected {Program}, found none; install Debian's package rabbitmq-server, as ./es test does");
        var server = new RabbitServer();
        try
        {
            server._names = server.Run(NameService, "-port", Text(server._ports.Names), "-address", "127.0.0.1");
            await server.BeginAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the broker by SIGKILL, and starts it again on what it has written.</summary>
    internal async Task KillAndStartAsync()
    {
        await EndAsync(_server);
        lock (_said) _said.Clear();
        await BeginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_server);
        await EndAsync(_names);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BeginAsync()
    {
        _server = Run(Program);
        await Eventually.TrueAsync(
            () => _server.HasExited
                ? throw new InvalidOperationException($"expected RabbitMQ to start, found it ended: {Said}")
                : Said.Contains(Ready, StringComparison.Ordinal),
            () => Said);
    }

    private Process Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in new (string, string)[]
        {
            ("HOME", _folder),
            ("ERL_EPMD_PORT", Text(_ports.Names)),
            ("ERL_EPMD_ADDRESS", "127.0.0.1"),
            ("RABBITMQ_NODENAME", $"es{Text(_ports.Clients)}@localhost"),
            ("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
            ("RABBITMQ_NODE_PORT", Text(_ports.Clients)),
            ("RABBITMQ_DIST_PORT", Text(_ports.Nodes)),
            ("RABBITMQ_MNESIA_BASE", Path.Combine(_folder, "data")),
            ("RABBITMQ_LOG_BASE", Path.Combine(_folder, "log")),
            ("RABBITMQ_LOGS", "-"),
            ("RABBITMQ_CONF_ENV_FILE", Path.Combine(_folder, "none.conf")),
            ("RABBITMQ_CONFIG_FILE", Path.Combine(_folder, "none")),
            ("RABBITMQ_ENABLED_PLUGINS_FILE", Path.Combine(_folder, "plugins")),
            // One thread for Erlang's processes, which does not spin when there are none.
            ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "+S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"),
        })
            start.Environment[name] = value;
        var process = Process.Start(start)
            ?? throw new InvalidOperationException($"expected {program} to start, found no process");
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Take(string? line)
    {
        lock (_said) _said.AppendLine(line);
    }

    private static async Task EndAsync(Process? process)
    {
        if (process is null) return;
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
