// The event store as the indexer opens it: every event of the catalog and every derived one under its stored name.
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using EventSourced.Domain;
using EventSourced.EventStore;
using EventSourced.EventStore.Json;
using Npgsql;

namespace EventSourced.Indexer;

/// <summary>Opens the event store.</summary>
public static class EventStreams
{
    /// <summary>The store with all event types.</summary>
    public static Store Open(NpgsqlDataSource source) => Store.For(options =>
    {
        options.DataSource = source;
        foreach (var (name, record) in EventCatalog.Events) Map(options.Events, name, EventJson.Default.GetTypeInfo(record)!);
        foreach (var (name, record) in DerivedEvents.All) Map(options.Events, name, DerivedJson.Default.GetTypeInfo(record)!);
    });

    private static void Map(EventTypes types, string name, JsonTypeInfo json) => typeof(EventStreams)
        .GetMethod(nameof(MapOne), BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(json.Type).Invoke(null, [types, name, json]);

    private static void MapOne<T>(EventTypes types, string name, JsonTypeInfo<T> json)
        where T : class => types.MapEventType(name, json);
}
