// A node process that runs viem/oracle.mjs. Enters: requests. Leaves: viem's answers, in order. Its packages are
// installed from the lock file beside it when they are missing.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventSourced.Ethereum.Tests.Differential;

public sealed class ViemOracle : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(1);

    private Process _node = null!;

    public async Task InitializeAsync()
    {
        var folder = Folder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "viem")))
        {
            using var install = Start(
                folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
            var complaints = install.StandardOutput.ReadToEndAsync();
            await install.WaitForExitAsync().WaitAsync(InstallLimit);
            Assert.True(
                install.ExitCode == 0,
                $"expected npm ci in {folder} to succeed, found exit code {install.ExitCode}: {await complaints}");
        }

        _node = Start(folder, "node", "oracle.mjs");
    }

    public async Task<string> AskAsync(string operation, JsonObject request)
    {
        request["operation"] = operation;
        await _node.StandardInput.WriteLineAsync(request.ToJsonString());
        await _node.StandardInput.FlushAsync();
        var line = await _node.StandardOutput.ReadLineAsync().WaitAsync(AnswerLimit);
        using var answer = JsonDocument.Parse(
            line ?? throw new InvalidOperationException("expected viem to answer, found its process ended"));
        return answer.RootElement.TryGetProperty("result", out var result)
            ? result.GetString()!
            : throw new InvalidOperationException(
                $"viem refused {request.ToJsonString()}: {answer.RootElement.GetProperty("error").GetString()}");
    }

    public async Task DisposeAsync()
    {
        _node.StandardInput.Close();
        if (!_node.WaitForExit(5_000)) _node.Kill();
        await _node.WaitForExitAsync();
        _node.Dispose();
    }

    private static Process Start(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    private static string Folder([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "viem"));
}
