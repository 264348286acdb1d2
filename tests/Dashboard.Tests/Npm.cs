// Programs of Node.js for the tests. Enters: a folder of the repository, a program. Leaves: what the program printed.
// Always holds: the packages are those of the folder's lock file; a program that fails fails the test with its words.
using System.Diagnostics;

namespace EventSourced.Dashboard.Tests;

/// <summary>Runs node and npm.</summary>
internal static class Npm
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    /// <summary>A folder of the repository, by its path from the root.</summary>
    public static string Folder(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "EventSourced.sln"))) return Path.Combine(folder.FullName,
                path);
        throw new InvalidOperationException($"expected EventSourced.sln above {AppContext.BaseDirectory}, found none");
    }

    /// <summary>Installs the locked packages where there are none.</summary>
    public static async Task InstallAsync(string path)
    {
        var folder = Folder(path);
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            await RunAsync(
                folder, new Dictionary<string, string>(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                "--loglevel=error");
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<string> RunAsync(
        string folder, IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"expected {program} {string.Join(' ', arguments)} to end within {Limit}, found it running");
        }

        Assert.True(process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }
}
