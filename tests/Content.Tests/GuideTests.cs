// docs/content.md, as its reader types it: every block of shell in order, against a real host of content; and its C#.
using System.Diagnostics;
using System.Text.RegularExpressions;
using EventSourced.Api.Content;
using EventSourced.Client;
using EventSourced.Ethereum;
using EventSourced.Testing;
using Microsoft.AspNetCore.Http;

namespace EventSourced.Content.Tests;

public partial class GuideTests
{
    private const int Blocks = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Every_block_of_the_page_runs_and_says_what_it_ought_to()
    {
        var cid = Cid.Of("hello, content"u8).ToString();
        await using var database = await TestDatabase.CreateAsync();
        await using var served = await Served.StartAsync(database.ConnectionString, new ContentApiOptions
        {
            Trusted = [System.Net.IPNetwork.Parse("127.0.0.0/8")],
            AnswersIpfs = true,
        });
        var blocks = Shell().Matches(await PageAsync()).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(Blocks, blocks.Length);
        var said = await RunAsync(served.Address, $"set -eu\n{string.Join('\n', blocks)}");
        Assert.Equal(
            [cid, "hello, contentcont", "304", "ContentHasOtherHash", cid, "hello, content", cid, cid],
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task The_code_of_the_page_runs_and_a_host_that_lies_is_not_believed()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var served = await Served.StartAsync(database.ConnectionString);
        var (cid, bytes) = await PutAndGetAsync(served.Address);
        Assert.Equal("hello, content"u8.ToArray(), bytes);
        await using var liar = await Served.StartAsync(context => context.Response.WriteAsync("a lie"));
        using var http = new HttpClient { BaseAddress = liar.Address };
        using var client = new EconomyClient(http, Signer.Of(SigningKey.Generate()));
        await Assert.ThrowsAsync<UntrustedAnswerException>(() => client.Content.GetAsync(cid));
        using var honest = new HttpClient { BaseAddress = served.Address };
        using var asking = new EconomyClient(honest, Signer.Of(SigningKey.Generate()));
        Assert.Null(await asking.Content.GetAsync(Cid.Of("nobody"u8)));
        var large = new byte[9 << 20];
        Assert.Equal(large, await asking.Content.GetAsync(await asking.Content.PutAsync(large)));
        // The page shows the code that runs.
        var code = await File.ReadAllTextAsync(Path.Combine(Node.Root, "tests/Content.Tests/GuideTests.cs"));
        var lines = code.Split("        // begin\n")[1].Split("        // end\n")[0]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[8..]);
        Assert.Contains(
            $"```csharp\n{string.Join('\n', lines)}\n```", await PageAsync(), StringComparison.Ordinal);
    }

    private static async Task<(Cid Cid, byte[]? Bytes)> PutAndGetAsync(Uri host)
    {
        // begin
        // No key is needed to put and get; a client that acts has one anyway.
        using var http = new HttpClient { BaseAddress = host };
        using var client = new EconomyClient(http, Signer.Of(SigningKey.Generate()));
        var cid = await client.Content.PutAsync("hello, content"u8.ToArray());
        var bytes = await client.Content.GetAsync(cid);
        // end
        return (cid, bytes);
    }

    private static Task<string> PageAsync() => File.ReadAllTextAsync(Path.Combine(Node.Root, "docs/content.md"));

    private static async Task<string> RunAsync(Uri host, string script)
    {
        var folder = Directory.CreateTempSubdirectory("content-guide-").FullName;
        try
        {
            var start = new ProcessStartInfo("bash", ["-c", script])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            };
            start.Environment["ES"] = host.ToString().TrimEnd('/');
            using var limit = new CancellationTokenSource(Limit);
            using var process = Process.Start(start)!;
            var said = process.StandardOutput.ReadToEndAsync(limit.Token);
            var complained = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(
                process.ExitCode == 0, $"expected exit 0, found {process.ExitCode}: {await said}{await complained}");
            return await said;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shell();
}
