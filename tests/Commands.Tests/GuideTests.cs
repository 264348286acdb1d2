// The first half hour of docs/commands/README.md, as an agent's developer types it: every block in order, in one shell,
// against a real chain.
using System.Diagnostics;
using System.Text.RegularExpressions;
using EventSourced.Ethereum;
using Xunit.Abstractions;

namespace EventSourced.Commands.Tests;

[Collection(CommandTests.Name)]
public partial class GuideTests(CommandWorld world, ITestOutputHelper output)
{
    private const int Blocks = 9;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Every_block_of_the_first_half_hour_runs_and_says_what_it_ought_to()
    {
        var page = await File.ReadAllTextAsync(
            System.IO.Path.Combine(World.WorldChain.Root, "docs/commands/README.md"));
        var start = page.IndexOf("## The first half hour", StringComparison.Ordinal);
        var blocks = Shell().Matches(page[start..]).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(Blocks, blocks.Length);
        var key = new byte[32];
        Random.Shared.NextBytes(key);
        using var signing = new SigningKey(key);
        var folder = Directory.CreateTempSubdirectory("guide-").FullName;
        try
        {
            await File.WriteAllTextAsync(System.IO.Path.Combine(folder, "key"), Hex.ToText(key));
            var said = await RunAsync(folder, signing.Address.ToString(), $"set -eu\n{string.Join('\n', blocks)}");
            Assert.Contains("Registers an agent of the sender", said, StringComparison.Ordinal);
            Assert.Contains("received\n", said, StringComparison.Ordinal);
            Assert.Contains("event: included\n", said, StringComparison.Ordinal);
            Assert.Matches("Signature(Forged|Malformed)\n", said);
            Assert.Contains("UnknownTask\n", said, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<string> RunAsync(string folder, string me, string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        var cast = System.IO.Path.Combine(
            World.WorldChain.Root, "contracts/node_modules/@foundry-rs/cast-linux-amd64/bin");
        start.Environment["PATH"] = $"{cast}:{start.Environment["PATH"]}";
        start.Environment["ES"] = world.Http.BaseAddress!.ToString().TrimEnd('/');
        start.Environment["ME"] = me;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var said = process.StandardOutput.ReadToEndAsync(limit.Token);
        var complained = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        output.WriteLine($"{await said}{await complained}");
        Assert.True(
            process.ExitCode == 0,
            $"expected the half hour to end well, found {process.ExitCode}\n{await said}\n{await complained}");
        return await said;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shell();
}
