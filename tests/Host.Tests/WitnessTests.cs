// A witness as a server, and a log that is served only with its cosignatures: over HTTP, with files, across restarts.
using System.Net;
using System.Text;
using EventSourced.Host.Attesting;
using EventSourced.Host.Settings;
using EventSourced.Testing;
using EventSourced.Transparency;

namespace EventSourced.Host.Tests;

[Collection(EconomyTests.Name)]
public sealed class WitnessTests(EconomyChain economies) : IDisposable
{
    private const string Origin = "log.example/economy";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("witness-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_log_is_served_when_its_witness_has_cosigned_it_by_both_kinds_of_key()
    {
        var key = LogKeyFile.OpenLog(PathOf("log.key"), Origin, awaitsWitnesses: true);
        await using var witness = await WitnessAsync(key.Keys);
        var lines = witness.PolicyLines.ToList();
        Assert.Equal(2, lines.Count);
        await File.WriteAllTextAsync(PathOf("policy"),
            $"log {key.Keys[0].Verifier}\n{string.Join('\n', lines)}\ngroup both all witness witness-2\nquorum both\n");
        await using var economy = await Economy.BesideAsync(economies.Chain);
        await using (var host = await economy.ServeAsync(("roles", "indexer,api"), ("finality", "0"),
            ("logKey", PathOf("log.key")), ("logPolicy", PathOf("policy"))))
        {
            using var http = new HttpClient { BaseAddress = host.Address };
            await Eventually.TrueAsync(async () => (await http.GetAsync("log/checkpoint")).IsSuccessStatusCode);
            var served = SignedCheckpoint.Parse(await http.GetByteArrayAsync("log/checkpoint"));
            var verdict = TrustPolicy.Parse(await File.ReadAllBytesAsync(PathOf("policy"))).Judge(served);
            Assert.True(verdict.Holds, verdict.Refusal);
            Assert.Equal(2, verdict.Witnessed.Count);
            // Monitors are given the same head by the witness.
            using var monitor = new HttpClient { BaseAddress = witness.Address };
            var seen = SignedCheckpoint.Parse(await monitor.GetByteArrayAsync(WitnessRules.MonitoringPath(Origin)));
            Assert.Equal(served.Checkpoint.Root, seen.Checkpoint.Root);
            var (code, output) = await HostProcess.RunAsync(
                "audit", "--rpc", $"{economy.Chain.Endpoint}", "--deployment", economy.Chain.Deployment, "--log",
                $"{host.Address}log", "--policy", PathOf("policy"), "--anchors", "tell");
            Assert.True(
                code == 0 && output.Contains("2 cosignatures by trusted witnesses", StringComparison.Ordinal), output);
        }
    }

    [Fact]
    public async Task A_witness_answers_409_with_the_size_refuses_a_fork_and_remembers_after_a_restart()
    {
        using var key = SigningKey.Parse(SigningKey.NewSecret(Origin, SignatureType.Ed25519));
        var log = Grown(300);
        await using (var witness = await WitnessAsync([key]))
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(witness, key, log, 0, 100)).Code);
            Assert.Equal((HttpStatusCode.Conflict, "100\n"), await PostAsync(witness, key, log, 0, 200));
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(witness, key, log, 100, 200)).Code);
        }

        await using (var again = await WitnessAsync([key]))
        {
            Assert.Equal((HttpStatusCode.Conflict, "200\n"), await PostAsync(again, key, log, 100, 300));
            Assert.Equal(HttpStatusCode.UnprocessableEntity,
                (await PostAsync(again, key, Grown(300, fork: 150), 200, 300)).Code);
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(again, key, log, 200, 300)).Code);
            using var other = SigningKey.Parse(SigningKey.NewSecret(Origin, SignatureType.Ed25519));
            Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(again, other, log, 300, 300)).Code);
            using var stranger = SigningKey.Parse(SigningKey.NewSecret("other.example/log", SignatureType.Ed25519));
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(again, stranger, log, 0, 300)).Code);
            using var http = new HttpClient { BaseAddress = again.Address };
            using var nonsense = await http.PostAsync(AddCheckpointRequest.Path, new StringContent("old -1\n"));
            Assert.Equal(HttpStatusCode.BadRequest, nonsense.StatusCode);
            Assert.Throws<IOException>(() => WitnessStore.Open(PathOf("store")));
        }
    }

    [Fact]
    public async Task Two_requests_at_once_cannot_roll_a_log_back()
    {
        using var key = SigningKey.Parse(SigningKey.NewSecret(Origin, SignatureType.Ed25519));
        var (left, right) = (Grown(300), Grown(300, fork: 50));
        await using var witness = await WitnessAsync([key]);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => PostAsync(witness, key, i % 2 == 0 ? left : right, 0, 100 + i)));
        Assert.Single(answers, answer => answer.Code == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Code != HttpStatusCode.OK), answer =>
            Assert.Equal(HttpStatusCode.Conflict, answer.Code));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<WitnessHost> WitnessAsync(IReadOnlyList<SigningKey> logs) => await WitnessHost.StartAsync(
        LogKeyFile.OpenWitness(PathOf("witness.key"), "witness"),
        TrustPolicy.Parse(
            Encoding.UTF8.GetBytes(string.Concat(logs.Select(log => $"log {log.Verifier}\n")) + "quorum none\n")),
        PathOf("store"), new IPEndPoint(IPAddress.Loopback, 0));

    // The heads of a log after each of its leaves; a fork has other leaves from an index on.
    private static List<byte[]> Grown(int leaves, int fork = int.MaxValue) =>
        [.. Enumerable.Range(0, leaves).Select(i => Encoding.UTF8.GetBytes(i < fork ? $"leaf {i}" : $"forked {i}"))];

    private static async Task<(HttpStatusCode Code, string Body)> PostAsync(
        WitnessHost witness, SigningKey key, List<byte[]> log, int old, int size)
    {
        var tiles = new Dictionary<TilePath, ReadOnlyMemory<byte>>();
        var batch = new TreeBatch(CompactRange.Empty);
        foreach (var leaf in log.Take(size)) batch.Add(leaf);
        foreach (var growth in batch.Tiles()) tiles[growth.Tile] = growth.Added;
        var root = batch.Edge().Root();
        var proof = await new TileProver((tile, _) => ValueTask.FromResult(tiles[tile]), size, root).ExtendAsync(old);
        var request = new AddCheckpointRequest(
            old, proof, SignedCheckpoint.Sign(new Checkpoint(key.Verifier.Name, size, root), 1, key));
        using var http = new HttpClient { BaseAddress = witness.Address };
        using var answer = await http.PostAsync(AddCheckpointRequest.Path, new StringContent($"{request}"));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
