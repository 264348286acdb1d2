// Archives of an indexed world: what they hold, who reads them, what begins with one, and what is found where one was
// spoiled. Always holds: every archive lies in a folder of its own, which is gone at the end.
using System.Globalization;
using DuckDB.NET.Data;
using EventSourced.Indexer.Archive;
using EventSourced.Indexer.Attest;
using EventSourced.Indexer.Segments;
using EventSourced.Indexer.Tests.Pipeline;
using EventSourced.Projections;
using EventSourced.Transparency;
using EventSourced.World;

namespace EventSourced.Indexer.Tests.Audit;

/// <summary>A world, its index and the archive of it, shared by the tests that only read them.</summary>
public sealed class ArchivedEconomy : IAsyncLifetime
{
    private readonly EconomyChain _economy = new();

    public WorldChain Chain => _economy.Chain;

    internal IndexedDatabase Database { get; private set; } = null!;

    internal SigningKey Key { get; } = ServedLog.NewKey();

    internal string Folder { get; } = Directory.CreateTempSubdirectory("archive-").FullName;

    internal Archived Archived { get; private set; } = null!;

    internal IndexerOptions Options => ServedLog.Signing(IndexedDatabase.Options, Key);

    internal LogSigning Signing => new([Key], false);

    internal TrustedArchive Trusted(string? folder = null) => new(folder ?? Folder, ServedLog.Trusting(Key));

    public async Task InitializeAsync()
    {
        await _economy.InitializeAsync();
        Database = await IndexedDatabase.OfAsync(Chain, Options);
        Archived = (await new Archiver(Database.Source, Folder, Signing, 200).RunAsync(default))!;
    }

    public async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        await _economy.DisposeAsync();
        Key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class ArchivedTests : ICollectionFixture<ArchivedEconomy>
{
    public const string Name = "archived";
}

[Collection(ArchivedTests.Name)]
public class ArchiveTests(ArchivedEconomy economy)
{
    [Fact]
    public async Task An_archive_holds_every_final_event_once_and_a_second_round_writes_nothing()
    {
        using var place = FilePlace.Of(economy.Folder);
        var archive = await ArchiveReader.OpenAsync(place, ServedLog.Trusting(economy.Key), default);
        var events = archive.Contents.Events.OrderBy(segment => segment.First).ToList();
        Assert.True(events.Count > 2, $"expected several segments of events, found {events.Count}");
        Assert.Equal(archive.Signed.Checkpoint.Size, events.Sum(segment => segment.Rows));
        Assert.Equal(
            await economy.Database.CountAsync("select published_size from es_log"), archive.Signed.Checkpoint.Size);
        Assert.Null(
            await new Archiver(economy.Database.Source, economy.Folder, economy.Signing, 200).RunAsync(default));
        // Two archives of one database are the same files.
        var again = Directory.CreateTempSubdirectory("archive-").FullName;
        await new Archiver(economy.Database.Source, again, economy.Signing, 200).RunAsync(default);
        Assert.Equal(Files(economy.Folder), Files(again));
        Directory.Delete(again, recursive: true);
    }

    [Fact]
    public async Task A_database_that_begins_with_an_archive_equals_one_that_read_the_chain()
    {
        await using var database = await IndexedDatabase.CreateAsync();
        await database.IndexAsync(economy.Chain, economy.Options with { Checkpoint = economy.Trusted() });
        IndexedDatabase.AssertEqual(await economy.Database.DumpAsync(), await database.DumpAsync());
        var expected = await ServedLog.CheckpointsAsync(economy.Database.Source);
        var found = await ServedLog.CheckpointsAsync(database.Source);
        Assert.Equal(
            SignedCheckpoint.Parse(System.Text.Encoding.UTF8.GetBytes(expected.Published!)).Checkpoint.ToString(),
            SignedCheckpoint.Parse(System.Text.Encoding.UTF8.GetBytes(found.Published!)).Checkpoint.ToString());
        const string tiles = "select level, index, width, md5(bytes) from es_log_tile order by level, index";
        Assert.Equal(await economy.Database.TextAsync(tiles), await database.TextAsync(tiles));
        // Started again with the same option, it goes on from where it is.
        await database.IndexAsync(economy.Chain, economy.Options with { Checkpoint = economy.Trusted("nowhere") });
    }

