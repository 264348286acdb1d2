// Runs a script of the folder npm with node: the peers that this library is compared with live there.
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EventSourced.GraphQL.Tests;

internal static class Npm
{
    // Once for all tests, which run side by side.
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static string Folder { get; } = Path.Combine(Here(), "npm");

    // What the script prints; a failing script fails the test with all that it said.
    public static async Task<string> RunAsync(string script, string[] arguments, string input = "")
    {
        await Installed.Value;
        return await ProcessAsync("node", [script, .. arguments], input);
    }

    private static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            await ProcessAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], "");
    }

    private static async Task<string> ProcessAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return await output;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
