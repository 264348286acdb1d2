// The stored form of events, by PostgreSQL itself. Enters: every event of the catalog and every derived one, filled at
// random, written by the store. Always holds: what is stored is what the serializer would have stored; it is read back
// as it was, and the catalog's events without the serializer, so that the order of keys which the generator expects is
// the one that PostgreSQL has.
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventSourced.Domain;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Tests;
using EventSourced.Indexer.Commit;
using EventSourced.MartenBulk;
using EventSourced.Testing;
using Npgsql;

namespace EventSourced.Indexer.Tests.Pipeline;

public sealed class StoredFormTests
{
    private const int RecordsOfEach = 8;

    private delegate ChainEvent? Reading(ReadOnlySpan<byte> json);

    [Fact]
    public Task Every_event_is_stored_as_the_serializer_writes_it_and_read_without_it() => Seed.RunAsync(async random =>
    {
        var events = EventCatalog.Events.Select(known => (known.Record, Json: (JsonSerializerContext)EventJson.Default))
            .Concat(DerivedEvents.All.Select(known => (known.Record, Json: (JsonSerializerContext)DerivedJson.Default)))
            .SelectMany(known => Enumerable.Range(0, RecordsOfEach).Select(_ => Made(random, known.Record, known.Json)))
            .ToArray();
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var store = EconomyStore.Open(source);
        await EconomyStore.EnsureAsync(source);
        await AppendAsync(source, store, events.Select(one => one.Happened));
        var texts = await StoredTextsAsync(source, events.Select(one => one.Json));

        var at = 0;
        await store.ScanAsync(new ScanOptions(), (in RawEvent raw) =>
        {
            var happened = events[at].Happened;
            Assert.Equal(texts[at++], Encoding.UTF8.GetString(raw.Json));
            Assert.Equal(happened, raw.Data);
            // Escapes by number, which are rare, are left to the serializer.
            if (happened is DerivedEvent || texts[at - 1].Contains("\\u00", StringComparison.Ordinal)) return;
            Assert.Equal(happened, Quick(happened.GetType())(raw.Json));
        });
        Assert.Equal(events.Length, at);
    });

    private static (ChainEvent Happened, string Json) Made(
        Random random, Type record, JsonSerializerContext json)
    {
        var happened = (ChainEvent)RandomEvents.Of(random, record);
        return (happened, JsonSerializer.Serialize(happened, json.GetTypeInfo(record)!));
    }

    private static async Task AppendAsync(NpgsqlDataSource source, BulkStore store, IEnumerable<ChainEvent> events)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        using var bulk = store.Append(transaction);
        var stream = BulkAppend.StartStream("all");
        foreach (var happened in events) bulk.Append(stream, happened, Guid.NewGuid(), DateTimeOffset.UnixEpoch);
        await bulk.FlushAsync();
        await transaction.CommitAsync();
    }

    private static async Task<string[]> StoredTextsAsync(NpgsqlDataSource source, IEnumerable<string> json)
    {
        await using var command = source.CreateCommand(
            "select array_agg(one::jsonb::text order by place) from unnest($1) with ordinality as all_of(one, place)");
        command.Parameters.AddWithValue(json.ToArray());
        return (string[])(await command.ExecuteScalarAsync())!;
    }

    private static Reading Quick(Type record) => typeof(StoredForm)
        .GetMethod($"Stored{record.Name}", BindingFlags.NonPublic | BindingFlags.Static)!.CreateDelegate<Reading>();
}
