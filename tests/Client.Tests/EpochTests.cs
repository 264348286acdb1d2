// An epoch's roots from a terminal, beside a running host: es log post makes them from the chain and posts them, es log
// sign makes them again and signs a candidate that says the same. The host's own log has stated the very same roots.
using System.Text.Json;
using EventSourced.Chain.Signing;
using EventSourced.Commands.Tests;
using EventSourced.Host.Tests;
using EventSourced.Tables;
using EventSourced.Testing;

namespace EventSourced.Client.Tests;

[Collection(ClientTests.Name)]
public sealed class EpochTests : IDisposable
{
    private const string Password = "correct horse";
    private readonly CommandWorld _world;
    private readonly string _folder = Directory.CreateTempSubdirectory("epoch-").FullName;

    public EpochTests(CommandWorld world)
    {
        _world = world;
        File.WriteAllText(At("password"), $"{Password}\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_roots_of_an_epoch_are_posted_and_signed_at_a_terminal()
    {
        var poster = await _world.AgentAsync(4_000, 3_000);
        var court = await _world.CourtAsync();
        var to = await _world.Chain.Client.GetBlockNumberAsync(CancellationToken.None);
        await _world.Chain.Anvil.MineAsync(2, CancellationToken.None);
        var (code, said) = await RunAsync(
            poster, "log", "post", "--epoch", "1", "--poster", $"{poster.Agent}", "--from-block", "0", "--to-block",
            $"{to}");
        Assert.True(code == 0, said);
        Assert.Contains("checkpoints.post", said, StringComparison.Ordinal);
        var posted = await CandidateAsync($"to_block = {to}");
        // A narrow terminal breaks a hash over two lines of a table.
        var unbroken = string.Concat(said.Where(unit => char.IsAsciiLetterOrDigit(unit)));
        Assert.Contains(posted.LogRoot, unbroken, StringComparison.Ordinal);
        Assert.Contains(posted.StateRoot, unbroken, StringComparison.Ordinal);
        // Whoever makes roots up is not signed for.
        var lie = await LieAsync(poster, to);
        await DrawAsync(poster, posted.Id, lie);
        var signed = 0;
        foreach (var one in court)
        {
            (code, said) = await RunAsync(
                one, "log", "sign", "--candidate", $"{posted.Id}", "--verifier", $"{one.Agent}");
            Assert.True(code == 0 || said.Contains("NotOnPanel", StringComparison.Ordinal), said);
            if (code == 0) signed++;
        }

        Assert.True(signed > 0, "expected verifiers of the panel to sign, found none");
        Assert.Equal(signed, (await CandidateAsync($"candidate_id = {posted.Id}")).Signatures);
        (code, said) = await RunAsync(
            court[0], "log", "sign", "--candidate", $"{lie}", "--verifier", $"{court[0].Agent}");
        Assert.Equal(2, code);
        Assert.Matches($"nothing was signed: candidate {lie} for epoch 1, blocks 0 to {to}: expected log root 0x", said);
    }

    [Fact]
    public async Task The_log_of_a_host_and_the_fold_of_the_chain_state_one_record()
    {
        // Keepers post what the log states, a terminal what the chain folds to.
        var text = "";
        await Eventually.TrueAsync(async () =>
        {
            // What the deployment told becomes final, and is signed.
            await _world.Chain.Anvil.MineAsync(20, CancellationToken.None);
            await Task.Delay(200);
            using var answer = await _world.Http.GetAsync("log/checkpoint");
            text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode;
        });
        var stated = Assert.IsType<EpochRoots>(EpochRoots.Parse(text));
        using var node = new Ethereum.Rpc.HttpRpc([_world.Chain.Endpoint]);
        var made = await Indexer.Audit.EpochFold.OfAsync(
            new Indexer.Audit.AuditQuestion
            {
                Node = new Ethereum.Rpc.EthereumClient(node),
                Deployment = Indexer.Decode.Deployment.Load(_world.Chain.Deployment),
            },
            stated.ToBlock, CancellationToken.None);
        Assert.Equal(stated, made);
    }

    private async Task<ulong> LieAsync(Person poster, ulong to)
    {
        await poster.RelayAsync("checkpoints.post", new()
        {
            ["epoch"] = "1",
            ["posterId"] = $"{poster.Agent}",
            ["roots"] = new System.Text.Json.Nodes.JsonObject
            {
                ["logRoot"] = $"0x{new string('1', 64)}",
                ["stateRoot"] = $"0x{new string('2', 64)}",
                ["fromBlock"] = "0",
                ["toBlock"] = $"{to}",
                ["eventCount"] = "3",
            },
        });
        return (await CandidateAsync("event_count = 3")).Id;
    }

    // The seed of a draw is the hash of a block that was still to come.
    private async Task DrawAsync(Person anybody, params ulong[] candidates)
    {
        var seed = 0L;
        foreach (var candidate in candidates)
        {
            await using var command = _world.Source.CreateCommand(
                $"select seed_block from model.checkpoint_candidate where candidate_id = {candidate}");
            seed = Math.Max(seed, (long)(await command.ExecuteScalarAsync())!);
        }

        var now = (long)await _world.Chain.Client.GetBlockNumberAsync(CancellationToken.None);
        if (now < seed + 2) await _world.Chain.Anvil.MineAsync((ulong)(seed + 2 - now), CancellationToken.None);
        foreach (var candidate in candidates)
            await anybody.RelayAsync("checkpoints.drawSigners", new() { ["candidateId"] = $"{candidate}" });
    }

    private async Task<(ulong Id, string LogRoot, string StateRoot, int Signatures)> CandidateAsync(string which)
    {
        (ulong, string, string, int)? found = null;
        await Eventually.TrueAsync(async () =>
        {
            await using var command = _world.Source.CreateCommand(
                $"select candidate_id, '0x' || encode(log_root, 'hex'), '0x' || encode(state_root, 'hex'), signatures::int from model.checkpoint_candidate where {which} order by candidate_id desc limit 1");
            await using var reader = await command.ExecuteReaderAsync();
            if (!await reader.ReadAsync()) return false;
            found = ((ulong)reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3));
            return true;
        });
        return found!.Value;
    }

    private Task<(int Code, string Output)> RunAsync(Person person, params string[] arguments)
    {
        using var deployment = JsonDocument.Parse(File.ReadAllText(_world.Chain.Deployment));
        var directory = deployment.RootElement.GetProperty("contracts").GetProperty("directory").GetString()!;
        return HostProcess.RunAsync(
        [
            .. arguments, "--rpc", $"{_world.Chain.Endpoint}", "--directory", directory, "--key", KeyOf(person),
            "--password-file", At("password"), "--at", $"{_world.Http.BaseAddress}", "--deployment",
            _world.Chain.Deployment,
        ]);
    }

    private string KeyOf(Person person)
    {
        var path = At($"{person.Address}");
        if (!File.Exists(path)) File.WriteAllText(path, KeyFile.Encrypt(person.Key, Password, 1 << 10));
        return path;
    }

    private string At(string name) => Path.Combine(_folder, name);
}
