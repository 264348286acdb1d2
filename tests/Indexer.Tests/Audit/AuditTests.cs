// An auditor against a log and a node that lie: each lie is found, and its place is named.
using System.Text;
using EventSourced.Ethereum.Rpc;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Audit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.RpcFaults;
using EventSourced.Tables;
using EventSourced.Transparency;
using EventSourced.World;

namespace EventSourced.Indexer.Tests.Audit;

/// <summary>A told chain, its index, and the log that is served of it.</summary>
public sealed class AuditedWorld : IAsyncLifetime
{
    private readonly EconomyChain _economy = new();

    internal SigningKey Key { get; } = ServedLog.NewKey();

    internal WorldChain Chain => _economy.Chain;

    internal ServedLog Log { get; private set; } = null!;

    internal static IndexerOptions Options { get; } = IndexedDatabase.Options with
    {
        Ingestion = new IngestionOptions { FinalityDepth = 0, PollInterval = TimeSpan.FromMilliseconds(5) },
    };

    public async Task InitializeAsync()
    {
        await _economy.InitializeAsync();
        await using var database = await IndexedDatabase.OfAsync(Chain, ServedLog.Signing(Options, Key));
        Log = await ServedLog.OfAsync(database.Source);
    }

    public async Task DisposeAsync()
    {
        Log.Dispose();
        Key.Dispose();
        await _economy.DisposeAsync();
    }
}

public sealed class AuditTests(AuditedWorld world) : IClassFixture<AuditedWorld>
{
    [Fact]
    public async Task An_honest_log_of_an_honest_chain_passes_with_receipts()
    {
        var report = await AuditAsync(world.Log, question => question with { Receipts = true });
        Assert.True(report.Holds, Text(report));
        Assert.Equal(
            ["checkpoint", "chain", "leaves", "roots", "state", "anchors"], report.Lines.Select(line => line.Subject));
        Assert.All(report.Lines.SkipLast(1), line => Assert.True(line.Holds, line.Text));
    }

    [Fact]
    public async Task A_root_that_was_accepted_on_the_chain_and_is_not_the_chains_is_found()
    {
        var report = await AuditAsync(world.Log, question => question with { TellsOfAnchorsOnly = false });
        Assert.False(report.Holds, Text(report));
        Assert.Matches("^candidate [0-9]+ for epoch 1, posted in block [0-9]+ and accepted$", report.Difference!.Where);
        Assert.Contains(report.Lines, line => line is { Subject: "roots", Holds: true });
    }

