// A PostgreSQL cluster of a test's own, which may be killed. Enters: Debian's package postgresql-15. Leaves: an address
// to connect to. Always holds: data, port and process are its own; as root it runs as the user postgres, because
// PostgreSQL refuses root; whatever it started ends with it.
using System.Diagnostics;
using System.Globalization;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Host.Tests;

internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Versions = "/usr/lib/postgresql";
    private const string User = "postgres";

    private readonly string _folder = Directory.CreateTempSubdirectory("es-postgres-").FullName;
    private readonly int _port = Ports.Free();
    private Process? _server;

    private PostgresServer()
    {
    }

    /// <summary>Where it answers. Connections are not kept, because those of a dead cluster are of no use.</summary>
    internal string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Username=es;Database=postgres;Pooling=false");

    private string Data => Path.Combine(_folder, "data");

    private static string Programs => Directory.Exists(Versions)
        ? Path.Combine(Directory.GetDirectories(Versions).Max(StringComparer.Ordinal)!, "bin")
        : throw new InvalidOperationException(
            $"expected {Versions}, found none; install Debian's package postgresql-15, as ./es test does");

    internal static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            if (Environment.IsPrivilegedProcess) await EndedAsync(Process.Start("chown", [User, server._folder]));
            await EndedAsync(server.Run("initdb", "-D", server.Data, "-U", "es", "--auth=trust", "--encoding=UTF8",
                "--locale=C.UTF-8", "--no-sync"));
            await server.BeginAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the cluster by SIGKILL, and starts it again on what it has written.</summary>
    internal async Task KillAndStartAsync()
    {
        await KillAsync();
        await BeginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        // Its last processes notice a moment later that it is gone, and write until then.
        await Eventually.TrueAsync(() =>
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException)
            {
                return false;
            }

            return true;
        });
    }

    // As long as processes of the killed cluster live, a new one refuses their memory and ends.
    private async Task BeginAsync() => await Eventually.TrueAsync(async () =>
    {
        if (_server is null or { HasExited: true })
        {
            _server?.Dispose();
            _server = Run(
                "postgres", "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c",
                "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "log_min_messages=panic");
        }

        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    });

    private async Task KillAsync()
    {
        if (_server is null) return;
        if (!_server.HasExited) _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    private Process Run(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs, program);
        var start = new ProcessStartInfo(Environment.IsPrivilegedProcess ? "setpriv" : path)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // It becomes the program: a signal to the one reaches the other.
        if (Environment.IsPrivilegedProcess)
            foreach (var argument in new[] { $"--reuid={User}", $"--regid={User}", "--init-groups", path })
                start.ArgumentList.Add(argument);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var process = Process.Start(start)
            ?? throw new InvalidOperationException($"expected {program} to start, found no process");
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task EndedAsync(Process process)
    {
        using (process)
        {
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                throw new InvalidOperationException(
                    $"expected {process.StartInfo.FileName} to end with 0, found {process.ExitCode}");
        }
    }
}
