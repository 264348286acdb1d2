// The log in the index: which leaves, in which order, signed when. Always holds: it depends on the chain alone.
using System.Text;
using System.Text.Json;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Tables;
using EventSourced.Testing;
using EventSourced.Transparency;
using EventSourced.World;

namespace EventSourced.Indexer.Tests.Audit;

public sealed class LogTests(EconomyChain economy) : IClassFixture<EconomyChain>
{
    private static readonly IndexerOptions AllFinal = IndexedDatabase.Options with
    {
        Ingestion = new IngestionOptions { FinalityDepth = 0, PollInterval = TimeSpan.FromMilliseconds(5) },
    };

    [Fact]
    public async Task The_log_is_the_same_in_any_batches()
    {
        await using var large = await IndexedDatabase.OfAsync(economy.Chain, AllFinal);
        await using var small = await IndexedDatabase.OfAsync(economy.Chain, AllFinal with { BatchEvents = 41 });
        Assert.Equal(await large.CountAsync("select max(seq_id) from mt_events"),
            await large.CountAsync("select size from es_log"));
        Assert.Equal(await DumpAsync(large), await DumpAsync(small));
    }

    // Found by the bench of archives, which waited for ever for a signed head of a chain that was quiet.
    [Fact]
    public async Task The_root_of_all_states_stands_even_if_a_full_batch_ends_with_the_newest_block()
    {
        await using var large = await IndexedDatabase.OfAsync(economy.Chain, AllFinal);
        await using var small = await IndexedDatabase.CreateAsync();
        var expected = (await large.ProgressAsync()).StateRoot;
        Assert.NotNull(expected);
        using var stop = new CancellationTokenSource();
        var indexer = small.Indexer(economy.Chain, AllFinal with { BatchEvents = 1 });
        var running = indexer.RunAsync(stop.Token);
        await IndexedDatabase.UntilTipAsync(indexer, running, economy.Chain);
        await Eventually.TrueAsync(
            async () => expected == (await small.ProgressAsync()).StateRoot, running: running);
        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
    }

    // Such an indexer said for ever that it was catching up: with no block to come, nothing told it that it had.
    [Fact]
    public async Task On_a_quiet_chain_whose_blocks_are_final_at_once_the_index_is_live_at_its_first_and_second_start()
    {
        await using var database = await IndexedDatabase.CreateAsync();
        for (var start = 0; start < 2; start++)
        {
            using var stop = new CancellationTokenSource();
            var indexer = database.Indexer(economy.Chain, AllFinal);
            var running = indexer.RunAsync(stop.Token);
            await Eventually.TrueAsync(() => indexer.Status.Phase == IndexerPhase.Live, running: running);
            Assert.NotNull((await database.ProgressAsync()).StateRoot);
            await stop.CancelAsync();
            await IndexedDatabase.EndAsync(running);
        }
    }

