// The event store as the indexer opens it: every event of the catalog and every derived one under its stored name.
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using EventSourced.Domain;
using EventSourced.EventStore;
using EventSourced.EventStore.Json;
using Npgsql;

namespace EventSourced.Indexer.Commit;

/// <summary>Opens the event store.</summary>
public static class EconomyStore
{
    /// <summary>The store with all event types.</summary>
    public static Store Open(NpgsqlDataSource source) => Store.For(options =>
    {
        options.DataSource = source;
        foreach (var form in StoredForm.All) Map(nameof(MapForm), form.Record, options.Events, form);
        foreach (var (name, record) in DerivedEvents.All)
            Map(nameof(MapOne), record, options.Events, name, DerivedJson.Default.GetTypeInfo(record)!);
    });

    private static void Map(string how, Type record, params object[] arguments) => typeof(EconomyStore)
        .GetMethod(how, BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(record).Invoke(null, arguments);

    // Null is JSON too, and no event: the store says so.
    private static void MapForm<T>(EventTypes types, EventForm<T> form)
        where T : ChainEvent => types.MapEventType(form.Name, new EventWriter<T>(form.Writing), new EventReader<T>(form.Reading!));

    // Derived events are rare: the serializer does.
    private static void MapOne<T>(EventTypes types, string name, JsonTypeInfo<T> json)
        where T : DerivedEvent => types.MapEventType(name, json);
}