    [Fact]
    public async Task An_index_that_goes_on_is_archived_on_and_still_loads()
    {
        var folder = Directory.CreateTempSubdirectory("archive-").FullName;
        var tip = await economy.Chain.Client.GetBlockNumberAsync(default);
        var early = economy.Options with
        {
            Ingestion = economy.Options.Ingestion with { FinalityDepth = tip / 2 },
        };
        await using var database = await IndexedDatabase.OfAsync(economy.Chain, early);
        var first = (await new Archiver(database.Source, folder, economy.Signing, 200).RunAsync(default))!;
        var full = FullEvents(folder);
        // An index of the same chain that is further on goes on with the archive.
        var second = (await new Archiver(economy.Database.Source, folder, economy.Signing, 200).RunAsync(default))!;
        Assert.True(second.Size > first.Size, $"expected more than {first.Size} events, found {second.Size}");
        Assert.NotEmpty(full);
        Assert.Subset(Files(folder).ToHashSet(), full);
        await using var loaded = await IndexedDatabase.CreateAsync();
        await loaded.IndexAsync(economy.Chain, economy.Options with { Checkpoint = economy.Trusted(folder) });
        IndexedDatabase.AssertEqual(await economy.Database.DumpAsync(), await loaded.DumpAsync());
        Directory.Delete(folder, recursive: true);

        HashSet<string> FullEvents(string of) => [.. Files(of).Where(name =>
            name.StartsWith("event/", StringComparison.Ordinal)
            && Count($"select count(*) from read_parquet('{of}/{name}')") >= 200)];
    }

