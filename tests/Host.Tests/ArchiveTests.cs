// es archive, es audit --archive, es prune and es replay as processes, against a host that serves its archive: an
// operator's way from a database that grows to one that is bounded, and what everybody else sees of it.
using System.Net.Http.Json;
using System.Text.Json;
using EventSourced.Host.Serving;
using EventSourced.Testing;
using EventSourced.Transparency;

namespace EventSourced.Host.Tests;

[Collection(EconomyTests.Name)]
public sealed class ArchiveTests(EconomyChain economies) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("archive-");

    private string KeyFile => Path.Combine(_folder.FullName, "log.key");

    private string Archive => Path.Combine(_folder.FullName, "archive");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_is_archived_can_be_pruned_and_everybody_reads_on()
    {
        await using var economy = await Economy.BesideAsync(economies.Chain);
        await using var host = await economy.ServeAsync(
            ("roles", "indexer,api"), ("finality", "0"), ("logKey", KeyFile), ("archive", Archive));
        using var http = new HttpClient { BaseAddress = host.Address };
        await Eventually.TrueAsync(async () => (await http.GetAsync("log/checkpoint")).IsSuccessStatusCode);
        string[] database = ["--database", economy.Database, "--log-key", KeyFile];
        await RunAsync(0, "segments", ["archive", "--to", Archive, .. database]);
        await RunAsync(0, "nothing new is published", ["archive", "--to", Archive, .. database]);
        var key = (await http.GetStringAsync("log/keys")).Trim();
        await RunAsync(
            0, "ok  archive ", ["audit", "--archive", $"{host.Address}archive", "--key", key]);
        await RunAsync(
            2, "expected one of --to-block and --keep-blocks", ["prune", "--archive", Archive, .. database]);
        await RunAsync(
            0, "the database knows rows as of block", ["prune", "--archive", Archive, "--keep-blocks", "5", .. database]);
        var horizon = SignedCheckpoint.Parse(await http.GetByteArrayAsync("log/checkpoint")).Checkpoint;
        await AssertReadAsync(http, economy, host, horizon);
        await RunAsync(3, "expected an archive of the events up to ", ["replay", "--verify", "--database", economy.Database]);
        await RunAsync(
            0, "verified: what is stored is what the events make",
            ["replay", "--verify", "--archive", Archive, .. database]);
        var file = Directory.EnumerateFiles(Path.Combine(Archive, "row", "parameter")).First();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await RunAsync(1, "different: at ", ["audit", "--archive", Archive, "--key", key]);
        await RunAsync(
            1, "nothing was dropped: expected ", ["prune", "--archive", Archive, "--keep-blocks", "0", .. database]);
    }

    // Time travel says what is gone; the log's tiles that went come from the archive; the log is still the chain's.
    private static async Task AssertReadAsync(
        HttpClient http, Economy economy, ServingHost host, Checkpoint head)
    {
        var answer = await http.PostAsJsonAsync(
            "graphql", new { query = "{ tasks(block: { number: 3 }) { totalCount } }" });
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var error = json.RootElement.GetProperty("errors")[0];
        Assert.Equal("BLOCK_ARCHIVED", error.GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains("rows of earlier ones were archived", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True(await economy.HasAsync(
            "select (sequence >= 256) <> exists (select from es_log_tile where level <= 0 and index = 0) from es_horizon"));
        Assert.Null(await LogCheck.RunAsync(
            async (tile, cancellation) => await http.GetByteArrayAsync($"log/{tile}", cancellation), head.Size,
            head.Root));
        await RunAsync(
            0, "ok  leaves ",
            ["audit", "--rpc", $"{economy.Chain.Endpoint}", "--deployment", economy.Chain.Deployment, "--log",
                $"{host.Address}log", "--anchors", "tell"]);
    }

    private static async Task RunAsync(int expected, string words, string[] arguments)
    {
        var (code, output) = await HostProcess.RunAsync(arguments);
        Assert.True(
            code == expected && output.Contains(words, StringComparison.Ordinal),
            $"es {string.Join(' ', arguments)}\nended with {code}, expected {expected} and '{words}':\n{output}");
    }
}