    [Fact]
    public async Task A_database_of_before_the_log_gets_it_from_its_streams()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain, AllFinal);
        var expected = await DumpAsync(database);
        await using (var forget = database.Source.CreateCommand(
            "truncate es_log_tile; update es_log set edge = '\\x0000000000000000', size = 0, last_block = -1"))
            await forget.ExecuteNonQueryAsync();
        Assert.NotEqual(expected, await DumpAsync(database));
        using var stop = new CancellationTokenSource();
        var running = database.Indexer(economy.Chain, AllFinal).RunAsync(stop.Token);
        await Eventually.TrueAsync(async () => expected == await DumpAsync(database), running: running);
        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
    }

    [Fact]
    public async Task What_may_still_change_is_not_in_the_log()
    {
        await using var database = await IndexedDatabase.OfAsync(economy.Chain);
        var final = await database.CountAsync(
            "select max(b.last_sequence) from es_block b, es_indexer where number <= final_number");
        Assert.Equal(final, await database.CountAsync("select size from es_log"));
        Assert.True(final < await database.CountAsync("select max(seq_id) from mt_events"));
    }

    [Fact]
    public async Task A_log_that_grew_with_the_chain_is_the_log_that_is_made_afterwards()
    {
        using var key = ServedLog.NewKey();
        var options = ServedLog.Signing(
            IndexedDatabase.Options with { Ingestion = AllFinal.Ingestion with { FinalityDepth = 3 } }, key);
        await using var chain = await WorldChain.FreshAsync(CancellationToken.None, shared: true);
        await using var grown = await IndexedDatabase.CreateAsync();
        var indexer = grown.Indexer(chain, options);
        using var stop = new CancellationTokenSource();
        var running = indexer.RunAsync(stop.Token);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        using (var world = await World.World.SettleAsync(
            chain, new WorldOptions(3), Population.Small, CancellationToken.None))
            await world.LiveAsync(0, null, CancellationToken.None);
        await chain.Anvil.ReorgAsync(2, CancellationToken.None);
        await chain.Anvil.MineAsync(6, CancellationToken.None);
        await IndexedDatabase.UntilTipAsync(indexer, running, chain);
        await stop.CancelAsync();
        await IndexedDatabase.EndAsync(running);
        Assert.True(
            indexer.Status.Batches > 20, $"expected a log that grew in many steps, found {indexer.Status.Batches}");
        // One more block tells the index that began later what is final.
        await using var made = await IndexedDatabase.OfAsync(chain, options);
        var size = await grown.CountAsync("select size from es_log");
        Assert.True(size > 1000, $"expected a log, found {size} leaves");
        Assert.Equal(await DumpAsync(made), await DumpAsync(grown));
        Assert.Equal(size, await grown.CountAsync("select signed_size from es_log"));
    }

    [Fact]
    public async Task Every_leaf_is_canonical_JSON_of_its_event_and_the_checkpoint_holds()
    {
        using var key = ServedLog.NewKey();
        await using var database = await IndexedDatabase.OfAsync(economy.Chain, ServedLog.Signing(AllFinal, key));
        var signed = SignedCheckpoint.Parse(
            Encoding.UTF8.GetBytes((await ServedLog.CheckpointsAsync(database.Source)).Published!));
        var head = signed.Checkpoint;
        Assert.True(ServedLog.Trusting(key).Judge(signed).Holds);
        Assert.Equal((await database.ProgressAsync()).StateRoot!.Value.ToArray(),
            head.StateRoot!.Value.Bytes.ToArray());
        Assert.Equal((await database.ProgressAsync()).Tip!.Value.Number, Checkpoints.FinalBlock(head)!.Value.Number);
        Assert.Null(await LogCheck.RunAsync(
            (tile, cancellation) => ServedLog.TileAsync(database.Source, tile, cancellation), head.Size, head.Root));
        var expected = (await database.TextAsync(
            """
            select '"' || b.number || '",' || b.timestamp || ',' || e.stream_id || ',' || e.type || ',' || e.version as one
              from mt_events e join es_block b on e.seq_id > coalesce((select max(p.last_sequence) from es_block p where p.number < b.number), 0) and e.seq_id <= b.last_sequence
             order by e.seq_id
            """)).Split('\n');
        Assert.Equal(head.Size, expected.Length);
        for (var index = 0; index < head.Size; index += 256)
        {
            var path = TilePath.OfEntries(index / 256, (int)Math.Min(256, head.Size - index));
            var at = index;
            foreach (var entry in EntryBundle.Read(
                (await ServedLog.TileAsync(database.Source, path, default)).Span)) AssertLeaf(entry, expected[at++]);
        }
    }

    private static void AssertLeaf(ReadOnlySpan<byte> entry, string expected)
    {
        var text = Encoding.UTF8.GetString(entry);
        using var json = JsonDocument.Parse(text);
        var leaf = json.RootElement;
        var block = leaf.GetProperty("block");
        var found = $"\"{block.GetProperty("number").GetString()}\",{block.GetProperty("timestamp").GetString()},{leaf.GetProperty("stream").GetString()},"
            + $"{leaf.GetProperty("type").GetString()},{leaf.GetProperty("version").GetString()}";
        Assert.Equal(
            expected.Trim('(', ')').Replace("\"\"", "\"", StringComparison.Ordinal).Trim('"'), found.Trim('"'));
        AssertOrdered(leaf);
        Assert.DoesNotContain(
            ": ", text.Replace("\\\"", "", StringComparison.Ordinal).Split('"').Where((_, i) => i % 2 == 0));
    }

    // RFC 8785: members in the order of their names' UTF-16 units, everywhere; no number that a double would round.
    private static void AssertOrdered(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number) Assert.InRange(value.GetInt64(), 0, uint.MaxValue);
        if (value.ValueKind == JsonValueKind.Array)
            foreach (var item in value.EnumerateArray()) AssertOrdered(item);
        if (value.ValueKind != JsonValueKind.Object) return;
        var names = value.EnumerateObject().Select(member => member.Name).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        foreach (var member in value.EnumerateObject()) AssertOrdered(member.Value);
    }

    private static async Task<string> DumpAsync(IndexedDatabase database) =>
        await database.TextAsync("select encode(edge, 'hex'), size, last_block from es_log") + '\n'
        + await database.TextAsync("select level, index, width, md5(bytes) from es_log_tile order by level, index");
}
