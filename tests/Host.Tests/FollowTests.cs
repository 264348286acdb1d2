// What runs beside a host for as long as it does: es witness as a process of another operator, es archive --follow as
// one of ours. Always holds: chain, database and host are real, and the economy goes on meanwhile.
using EventSourced.Testing;
using EventSourced.Transparency;
using EventSourced.World;

namespace EventSourced.Host.Tests;

public sealed class FollowTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("follow-");

    private string KeyFile => PathOf("log.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_witness_cosigns_and_an_archive_follows_as_the_economy_goes_on()
    {
        await using var chain = await WorldChain.FreshAsync(CancellationToken.None, shared: true);
        await using var economy = await Economy.BesideAsync(chain);
        var (code, key) = await HostProcess.RunAsync(
            "log", "key", "--log-key", KeyFile, "--deployment", chain.Deployment);
        Assert.True(code == 0, key);
        await File.WriteAllTextAsync(PathOf("followed"), $"log {key.Trim()}\nquorum none\n");
        await using var witness = HostProcess.Start(
            "witness", "--key", PathOf("witness.key"), "--policy", PathOf("followed"), "--store", PathOf("store"),
            "--port", "0");
        await Eventually.TrueAsync(
            () => Task.FromResult(WitnessLines(witness.Output).Count == 2), () => witness.Output);
        var lines = WitnessLines(witness.Output);
        await File.WriteAllTextAsync(
            PathOf("policy"),
            $"log {key.Trim()}\n{string.Join('\n', lines)}\ngroup both all {string.Join(' ', lines.Select(line => line.Split(' ')[1]))}\nquorum both\n");
        await using var host = await economy.ServeAsync(
            ("roles", "indexer,api"), ("finality", "0"), ("logKey", KeyFile), ("logPolicy", PathOf("policy")));
        using var http = new HttpClient { BaseAddress = host.Address };
        await Eventually.TrueAsync(async () => (await http.GetAsync("log/checkpoint")).IsSuccessStatusCode);
        await using var archiver = HostProcess.Start(
            "archive", "--to", PathOf("archive"), "--follow", "--every", "1", "--database", economy.Database,
            "--log-key", KeyFile);
        await Eventually.TrueAsync(() => Task.FromResult(Rounds(archiver.Output) >= 1), () => archiver.Output);
        var size = await SizeAsync(http);
        using (await World.World.SettleAsync(chain, new WorldOptions(1), Population.Small, CancellationToken.None))
            await Eventually.TrueAsync(async () => await SizeAsync(http) > size);
        await Eventually.TrueAsync(() => Task.FromResult(Rounds(archiver.Output) >= 2), () => archiver.Output);
        await archiver.TellToStopAsync();
        Assert.Equal(0, await archiver.CodeAsync());
        (code, var output) = await HostProcess.RunAsync(
            "audit", "--rpc", $"{chain.Endpoint}", "--deployment", chain.Deployment, "--log", $"{host.Address}log",
            "--archive", PathOf("archive"), "--policy", PathOf("policy"), "--anchors", "tell");
        Assert.True(code == 0, output);
        Assert.Contains("2 cosignatures by trusted witnesses", output, StringComparison.Ordinal);
        Assert.Matches("ok  archive +[0-9,]+ events", output);
        await witness.TellToStopAsync();
        Assert.Equal(0, await witness.CodeAsync());
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static List<string> WitnessLines(string output) =>
        [.. output.Split('\n').Select(line => line.Trim()).Where(
            line => line.StartsWith("witness ", StringComparison.Ordinal))];

    private static int Rounds(string output) =>
        output.Split('\n').Count(line => line.Contains(" segments, ", StringComparison.Ordinal));

    private static async Task<long> SizeAsync(HttpClient http) =>
        SignedCheckpoint.Parse(await http.GetByteArrayAsync("log/checkpoint")).Checkpoint.Size;
}
