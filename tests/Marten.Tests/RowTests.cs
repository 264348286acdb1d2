// Every event type, by COPY and by Marten. Enters: each event of the catalog and each derived one, filled at random.
// Always holds: both write the same rows, column by column, and each reads what the other wrote.
using EventSourced.Domain;
using EventSourced.Domain.Events;
using EventSourced.Domain.Tests;
using EventSourced.Indexer;
using EventSourced.Indexer.Commit;
using EventSourced.MartenBulk;
using EventSourced.Testing;
using Marten;
using Npgsql;

namespace EventSourced.Marten.Tests;

public sealed class RowTests
{
    private const int RecordsOfEach = 3;

    // All but the time, which Marten's default mode takes from its own clock.
    private const string Rows = "select (to_jsonb(e) - 'timestamp')::text from mt_events e order by seq_id";

    [Fact]
    public Task Events_appended_by_COPY_and_by_Marten_are_equal_column_by_column() => Seed.RunAsync(async random =>
    {
        ChainEvent[] events =
        [
            .. EventCatalog.Events.Concat(DerivedEvents.All)
                .SelectMany(known => Enumerable.Repeat(known.Record, RecordsOfEach))
                .Select(record => (ChainEvent)RandomEvents.Of(random, record)),
        ];
        Guid[] ids = [.. events.Select(_ => Guid.NewGuid())];
        await using var copied = await TestDatabase.CreateAsync();
        await using var sessioned = await TestDatabase.CreateAsync();
        await using var bulkSource = NpgsqlDataSource.Create(copied.ConnectionString);
        await using var martenSource = NpgsqlDataSource.Create(sessioned.ConnectionString);
        await CopyAsync(bulkSource, events, ids);
        await SaveAsync(martenSource, events, ids);

        Assert.Equal(await LinesAsync(martenSource, Rows), await LinesAsync(bulkSource, Rows));
        const string streams = "select (to_jsonb(s) - 'timestamp' - 'created')::text from mt_streams s order by id";
        Assert.Equal(await LinesAsync(martenSource, streams), await LinesAsync(bulkSource, streams));
        Assert.Equal(events, await FetchAsync(bulkSource));
        var scanned = new List<ChainEvent>();
        await EconomyStore.Open(martenSource).ScanAsync(
            new ScanOptions(), (in RawEvent raw) => scanned.Add((ChainEvent)raw.Data));
        Assert.Equal(events, scanned);
    });

    private static async Task CopyAsync(NpgsqlDataSource source, ChainEvent[] events, Guid[] ids)
    {
        await EconomyStore.EnsureAsync(source);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        using var bulk = EconomyStore.Open(source).Append(transaction);
        var stream = BulkAppend.StartStream("all-1");
        for (var at = 0; at < events.Length; at++) bulk.Append(stream, events[at], ids[at], DateTimeOffset.UnixEpoch);
        await bulk.FlushAsync();
        await transaction.CommitAsync();
    }

    private static async Task SaveAsync(NpgsqlDataSource source, ChainEvent[] events, Guid[] ids)
    {
        await EventTables.EnsureAsync(source);
        await using var store = Economy.Open(source);
        await using var session = store.LightweightSession();
        var action = session.Events.StartStream("all-1", events);
        for (var at = 0; at < events.Length; at++) action.Events[at].Id = ids[at];
        await session.SaveChangesAsync();
    }

    private static async Task<IEnumerable<ChainEvent>> FetchAsync(NpgsqlDataSource source)
    {
        await using var store = Economy.Open(source);
        await using var session = store.QuerySession();
        return (await session.Events.FetchStreamAsync("all-1")).Select(one => (ChainEvent)one.Data).ToArray();
    }

    private static async Task<List<string>> LinesAsync(NpgsqlDataSource source, string query)
    {
        await using var command = source.CreateCommand(query);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
