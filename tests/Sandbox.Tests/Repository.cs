// Where this repository lies on the machine that runs its tests, and how a test asks another program.
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EventSourced.Sandbox.Tests;

internal static class Repository
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static string Path(string relative) => System.IO.Path.Combine(Root(), relative);

    public static byte[] Bytes(string relative) => File.ReadAllBytes(Path(relative));

    public static string Text(string relative) => File.ReadAllText(Path(relative));

    /// <summary>Whether a program is on the PATH.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator)
            .Any(folder => File.Exists(System.IO.Path.Combine(folder, program)));

    /// <summary>Runs a program to its end and gives its standard output; any exit code but 0 fails the test.</summary>
    public static async Task<string> AskAsync(
        string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        var error = process.StandardError.ReadToEndAsync(patience.Token);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0,
            $"expected {program} to end with 0, found {process.ExitCode}: {await error}{output}");
        return output;
    }

    private static string Root([CallerFilePath] string file = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, "../.."));
}
