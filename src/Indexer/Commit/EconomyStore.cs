// The event tables as the indexer opens them. They know every event of the catalog and every derived event by its
// stored name.
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using EventSourced.Domain;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Marten;
using EventSourced.MartenBulk;
using Npgsql;

namespace EventSourced.Indexer.Commit;

/// <summary>Opens the event tables for bulk work.</summary>
public static class EconomyStore
{
    /// <summary>Every event type under its stored name.</summary>
    internal static EventTypes Types { get; } = new(
    [
        .. StoredForm.All.Select(form => Made(nameof(OfForm), form.Record, form)),
        .. DerivedEvents.All.Select(
            known => Made(nameof(OfJson), known.Record, known.Name, DerivedJson.Default.GetTypeInfo(known.Record)!)),
    ]);

    /// <summary>The event tables with all event types.</summary>
    public static BulkStore Open(NpgsqlDataSource source) => new(source, Types);

    /// <summary>Creates missing tables: Marten creates its own, and this class the table of cut events.</summary>
    public static async Task EnsureAsync(NpgsqlDataSource source, CancellationToken cancellation = default)
    {
        await EventTables.EnsureAsync(source, cancellation).ConfigureAwait(false);
        await using var connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await Open(source).CreateOrphanTableAsync(connection, cancellation).ConfigureAwait(false);
    }

    private static EventType Made(string how, Type record, params object[] arguments) => (EventType)typeof(EconomyStore)
        .GetMethod(how, BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(record).Invoke(null, arguments)!;

    private static EventType OfForm<T>(EventForm<T> form)
        where T : ChainEvent =>
        EventType.Of(form.Name, new EventWriter<T>(form.Writing), new EventReader<T>(form.Reading));

    // Derived events are rare, so the general serializer is fast enough.
    private static EventType OfJson<T>(string name, JsonTypeInfo<T> json)
        where T : DerivedEvent => EventType.Of(name, json);
}
