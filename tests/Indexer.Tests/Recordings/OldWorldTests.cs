// A chain of every frozen revision of the catalog, and what the program of its day made of it: this program makes the
// same. The files are a small world's blocks and logs as the node told them, and the rows as that program wrote them.
// They are recorded once, before the contracts change, and never again: docs/events/README.md says how.
using EventSourced.Domain.Events;
using EventSourced.Indexer.Commit;
using EventSourced.Indexer.Decode;
using EventSourced.Indexer.Ingest;
using EventSourced.Indexer.Prove;
using EventSourced.Indexer.Tests.Decoding;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Projections;
using EventSourced.World;

namespace EventSourced.Indexer.Tests.Recordings;

public sealed class OldWorldTests(EconomyChain economy) : IClassFixture<EconomyChain>
{
    private static readonly string Folder = Path.Combine(CatalogSamples.Root, "tests", "Indexer.Tests", "Recordings");

    public static TheoryData<string> Revisions => [.. CatalogSamples.Catalog.Revisions
        .Where(one => one.Revision <= CatalogSamples.Catalog.Frozen)
        .Select(one => $"{CatalogSamples.Catalog.Version}.{one.Revision}")];

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task The_world_of_an_older_catalog_gives_the_rows_that_its_own_program_made(string revision)
    {
        await using var node = await RecordedNode.StartAsync(RecordedChain.Load(ChainFile(Folder, revision)));
        await using var chain = WorldChain.At(node.Endpoint, node.Deployment);
        await using var database = await IndexedDatabase.OfAsync(chain);
        Assert.Equal(0, await database.CountAsync("select count(*) from model.violation"));
        var expected = RecordedRows.Load(RowsFile(Folder, revision));
        Assert.Null(expected.FirstDifference(await RecordedRows.OfAsync(database)));
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task The_world_of_an_older_catalog_is_replayed_from_its_streams_and_from_its_chain(string revision)
    {
        await using var node = await RecordedNode.StartAsync(RecordedChain.Load(ChainFile(Folder, revision)));
        await using var chain = WorldChain.At(node.Endpoint, node.Deployment);
        await using var database = await IndexedDatabase.OfAsync(chain);
        var store = EconomyStore.Open(database.Source);
        var replayer = new Replayer(database.Source, store, new ReplayOptions { Schema = "again" });
        var root = (await database.ProgressAsync()).StateRoot;
        var streams = await replayer.FromStreamsAsync(CancellationToken.None);
        Assert.Null(streams.Difference);
        Assert.Equal(root, streams.StateRoot);
        var book = await Genesis.ReadAsync(
            Deployment.Load(chain.Deployment), chain.Client, IndexedDatabase.Options.Ingestion, CancellationToken.None);
        var ingestion = IndexedDatabase.Options.Ingestion with { Source = book };
        var backfill = new Backfill(new RangeReader(chain.Client, ingestion), ingestion);
        var logs = await replayer.FromChainAsync(backfill, book, CancellationToken.None);
        Assert.Null(logs.Difference);
        Assert.Equal(root, logs.StateRoot);
    }

    [Theory]
    [MemberData(nameof(Revisions))]
    public void The_recording_of_a_catalog_holds_each_of_its_events(string revision)
    {
        var recorded = RecordedChain.Load(ChainFile(Folder, revision));
        var contracts = recorded.Deployment["contracts"]!.AsObject().ToDictionary(
            pair => pair.Value!.GetValue<string>().ToLowerInvariant(), pair => pair.Key);
        var happened = recorded.Blocks.SelectMany(block => block.Logs).Select(log => (
            Contract: contracts.GetValueOrDefault(log!["address"]!.GetValue<string>()),
            Topic: log["topics"]![0]!.GetValue<string>())).ToHashSet();
        var missing = CatalogSamples.Catalog.Contracts
            .SelectMany(contract => contract.Events.Select(one => (contract.Name, Event: one)))
            .Where(
                pair => IsUpTo(pair.Event.Since, revision) && !(pair.Event.Retired is { } end && IsUpTo(end, revision)))
            .Where(pair => !happened.Contains((FieldOf(pair.Name), pair.Event.Topic0)))
            .Select(pair => $"{pair.Name}.{pair.Event.Name}");
        Assert.Empty(missing);
    }

    [Fact]
    public async Task A_recorded_world_gives_the_rows_that_its_node_gives()
    {
        var recorded = await RecordedChain.OfAsync(economy.Chain.Endpoint, economy.Chain.Deployment);
        await using var fromNode = await IndexedDatabase.OfAsync(economy.Chain);
        var rows = await RecordedRows.OfAsync(fromNode);
        var folder = Environment.GetEnvironmentVariable("ES_RECORD");
        var kept = string.IsNullOrEmpty(folder);
        folder = kept ? Directory.CreateTempSubdirectory("recording-").FullName : folder!;
        var (chainFile, rowsFile) = (ChainFile(folder, EventCatalog.Version), RowsFile(folder, EventCatalog.Version));
        try
        {
            recorded.Save(chainFile);
            rows.Save(rowsFile);
            await using var node = await RecordedNode.StartAsync(RecordedChain.Load(chainFile));
            await using var chain = WorldChain.At(node.Endpoint, node.Deployment);
            await using var fromRecording = await IndexedDatabase.OfAsync(chain);
            IndexedDatabase.AssertEqual(await fromNode.DumpAsync(), await fromRecording.DumpAsync());
            Assert.Null(RecordedRows.Load(rowsFile).FirstDifference(rows));
        }
        finally
        {
            if (kept) Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_row_that_changed_is_named_with_its_column_and_a_new_column_is_no_difference()
    {
        var before = Rows("""{"id":1,"name":"a","valid_from":7}""", """{"id":2,"name":"b","valid_from":8}""");
        Assert.Null(before.FirstDifference(Rows(
            """{"id":2,"extra":1,"name":"b","valid_from":8}""", """{"id":1,"name":"a","valid_from":7}""")));
        Assert.Equal(
            "table thing: row id 2, column name: expected \"b\", found \"c\"",
            before.FirstDifference(
                Rows("""{"id":1,"name":"a","valid_from":7}""", """{"id":2,"name":"c","valid_from":8}""")));
        Assert.Equal(
            "table thing: expected a row of id 2, found none; it was {\"id\":2,\"name\":\"b\",\"valid_from\":8}",
            before.FirstDifference(Rows("""{"id":1,"name":"a","valid_from":7}""")));
        Assert.Equal(
            "table thing: expected 1 rows, found 1 more, the first of id 2",
            Rows("""{"id":1,"name":"a","valid_from":7}""").FirstDifference(before));

        static RecordedRows Rows(params string[] rows) =>
            new([new RecordedTable("thing", ["id"], [.. rows.Select(row => new RecordedRow(row))])]);
    }

    private static string ChainFile(string folder, string revision) =>
        Path.Combine(folder, $"world-{revision}.chain.jsonl.gz");

    private static string RowsFile(string folder, string revision) =>
        Path.Combine(folder, $"world-{revision}.rows.jsonl.gz");

    private static bool IsUpTo(string since, string revision) => Version.Parse(since) <= Version.Parse(revision);

    private static string FieldOf(string contract) => contract switch
    {
        "AgentGovernor" => "governor",
        "EpochCheckpoints" => "checkpoints",
        _ => char.ToLowerInvariant(contract[0]) + contract[1..],
    };
}
