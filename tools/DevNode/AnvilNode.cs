// A development chain of its own for a test class: one anvil process on a free port. Enters: ES_ANVIL (the program), or
// contracts/node_modules somewhere above the test. Leaves: an address to talk to; the process is killed on dispose.
// Always holds: chain id 4827, a fixed genesis time and fixed fees, so that the same transactions give the same hashes.
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EventSourced.DevNode;

/// <summary>A running anvil.</summary>
public sealed partial class AnvilNode : IAsyncDisposable
{
    /// <summary>The chain's id, as everywhere in this repository.</summary>
    public const ulong ChainId = 4827;

    /// <summary>The private key of the first of anvil's well-known rich accounts.</summary>
    public const string RichKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    /// <summary>The first block's time.</summary>
    public const ulong GenesisTime = 1_750_000_000;

    private const string InModules = "contracts/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _cache;

    private AnvilNode(Process process, int port, string cache)
    {
        (_process, _cache) = (process, cache);
        Http = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        WebSocket = new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://127.0.0.1:{port}"));
        Port = port;
    }

    /// <summary>Where it answers HTTP.</summary>
    public Uri Http { get; }

    /// <summary>Where it answers WebSocket.</summary>
    public Uri WebSocket { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>Starts a node and waits until it listens; further arguments go to anvil as they are.</summary>
    public static async Task<AnvilNode> StartAsync(params string[] arguments)
    {
        // Old states go to the disk, gigabytes of them in long runs, and a killed process leaves them there: they get a
        // folder of ours.
        var cache = Directory.CreateTempSubdirectory("anvil-").FullName;
        var start = new ProcessStartInfo(Program()) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] fixedArguments =
        [
            "--port", "0", "--chain-id", ChainId.ToString(CultureInfo.InvariantCulture),
            "--timestamp", GenesisTime.ToString(CultureInfo.InvariantCulture), "--no-request-size-limit",
            "--cache-path", cache,
        ];
        foreach (var argument in fixedArguments.Concat(arguments)) start.ArgumentList.Add(argument);
        var process = Process.Start(start)
            ?? throw new InvalidOperationException("expected anvil to start, found no process");
        var listening = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var complaints = new List<string>();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && Listening().Match(text) is { Success: true } match)
                listening.TrySetResult(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text && complaints.Count < 20) complaints.Add(text);
        };
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => listening.TrySetException(
            new InvalidOperationException($"expected anvil to listen, found it ended: {string.Join(' ', complaints)}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new AnvilNode(process, await listening.Task.WaitAsync(StartLimit), cache);
        }
        catch
        {
            Kill(process);
            Directory.Delete(cache, recursive: true);
            throw;
        }
    }

    /// <summary>Kills the process.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill(_process);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_cache, recursive: true);
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }

    private static string Program()
    {
        if (Environment.GetEnvironmentVariable("ES_ANVIL") is { Length: > 0 } named) return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, InModules);
            if (File.Exists(candidate)) return candidate;
        }

        throw new FileNotFoundException($"expected anvil at {InModules} above {AppContext.BaseDirectory}, or named by ES_ANVIL; run: npm ci in contracts");
    }

    [GeneratedRegex(@"Listening on \S*:(\d+)\s*$")]
    private static partial Regex Listening();
}
