// The audit log as it is served: its routes, the proofs of events, and verifiers that are not ours: Go's sumdb, and
// the module that browsers run, in Node and in Chromium.
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using EventSourced.Api.Log;
using EventSourced.Projections;
using EventSourced.Transparency;

namespace EventSourced.Api.Tests;

[Collection(ServedTests.Name)]
public class LogTests(ServedWorld world)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_served_log_is_whole_and_caches_may_keep_its_tiles()
    {
        var signed = SignedCheckpoint.Parse(await world.Api.Http.GetByteArrayAsync("log/checkpoint"));
        Assert.True(Policy.Judge(signed).Holds);
        var head = signed.Checkpoint;
        Assert.True(head.Size > 1000, $"expected a log, found {head.Size} leaves");
        Assert.Null(await LogCheck.RunAsync(
            async (tile, cancellation) =>
                await world.Api.Http.GetByteArrayAsync($"log/{tile}", cancellation), head.Size, head.Root));
        using var tile = await world.Api.Http.GetAsync("log/tile/0/000.p/17");
        Assert.Equal(17 * 32, tile.Content.Headers.ContentLength);
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", tile.Headers.GetValues("Cache-Control")));
        using var checkpoint = await world.Api.Http.GetAsync("log/checkpoint");
        Assert.True(checkpoint.Headers.CacheControl!.NoCache);
        Assert.Equal("text/plain; charset=utf-8", $"{checkpoint.Content.Headers.ContentType}");
    }

    [Theory]
    [InlineData("log/tile/0/999")]
    [InlineData("log/tile/0/000.p/256")]
    [InlineData("log/tile/0/0")]
    [InlineData("log/tile/7/000")]
    [InlineData("log/tile/entries/x001/000")]
    [InlineData("log/tile/63/x999/x999/x999/x999/x999/999")]
    [InlineData("log/tile/-1/000")]
    public async Task What_the_log_has_not_is_not_found(string path)
    {
        using var answer = await world.Api.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.StartsWith("expected ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_event_that_is_final_has_a_leaf_and_a_proof_and_a_later_one_has_none()
    {
        var size = SignedCheckpoint.Parse(await world.Api.Http.GetByteArrayAsync("log/checkpoint")).Checkpoint.Size;
        foreach (var order in new[] { "ASC", "DESC" })
        {
            var data = await world.Api.DataAsync(
                $"{{ events(first: 60, order: {order}) {{ nodes {{ position stream leaf proof }} }} }}");
            foreach (var node in data.GetProperty("events").GetProperty("nodes").EnumerateArray())
            {
                var position = node.GetProperty("position").GetInt64();
                if (position > size)
                {
                    Assert.Equal((JsonValueKind.Null, JsonValueKind.Null),
                        (node.GetProperty("leaf").ValueKind, node.GetProperty("proof").ValueKind));
                    continue;
                }

                var leaf = node.GetProperty("leaf").GetString()!;
                Assert.Contains(
                    $"\"stream\":\"{node.GetProperty("stream").GetString()}\"", leaf, StringComparison.Ordinal);
                var proof = TlogProof.Parse(Encoding.UTF8.GetBytes(node.GetProperty("proof").GetString()!));
                Assert.Equal(position - 1, proof.Index);
                Assert.True(proof.Judge(Policy, MerkleHash.OfLeaf(Encoding.UTF8.GetBytes(leaf))).Holds);
                Assert.False(proof.Judge(Policy, MerkleHash.OfLeaf(Encoding.UTF8.GetBytes(leaf + " "))).Holds);
            }
        }
    }

    [Fact]
    public async Task Tiles_that_were_pruned_come_from_the_archive_as_wide_as_they_are_asked_for()
    {
        var folder = Directory.CreateTempSubdirectory("archive-");
        try
        {
            var bytes = new byte[TilePath.FullWidth * MerkleHash.ByteCount];
            new Random(1).NextBytes(bytes);
            // No tile of so high a number is in the index.
            var file = Path.Combine(folder.FullName, "log/tile/0/x005/000");
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, bytes);
            Assert.True(TilePath.TryParse("tile/0/x005/000", out var full));
            Assert.True(TilePath.TryParse("tile/0/x005/000.p/17", out var narrow));
            var log = new StoredLog(world.Database.Source, folder.FullName);
            Assert.Equal(bytes, (await log.TileAsync(full, default))!.Value.ToArray());
            Assert.Equal(
                bytes[..(17 * MerkleHash.ByteCount)], (await log.TileAsync(narrow, default))!.Value.ToArray());
            Assert.Null(await new StoredLog(world.Database.Source).TileAsync(full, default));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("task")]
    [InlineData("bid")]
    [InlineData("account")]
    [InlineData("parameter")]
    public async Task Every_row_of_a_state_is_proven_under_the_state_root_that_the_checkpoint_states(string kind)
    {
        var model = ReadModels.All.Single(one => one.Fold.Name == kind);
        var keys = (await world.ValueAsync<string>(
            $"""
            select string_agg(key, ',') from (
              select {model.Columns[0].Name}::text as key from model.{model.Table}
               where valid_from <= (select final_number from es_indexer) order by 1 limit 20) x
            """)).Split(',');
        foreach (var key in keys)
        {
            var id = $"{kind}-{(key.StartsWith("\\x", StringComparison.Ordinal) ? $"0x{key[2..]}" : key)}";
            var data = await world.Api.DataAsync($$"""{ stateProof(id: "{{id}}") stream(id: "{{id}}") { proof } }""");
            var text = data.GetProperty("stateProof").GetString()!;
            var proof = StateProof.Parse(Encoding.UTF8.GetBytes(text));
            Assert.Equal(id, proof.Thing);
            Assert.True(proof.Judge(Policy).Holds);
            if (data.GetProperty("stream") is { ValueKind: JsonValueKind.Object } stream)
                Assert.Equal(text, stream.GetProperty("proof").GetString());
        }
    }

    [Theory]
    [InlineData("task-999999999")]
    [InlineData("nothing-1")]
    [InlineData("")]
    public async Task What_the_checkpoint_does_not_cover_has_no_proof(string id) => Assert.Equal(
        JsonValueKind.Null,
        (await world.Api.DataAsync($$"""{ stateProof(id: "{{id}}") }""")).GetProperty("stateProof").ValueKind);

    [Fact]
    public async Task Gos_sumdb_verifies_the_log_and_a_proof()
    {
        var (leaf, proof) = await ProvenAsync();
        var folder = Directory.CreateTempSubdirectory("go-");
        try
        {
            var (proofFile, leafFile) = (
                Path.Combine(folder.FullName, "event.tlog-proof"), Path.Combine(folder.FullName, "leaf"));
            await File.WriteAllTextAsync(proofFile, proof);
            await File.WriteAllTextAsync(leafFile, leaf);
            var program = Path.Combine(folder.FullName, "verify");
            await RunAsync(
                "go", ["build", "-o", program, Checked.Path("tests/Api.Tests/Go/verify.go")], environment: new()
                {
                    // Debian's packages of Go are folders of sources, not modules.
                    ["GO111MODULE"] = "off",
                    ["GOPATH"] = "/usr/share/gocode",
                    ["GOCACHE"] = Path.Combine(folder.FullName, "cache"),
                });
            string[] arguments = [$"{world.Api.Address}log", $"{world.LogKey.Verifier}", proofFile, leafFile];
            var (code, output) = await RunAsync(program, arguments);
            Assert.True(code == 0 && output.StartsWith("verified: ", StringComparison.Ordinal), output);
            await File.WriteAllTextAsync(
                leafFile, leaf.Replace("\"derived\":false", "\"derived\":true", StringComparison.Ordinal));
            (code, output) = await RunAsync(program, arguments, mayFail: true);
            Assert.True(code == 1 && output.StartsWith("not verified: ", StringComparison.Ordinal), output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_browser_module_verifies_in_Node_what_it_is_served_and_refuses_every_spoiled_letter()
    {
        var (leaf, proof) = await ProvenAsync();
        var stateProof = (await world.Api.DataAsync("""{ stateProof(id: "task-1") }"""))
            .GetProperty("stateProof").GetString();
        var input = JsonSerializer.Serialize(new
        {
            key = $"{world.LogKey.Verifier}",
            checkpoint = await world.Api.Http.GetStringAsync("log/checkpoint"),
            proof,
            leaf,
            stateProof,
        });
        var (_, output) = await RunAsync("node",
            [Checked.Path("tests/Api.Tests/browser-check.mjs"), Checked.Path("src/Api/Web/log-check.js")], input);
        using var found = JsonDocument.Parse(output);
        Assert.Empty(found.RootElement.GetProperty("wrong").EnumerateArray());
        Assert.True(found.RootElement.GetProperty("refused").GetInt32() > 500, output);
        Assert.Equal("task-1", found.RootElement.GetProperty("thing").GetString());
        Assert.Equal("1", found.RootElement.GetProperty("state").GetProperty("taskId").GetString());
        Assert.Equal(await File.ReadAllTextAsync(Checked.Path("src/Api/Web/log-check.js")),
            await world.Api.Http.GetStringAsync("log/check.js"));
    }

    [Fact]
    public async Task The_browser_module_verifies_the_log_and_an_event_in_Chromium()
    {
        var page = await BrowseAsync("log?position=40");
        Assert.Matches(">verified: leaf 39 of [0-9]+<", page);
        Assert.Matches($">verified: [0-9]+ leaves, signed by {ServedWorld.Origin}<", page);
        using var other = SigningKey.Parse(SigningKey.NewSecret(ServedWorld.Origin, SignatureType.Ed25519));
        page = await BrowseAsync($"log?key={Uri.EscapeDataString($"{other.Verifier}")}");
        Assert.Contains(
            $"not verified: expected a signature by {ServedWorld.Origin}, found none", page, StringComparison.Ordinal);
    }

    private TrustPolicy Policy => TrustPolicy.Of(world.LogKey.Verifier, [], 0);

    private async Task<(string Leaf, string Proof)> ProvenAsync()
    {
        var data = await world.Api.DataAsync(
            """{ events(types: ["task_created"], first: 1) { nodes { leaf proof } } }""");
        var node = data.GetProperty("events").GetProperty("nodes")[0];
        return (node.GetProperty("leaf").GetString()!, node.GetProperty("proof").GetString()!);
    }

    private async Task<string> BrowseAsync(string path)
    {
        var profile = Directory.CreateTempSubdirectory("chromium-");
        try
        {
            var (_, page) = await RunAsync(
                "chromium",
                ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={profile.FullName}",
                    "--virtual-time-budget=20000", "--dump-dom", $"{world.Api.Address}{path}"]);
            return page;
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(
        string program, string[] arguments, string? input = null, Dictionary<string, string>? environment = null,
        bool mayFail = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? []) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0 || mayFail,
            $"{program} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return (process.ExitCode, await output);
    }
}
