// es audit and es log as processes, against a host that serves its log: what they print, and which exit code says
// what. The commands of docs/audit.md are run here, line by line.
using System.Text.Json;
using System.Text.RegularExpressions;
using EventSourced.Host.Serving;
using EventSourced.RpcFaults;
using EventSourced.Testing;
using EventSourced.Transparency;
using EventSourced.World;

namespace EventSourced.Host.Tests;

[Collection(EconomyTests.Name)]
public sealed partial class AuditTests(EconomyChain economies) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("audit-");

    private string ArchiveFolder => Path.Combine(_folder.FullName, "archive");

    private string KeyFile => Path.Combine(_folder.FullName, "log.key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_first_half_hour_of_an_auditor_works_as_it_is_written()
    {
        await using var economy = await Economy.BesideAsync(economies.Chain);
        await using var host = await ServeAsync(economy);
        var key = (await File.ReadAllLinesAsync(await PublishedAsync(host)))[0];
        var (made, archived) = await HostProcess.RunAsync(
            "archive", "--to", ArchiveFolder, "--database", economy.Database, "--log-key", KeyFile);
        Assert.True(made == 0, archived);
        using var deployment = JsonDocument.Parse(await File.ReadAllTextAsync(economy.Chain.Deployment));
        var values = new Dictionary<string, string>
        {
            ["RPC"] = $"{economy.Chain.Endpoint}",
            ["LOG"] = $"{host.Address}log",
            ["KEY"] = key,
            ["DIRECTORY"] = deployment.RootElement.GetProperty("contracts").GetProperty("directory").GetString()!,
            ["COPY"] = Path.Combine(_folder.FullName, "copy"),
            ["ARCHIVE"] = $"{host.Address}archive",
        };
        var commands = Commands().Matches(await File.ReadAllTextAsync(
            Path.Combine(WorldChain.Root, "docs/audit.md"))).Select(match => match.Groups[1].Value).ToList();
        Assert.True(commands.Count >= 6, $"expected commands in docs/audit.md, found {commands.Count}");
        foreach (var command in commands)
        {
            var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => Variable().Replace(word.Trim('"'), match => values[match.Groups[1].Value])).ToArray();
            var (code, output) = await HostProcess.RunAsync(words);
            Assert.True(code == 0, $"{command}\nended with {code}:\n{output}");
            Assert.Contains(words.Contains("--json")
                ? "\"holds\": true" : "verified: everything that was checked holds", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_tampered_tile_and_a_tampered_entry_are_found_and_named()
    {
        await using var economy = await Economy.BesideAsync(economies.Chain);
        await using var host = await ServeAsync(economy);
        await PublishedAsync(host);
        await economy.ExecuteAsync(
            "update es_log_tile set bytes = set_byte(bytes, 200, 7) where level = 0 and index = 0");
        var (code, output) = await AuditAsync(economy, host);
        Assert.True(code == 1, output);
        Assert.Contains("different: hash 6 of tile/0/000", output, StringComparison.Ordinal);
        await economy.ExecuteAsync(
            "update es_log_tile set bytes = set_byte(bytes, 40, 65) where level = -1 and index = 0");
        (code, output) = await AuditAsync(economy, host, "--first-difference");
        Assert.True(code == 1, output);
        Assert.Matches("^different: leaf 0 \\(block [0-9]+, log [0-9]+, ", output);
        (code, output) = await AuditAsync(economy, host, "--json");
        Assert.True(code == 1, output);
        using var json = JsonDocument.Parse(output);
        Assert.False(json.RootElement.GetProperty("holds").GetBoolean());
        Assert.StartsWith("leaf 0 ", json.RootElement.GetProperty("difference").GetProperty("where").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_that_was_killed_in_the_midst_goes_on_where_it_was()
    {
        await using var chain = await WorldChain.FreshAsync(CancellationToken.None);
        // More blocks than the ranges that are asked for at once: when the first one is kept, the end is not read.
        await chain.Anvil.MineAsync(300, CancellationToken.None);
        var keep = Path.Combine(_folder.FullName, "kept");
        await using var proxy = await FaultProxy.StartAsync(chain.Endpoint, _ => IsKept() ? Fault.Silence : Fault.None);
        string[] arguments =
        [
            "audit", "--rpc", $"{proxy.Endpoint}", "--deployment", chain.Deployment, "--finality", "0", "--keep", keep,
        ];
        await using (var killed = HostProcess.Start(arguments))
        {
            await Eventually.TrueAsync(() => Task.FromResult(proxy.CountOf(Fault.Silence) > 0), () => killed.Output);
            await killed.KillAsync();
            Assert.DoesNotContain("verified", killed.Output, StringComparison.Ordinal);
        }

        proxy.Plan = FaultPlans.Calm;
        var (code, output) = await HostProcess.RunAsync(arguments);
        Assert.True(code == 0, output);
        Assert.Matches(@"ok  chain +blocks up to [0-9]+ \([1-9][0-9,]* of them kept from an earlier audit\)", output);

        bool IsKept() => Directory.Exists(keep)
            && Directory.EnumerateFiles(keep, "*.logs", SearchOption.AllDirectories).Any();
    }

    [Fact]
    public async Task A_tampered_row_shows_in_the_root_that_is_signed_next()
    {
        await using var chain = await WorldChain.FreshAsync(CancellationToken.None, shared: true);
        await using var economy = await Economy.BesideAsync(chain);
        await using (var host = await ServeAsync(economy)) await PublishedAsync(host);
        await economy.ExecuteAsync(
            "update model.parameter set value = value + 1 where name = (select min(name) from model.parameter)");
        await using var again = await ServeAsync(economy);
        var (code, output) = await AuditAsync(economy, again);
        Assert.True(code == 0, output);
        var size = await SizeAsync(again);
        using (await World.World.SettleAsync(chain, new WorldOptions(1), Population.Small, CancellationToken.None))
            await Eventually.TrueAsync(async () => await SizeAsync(again) > size);
        (code, output) = await AuditAsync(economy, again);
        Assert.True(code == 1, output);
        Assert.Matches("NO  state +the root of all states after leaf [0-9]+: expected 0x[0-9a-f]{64}, folded from the chain, found 0x", output);
        Assert.Matches("ok  leaves ", output);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task The_key_is_made_once_is_its_owners_alone_and_is_printed()
    {
        var (code, output) = await HostProcess.RunAsync(
            "log", "key", "--log-key", KeyFile, "--deployment", economies.Chain.Deployment);
        Assert.True(code == 0, output);
        var key = VerifierKey.Parse(output.Trim());
        Assert.Matches("^eventsourced/[0-9]+/0x[0-9a-f]{40}$", key.Name);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal((0, output), await HostProcess.RunAsync("log", "key", "--log-key", KeyFile));
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        (code, output) = await HostProcess.RunAsync("log", "key", "--log-key", KeyFile);
        Assert.True(code == 2
            && output.Contains("expected a file that its owner alone may read (mode 0600), found mode 604",
                StringComparison.Ordinal), output);
        Assert.DoesNotContain("PRIVATE", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_cannot_be_asked_ends_with_2_and_a_fault_with_3()
    {
        await AssertAsync(2, "rpc: expected at least one http(s) address of a node, found nothing", "audit");
        await AssertAsync(2, "deployment: expected the path of a deployment.json, found nothing", "audit", "--rpc",
            "http://127.0.0.1:1");
        await AssertAsync(2, "in a verifier key", "audit", "--log", _folder.FullName, "--key", "x");
        await AssertAsync(1, "different: the checkpoint at ", "audit", "--log", _folder.FullName);
        await AssertAsync(3, "es audit: ", "audit", "--log", "http://127.0.0.1:1/log");

        static async Task AssertAsync(int expected, string words, params string[] arguments)
        {
            var (code, output) = await HostProcess.RunAsync(arguments);
            Assert.True(code == expected && output.Contains(words, StringComparison.Ordinal), $"{code}: {output}");
        }
    }

    private Task<ServingHost> ServeAsync(Economy economy) =>
        economy.ServeAsync(
            ("roles", "indexer,api"), ("finality", "0"), ("logKey", KeyFile), ("archive", ArchiveFolder));

    private Task<(int Code, string Output)> AuditAsync(Economy economy, ServingHost host, params string[] more) =>
        HostProcess.RunAsync(
        ["audit", "--rpc", $"{economy.Chain.Endpoint}", "--deployment", economy.Chain.Deployment, "--log",
            $"{host.Address}log", "--anchors", "tell", .. more]);

    // Until everything that is indexed is final, signed and served; answers a file with the log's keys.
    private async Task<string> PublishedAsync(ServingHost host)
    {
        await Eventually.TrueAsync(async () => await SizeAsync(host) > 0);
        using var http = new HttpClient { BaseAddress = host.Address };
        var file = Path.Combine(_folder.FullName, "keys");
        await File.WriteAllTextAsync(file, await http.GetStringAsync("log/keys"));
        return file;
    }

    private static async Task<long> SizeAsync(ServingHost host)
    {
        using var http = new HttpClient { BaseAddress = host.Address };
        using var answer = await http.GetAsync("log/checkpoint");
        return answer.IsSuccessStatusCode
            ? SignedCheckpoint.Parse(await answer.Content.ReadAsByteArrayAsync()).Checkpoint.Size : 0;
    }

    [GeneratedRegex(@"^\./es (audit .*)$", RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex(@"\$([A-Z]+)")]
    private static partial Regex Variable();
}