    [Fact]
    public async Task The_roots_of_an_epoch_are_made_from_the_chain_and_a_candidate_with_others_is_named()
    {
        var head = SignedCheckpoint.Parse(await File.ReadAllBytesAsync(world.Log.PathOf("checkpoint"))).Checkpoint;
        var to = Checkpoints.FinalBlock(head)!.Value.Number;
        var question = new AuditQuestion
        {
            Node = world.Chain.Client,
            Deployment = Deployment.Load(world.Chain.Deployment),
            Ingestion = AuditedWorld.Options.Ingestion,
        };
        var roots = await EpochFold.OfAsync(question, to, CancellationToken.None);
        Assert.Equal(
            (head.Root, head.StateRoot, (ulong)head.Size, to),
            (new MerkleHash(roots.LogRoot.ToArray()), new MerkleHash(roots.StateRoot.ToArray()), roots.EventCount,
                roots.ToBlock));
        // What the keepers post and sign is read from the log's checkpoint: it is the same.
        Assert.Equal(roots, EpochRoots.Parse(await File.ReadAllTextAsync(world.Log.PathOf("checkpoint"))));
        // The people of the world post roots that they made up.
        var difference = await EpochFold.CompareAsync(question, 1, to, CancellationToken.None);
        Assert.StartsWith("candidate 1 for epoch ", difference!.Where, StringComparison.Ordinal);
        Assert.Matches(
            "^log root 0x[0-9a-f]{64} of [0-9]+ events, state root 0x[0-9a-f]{64}$", difference.Found);
        var fault = await Assert.ThrowsAsync<FormatException>(
            () => EpochFold.CompareAsync(question, 999_999, to, CancellationToken.None));
        Assert.StartsWith("expected candidate 999999 up to block ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_alone_and_a_log_alone_can_be_audited()
    {
        var chain = await AuditAsync(null, question => question with { Log = null, Policy = null });
        Assert.True(chain.Holds, Text(chain));
        var log = await AuditAsync(world.Log, question => question with { Node = null });
        Assert.True(log.Holds, Text(log));
        var head = SignedCheckpoint.Parse(await File.ReadAllBytesAsync(world.Log.PathOf("checkpoint"))).Checkpoint;
        Assert.Contains($"log {head.Root}", Text(chain), StringComparison.Ordinal);
        Assert.Contains($"{head.Root}", Text(log), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Lies => new()
    {
        { "one byte in an event", "leaf 7 (block " },
        { "an event left out", "leaf 7 (block " },
        { "two events swapped", "leaf 7 (block " },
        { "an event invented", "leaf 7 (block " },
        { "one byte in a tile", "hash 9 of tile/0/000" },
        { "one byte in a higher tile", "hash 1 of tile/1/000" },
        { "a tile is gone", "tile/0/001" },
        { "a bundle is gone", "tile/entries/002" },
        { "a bundle is longer", "tile/entries/000" },
        { "one byte in the root", "the checkpoint of log.example/economy" },
        { "one byte in the signature", "the checkpoint of log.example/economy" },
        { "signed by another key", "the checkpoint of log.example/economy" },
        { "no checkpoint", "the checkpoint at " },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_lie_of_the_log_is_found_where_it_stands(string lie, string place)
    {
        using var log = world.Log.Copy();
        Tell(lie, log);
        var report = await AuditAsync(log);
        Assert.False(report.Holds, Text(report));
        Assert.StartsWith(place, report.Difference!.Where, StringComparison.Ordinal);
        var alone = await AuditAsync(log, question => question with { Node = null });
        Assert.False(alone.Holds, Text(alone));
    }

    [Fact]
    public async Task A_log_signed_over_other_events_is_not_the_chains()
    {
        using var log = await RewrittenAsync(entries => entries[7] = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(entries[7]).Replace("\"ordinal\":0", "\"ordinal\":1", StringComparison.Ordinal)));
        // Alone it holds: whoever has no node believes the signature.
        Assert.True((await AuditAsync(log, question => question with { Node = null })).Holds);
        var report = await AuditAsync(log, question => question with { StopsAtFirst = true });
        Assert.StartsWith("leaf 7 (block ", report.Difference!.Where, StringComparison.Ordinal);
        Assert.Contains("\"ordinal\":1", report.Difference.Found, StringComparison.Ordinal);
        // And whoever kept a checkpoint sees the fork without a node.
        var since = SignedCheckpoint.Parse(await File.ReadAllBytesAsync(world.Log.PathOf("checkpoint")));
        var forked = await AuditAsync(log, question => question with { Node = null, Since = since });
        Assert.Contains("the log was forked", forked.Difference!.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_serves_an_older_checkpoint_than_the_one_that_was_kept_is_found()
    {
        var head = SignedCheckpoint.Parse(await File.ReadAllBytesAsync(world.Log.PathOf("checkpoint"))).Checkpoint;
        // As whoever kept it would have it: signed, and of a longer log.
        var kept = SignedCheckpoint.Sign(
            new Checkpoint(head.Origin, head.Size + 1, MerkleHash.OfLeaf("a later leaf"u8)), 1, world.Key);
        foreach (var hasNode in (bool[])[false, true])
        {
            var report = await AuditAsync(
                world.Log, question => question with { Since = kept, Node = hasNode ? question.Node : null });
            Assert.StartsWith($"the first {head.Size + 1:N0} leaves, whose checkpoint was kept", report.Difference!.Where,
                StringComparison.Ordinal);
            Assert.Equal($"a log of {head.Size:N0} leaves", report.Difference.Found);
        }
    }

    [Fact]
    public async Task Proofs_of_a_chain_that_states_no_root_are_refused_by_name()
    {
        // The told worlds are forks, and their headers have no root of the accounts.
        var report = await AuditAsync(world.Log, question => question with { Proofs = 1 });
        Assert.EndsWith(", state root", report.Difference!.Where, StringComparison.Ordinal);
        Assert.StartsWith("zero: ", report.Difference.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_state_root_is_found()
    {
        using var log = world.Log.Copy();
        var head = SignedCheckpoint.Parse(await File.ReadAllBytesAsync(log.PathOf("checkpoint"))).Checkpoint;
        var wrong = Checkpoint.StateRootExtension(MerkleHash.OfLeaf("another state"u8));
        var lie = new Checkpoint(head.Origin, head.Size, head.Root, [wrong, .. head.Extensions.Skip(1)]);
        await File.WriteAllTextAsync(log.PathOf("checkpoint"), $"{SignedCheckpoint.Sign(lie, 1, world.Key)}");
        var report = await AuditAsync(log);
        Assert.StartsWith("the root of all states after leaf ", report.Difference!.Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Fault.DropLogs, false, "by its receipts, found")]
    [InlineData(Fault.DropAllLogs, false, "by its receipts, found")]
    [InlineData(Fault.DropLogs, true, "by its receipts, found")]
    [InlineData(Fault.InventLog, false, "no leaf: the chain has no further event|: expected {\"block\"")]
    [InlineData(Fault.InventLog, true, "no such log: the receipts have none")]
    [InlineData(Fault.OrphanLogs, false, "found 0xeeee")]
    public async Task A_node_that_lies_about_logs_is_found(Fault fault, bool receipts, string words)
    {
        // The deployment is read truly, so that the lie is one about the economy.
        var asked = 0;
        await using var proxy = await FaultProxy.StartAsync(
            world.Chain.Endpoint, method =>
                method == "eth_getLogs" && Interlocked.Increment(ref asked) > 2 ? fault : Fault.None);
        using var rpc = new HttpRpc([proxy.Endpoint], new RpcOptions { MaxAttempts = 1 });
        var report = await AuditAsync(
            world.Log, question => question with { Node = new EthereumClient(rpc), Receipts = receipts });
        Assert.True(proxy.CountOf(fault) > 0, "expected the fault to happen, found that it did not");
        Assert.False(report.Holds, Text(report));
        Assert.Contains(words.Split('|'), word => Text(report).Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_has_not_the_checkpoints_block_is_found()
    {
        using var log = world.Log.Copy();
        var head = SignedCheckpoint.Parse(await File.ReadAllBytesAsync(log.PathOf("checkpoint"))).Checkpoint;
        foreach (var (line,
            words) in new[]
            {
                ("final-block 99999999 0x" + new string('1', 64), "no such block at the node"),
                ("final-block 3 0x" + new string('1', 64), "at the node"),
            })
        {
            var later = new Checkpoint(
                head.Origin, head.Size, head.Root, [head.Extensions[0], line, head.Extensions[2]]);
            await File.WriteAllTextAsync(log.PathOf("checkpoint"), $"{SignedCheckpoint.Sign(later, 1, world.Key)}");
            var report = await AuditAsync(log, question => question with { StopsAtFirst = true });
            Assert.Contains(words, report.Difference!.Found, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_leaf_is_explained_by_its_log_its_event_and_its_proof()
    {
        var report = await AuditAsync(world.Log, question => question with { Explain = 11 });
        var text = string.Join('\n', report.Explanation);
        Assert.Contains("leaf     11: {\"block\":{\"hash\":\"0x", text, StringComparison.Ordinal);
        Assert.Contains("transaction 0x", text, StringComparison.Ordinal);
        Assert.Contains("decode   by the catalog", text, StringComparison.Ordinal);
        Assert.Contains("c2sp.org/tlog-proof@v1", text, StringComparison.Ordinal);
        var proof = string.Concat(
            text[text.IndexOf("proof    ", StringComparison.Ordinal)..].Split('\n').Select(line => line[9..] + "\n"));
        var leaf = text.Split('\n')[0]["leaf     11: ".Length..];
        Assert.True(TlogProof.Parse(Encoding.UTF8.GetBytes(proof)).Judge(
            ServedLog.Trusting(world.Key), MerkleHash.OfLeaf(Encoding.UTF8.GetBytes(leaf))).Holds);
    }

    [Fact]
    public async Task A_directory_is_enough_to_find_the_economy()
    {
        var deployment = Deployment.Load(world.Chain.Deployment);
        var report = await AuditAsync(
            world.Log, question =>
                question with { Deployment = Deployment.Of(deployment.ChainId, 0, deployment.Directory) });
        Assert.True(report.Holds, Text(report));
    }

    private void Tell(string lie, ServedLog log)
    {
        switch (lie)
        {
            case "one byte in an event": log.SpoilEntries(entries => entries[7][^3] ^= 1); break;
            case "an event left out": log.SpoilEntries(entries => entries.RemoveAt(7)); break;
            case "two events swapped":
                log.SpoilEntries(
                entries => (entries[7], entries[8]) = (entries[8], entries[7])); break;
            case "an event invented": log.SpoilEntries(entries => entries.Insert(7, entries[3])); break;
            case "one byte in a tile": log.Spoil("tile/0/000", bytes => Flipped(bytes, 9 * 32 + 5)); break;
            case "one byte in a higher tile": log.Spoil(HigherTile(log), bytes => Flipped(bytes, 40)); break;
            case "a tile is gone": File.Delete(log.PathOf("tile/0/001")); break;
            case "a bundle is gone": File.Delete(log.PathOf("tile/entries/002")); break;
            case "a bundle is longer": log.Spoil("tile/entries/000", bytes => [.. bytes, 0, 0]); break;
            case "one byte in the root":
                log.Spoil("checkpoint", bytes => Replaced(bytes, text => Flip(text, RootOf(text) + 4)));
                break;
            case "one byte in the signature":
                log.Spoil(
                "checkpoint", bytes => Replaced(bytes, text => Flip(text, text.Length - 20))); break;
            case "signed by another key":
                using (var other = ServedLog.NewKey())
                    log.Spoil("checkpoint",
                        bytes =>
                            Encoding.UTF8.GetBytes(
                                $"{SignedCheckpoint.Sign(SignedCheckpoint.Parse(bytes).Checkpoint, 1, other)}"));
                break;
            case "no checkpoint": File.Delete(log.PathOf("checkpoint")); break;
            default: throw new ArgumentOutOfRangeException(nameof(lie), lie, "expected a lie that can be told");
        }
    }

    private static string HigherTile(ServedLog log) => Path.GetRelativePath(
        log.Folder, Directory.EnumerateFiles(log.PathOf("tile/1"), "*", SearchOption.AllDirectories).Single());

    // The third line of a checkpoint.
    private static int RootOf(string text) =>
        text.IndexOf('\n', text.IndexOf('\n', StringComparison.Ordinal) + 1) + 1;

    private async Task<ServedLog> RewrittenAsync(Action<List<byte[]>> change)
    {
        var head = SignedCheckpoint.Parse(await File.ReadAllBytesAsync(world.Log.PathOf("checkpoint"))).Checkpoint;
        var log = world.Log.Copy();
        log.SpoilEntries(change);
        using var batch = new LogBatch(CompactRange.Empty);
        for (var index = 0L; index < head.Size; index += 256)
            foreach (var entry in EntryBundle
                .Read(await File.ReadAllBytesAsync(
                    log.PathOf($"{TilePath.OfEntries(index / 256, (int)Math.Min(256, head.Size - index))}"))))
                batch.Add(entry);
        foreach (
            var tile in batch.Tiles()) await File.WriteAllBytesAsync(log.PathOf($"{tile.Tile}"), tile.Added.ToArray());
        var forged = new Checkpoint(head.Origin, head.Size, batch.Edge().Root(), head.Extensions);
        await File.WriteAllTextAsync(log.PathOf("checkpoint"), $"{SignedCheckpoint.Sign(forged, 1, world.Key)}");
        return log;
    }

    private async Task<AuditReport> AuditAsync(ServedLog? log, Func<AuditQuestion, AuditQuestion>? change = null)
    {
        using var copy = log is null ? null : LogCopy.Of(log.Folder);
        var question = new AuditQuestion
        {
            Log = copy,
            Node = world.Chain.Client,
            Deployment = Deployment.Load(world.Chain.Deployment),
            Ingestion = AuditedWorld.Options.Ingestion,
            Policy = ServedLog.Trusting(world.Key),
            // The people of the world anchor roots that they made up.
            TellsOfAnchorsOnly = true,
        };
        return await new Auditor(change is null ? question : change(question)).RunAsync(CancellationToken.None);
    }

    private static string Text(AuditReport report) =>
        string.Join('\n', report.Lines.Select(line => $"{line.Subject} {line.Holds}: {line.Text}"));

    private static byte[] Flipped(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    private static byte[] Replaced(byte[] bytes, Func<string, string> change) =>
        Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(bytes)));

    // Another letter of base64 at the place.
    private static string Flip(string text, int at) => $"{text[..at]}{(text[at] == 'A' ? 'B' : 'A')}{text[(at + 1)..]}";
}
