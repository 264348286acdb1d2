// Bash, as the tests of the launcher run it. Enters: a script and a folder. Leaves: exit code, output and complaints.
using System.Diagnostics;

namespace EventSourced.Architecture.Tests;

internal static class Bash
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>The launcher's functions in a shell, with places and ports that nothing uses.</summary>
    public const string Launcher =
        """
        set -euo pipefail
        ES_ROOT=$PWD ES_DATA=${ES_DATA:-$PWD/none} ES_DB_PORT=${ES_DB_PORT:-1} ES_CHAIN_PORT=1 ES_HOST_PORT=1 ES_CHAIN_ID=1
        for part in tools/launcher/*.sh; do . "$part"; done

        """;

    public static async Task<(int Code, string Output, string Complaints)> RunAsync(
        string script, string folder, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)
            ?? throw new InvalidOperationException("expected bash to start, found no process");
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var complaints = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await complaints);
    }
}