    [Theory]
    [InlineData("event")]
    [InlineData("row")]
    [InlineData("past")]
    [InlineData("contents")]
    [InlineData("manifest")]
    public async Task One_byte_of_an_archive_is_found_and_nothing_of_it_is_loaded(string part)
    {
        var copy = Copy(economy.Folder);
        var file = part == "manifest"
            ? Path.Combine(copy, part)
            : Directory.EnumerateFiles(Path.Combine(copy, part), "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal).First();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await AssertRefusedAsync(copy, part);
    }

    [Theory]
    [InlineData("event")]
    [InlineData("row")]
    public async Task A_signed_archive_that_lies_is_found_by_the_roots_of_the_log(string part)
    {
        // The operator's own key signs a segment whose events or states are others than the log's.
        var copy = Copy(economy.Folder);
        await new LyingOperator(copy, economy.Key).ReplaceAsync(part);
        await AssertRefusedAsync(copy, "over the ");
    }

    [Fact]
    public async Task An_archive_by_another_key_is_refused()
    {
        using var other = ServedLog.NewKey();
        using var place = FilePlace.Of(economy.Folder);
        var fault = await Assert.ThrowsAsync<PlaceFaultException>(
            () => ArchiveReader.OpenAsync(place, ServedLog.Trusting(other), default));
        Assert.Contains("expected a manifest signed by the log's key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_query_of_DuckDB_counts_what_the_database_holds()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(WorldChain.Root, "docs/audit/archive.md"));
        var query = page.Split("```sql\n")[1].Split("```")[0]
            .Replace("ARCHIVE", economy.Folder, StringComparison.Ordinal);
        using var duck = new DuckDBConnection("DataSource=:memory:");
        await duck.OpenAsync();
        using var command = duck.CreateCommand();
        command.CommandText = query;
        using var reader = await command.ExecuteReaderAsync();
        List<string> found = [];
        while (await reader.ReadAsync())
            found.Add(string.Create(CultureInfo.InvariantCulture, $"({reader.GetValue(0)},{reader.GetValue(1)})"));
        var expected = await economy.Database.TextAsync(
            $"""
            select type, count(*) from mt_events where seq_id <= {economy.Archived.Size}
             group by type order by count(*) desc, type limit 10
            """);
        Assert.Equal(expected.Split('\n'), found);
        Assert.Equal(
            await economy.Database.CountAsync("select count(*) from model.parameter"),
            Count($"select count(*) from read_parquet('{economy.Folder}/row/parameter/*.parquet')"));
    }

    private async Task AssertRefusedAsync(string folder, string where)
    {
        await using var database = await IndexedDatabase.CreateAsync();
        var indexer = database.Indexer(economy.Chain, economy.Options with { Checkpoint = economy.Trusted(folder) });
        var fault = await Assert.ThrowsAnyAsync<FormatException>(() => indexer.RunAsync(default));
        Assert.Contains(where, fault.Message, StringComparison.Ordinal);
        Assert.Equal(IndexerPhase.Stopped, indexer.Status.Phase);
        Assert.Equal(0, await database.CountAsync("select count(*) from mt_events"));
        Assert.Equal(0, await database.CountAsync("select count(*) from model.parameter"));
        Directory.Delete(folder, recursive: true);
    }

    private static long Count(string query)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = query;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static List<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];

    internal static string Copy(string folder)
    {
        var copy = Directory.CreateTempSubdirectory("archive-").FullName;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        return copy;
    }

    // Signs an archive again after one of its segments was made otherwise.
    private sealed class LyingOperator(string folder, SigningKey key)
    {
        internal async Task ReplaceAsync(string part)
        {
            using var place = FilePlace.Of(folder);
            var archive = await ArchiveReader.OpenAsync(place, ServedLog.Trusting(key), default);
            var contents = archive.Contents;
            var kind = part == "event" ? SegmentKind.Event : SegmentKind.Row;
            // A table of states with more than one row, so that one of them can be left out.
            var old = contents.Segments.Last(one =>
                one.Kind == kind && (kind == SegmentKind.Event || one.Table == "parameter"));
            var (from, to) = (ColumnsOf(kind), ColumnsOf(kind));
            var rows = await SegmentFile.ReadAsync(
                await File.ReadAllBytesAsync(Path.Combine(folder, old.File)), from, "here", default);
            for (var row = 0; row < (kind == SegmentKind.Row ? rows - 1 : rows); row++)
                for (var column = 0; column < from.Count; column++)
                    to[column].Add(row == rows - 1 && from[column].Field.Name == "ordinal"
                        ? (long)from[column].At(row) + 7 : from[column].At(row));
            var bytes = await SegmentFile.WriteAsync(to, default);
            var made = old with
            {
                Bytes = bytes.Length,
                Sha256 = SegmentFile.HashOf(bytes),
                Rows = kind == SegmentKind.Event ? rows : rows - 1,
            };
            await File.WriteAllBytesAsync(Path.Combine(folder, made.File), bytes);
            contents = contents with { Segments = [.. contents.Segments.Select(one => one == old ? made : one)] };
            var json = contents.ToBytes();
            var hash = Manifest.HashOf(json);
            await File.WriteAllBytesAsync(Path.Combine(folder, Manifest.ContentsFile(hash)), json);
            await File.WriteAllTextAsync(
                Path.Combine(folder, Manifest.File), $"{Manifest.Sign(hash, archive.Signed.Checkpoint, [key])}");
        }

        private static List<Cells> ColumnsOf(SegmentKind kind)
        {
            if (kind == SegmentKind.Event) return
            [
                .. new (string Name, Type Type)[]
                {
                    ("sequence", typeof(long)), ("stream", typeof(string)), ("version", typeof(long)),
                    ("type", typeof(string)), ("data", typeof(string)), ("block", typeof(long)),
                    ("block_hash", typeof(string)), ("time", typeof(long)), ("log_index", typeof(long)),
                    ("ordinal", typeof(long)), ("derived", typeof(bool)),
                }.Select(column => Cells.Of(column.Name, column.Type)),
            ];
            var model = ReadModels.All.Single(one => one.Table == "parameter");
            List<Cells> columns = [.. model.Columns.Select(column => Cells.Of(column.Name, column.WireType))];
            if (model.HasVersion) columns.Add(Cells.Of("stream_version", typeof(long)));
            columns.Add(Cells.Of("valid_from", typeof(long)));
            return columns;
        }
    }
}
