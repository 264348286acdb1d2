// The JSON of events inside Marten's serializer. The two kinds of events have metadata of their own: amounts of the
// catalog's events are decimal strings, those of derived events are numbers. Always holds: Marten and the indexer write
// the same.
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventSourced.Domain;
using EventSourced.Domain.Events;

namespace EventSourced.Marten;

/// <summary>Gives each event the metadata of its kind, whatever the serializer's options are.</summary>
internal sealed class StoredEvents : JsonConverterFactory
{
    private readonly Dictionary<Type, JsonTypeInfo> _known = EventCatalog.Events
        .Select(known => EventJson.Default.GetTypeInfo(known.Record)!)
        .Concat(DerivedEvents.All.Select(known => DerivedJson.Default.GetTypeInfo(known.Record)!))
        .ToDictionary(json => json.Type);

    /// <inheritdoc />
    public override bool CanConvert(Type typeToConvert) => _known.ContainsKey(typeToConvert);

    /// <inheritdoc />
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Of<>).MakeGenericType(typeToConvert), _known[typeToConvert])!;

    private sealed class Of<T>(JsonTypeInfo json) : JsonConverter<T>
        where T : ChainEvent
    {
        private readonly JsonTypeInfo<T> _json = (JsonTypeInfo<T>)json;

        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize(ref reader, _json);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, _json);
    }
}
