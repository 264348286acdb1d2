// Other programs that tests ask: node with the packages of npm/, and this assembly as a process of its own.
using System.Diagnostics;

namespace EventSourced.Content.Tests;

internal static class Node
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static string Root { get; } = FindRoot();

    /// <summary>What a script of npm/ writes, line by line.</summary>
    public static async Task<string[]> AskAsync(string script, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [script, .. arguments])
        {
            WorkingDirectory = Path.Combine(Root, "tests/Content.Tests/npm"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var limit = new CancellationTokenSource(Patience);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"expected {script} to end well, found: {await error}");
            return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EventSourced.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
